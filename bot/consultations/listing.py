"""The consultations of a council: one by its code, all of them, what closes soon, what came in."""

from dataclasses import dataclass

from storage.database import Transaction
from storage.ids import first_at
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode, Consultations
from storage.rows.today import CameIn

_A_DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class CameInLately:
    """How many responses to a consultation came in, today and in the days up to it."""

    consultation: CameIn
    today: int
    lately: int


async def consultation(tx: Transaction, council_id: int, code: str) -> StoredConsultation | None:
    """A consultation by its code, in capitals or not. None if it is another council's, or nobody's."""
    row = await tx.row(ConsultationByCode, code=code.upper())
    return row if row is not None and row.council_id == council_id else None


async def consultations_of(tx: Transaction, council_id: int) -> list[Consultations]:
    """Every consultation of a council, with how many responses stand."""
    return [row for row in await tx.rows(Consultations) if row.council_id == council_id]


async def met_by_citizens(tx: Transaction, council_id: int) -> list[Consultations]:
    """Those that are no drafts (any more)."""
    return [row for row in await consultations_of(tx, council_id) if row.state != "draft"]


async def closing(tx: Transaction, council_id: int, at: int, until: int) -> list[Consultations]:
    """Those that are open and end from `at` on, before `until`; both in ms."""
    return [
        row
        for row in await consultations_of(tx, council_id)
        if row.state == "open" and row.closes_at is not None and at <= row.closes_at < until
    ]


async def came_in(
    tx: Transaction, council_id: int, midnight: int, since: int
) -> list[CameInLately]:
    """What came in for a council since a moment, and of that since `midnight`; the most first."""
    counts = {row.code: row.n for row in await _came_in(tx, council_id, midnight)}
    return [
        CameInLately(row, counts.get(row.code, 0), row.n)
        for row in await _came_in(tx, council_id, since)
    ]


async def _came_in(tx: Transaction, council_id: int, since: int) -> list[CameIn]:
    # What was filed has an id of about then; a day is more than a clock that is set back.
    first = first_at(since - _A_DAY_MS)
    return await tx.rows(CameIn, council_id=council_id, since=since, first=first)
