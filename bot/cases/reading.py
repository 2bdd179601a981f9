"""Cases as staff read them: the list by its filters, how all of them stand, one with all about it.

What staff do about one is in `handling`; its parts on a page are in `bot.web.cases.filters`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cases import handling
from storage.database import Transaction
from storage.rows.cases import (
    CaseByReference,
    CasesByPlace,
    CasesPage,
    CaseStates,
    CountCases,
    EntriesOf,
    EntriesOfMerged,
    LikeCases,
    MediaNamed,
    MergedCases,
    TranscriptsOf,
)
from storage.rows.today import WaitingLongest

#: Needs on one page of the list.
PAGE = 25

#: Places that are told with how many needs each has.
PLACES = 40


@dataclass(frozen=True, slots=True)
class Listed:
    """What the filters find: how many, one page of them, and where all of them are."""

    count: int
    needs: list[CasesPage]
    places: list[CasesByPlace]

    @property
    def pages(self) -> int:
        """Pages in all; an empty list has one too."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many needs of a council are in which state; how many are overdue, or have something unread."""

    by_state: Mapping[str, int]
    overdue: int
    unread: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that belongs to one need.

    `entries` hold what the authors of needs that were put to it said afterwards, too. `files` are those
    that its author sent, `merged` the needs that were put to it, and `alike` those that may say the same:
    none, if it was put to another itself.
    """

    entries: list[EntriesOf]
    files: list[dict[str, Any]]
    written: list[TranscriptsOf]
    merged: list[MergedCases]
    alike: list[LikeCases]


async def need(tx: Transaction, council_id: int, reference: str) -> CaseByReference | None:
    """A need with its case, by its reference. None if another council was told it, or there is none."""
    row = await tx.row(CaseByReference, reference=reference.upper())
    return row if row is not None and row.council_id == council_id else None


async def listed(tx: Transaction, filters: Mapping[str, Any], sort: str, page: int) -> Listed:
    """A page of the list, from 1. The filters (`parts.Wanted.values`) name the council."""
    counted = await tx.row(CountCases, **filters)
    skip = (page - 1) * PAGE
    return Listed(
        counted.n if counted else 0,
        await tx.rows(CasesPage, sort=sort, most=PAGE, skip=skip, **filters),
        await tx.rows(CasesByPlace, most=PLACES, **filters),
    )


async def standing(tx: Transaction, council_id: int, today: str) -> Standing:
    """How the needs of a council stand on a day (ISO)."""
    rows = await tx.rows(CaseStates, council_id=council_id, today=today)
    return Standing(
        {row.state: row.n for row in rows},
        sum(row.overdue or 0 for row in rows),
        sum(row.unread or 0 for row in rows),
    )


async def waiting_longest(tx: Transaction, council_id: int, most: int) -> list[WaitingLongest]:
    """The needs of a council that nobody has answered, the oldest first."""
    return await tx.rows(WaitingLongest, council_id=council_id, most=most)


async def case_file(tx: Transaction, row: CaseByReference) -> CaseFile:
    """All that belongs to a need."""
    entries = [
        *await tx.rows(EntriesOf, response_id=row.id),
        *await tx.rows(EntriesOfMerged, response_id=row.id),
    ]
    return CaseFile(
        sorted(entries, key=lambda entry: entry.id),
        await handling.files_of(tx, row),
        await tx.rows(TranscriptsOf, response_id=row.id),
        await tx.rows(MergedCases, response_id=row.id),
        await handling.suggestions(tx, row) if row.merged_into is None else [],
    )


async def file_of(tx: Transaction, row: CaseByReference, name: str) -> MediaNamed | None:
    """A file that the author of a need sent with it. None if it is another's, or there is none."""
    if name not in {file["name"] for file in await handling.files_of(tx, row)}:
        return None
    return await tx.row(MediaNamed, name=name)
