"""Councils and consultations as the conversations see them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import msgspec

from bot.core.config import ConfigError
from bot.core.localtime import local, moment, now_ms, wall_text
from flows.dialog.definition import Head
from flows.dialog.facts import Consultation, Council
from flows.kinds import kinds, read_raw
from flows.kinds.kind import Phase
from flows.morocco import places
from flows.statistics.quarters import Quarter
from flows.statistics.summary import Figure
from flows.wording.text import Code, Message, Text, Translated, msg
from storage.database import Storage, Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode, ConsultationById, Councils
from storage.rows.public import PublicConsultations


class ConsultationRow(Protocol):
    """A row that holds a definition."""

    @property
    def code(self) -> str:
        """The consultation's code."""

    @property
    def council_id(self) -> int:
        """Whose it is."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def definition(self) -> str:
        """What the organizer wrote, as JSON."""


class UnknownConsultation(LookupError):
    """There is no consultation with this code or id."""


class UnknownCouncil(LookupError):
    """There is no council with this id."""


#: Makes figures of a council (its id) and a quarter.
Indicators = Callable[[Transaction, int, Quarter], Awaitable[Sequence[Figure]]]

#: What a council owes in one of its consultations on a day, a line each.
Owed = Callable[[Transaction, StoredConsultation, Council, date], Awaitable[Sequence[Text]]]

#: What of an opened consultation may not become so (its new definition); raises NotAllowed.
Amending = Callable[[Transaction, StoredConsultation, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stand:
    """How something that a council promised stands: the state, in words too, and since which local day ("" from the start)."""

    state: str
    text: Text
    since: str
    done: bool


#: How what a council promised stands on a day, by the consultation's id.
Stands = Callable[[Transaction, int, date], Awaitable[Mapping[int, Stand]]]


class Register:
    """The councils of this deployment, and how to find their consultations."""

    def __init__(self, councils: Mapping[int, Council], default: str = "") -> None:
        self._councils = councils
        codes = {council.code: id for id, council in councils.items()}
        self.default_id = codes[default] if default else next(iter(councils))
        #: Makes deep links into a payload, one for each channel that has them.
        self.links: Callable[[str], Sequence[str]] = lambda payload: ()
        #: Our own texts, spoken: language -> entry of the catalogue -> name of the file.
        self.recorded: Mapping[str, Mapping[str, str]] = {}
        #: Channels on which citizens can be written to before they write.
        self.ways: Sequence[str] = ()
        #: Kind -> what its summary is made from beside the responses, read by a consultation's id.
        self.besides: Mapping[str, Callable[[Transaction, int], Awaitable[Any]]] = {}
        #: Kind -> what of an opened consultation may not change to another definition; raises NotAllowed.
        self.amending: Mapping[str, Amending] = {}
        #: Kind -> what the council owes in one of its consultations, with its day, on a given one.
        self.owed: Mapping[str, Owed] = {}
        #: Kind -> how what was promised by its consultations stands.
        self.stands: Mapping[str, Stands] = {}
        #: What kinds add to the indicators of a council in a quarter.
        self.indicators: Sequence[Indicators] = ()

    @property
    def several(self) -> bool:
        """Whether there is more than one council."""
        return len(self._councils) > 1

    @property
    def default(self) -> Council:
        """The council of whoever belongs to none yet."""
        return self._councils[self.default_id]

    async def learn(self, tx: Transaction, *ids: int) -> None:
        """Read the councils again if one of these is new: another process may have added it."""
        if any(id not in self._councils for id in ids):
            self._councils = councils_in(await tx.rows(Councils))

    def council(self, id: int) -> Council:
        """A council by id. Raises UnknownCouncil: no other one answers in its place."""
        if id not in self._councils:
            known = ", ".join(f"{known} ({c.code})" for known, c in self._councils.items())
            raise UnknownCouncil(f"no council has the id {id}; there are: {known}")
        return self._councils[id]

    def home(self, id: int | None) -> Council:
        """The council that a person is with: the default one without any, or with one we do not know.

        It says in which language, and in whose name, a chat is held; what belongs to a council has
        `council`.
        """
        return self._councils.get(id, self.default) if id is not None else self.default

    def covering(self, commune: str) -> int | None:
        """The council of a commune, else of its province or region; None if there is none."""
        for place in (commune, *(wider.code for wider in places.ancestors(commune))):
            for id, council in self._councils.items():
                if council.place == place:
                    return id
        return None

    def all(self) -> Mapping[int, Council]:
        """Every council by id."""
        return self._councils

    async def by_id(self, tx: Transaction, id: int | None) -> StoredConsultation:
        """A consultation's row. Raises UnknownConsultation."""
        row = await tx.row(ConsultationById, id=id)
        if row is None:
            raise UnknownConsultation(f"no consultation has the id {id}")
        await self.learn(tx, row.council_id)
        return row

    async def by_code(self, tx: Transaction, code: str) -> StoredConsultation | None:
        """A consultation's row by its code, in capitals or not."""
        row = await tx.row(ConsultationByCode, code=code.upper())
        if row is not None:
            await self.learn(tx, row.council_id)
        return row


