"""One message of a citizen, and all that its handling may touch: made once, handed through.

`Parts` is what the kinds of consultation bring into conversations; `bot.app.build` collects it.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from bot.channels.port import Arrival
from bot.core.contact import Contact, Conversation, Person
from bot.core.councils import Register
from bot.core.vault import Vault
from bot.outbox.composing import Composer
from flows.dialog.dialog import Json, Media
from flows.dialog.effects import Begin, Effect
from flows.wording.text import Text
from storage.database import Transaction, batch
from storage.rows.arrivals import ConsentsOf
from storage.rows.people import Person as Stored
from storage.rows.responses import ResponseByReference
from storage.rows.staff import StaffInChat

#: What a flow gives with a look-up.
Values = Mapping[str, Json]

Handler = Callable[["Context", Conversation, Any], Awaitable[None]]
LookUp = Callable[["Context", Conversation, Values], Awaitable[Json]]

#: A response is taken back at a moment (ms): what else goes, and what its author is told of that.
TakenBack = Callable[[Transaction, ResponseByReference, int], Awaitable[Text | None]]


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a kind keeps about people in tables of its own.

    `erased` are the queries (with a `person_id`) that forget it, `joined` those (`old`, `new`) that hand
    it to the person into whom another was joined; `doubled` (old, new, ms) takes back before what both
    have and one person cannot have twice; `known_better` (person, ms) looks again, after it, at what hung
    on who somebody is. `remembered` (join_id, other, person_id) note what is whose before a join, `parted`
    (join_id, old, new, since) give it back when that is undone. `copied` gives its part of a person's copy
    by name,
    `files` the names of media files that go with the person. `erasing` (person, ms) forgets before all
    else what must be written down where it stood, and returns what they have to know of what stays.
    """

    erased: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    parted: tuple[str, ...] = ()
    doubled: Callable[[Transaction, int, int, int], Awaitable[None]] | None = None
    known_better: Callable[[Transaction, int, int], Awaitable[None]] | None = None
    copied: Callable[[Transaction, Vault, int], Awaitable[Mapping[str, Any]]] | None = None
    files: Callable[[Transaction, int], Awaitable[Sequence[str]]] | None = None
    erasing: Callable[[Transaction, int, int], Awaitable[Text | None]] | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What kinds bring into conversations.

    `effects` and `look_ups` are of their own types and names. `withdrawn` says what else goes when a
    response of a kind is taken back; `offers` what the menu has beside the open consultations, for whom.
    """

    effects: Mapping[type[Effect], Handler] = field(default_factory=dict)
    look_ups: Mapping[str, LookUp] = field(default_factory=dict)
    withdrawn: Mapping[str, TakenBack] = field(default_factory=dict)
    offers: Sequence[Callable[["Context"], Awaitable[Sequence[Json]]]] = ()
    own_data: Sequence[OwnData] = ()


class Chat(Protocol):
    """A chat that can be written to."""

    @property
    def channel(self) -> str:
        """The channel's name."""

    @property
    def account(self) -> str:
        """The account of ours."""

    @property
    def address(self) -> str:
        """Where they are."""

    @property
    def last_in_at(self) -> int:
        """When they wrote last; ms."""

    @property
    def person_id(self) -> int | None:
        """Who writes there."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to another chat, because of what was written in this one: a member of staff's, or the
    one that is joined to it.
    """

    chat: Chat
    text: str
    language: str
    reason: str = "staff"


@dataclass(slots=True)
class Context:
    """Who wrote what, inside which transaction; and what the handling has to say so far."""

    tx: Transaction
    register: Register
    vault: Vault
    contact: Contact
    arrival: Arrival
    #: The files that came with the message.
    media: tuple[Media, ...]
    public_url: str
    parts: Parts
    #: What the citizen is told.
    texts: Composer
    #: Puts a file of ours (name, content) where citizens can get it.
    publish: Callable[[str, bytes], None]

    #: Conversations that begin next, as effects asked for them.
    begin: list[Begin] = field(default_factory=list)
    #: What the interrupted question gets as its answer.
    instead: str = ""
    #: The word that works which the interrupted question gets, by its name.
    obey: str = ""
    #: What staff are told at once.
    alerts: list[Alert] = field(default_factory=list)
    #: Whether this message told of danger: then no more is asked.
    danger: bool = False
    #: Whether this message added something that counts.
    contributed: bool = False
    #: Whether what came in is an answer that must not stay readable.
    was_private: bool = False
    #: Whether it refuses to be consulted: then nothing of it is kept.
    was_refused: bool = False
    #: Facts that were not in the database yet: hash -> JSON.
    new_facts: dict[str, str] = field(default_factory=dict)
    #: Names of media files to remove once the transaction is committed.
    files_to_remove: list[str] = field(default_factory=list)

    #: Who wrote.
    person: Person = field(init=False)
    #: When the message came in; ms since 1970 UTC.
    at: int = field(init=False)

    def __post_init__(self) -> None:
        self.person = self.contact.person
        self.at = self.arrival.at

    async def agreed(self) -> bool:
        """Whether the citizen has agreed to be consulted."""
        return bool((await self.consents()).get("consultation"))

    async def consents(self) -> Mapping[str, bool]:
        """The citizen's latest word on each purpose that they were asked about."""
        new = self.contact.new
        rows = [] if new else await self.tx.rows(ConsentsOf, person_id=self.person.id)
        said = {row.purpose: bool(row.given) for row in rows}
        return said | {row["purpose"]: bool(row["given"]) for row in self.person.consents}

    async def save_newcomer(self) -> None:
        """Write what is not in the database yet of the person: rows that refer to them need them first."""
        if self.contact.new:
            await self.tx.run("save_people", rows=batch([self.person.row()]))
            self.contact.new = False
            self.person.dirty = False
        if self.person.consents:
            await self.tx.run("add_consents", rows=batch(self.person.consents))
            self.person.consents = []

    async def save_address(self) -> None:
        """Write how this chat is reached, if that is not in the database yet."""
        if self.contact.address_dirty:
            await self.tx.run("save_addresses", rows=batch([self.contact.address_row()]))

    def becomes(self, as_it_was: Stored, conversations: Collection[int]) -> None:
        """Go on as the person that this chat was before a join, with their own conversations."""
        contact, going_on = self.contact, self.contact.top
        person = contact.person = self.person = Person(**msgspec.structs.asdict(as_it_was))
        contact.conversations = [
            one for one in contact.conversations if one.id in conversations or one is going_on
        ]
        for one in contact.conversations:
            one.person_id = person.id

    def keeps(self, others: Collection[int]) -> None:
        """Go on without the conversations of who is another person again."""
        contact = self.contact
        contact.conversations = [one for one in contact.conversations if one.id not in others]


async def staff_here(context: Context) -> list[StaffInChat]:
    """Who of the staff uses this chat."""
    if context.contact.new:
        return []
    staff = await context.tx.rows(StaffInChat, person_id=context.person.id)
    await context.register.learn(context.tx, *(one.council_id for one in staff))
    return staff
