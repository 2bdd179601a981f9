"""What a conversation begins with, and which question may follow it of our own accord."""

import msgspec

from bot.conversation.context import Context
from bot.conversation.joining import codes
from bot.core.contact import Contact, Conversation, hash_of
from bot.core.councils import facts_of, phase_of
from bot.core.localtime import local_day
from flows.dialog.answers import LONGEST, Said
from flows.dialog.dialog import Json, json_of
from flows.dialog.facts import Facts, Own, Previous, Shared
from flows.dialog.replay import Journal
from flows.understanding import language
from storage.ids import new_id
from storage.rows import StoredConsultation
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
        "notices",
        "body",
        "stop",
        "messages",
        "meant",
        "danger",
    ]
)

#: Conversations that ask what was meant at another's question: that one waits, whatever it is.
ASKING_BACK = frozenset({"stop", "meant"})

#: Conversations in which it is not said again that messages are stopped.
STANDING = frozenset(
    ["stop", "meant", "danger", "messages", "welcome", "language", "link", "reply", "profile"]
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


def told(own: Own) -> Json:
    """What was said elsewhere, as the answer to a question for own words."""
    return json_of(Said(own.words[:LONGEST], own.media))


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
    """The person's language, else the one that the message seems to be in."""
    arrival = context.arrival
    return context.person.language or language.propose(arrival.text, arrival.language_hint)


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