async def open_register(storage: Storage, councils: Sequence[Council], default: str) -> Register:
    """Bring the councils' files into the database, and return the register of all of them."""
    async with storage.transaction() as tx:
        for council in councils:
            body = msgspec.json.encode(council).decode()
            await tx.run("save_council", id=new_id(), code=council.code, body=body, at=now_ms())
        rows = await stored_councils(tx)
    known = councils_in(rows)
    check_default(default, [council.code for council in known.values()])
    return Register(known, default)


def check_default(default: str, codes: Collection[str]) -> None:
    """Whether the council of the settings is one of these. Raises ConfigError."""
    if default and default not in codes:
        raise ConfigError(
            f"[councils] default is {default!r}; it must be one of: {', '.join(codes)}"
        )


def councils_in(rows: Sequence[Councils]) -> Mapping[int, Council]:
    """Councils as the database keeps them, by id."""
    return {row.id: msgspec.json.decode(row.body, type=Council) for row in rows}


async def stored_councils(tx: Transaction) -> list[Councils]:
    """Every council in the database."""
    return await tx.rows(Councils)


def head_of(row: ConsultationRow) -> Head:
    """The typed definition of a consultation's row."""
    kind = kinds()[row.kind]
    definition: Head = read_raw(msgspec.json.decode(row.definition), kind.definition)
    return definition


def facts_of(row: StoredConsultation, at: int | None = None) -> Consultation:
    """The facts of a consultation's row, with the phase that is on at a moment."""
    return Consultation(
        row.id,
        row.code,
        row.kind,
        msgspec.json.decode(row.definition),
        row.closes_local,
        phase_of(row, at) if at is not None else "",
    )


def phases_of(row: ConsultationRow) -> Sequence[Phase]:
    """The stretches in which a consultation can be answered; none if it opens once."""
    phases = kinds()[row.kind].phases
    return phases(head_of(row)) if phases is not None else ()


def dates_of(row: ConsultationRow) -> Mapping[str, datetime]:
    """The dates of its own before which one can be reminded, by name: local wall times."""
    dates = kinds()[row.kind].dates
    return dates(head_of(row)) if dates is not None else {}


def phase_of(row: ConsultationRow, at: int) -> str:
    """The name of the phase that a moment falls into; "" between two, and for what opens once."""
    on = phase_at(row, at)
    return on.name if on is not None else ""


def phase_at(row: ConsultationRow, at: int) -> Phase | None:
    """The phase that a moment falls into, None between two and for what opens once."""
    return next((p for p in phases_of(row) if moment(p.opens) <= at < moment(p.closes)), None)


def is_open(row: StoredConsultation | PublicConsultations, at: int) -> bool:
    """Whether a message received at `at` counts: the opening belongs to the time, the end does not."""
    if row.state != "open" or (row.opens_at is not None and at < row.opens_at):
        return False
    if row.closes_at is not None and at >= row.closes_at:
        return False
    return not phases_of(row) or phase_of(row, at) != ""


def refusal(row: StoredConsultation, at: int) -> Text:
    """The kind sentence for who comes too early or too late."""
    title = Translated(head_of(row).title)
    early = row.state == "draft" or (row.opens_at is not None and at < row.opens_at)
    next_one = (moment(phase.opens) for phase in phases_of(row) if at < moment(phase.opens))
    opens = row.opens_at if early else next(next_one, None) if row.state == "open" else None
    if opens is not None and at < opens:
        day = local(opens).strftime("%d/%m/%Y")
        return msg("chat.not_open", title=title, day=Code(day))
    if not early and row.state != "open" and called_off(row, at):
        return msg("chat.called_off", title=title)
    message: Message = msg("chat.not_open_yet" if early else "chat.closed", title=title)
    return message


def called_off(row: ConsultationRow, at: int) -> bool:
    """Whether what is closed at this moment (ms) comes to nothing: a meeting before it has begun."""
    found: bool = kinds()[row.kind].called_off(head_of(row), local(at).replace(tzinfo=None))
    return found


def times(head: Head) -> Mapping[str, Any]:
    """Opening and closing as the database keeps them: the moment, and the wall time beside it.

    What has phases opens with the first and closes with the last of them.
    """
    phases = kinds()[head.kind].phases
    each = phases(head) if phases is not None else ()
    opens = head.opens or (each[0].opens if each else None)
    closes = head.closes or (each[-1].closes if each else None)
    return {
        "opens_at": moment(opens) if opens else None,
        "closes_at": moment(closes) if closes else None,
        "opens_local": wall_text(opens) if opens else None,
        "closes_local": wall_text(closes) if closes else None,
    }
