"""What was said to an address, for channels that are read and not called."""

from storage.database import Transaction
from storage.rows.outbox import Transcript


async def transcript(
    tx: Transaction, channel: str, address: str, after: int, most: int
) -> list[Transcript]:
    """The last messages to an address after the one with the id `after`, oldest first."""
    rows = await tx.rows(Transcript, channel=channel, address=address, after=after, most=most)
    return rows[::-1]
