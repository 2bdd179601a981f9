"""What a conversation begins with, what it interrupts, and which question may follow it of our own accord."""

import msgspec

from bot.conversation.context import Context
from bot.conversation.doing.confirming import elsewhere
from bot.conversation.joining import codes
from bot.core import eligibility
from bot.core.contact import Contact, Conversation, hash_of
from bot.core.councils import facts_of, head_of, is_open, phase_of, refusal
from bot.core.localtime import local_day
from bot.outreach import answers
from bot.outreach.audiences import ASKING
from bot.outreach.message_texts import conversation_of, flow_of, own_of
from flows.dialog import languages, replay
from flows.dialog.answers import LONGEST, Said
from flows.dialog.dialog import Json, Reply, json_of
from flows.dialog.facts import Council, Facts, Own, Previous, Shared
from flows.dialog.replay import Journal
from flows.kinds import kinds
from flows.wording.text import Text
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.broadcasts import Push
from storage.rows.consultations import OpenConsultations
from storage.rows.responses import ContributionsOf, SingleResponse

#: Conversations that nobody wants back when another begins.
FLEETING = frozenset(
    [
        "menu",
        "help",
        "language",
        "link",
        "invitation",
        "reply",
        "adding",
        "notices",
        "body",
        "stop",
        "messages",
        "meant",
        "danger",
        "told",
    ]
)

#: Conversations that are short, and yet what was told in them is not to be lost.
UNSETTLED = frozenset({"danger", "told"})

#: Conversations that ask what was meant at another's question: that one waits, whatever it is.
ASKING_BACK = frozenset({"stop", "meant", "told"})

#: Conversations in which it is not said again that messages are stopped.
STANDING = frozenset(
    [
        "stop",
        "meant",
        "told",
        "danger",
        "messages",
        "welcome",
        "language",
        "link",
        "reply",
        "adding",
        "profile",
    ]
)


def in_doubt(conversation: Conversation) -> bool:
    """Whether it asks if messages shall stop, and none is sent until that is answered."""
    own = conversation.facts.own
    return conversation.flow == "stop" and own.held and conversation.state in ("open", "waiting")


def doubts(contact: Contact) -> list[Conversation]:
    """Whether messages shall stop, as far as it was asked and is not answered."""
    return [conversation for conversation in contact.conversations if in_doubt(conversation)]


def is_unsent(conversation: Conversation) -> bool:
    """Whether something was told in it that nobody has got: left now, it can be gone on with."""
    return conversation.state == "left" and bool(
        conversation.consultation_id is not None and conversation.journal.answers
    )


def settle(contact: Contact) -> None:
    """Whether messages shall stop need not be asked any more."""
    for conversation in doubts(contact):
        conversation.state, conversation.dirty = "done", True


def is_of_another_phase(conversation: Conversation, row: StoredConsultation, at: int) -> bool:
    """Whether the consultation is in another phase by now than when this conversation began."""
    begun = conversation.facts.shared.consultation
    return begun is not None and begun.phase != phase_of(row, at)


def about(contact: Contact, flow: str, row: StoredConsultation) -> Conversation | None:
    """The conversation of this flow about this consultation, if it is not over; the latest of several."""
    return next(
        (
            c
            for c in reversed(contact.conversations)
            if c.consultation_id == row.id and c.flow == flow and c.state != "done"
        ),
        None,
    )


def told(own: Own, row: StoredConsultation, council: Council) -> dict[str, Json]:
    """What was said elsewhere as answers: to the question for own words, and to others that it answers.

    Nothing where the kind takes nothing that is told.
    """
    case = kinds()[row.kind].case
    if case is None or not own.tells:
        return {}
    answers: dict[str, Json] = {}
    if own.words or own.media:
        answers[case.told_at] = json_of(Said(own.words[:LONGEST], own.media))
    said = Reply(text=own.words, location=own.pin, place=own.pin_name)
    for key, reply in case.answered(head_of(row), council, said).items():
        answers[key] = replay.unread(reply)
    return answers


async def refused(context: Context, row: StoredConsultation, told: Own) -> Text | None:
    """Why somebody takes no part in a consultation here: it is not open, asks for more, or is for others."""
    if not is_open(row, context.at):
        return refusal(row, context.at)
    ways = await elsewhere(context, row, told)
    if ways is not None:
        return ways
    return await eligibility.refusal(context.tx, row, context.person.id, context.at)


