"""What petitions add to a council's indicators: how many were brought to it, how many it has answered."""

from collections.abc import Sequence

from bot.kinds.petition.rows import MeasuredDeposits
from flows.statistics.quarters import Quarter
from flows.statistics.summary import Figure
from flows.wording.text import msg
from storage.database import Transaction


async def measured(tx: Transaction, council_id: int, quarter: Quarter) -> Sequence[Figure]:
    """The petitions deposited in a quarter. They are acts before the council and public: all are shown."""
    found = await tx.row(
        MeasuredDeposits,
        council_id=council_id,
        first=quarter.first.isoformat(),
        next=quarter.end.isoformat(),
    )
    deposited, answered = (found.n, found.answered) if found is not None else (0, 0)
    return (
        Figure("petitions_deposited", msg("indicator.petitions_deposited"), deposited),
        Figure("petitions_answered", msg("indicator.petitions_answered"), answered),
    )
