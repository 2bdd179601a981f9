"""What did not arrive: for the staff of a council to see."""

from storage.database import Transaction
from storage.rows.today import TroublesOf


async def troubles(tx: Transaction, council_id: int, since: int) -> list[TroublesOf]:
    """A council's messages that failed, or are uncertain, since a moment (ms), by channel and reason."""
    return await tx.rows(TroublesOf, council_id=council_id, since=since)