async def taker(context: Context) -> StoredConsultation | None:
    """An open consultation of the person's council that takes what somebody tells, None if none does."""
    home = context.person.council_id or context.register.default_id
    rows = await context.tx.rows(OpenConsultations, at=context.at)
    return next((row for row in rows if row.council_id == home and _takes(row)), None)


def _takes(row: StoredConsultation) -> bool:
    case = kinds()[row.kind].case
    return case is not None and case.takes_told


def joined(before: Own, more: Own) -> Own:
    """What was told before, with what was told besides."""
    return msgspec.structs.replace(
        before,
        words="\n".join(text for text in (before.words, more.words) if text),
        media=(*before.media, *more.media),
        pin=more.pin or before.pin,
        pin_name=more.pin_name if more.pin else before.pin_name,
        unasked=before.unasked or more.unasked,
    )


def with_before(context: Context, told: Own) -> Own:
    """What is told now, with what was told at another first contact that led nowhere yet: a link was opened, say."""
    for conversation in context.contact.conversations:
        own = conversation.facts.own
        if conversation.flow == "welcome" and conversation.state != "done" and own.tells:
            told = joined(own, told) if told.tells else msgspec.structs.replace(
                told, words=own.words, media=own.media, pin=own.pin, pin_name=own.pin_name,
                danger=told.danger or own.danger, unasked=own.unasked,
            )  # fmt: skip
            conversation.state = "done"
            touch(context, conversation)
    return told


def add(conversation: Conversation, told_at: str, more: Own) -> None:
    """Add what was told besides to the answer in a citizen's own words."""
    answers = dict(conversation.journal.answers)
    before = msgspec.convert(answers[told_at], Said)
    texts = [text for text in (before.text, more.words) if text]
    said = Said("\n".join(texts)[:LONGEST], (*before.media, *more.media))
    answers[told_at] = json_of(said)
    conversation.journal = Journal(answers, conversation.journal.awaited)


async def create(
    context: Context, flow: str, row: StoredConsultation | None, own: Own | None
) -> Conversation:
    """A conversation that has not begun: its facts, and what this person answered here before."""
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
    own = msgspec.structs.replace(
        own,
        commune=context.person.commune,
        previous=previous,
        held_until=codes.held_until(context.contact, context.at),
    )
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


def language_of(context: Context) -> str:
    """The person's language, else the one that the message seems to be in, as a choice has it."""
    arrival = context.arrival
    person = context.person
    if person.language:
        return languages.named(person.language, person.letters)
    return languages.proposal(arrival.text, arrival.language_hint)


async def may_ask_about_messages(context: Context, conversation: Conversation) -> bool:
    """After somebody took part: if they have stopped messages, or never said whether they want any."""
    if conversation.flow in FLEETING or conversation.flow == "welcome":
        return False
    consents = await context.consents()
    if not consents.get("consultation"):
        return False
    return "messages" not in consents or (
        context.person.stopped_at is not None and conversation.consultation_id is not None
    )


async def may_ask_profile(context: Context, conversation: Conversation) -> bool:
    """Once, after the first contribution, when the conversation about it is over."""
    person = context.person
    if person.profile_asked_at is not None or conversation.consultation_id is None:
        return False
    if conversation.flow in FLEETING:
        return False
    return context.contributed or bool(await context.tx.rows(ContributionsOf, person_id=person.id))


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
        interrupt(context, top)
    context.contact.conversations.append(conversation)
    return conversation


def interrupt(
    context: Context, top: Conversation, *, gone: bool = False, kept: bool = False
) -> None:
    """Another conversation begins: this one waits, unless nobody wants it back."""
    # A doubt about messages waits too: until it is settled nothing is sent, and nobody asked for that.
    # So does the question whether a danger is reported.
    fleeting = top.flow in FLEETING and top.flow not in UNSETTLED
    kept = kept or not fleeting or in_doubt(top)
    top.state = "waiting" if kept and not gone else "done"
    touch(context, top)


def touch(context: Context, conversation: Conversation) -> None:
    """Note that something happened in it just now."""
    conversation.touched_at = context.at
    conversation.dirty = True
