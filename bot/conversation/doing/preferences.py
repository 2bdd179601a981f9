"""What citizens prefer of messages that councils begin: later, not this one, fewer, none; lists."""

from bot.conversation.beginnings import FLEETING, is_unsent
from bot.conversation.context import Context
from bot.core.contact import Conversation
from bot.core.links import list_of
from bot.core.localtime import local, local_day
from bot.outreach import quiet_hours
from flows.dialog import effects as fx
from flows.dialog.outreach import Sending
from flows.wording.text import Code, msg
from storage.ids import new_id
from storage.rows.broadcasts import Push, QueueLater

#: How long "later" may be, the longest first that is still today and before the end; ms.
LATER_MS = tuple(int(hours * 3_600_000) for hours in (4, 2, 1, 0.5))


async def postpone(context: Context, conversation: Conversation, effect: fx.Postpone) -> None:
    """Ask again later today, else tomorrow; not after the end."""
    tx, contact, at = context.tx, context.contact, context.at
    sent = await tx.row(Push, id=conversation.id, person_id=context.person.id)
    if sent is None:
        return
    consultation = await context.register.by_id(tx, sent.consultation_id)
    council = context.register.council(sent.council_id)
    goes_on = sent.broadcast_state in ("running", "done")
    later = _later(at, consultation.closes_at, council.sending) if goes_on else None
    queued = later and await tx.row(
        QueueLater,
        id=new_id(),
        person_id=context.person.id,
        channel=contact.channel,
        account=contact.account,
        address=contact.address,
        not_before=later,
        broadcast_id=sent.broadcast_id,
        at=at,
    )
    if not later or not queued:
        context.texts.tell(msg("invitation.no_later", code=Code(consultation.code)))
        return
    await tx.run("wake_broadcast", id=sent.broadcast_id)
    told = effect.told if local_day(later) == local_day(at) else effect.tomorrow
    context.texts.tell(msg(told.id, time=Code(local(later).strftime("%H:%M"))))


async def decline(context: Context, conversation: Conversation, effect: fx.Decline) -> None:
    """Not this consultation."""
    await context.save_newcomer()
    await context.tx.run(
        "decline",
        person_id=context.person.id,
        consultation_id=conversation.consultation_id,
        at=context.at,
    )
    context.texts.tell(effect.done)


async def mute(context: Context, conversation: Conversation, effect: fx.Mute) -> None:
    """Nothing more from this council; or something again."""
    await context.save_newcomer()
    who = {"person_id": context.person.id, "council_id": await _council(context, conversation)}
    if effect.on:
        await context.tx.run("mute", **who, at=context.at)
    else:
        await context.tx.run("unmute", **who)
    context.texts.tell(effect.done)


async def stop_messages(
    context: Context, conversation: Conversation, effect: fx.StopMessages
) -> None:
    """Nothing more that a council begins, from any of them."""
    if context.person.stopped_at is None:
        context.person.change(stopped_at=context.at, keeps_answers=0)
    for other in context.contact.conversations:
        if other is conversation or other.flow == "danger":
            # Whether the danger is reported is still to be said: no more messages is not "do not help".
            continue
        if other.state in ("open", "waiting"):
            # What they were in the middle of must not be taken up again at once.
            other.state = "done" if other.flow in FLEETING else "left"
            other.dirty = True
            if is_unsent(other):
                context.texts.tell(msg("stop.unsent"))


async def allow_messages(
    context: Context, conversation: Conversation, effect: fx.AllowMessages
) -> None:
    """Councils may write again."""
    context.person.change(stopped_at=None, keeps_answers=0)


async def keep_answers(
    context: Context, conversation: Conversation, effect: fx.KeepAnswers
) -> None:
    """Whether what staff answer to an open message still goes to who stopped all others."""
    context.person.change(keeps_answers=int(effect.on))


async def say_instead(context: Context, conversation: Conversation, effect: fx.SayInstead) -> None:
    """The question that was interrupted gets what was written, once this conversation is over."""
    context.instead = effect.text


async def obey(context: Context, conversation: Conversation, effect: fx.Obey) -> None:
    """The word is obeyed at the question that was interrupted, once this conversation is over."""
    context.obey = effect.command


async def set_notices(context: Context, conversation: Conversation, effect: fx.SetNotices) -> None:
    """How many messages a week, and at which time of day."""
    await context.save_newcomer()
    await context.tx.run(
        "save_preferences",
        person_id=context.person.id,
        per_week=effect.per_week,
        part_of_day=effect.part_of_day,
    )
    # A backup of before does not know it, and whoever wants none must not be invited after a restore.
    cap = effect.per_week if effect.per_week is not None else -1
    await context.tx.run("note_cap", person_id=context.person.id, per_week=cap, at=context.at)


async def follow_themes(
    context: Context, conversation: Conversation, effect: fx.FollowThemes
) -> None:
    """Only consultations about these themes; all of them if there are none."""
    await context.save_newcomer()
    who = {"person_id": context.person.id, "council_id": await _council(context, conversation)}
    await context.tx.run("drop_themes", **who)
    for theme in effect.themes:
        await context.tx.run("follow_theme", **who, theme=theme)


async def follow_topics(
    context: Context, conversation: Conversation, effect: fx.FollowTopics
) -> None:
    """News of these topics from now on, or no more."""
    await context.save_newcomer()
    who = {"person_id": context.person.id, "council_id": await _council(context, conversation)}
    for topic in effect.topics:
        if effect.on:
            await context.tx.run("follow_topic", **who, topic=topic, at=context.at)
        else:
            await context.tx.run("unfollow_topic", **who, topic=topic)
    context.texts.tell(effect.done)


async def join_list(context: Context, conversation: Conversation, effect: fx.JoinBody) -> None:
    """Put the person on the council's list that their link leads onto."""
    await context.save_newcomer()
    found = await list_of(context.tx, context.vault, effect.payload, context.at)
    if found is None:
        context.texts.tell(effect.expired)
        return
    await context.tx.run(
        "join_list",
        list_id=found.id,
        person_id=context.person.id,
        proof="joined by link",
        at=context.at,
    )
    context.texts.tell(effect.done)


async def _council(context: Context, conversation: Conversation) -> int:
    """The council that the conversation is about."""
    if conversation.consultation_id is not None:
        row = await context.register.by_id(context.tx, conversation.consultation_id)
        found: int = row.council_id
        return found
    return context.person.council_id or context.register.default_id


def _later(at: int, closes: int | None, sending: Sending) -> int | None:
    """The moment of "later", today if that can be; None if there is none before the end."""
    for wait in LATER_MS:
        then = at + wait
        still = local_day(then) == local_day(at) and (closes is None or then < closes)
        if still and quiet_hours.allowed_from(then, sending) == then:
            return then
    then = quiet_hours.allowed_from(at + LATER_MS[-1], sending)
    return then if closes is None or then < closes else None
