"""From one question to the next: a conversation begun, interrupted, woken, followed, finished.

flow + journal -> Turn -> look-ups, effects -> texts and the next question
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from bot.conversation import effects as doing
from bot.conversation import lookups
from bot.conversation.context import Context
from bot.core.contact import Contact, Conversation, hash_of
from bot.core.councils import facts_of, head_of, is_open, phase_of, refusal
from bot.core.localtime import local_day
from bot.outreach import answers
from bot.outreach.audiences import ASKING
from bot.outreach.message_texts import conversation_of, flow_of, own_of
from flows.conversations.index import conversations
from flows.dialog import effects as fx
from flows.dialog import replay
from flows.dialog.dialog import Ask, Flow, Reply
from flows.dialog.facts import Facts, Own, Previous, Shared
from flows.dialog.replay import Journal, Turn
from flows.understanding import language
from flows.wording.text import msg
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.broadcasts import Push
from storage.rows.responses import ContributionsOf, SingleResponse

#: After so many replies that were not understood in a row, the way out is named.
PATIENCE = 3

#: Conversations that nobody wants back when another begins.
FLEETING = frozenset(
    {
        "menu",
        "help",
        "language",
        "link",
        "invitation",
        "reply",
        "notices",
        "body",
        "stop",
        "messages",
        "meant",
    }
)

#: Conversations that ask what was meant at another's question: that one waits, whatever it is.
ASKING_BACK = frozenset({"stop", "meant"})

#: Conversations in which it is not said again that messages are stopped.
STANDING = frozenset(
    {"stop", "meant", "messages", "welcome", "language", "link", "reply", "profile"}
)

# ---------------------------------------------------------------------- beginning


async def welcome(context: Context, text: str = "", goal: StoredConsultation | None = None) -> None:
    """Ask for language and consent, then go to the consultation `goal` if there is one."""
    person = context.person
    proposed = person.language or language.propose(text, context.arrival.language_hint)
    own = Own(
        proposed=proposed,
        agreed=await context.agreed(),
        ask_commune=context.register.several and person.commune is None,
    )
    if goal is not None:
        head = head_of(goal)
        own = Own(
            goal=goal.code,
            goal_title=head.title,
            goal_minutes=head.minutes,
            proposed=proposed,
            agreed=own.agreed,
        )
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


async def begin_code(context: Context, code: str) -> None:
    """Begin the consultation with this code, or say that there is none."""
    row = await context.register.by_code(context.tx, code)
    if row is None:
        context.texts.tell(msg("chat.unknown_code"))
        await open_flow(context, "menu")
        return
    await begin_consultation(context, row)


async def begin_consultation(context: Context, row: StoredConsultation) -> None:
    """Begin the conversation about a consultation, if it is open."""
    if not is_open(row, context.at):
        context.texts.tell(refusal(row, context.at))
        context.texts.offers_menu = True
        ask_again(context, context.contact.top)
        return
    if context.person.council_id is None:
        context.person.change(council_id=row.council_id)
    if context.person.language is None or not await context.agreed():
        await welcome(context, goal=row)
    else:
        await begin(context, row.kind, row=row)


async def begin(
    context: Context, flow: str, *, row: StoredConsultation | None = None, own: Own | None = None
) -> None:
    """Begin a conversation, or go on with the one about the same consultation."""
    top = context.contact.top
    same = _about(context.contact, flow, row) if row is not None else None
    if same is not None and row is not None and _is_of_another_phase(same, row, context.at):
        # What was begun then would count for nothing now.
        same.state = "done"
        _touch(context, same)
        same, top = None, context.contact.top
    if same is not None:
        if same is top:
            ask_again(context, same)
        else:
            await wake(context, same)
        return
    if top is not None:
        # What was written may yet turn out to be this question's answer.
        _interrupt(context, top, gone=top.flow == flow, kept=flow in ASKING_BACK)
    if context.person.stopped_at is not None and flow not in STANDING:
        context.texts.tell(msg("chat.still_stopped"))
    conversation = await _create(context, flow, row, own)
    context.contact.conversations.append(conversation)
    turn: Turn[Sequence[fx.Effect]] = replay.run(flow_for(conversation), conversation.journal)
    await follow(context, conversation, turn)


def _is_of_another_phase(conversation: Conversation, row: StoredConsultation, at: int) -> bool:
    begun = conversation.facts.shared.consultation
    return begun is not None and begun.phase != phase_of(row, at)


def _about(contact: Contact, flow: str, row: StoredConsultation) -> Conversation | None:
    """The conversation of this flow about this consultation, if it is not over."""
    return next(
        (
            c
            for c in contact.conversations
            if c.consultation_id == row.id and c.flow == flow and c.state != "done"
        ),
        None,
    )


async def _create(
    context: Context, flow: str, row: StoredConsultation | None, own: Own | None
) -> Conversation:
    home = context.register.home(context.person.council_id)
    shared = Shared(
        local_day(context.at),
        context.register.council(row.council_id) if row is not None else home,
        facts_of(row, context.at) if row is not None else None,
    )
    digest, body = hash_of(shared)
    context.new_facts[digest] = body
    previous = None
    if row is not None:
        known = await context.tx.row(
            SingleResponse,
            consultation_id=row.id,
            person_id=context.person.id,
            phase=phase_of(row, context.at),
        )
        if known is not None and known.state != "withdrawn":
            previous = Previous(known.reference, msgspec.json.decode(known.body))
    own = own or Own(proposed=context.person.language or "ar")
    own = msgspec.structs.replace(own, commune=context.person.commune, previous=previous)
    return Conversation(
        new_id(),
        context.person.id,
        flow,
        row.id if row is not None else None,
        digest,
        Facts(shared, own),
        Journal(),
        "open",
        0,
        context.at,
        context.at,
    )


async def wake(context: Context, conversation: Conversation) -> None:
    """Go on with a conversation that was interrupted or left."""
    bring_up(context, conversation)
    context.texts.tell(msg("chat.resumed"))
    await follow(context, conversation, replay.run(flow_for(conversation), conversation.journal))


def bring_up(context: Context, conversation: Conversation) -> None:
    """Make it the one that the citizen is in."""
    top = context.contact.top
    if top is not None and top is not conversation:
        _interrupt(context, top)
    conversation.state = "open"
    _touch(context, conversation)


def _interrupt(
    context: Context, top: Conversation, *, gone: bool = False, kept: bool = False
) -> None:
    """Another conversation begins: this one waits, unless nobody wants it back."""
    top.state = "done" if gone or (top.flow in FLEETING and not kept) else "waiting"
    _touch(context, top)


def leave(context: Context, conversation: Conversation) -> None:
    """The citizen ends a conversation; what they answered is kept for a while."""
    conversation.state = "done" if conversation.flow in FLEETING else "left"
    _touch(context, conversation)


async def stop(context: Context) -> None:
    """The citizen wants no more messages: said once, obeyed at once."""
    top = context.contact.top
    if context.person.stopped_at is not None and top is None:
        return
    if context.person.stopped_at is None:
        context.person.change(stopped_at=context.at, keeps_answers=0)
    if top is not None:
        leave(context, top)
    await begin(context, "stop", own=Own(proposed=_language(context)))


async def ask_meaning(context: Context, text: str, command: str) -> None:
    """What was written may be a word that works, or the answer."""
    own = Own(proposed=_language(context), doubted=text, command=command)
    await begin(context, "meant", own=own)


async def doubt(context: Context, text: str, *, one_council: bool = False) -> None:
    """What was written may be a wish to get no messages: none goes out until the citizen has said."""
    held = context.person.stopped_at is None
    if held:
        context.person.change(stopped_at=context.at, keeps_answers=0)
    own = Own(proposed=_language(context), doubted=text, held=held, one_council=one_council)
    await begin(context, "stop", own=own)


def _language(context: Context) -> str:
    arrival = context.arrival
    return context.person.language or language.propose(arrival.text, arrival.language_hint)


async def invited(context: Context, message_id: int) -> Conversation | None:
    """The conversation about an invitation that was sent, now that somebody answers it."""
    person_id = context.person.id
    push = await context.tx.row(Push, id=message_id, person_id=person_id)
    sent = push or await answers.sent(context.tx, message_id, person_id)
    asks = sent is not None and (sent.what in ASKING or sent.what == "reply")
    if sent is None or not asks or sent.consultation_id is None:
        return None
    row = await context.register.by_id(context.tx, sent.consultation_id)
    council = context.register.council(sent.council_id)
    shared = Shared(local_day(context.at), council, facts_of(row, context.at))
    digest, body = hash_of(shared)
    context.new_facts[digest] = body
    own = own_of(
        sent.what,
        council,
        later=sent.reason == "later",
        body=msgspec.json.decode(sent.body),
    )
    conversation = conversation_of(
        message_id,
        context.person.id,
        Facts(shared, own),
        digest,
        context.at,
        flow_of(sent.what),
    )
    top = context.contact.top
    if top is not None:
        _interrupt(context, top)
    context.contact.conversations.append(conversation)
    return conversation


# ---------------------------------------------------------------------- going on


async def answer(context: Context, conversation: Conversation, reply: Reply) -> None:
    """Give a reply to the question that the citizen saw."""
    awaited = conversation.journal.awaited
    turn = replay.run(flow_for(conversation), conversation.journal, reply)
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
    _touch(context, conversation)
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
    _touch(context, conversation)
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
        await _take_back_up(context)
        return
    wanted, context.begin = context.begin, []
    for next_one in wanted:
        await _go_to(context, conversation, next_one)
    if context.contact.top is not None:
        return
    if await _may_ask_about_messages(context, conversation):
        stopped = context.person.stopped_at is not None
        await begin(context, "messages", own=Own(proposed=_language(context), stopped=stopped))
    elif await _may_ask_profile(context, conversation):
        context.person.change(profile_asked_at=context.at)
        await begin(context, "profile")
    elif (waiting := context.contact.waiting) is not None:
        await wake(context, waiting)
    else:
        context.texts.offers_menu = True


async def _take_back_up(context: Context) -> None:
    """Give the question that was interrupted what was written at it; a word that works, to the turn."""
    text, context.instead = context.instead, ""
    waiting = context.contact.waiting
    if waiting is not None:
        bring_up(context, waiting)
    if not text:
        return
    if waiting is not None:
        await answer(context, waiting, Reply(text=text))
    else:
        await open_flow(context, "menu")


async def _may_ask_about_messages(context: Context, conversation: Conversation) -> bool:
    """After somebody took part: if they have stopped messages, or never said whether they want any."""
    if conversation.flow in FLEETING or conversation.flow == "welcome":
        return False
    consents = await context.consents()
    if not consents.get("consultation"):
        return False
    return "messages" not in consents or (
        context.person.stopped_at is not None and conversation.consultation_id is not None
    )


async def _may_ask_profile(context: Context, conversation: Conversation) -> bool:
    """Once, after the first contribution, when the conversation about it is over."""
    person = context.person
    if person.profile_asked_at is not None or conversation.consultation_id is None:
        return False
    if conversation.flow in FLEETING:
        return False
    return context.contributed or bool(await context.tx.rows(ContributionsOf, person_id=person.id))


async def _go_to(context: Context, conversation: Conversation, wanted: fx.Begin) -> None:
    if wanted.code:
        await begin_code(context, wanted.code)
    elif "." in wanted.flow:
        row = await context.register.by_id(context.tx, conversation.consultation_id)
        await begin(context, wanted.flow, row=row)
    else:
        await begin(context, wanted.flow)


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


def _touch(context: Context, conversation: Conversation) -> None:
    conversation.touched_at = context.at
    conversation.dirty = True
