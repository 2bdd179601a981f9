"""From one question to the next: a conversation begun, interrupted, woken, followed, finished.

flow + journal -> Turn -> look-ups, effects -> texts and the next question
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from bot.conversation import beginnings, lookups
from bot.conversation import effects as doing
from bot.conversation.context import Context
from bot.core.contact import Conversation
from bot.core.councils import called_off, head_of, is_open
from bot.staff import rolls
from flows.conversations.index import conversations
from flows.dialog import effects as fx
from flows.dialog import languages, replay
from flows.dialog.dialog import Ask, Flow, Reply
from flows.dialog.facts import Own
from flows.dialog.replay import Journal, Turn
from flows.kinds import kinds
from flows.understanding import language
from flows.wording.text import Translated, lines, msg
from storage.rows import StoredConsultation

_NOTHING = Own()

#: After so many replies that were not understood in a row, the way out is named.
PATIENCE = 3


# ---------------------------------------------------------------------- beginning


async def welcome(
    context: Context, text: str = "", goal: StoredConsultation | None = None, told: Own = _NOTHING
) -> None:
    """Ask for language and consent, then go to the consultation `goal` if there is one.

    What was `told` already (its words, the danger) is for that consultation.
    """
    person = context.person
    chosen = context.arrival.chosen_language
    proposed = (
        languages.named(person.language or "", person.letters)
        or chosen
        or languages.proposal(text or told.words, context.arrival.language_hint)
    )
    spoken = languages.spoken(proposed)
    told = beginnings.with_before(context, told)
    asks = goal is None and context.register.several and person.commune is None
    own = replace(
        told,
        proposed=proposed,
        sure=chosen is not None
        or (
            told.tells
            and (person.language is not None or language.is_certain(told.words, spoken.language))
        ),
        agreed=await context.agreed(),
        ask_commune=asks,
    )
    if own.sure:
        person.change(language=spoken.language, letters=spoken.letters)
    if goal is not None:
        title, minutes = head_of(goal).title, head_of(goal).minutes
        own = replace(own, goal=goal.code, goal_title=title, goal_minutes=minutes)
    await begin(context, "welcome", own=own)


async def open_flow(context: Context, name: str) -> None:
    """Begin a conversation that needs the citizen's consent first."""
    top = context.contact.top
    if name != "language" and not await context.agreed():
        if top is not None and top.flow == "welcome":
            ask_again(context, top)
        else:
            await welcome(context)
    else:
        await begin(context, name)


async def begin_code(context: Context, code: str, told: Own = _NOTHING) -> None:
    """Begin the consultation with this code, or say that there is none."""
    row = await context.register.by_code(context.tx, code)
    if row is None:
        context.texts.tell(msg("chat.unknown_code"))
        await open_flow(context, "menu")
        return
    await begin_consultation(context, row, told)


async def tell(context: Context, told: Own) -> None:
    """Begin the consultation that takes what somebody tells of their own accord, with what was told."""
    row = await beginnings.taker(context)
    if row is not None:
        await begin_consultation(context, row, told)
        return
    context.texts.tell(msg("told.nowhere"))
    ask_again(context, context.contact.top)
    context.texts.offers_menu = True


async def begin_consultation(
    context: Context, row: StoredConsultation, told: Own = _NOTHING
) -> None:
    """Begin the conversation about a consultation, if it is open; `told` is what was said already."""
    if not is_open(row, context.at):
        afterwards = kinds()[row.kind].afterwards
        over = row.state in ("closed", "archived") and not called_off(row, context.at)
        if afterwards and over and await context.agreed():
            await begin(context, f"{row.kind}.{afterwards}", row=row)
            return
    refused = await beginnings.refused(context, row, told)
    if refused is not None:
        context.texts.tell(refused)
        context.texts.offers_menu = True
        await _back_to_another(context, row)
        ask_again(context, context.contact.top)
        return
    if context.person.council_id is None:
        context.person.change(council_id=row.council_id)
    if context.person.language is None or not await context.agreed():
        await welcome(context, goal=row, told=told)
    else:
        may = await rolls.may(context.tx, row, context.person.id, context.at)
        flow = row.kind if may else "admission"
        await begin(context, flow, row=row, own=told if told.tells else None)


async def _back_to_another(context: Context, row: StoredConsultation) -> None:
    """Where the question that waits is about another consultation than this one, say about which."""
    top = context.contact.top
    if top is None or top.state == "done" or top.consultation_id in (None, row.id):
        return
    other = await context.register.by_id(context.tx, top.consultation_id)
    context.texts.tell(lines(msg("chat.resumed"), Translated(head_of(other).title)))


