"""What a summary is: figures, tables and charts as data, in texts that have no language yet.

`bot.reports` turns a Summary into a page, CSV, XLSX or JSON; the rules that protect citizens
(small cells) are applied here, before anyone sees it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from flows.wording.text import Text

#: A cell with fewer persons than this is suppressed.
SMALLEST = 5


class Response(msgspec.Struct, frozen=True, gc=False):
    """A stored response as a summary sees it: no person, no address.

    `day` is the local date of filing; `assurance` A0 chat account, A1 phone, A2 national id, A3
    checked by staff. `phase` is the name of the stretch in which it came, "" where there is one only.
    `person` is the same for what one person told, 0 where it is not known: for counting people, and in no file.

    A million of them are no work for the collector of garbage: they are in no cycle.
    """

    reference: str
    body: Mapping[str, Any]
    state: str
    channel: str
    language: str
    commune: str | None
    age_band: str | None
    gender: str | None
    disability: str | None
    assurance: str
    day: date
    voices: int = 0
    phase: str = ""
    person: int = 0


@dataclass(frozen=True, slots=True)
class Responses:
    """All that is known of the answers to one consultation.

    `unfinished` holds, for each conversation not over, the keys answered and the key now shown.
    `besides` is what its kind reads besides, None if nothing.
    """

    standing: Sequence[Response]
    withdrawn: int = 0
    unfinished: Sequence[tuple[frozenset[str], str | None]] = ()
    besides: Any = None
    #: Contributions that look like a machine's, and await a person's decision: they are in no count.
    awaiting: int = 0
    #: Contributions of whom it is less sure who they are than the consultation asks for: in no count either.
    unconfirmed: int = 0
    #: Whether nobody can answer any more.
    over: bool = True


@dataclass(frozen=True, slots=True)
class Suppressed:
    """In the place of a count that is too small to show, or would reveal one that is."""


SUPPRESSED = Suppressed()

Cell = Text | str | int | Decimal | float | date | Suppressed | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its stable id for machines, its heading, and what its cells are."""

    id: str
    title: Text
    kind: str = "text"  # text, code, count, share, number, date


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a summary; `chart` names how it is best drawn ("bar"), None if it is not.

    `apart`: it begins a page of its own where it is printed; `words`: it holds what people wrote. `more` is how many rows
    there are besides, where only the first are here.
    """

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None
    chart: str | None = None
    apart: bool = False
    words: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its name."""

    id: str
    title: Text
    value: Cell


@dataclass(frozen=True, slots=True)
class Heard:
    """Answers in people's own words to one question: groups that say about the same, with how many they are
    and the words of one; or, where most are alike to no other, the words that many said. `answers` is how many were
    looked at, of the `given` ones: the latest.
    """

    title: Text
    answers: int
    given: int
    groups: tuple[tuple[int, str], ...] = ()
    words: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What is read in two minutes, on top of a summary.

    `said` are the findings, `unsaid` says which may not be said and why; `owed` what the council has still to
    do, with its day; `credit` is the source of what the findings compare with, "" where they do not.
    """

    said: tuple[Text, ...]
    unsaid: tuple[Text, ...] = ()
    heard: tuple[Heard, ...] = ()
    owed: tuple[Text, ...] = ()
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of one consultation."""

    title: Text
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[Text, ...] = ()
    brief: Brief | None = None
