"""What councils had promised in a half year, and how it stood at its end."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.core.localtime import moment
from bot.kinds.commitment.changes import commitment_of, standings_before
from flows.kinds.commitment.half_year import HalfYear
from flows.kinds.commitment.report import Promise
from flows.kinds.commitment.states import OWED, Standing
from storage.database import Transaction
from storage.rows.consultations import Consultations


async def promises(
    tx: Transaction, council_ids: Sequence[int], half: HalfYear, *, recommended: bool
) -> list[tuple[int, list[Promise]]]:
    """What each council had promised and still owed in a half year, with what was said of it by its end.

    `recommended`: only what comes from a recommendation.
    """
    first, end = _moment(half.first), _moment(half.end)
    rows = [row for row in await tx.rows(Consultations) if row.kind == "commitment"]
    found = []
    for id in council_ids:
        before = await standings_before(tx, id, first)
        now = await standings_before(tx, id, end)
        all = []
        for row in rows:
            commitment = commitment_of(row)
            owed = row.id not in before or before[row.id].state in OWED
            wanted = not recommended or commitment.source == "recommendation"
            public = row.state != "draft" and (row.opens_at or row.created_at) < end
            if row.council_id == id and owed and wanted and public:
                all.append(Promise(commitment, now.get(row.id, Standing())))
        found.append((id, all))
    return found


def _moment(day: date) -> int:
    return moment(datetime.combine(day, time()))