async def begin(
    context: Context,
    flow: str,
    *,
    row: StoredConsultation | None = None,
    own: Own | None = None,
) -> None:
    """Begin a conversation, or go on with the one about the same consultation.

    What was told already (`own`) is the answer to the questions of its kind that it answers.
    """
    tells = own is not None and row is not None and own.tells
    top = context.contact.top
    same = beginnings.about(context.contact, flow, row) if row is not None else None
    if (
        same is not None
        and row is not None
        and (beginnings.is_of_another_phase(same, row, context.at) or not kinds()[row.kind].resumed)
    ):
        # What was begun then would count for nothing now, or tell how things stood then.
        same.state = "done"
        beginnings.touch(context, same)
        same, top = None, context.contact.top
    told = {}
    if own is not None and row is not None:
        told = beginnings.told(own, row, context.register.council(row.council_id))
    if same is not None and told:
        # What was told elsewhere is a message of its own, with its own theme and place.
        if not same.journal.answers:
            same.state = "done"
            beginnings.touch(context, same)
    elif same is not None and same is top:
        ask_again(context, same)
        return
    elif same is not None:
        await wake(context, same)
        return
    if top is not None:
        # What was written may yet turn out to be this question's answer; after danger it is asked again.
        kept = flow in beginnings.ASKING_BACK or (
            flow == "danger" and top.flow not in ("menu", "help")
        )
        beginnings.interrupt(context, top, gone=top.flow == flow, kept=kept)
    if (
        context.person.stopped_at is not None
        and flow not in beginnings.STANDING
        and not tells
        and not beginnings.doubts(context.contact)
    ):
        context.texts.tell(msg("chat.still_stopped"))
    if told and own is not None:
        # It stands in the journal from here on.
        own = replace(own, words="", media=(), pin=None)
    conversation = await beginnings.create(context, flow, row, own)
    conversation.journal = Journal(told)
    context.contact.conversations.append(conversation)
    turn: Turn[Sequence[fx.Effect]] = replay.run(flow_for(conversation), conversation.journal)
    await follow(context, conversation, turn)


async def wake(context: Context, conversation: Conversation) -> None:
    """Go on with a conversation that was interrupted or left."""
    bring_up(context, conversation)
    context.texts.tell(msg("chat.resumed"))
    await follow(context, conversation, replay.run(flow_for(conversation), conversation.journal))


def bring_up(context: Context, conversation: Conversation) -> None:
    """Make it the one that the citizen is in."""
    top = context.contact.top
    if top is not None and top is not conversation:
        beginnings.interrupt(context, top)
    conversation.state = "open"
    beginnings.touch(context, conversation)


def leave(context: Context, conversation: Conversation) -> None:
    """The citizen ends a conversation; what they answered is kept for a while."""
    fleeting = conversation.flow in beginnings.FLEETING and conversation.flow != "told"
    over = "done" if fleeting else "left"
    conversation.state = "waiting" if beginnings.in_doubt(conversation) else over
    beginnings.touch(context, conversation)


# ---------------------------------------------------------------------- going on


def outcome(conversation: Conversation, reply: Reply) -> Turn[Sequence[fx.Effect]]:
    """What a reply to the question that the citizen saw would come to."""
    return replay.run(flow_for(conversation), conversation.journal, reply)


async def answer(
    context: Context,
    conversation: Conversation,
    reply: Reply,
    known: Turn[Sequence[fx.Effect]] | None = None,
) -> None:
    """Give a reply to the question that the citizen saw; `known` is what it comes to, if that is known."""
    awaited = conversation.journal.awaited
    turn = known or outcome(conversation, reply)
    context.was_private = any(
        question.key == awaited and question.answer.private for question in questions(turn)
    )
    gone = (
        awaited is not None
        and not turn.taken
        and turn.trouble is None
        and not reply.skip
        and (turn.asked is None or turn.asked.key != awaited)
        and awaited not in turn.consumed
        and awaited in turn.journal.answers
    )
    if gone:
        context.texts.tell(msg("chat.question_changed"))
    if turn.trouble is not None and reply.skip:
        context.texts.tell(msg("chat.not_skippable"))
    await follow(context, conversation, turn, understood=turn.trouble is None, skipped=reply.skip)


async def follow(
    context: Context,
    conversation: Conversation,
    turn: Turn[Sequence[fx.Effect]],
    *,
    understood: bool = True,
    skipped: bool = False,
) -> None:
    """Do what the turn asks for until it waits for the citizen or has ended."""
    texts = context.texts
    trouble = turn.trouble
    turn = await _settle(context, conversation, turn)
    conversation.journal = turn.journal
    conversation.private |= {q.key for q in questions(turn) if q.answer.private}
    conversation.tries = 0 if understood else conversation.tries + 1
    beginnings.touch(context, conversation)
    if trouble is not None and not skipped:
        texts.tell(trouble)
    if not understood and conversation.tries >= PATIENCE and turn.asked is not None:
        can_skip = turn.asked.answer.optional
        texts.tell(msg("chat.way_out" if can_skip else "chat.way_out_needed"))
    if trouble is None:
        texts.say(turn.said)
    if turn.asked is not None:
        texts.ask(conversation, turn.asked)
        return
    conversation.state = "done"
    await _finish(context, conversation, turn.result or ())


