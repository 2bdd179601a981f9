"""A person and their conversations, as one message finds them and leaves them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import msgspec
from msgspec.structs import replace

from bot.channels.port import PULLED, Arrival, Envelope
from bot.core.vault import Vault
from flows.dialog.facts import Facts, Own, Shared
from flows.dialog.replay import Journal
from storage.ids import new_id
from storage.rows.arrivals import StatesOf

#: Marks an answer that is kept sealed.
SEALED = "~sealed"

#: Channel, account, address.
Key = tuple[str, str, str]

_encode = msgspec.json.Encoder().encode
_own = msgspec.json.Decoder(Own)
_answers = msgspec.json.Decoder(dict[str, Any])


@dataclass(slots=True)
class Person:
    """A row of `people`."""

    id: int
    created_at: int
    language: str | None = None
    council_id: int | None = None
    commune: str | None = None
    abroad: int = 0
    age_band: str | None = None
    gender: str | None = None
    disability: str | None = None
    profile_asked_at: int | None = None
    stopped_at: int | None = None
    keeps_answers: int = 0
    letters: str = ""
    dirty: bool = False
    erased: bool = False
    #: What they agreed to or refused now: rows that are not in the database yet.
    consents: list[Mapping[str, Any]] = field(default_factory=list)

    def change(self, **values: Any) -> None:
        """Set fields, and remember that there is something to save."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
                self.dirty = True

    def row(self) -> Mapping[str, Any]:
        """The fields as the queries take them."""
        return {name: getattr(self, name) for name in _PERSON_FIELDS}


_PERSON_FIELDS = (
    "id",
    "created_at",
    "language",
    "council_id",
    "commune",
    "abroad",
    "age_band",
    "gender",
    "disability",
    "profile_asked_at",
    "stopped_at",
    "keeps_answers",
    "letters",
)


@dataclass(slots=True)
class Conversation:
    """A row of `conversations`: open (the citizen is in it), waiting (interrupted), left, done."""

    id: int
    person_id: int
    flow: str
    consultation_id: int | None
    facts_hash: str
    facts: Facts
    journal: Journal
    state: str
    tries: int
    opened_at: int
    touched_at: int
    dirty: bool = True
    #: Keys of questions whose answers must not be readable in the database.
    private: set[str] = field(default_factory=set)

    def row(self, vault: Vault) -> Mapping[str, Any]:
        """The fields as the queries take them; a conversation that is over keeps nothing that was told in it."""
        over = self.state == "done"
        answers = {} if over else dict(self.journal.answers)
        for key in self.private & answers.keys():
            place = f"conversations/{self.id}/{key}"
            answers[key] = {SEALED: vault.seal(_encode(answers[key]).decode(), place)}
        return {
            "id": self.id,
            "person_id": self.person_id,
            "flow": self.flow,
            "consultation_id": self.consultation_id,
            "facts": self.facts_hash,
            "own": _encode(Own() if over else self.facts.own).decode(),
            "answers": _encode(answers).decode(),
            "awaited": self.journal.awaited,
            "state": self.state,
            "tries": self.tries,
            "opened_at": self.opened_at,
            "touched_at": self.touched_at,
        }


@dataclass(slots=True)
class Contact:
    """Who wrote, through which address, and what they are in the middle of."""

    person: Person
    channel: str
    account: str
    address: str
    address_id: int
    address_state: str
    last_in_at: int
    new: bool
    conversations: list[Conversation]
    address_dirty: bool = False
    #: The message of a broadcast that asked something last, and was not answered yet.
    pending: int | None = None
    #: Replies that never arrived here since they last wrote.
    missed: int = 0
    #: When this chat was joined to one that was there before; ms.
    joined_at: int | None = None
    #: Whether they have agreed to be consulted.
    agreed: bool = False
    #: When it will be as if nothing had come from here, of messages and of files; ms since 1970 UTC.
    paced_until: int = 0
    uploads_until: int = 0

    def address_row(self) -> Mapping[str, Any]:
        """The address as the queries take it."""
        return {
            "id": self.address_id,
            "person_id": self.person.id,
            "channel": self.channel,
            "account": self.account,
            "address": self.address,
            "state": self.address_state,
            "last_in_at": self.last_in_at,
            "missed": self.missed,
            "paced_until": self.paced_until,
            "uploads_until": self.uploads_until,
        }

    @property
    def top(self) -> Conversation | None:
        """The conversation that the citizen is in."""
        return next((c for c in reversed(self.conversations) if c.state == "open"), None)

    @property
    def waiting(self) -> Conversation | None:
        """The conversation that was interrupted last."""
        waiting = [c for c in self.conversations if c.state == "waiting"]
        return max(waiting, key=lambda c: c.touched_at, default=None)

    @property
    def chat(self) -> str:
        """What a button's token is bound to: the person, so that it works after a move."""
        return str(self.person.id)


