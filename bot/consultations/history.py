"""What has become of one consultation: responses, messages, plans, changes, decisions."""

from dataclasses import dataclass

from bot.core.councils import called_off
from bot.outreach import broadcasts, prompts
from bot.outreach.broadcasts import Progress
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.broadcasts import ChangesOf, DecisionsOf
from storage.rows.consultations import ClosedAt
from storage.rows.prompts import PromptsOf, RunsOf
from storage.rows.responses import CountStanding

#: Among so many of its council's last broadcasts and runs are those of a consultation looked for.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class History:
    """How a consultation stands, and what has been done with it; of each the latest first.

    `planned` is still to come, the next first; `responses` are those that stand.
    """

    responses: int
    sent: list[Progress]
    planned: list[PromptsOf]
    ran: list[RunsOf]
    decisions: list[DecisionsOf]
    changes: list[ChangesOf]


async def was_called_off(tx: Transaction, row: StoredConsultation) -> bool:
    """Whether it was closed when it had come to nothing yet: a meeting before it began."""
    closed = await tx.row(ClosedAt, id=row.id)
    return closed is not None and called_off(row, closed.closed_at)


async def history(tx: Transaction, row: StoredConsultation) -> History:
    """All of it."""
    planned = await prompts.planned(tx, row.council_id)
    ran = await prompts.ran(tx, row.council_id, LOOKED_AT)
    return History(
        await responses(tx, row.id),
        await broadcasts.sent_about(tx, row, LOOKED_AT),
        [one for one in planned if one.consultation_id == row.id],
        [one for one in ran if one.code == row.code],
        await decisions(tx, row.id),
        await changes(tx, row.id),
    )


async def responses(tx: Transaction, consultation_id: int) -> int:
    """How many responses stand: given, and not taken back."""
    counted = await tx.row(CountStanding, consultation_id=consultation_id)
    return counted.n if counted else 0


async def decisions(tx: Transaction, consultation_id: int) -> list[DecisionsOf]:
    """What the council did with it, latest first."""
    return await tx.rows(DecisionsOf, consultation_id=consultation_id)


async def changes(tx: Transaction, consultation_id: int) -> list[ChangesOf]:
    """What was changed after its opening, latest first."""
    return await tx.rows(ChangesOf, consultation_id=consultation_id)