def not_understood(context: Context, conversation: Conversation) -> None:
    """Count a message that no question can take, and ask again."""
    conversation.tries += 1
    beginnings.touch(context, conversation)
    if conversation.tries >= PATIENCE:
        context.texts.tell(msg("chat.way_out_needed"))
    ask_again(context, conversation)


async def _settle(
    context: Context, conversation: Conversation, turn: Turn[Sequence[fx.Effect]]
) -> Turn[Sequence[fx.Effect]]:
    """Carry out the immediate effects and answer the look-ups."""
    while True:
        if turn.doing:
            await doing.carry_out(context, conversation, turn.doing)
        if turn.wanted is None:
            return turn
        finding = await lookups.find(context, conversation, turn.wanted.request)
        turn = replay.found(flow_for(conversation), turn.journal, turn.wanted, finding)


async def _finish(
    context: Context, conversation: Conversation, effects: Sequence[fx.Effect]
) -> None:
    await doing.carry_out(context, conversation, effects)
    if context.person.erased:
        return
    if context.instead or context.obey:
        await _take_back_up(context, conversation)
        return
    wanted, context.begin = context.begin, []
    if context.contact.waiting is not None and all(one.flow == "menu" for one in wanted):
        # What was interrupted comes back, and not the menu.
        wanted = []
    for later in wanted[1:]:
        await _put_by(context, later)
    for next_one in wanted[:1]:
        await _go_to(context, conversation, next_one)
    if context.contact.top is not None:
        return
    if context.danger:
        # No question about age to somebody who stands before a fire.
        context.texts.offers_menu = True
    elif doubts := beginnings.doubts(context.contact):
        await wake(context, doubts[-1])
    elif await beginnings.may_ask_about_messages(context, conversation):
        stopped = context.person.stopped_at is not None
        await begin(
            context, "messages", own=Own(proposed=beginnings.language_of(context), stopped=stopped)
        )
    elif (waiting := context.contact.waiting) is not None and waiting.flow in kinds():
        await wake(context, waiting)
    elif await beginnings.may_ask_profile(context, conversation):
        context.person.change(profile_asked_at=context.at)
        await begin(context, "profile")
    elif (waiting := context.contact.waiting) is not None:
        await wake(context, waiting)
    else:
        context.texts.offers_menu = True


async def _take_back_up(context: Context, asking: Conversation) -> None:
    """Give the question that was interrupted what was written at it; a word that works, to the turn."""
    text, context.instead = context.instead, ""
    waiting = context.contact.waiting
    if waiting is not None and waiting.touched_at != asking.opened_at:
        # The question that was interrupted has been answered since; it was not this one.
        context.obey = ""
        await wake(context, waiting)
        return
    if waiting is not None:
        bring_up(context, waiting)
    if not text:
        return
    if waiting is not None:
        await answer(context, waiting, Reply(text=text))
    else:
        await open_flow(context, "menu")


async def _go_to(context: Context, conversation: Conversation, wanted: fx.Begin) -> None:
    if wanted.code:
        await begin_code(context, wanted.code, wanted.own)
    elif not wanted.flow:
        await tell(context, wanted.own)
    elif "." in wanted.flow:
        row = await context.register.by_id(context.tx, conversation.consultation_id)
        await begin(context, wanted.flow, row=row)
    else:
        about = wanted.own if wanted.own.reference is not None else None
        await begin(context, wanted.flow, own=about)


async def _put_by(context: Context, wanted: fx.Begin) -> None:
    """A consultation that comes after what begins now: it waits for its end."""
    row = await context.register.by_code(context.tx, wanted.code)
    if row is not None and is_open(row, context.at):
        may = await rolls.may(context.tx, row, context.person.id, context.at)
        later = await beginnings.create(context, row.kind if may else "admission", row, None)
        later.state = "waiting"
        context.contact.conversations.append(later)


# ---------------------------------------------------------------------- small things


def flow_for(conversation: Conversation) -> Callable[[], Flow[Sequence[fx.Effect]]]:
    """The conversation's flow, told its facts."""
    return partial(conversations()[conversation.flow], conversation.facts)


def asked(conversation: Conversation | None) -> Ask[Any] | None:
    """The question that the citizen is at."""
    if conversation is None or conversation.state == "done":
        return None
    turn: Turn[Sequence[fx.Effect]] = replay.run(flow_for(conversation), conversation.journal)
    return turn.asked


def ask_again(context: Context, conversation: Conversation | None) -> None:
    """Repeat the question that the citizen is at."""
    if conversation is None or conversation.state == "done":
        return
    turn: Turn[Sequence[fx.Effect]] = replay.run(flow_for(conversation), conversation.journal)
    if turn.asked is not None:
        context.texts.ask(conversation, turn.asked)


def questions(turn: Turn[Sequence[fx.Effect]]) -> tuple[Ask[Any], ...]:
    """The questions answered, and the one now asked."""
    return (*turn.questions, turn.asked) if turn.asked is not None else turn.questions