def new_contact(channel: str, account: str, address: str, at: int) -> Contact:
    """Somebody who writes for the first time."""
    person = Person(new_id(), at, dirty=True)
    return Contact(person, channel, account, address, new_id(), "open", at, True, [], True)


def hash_of(shared: Shared) -> tuple[str, str]:
    """The hash under which shared facts are kept, and their JSON."""
    body = _encode(shared)
    return hashlib.blake2b(body, digest_size=16).hexdigest(), body.decode()


def read_contacts(
    rows: Iterable[StatesOf], shared: Mapping[str, Shared], vault: Vault
) -> dict[Key, Contact]:
    """The contacts of a batch by (channel, account, address), from the rows of `states_of`.

    Two addresses of one person share the person and the conversations.
    """
    people: dict[int, Person] = {}
    talks: dict[int, dict[int, Conversation]] = {}
    contacts: dict[Key, Contact] = {}
    for row in rows:
        person_id = row.person_id
        if person_id not in people:
            people[person_id] = Person(
                person_id,
                0,
                **{n: getattr(row, n) for n in _PERSON_FIELDS if n not in ("id", "created_at")},
            )
            talks[person_id] = {}
        key = (row.channel, row.account, row.address)
        if key not in contacts:
            contacts[key] = Contact(
                people[person_id],
                *key,
                row.address_id,
                row.address_state,
                row.last_in_at,
                False,
                [],
                pending=row.pending,
                missed=row.missed,
                joined_at=row.joined_at,
                agreed=bool(row.agreed),
                paced_until=row.paced_until,
                uploads_until=row.uploads_until,
            )
        if _has_conversation(row) and row.conversation_id not in talks[person_id]:
            talks[person_id][row.conversation_id] = _read_conversation(row, shared, vault)
    together: dict[int, list[Conversation]] = {}
    for contact in contacts.values():
        person_id = contact.person.id
        if person_id not in together:
            together[person_id] = sorted(talks[person_id].values(), key=lambda c: c.touched_at)
        contact.conversations = together[person_id]
    return contacts


class _InConversation(StatesOf, frozen=True):
    """A row of `states_of` whose person is in a conversation."""

    conversation_id: int
    flow: str
    facts: str
    own: str
    answers: str
    state: str
    tries: int
    opened_at: int
    touched_at: int


def _has_conversation(row: StatesOf) -> TypeGuard[_InConversation]:
    return row.conversation_id is not None


def _read_conversation(
    row: _InConversation, shared: Mapping[str, Shared], vault: Vault
) -> Conversation:
    answers = _answers.decode(row.answers)
    private = set()
    for key, value in answers.items():
        if isinstance(value, dict) and SEALED in value:
            place = f"conversations/{row.conversation_id}/{key}"
            answers[key] = msgspec.json.decode(vault.open(value[SEALED], place))
            private.add(key)
    return Conversation(
        row.conversation_id,
        row.person_id,
        row.flow,
        row.consultation_id,
        row.facts,
        Facts(shared[row.facts], _own.decode(row.own)),
        Journal(answers, row.awaited),
        row.state,
        row.tries,
        row.opened_at,
        row.touched_at,
        dirty=False,
        private=private,
    )


# ---------------------------------------------------------------------- addresses, covered


def covered(vault: Vault, arrival: Arrival) -> Arrival:
    """What arrived, with its addresses covered as they are kept; those of the open page are digests already."""
    if arrival.channel in PULLED:
        return arrival
    return replace(
        arrival,
        address=vault.cover(arrival.address),
        aliases=tuple(vault.cover(alias) for alias in arrival.aliases),
        phone=vault.cover(arrival.phone) if arrival.phone else None,
        # Telegram's ids of taps begin with the id of the account.
        receipt=vault.cover(arrival.receipt) if arrival.receipt else None,
    )


def uncovered(vault: Vault, envelope: Envelope) -> Envelope:
    """What goes out, as its provider knows where to. Raises Unreadable."""
    message = envelope.message
    if message.acknowledges is not None:
        message = replace(message, acknowledges=vault.uncover(message.acknowledges))
    return replace(envelope, address=vault.uncover(envelope.address), message=message)
