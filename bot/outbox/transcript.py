"""What was said to an address, for channels that are read and not called."""

from storage.database import Transaction
from storage.rows.outbox import OwnMessages, Transcript


async def transcript(
    tx: Transaction, channel: str, address: str, after: int, most: int
) -> list[Transcript]:
    """The last messages to an address after the one with the id `after`, oldest first."""
    rows = await tx.rows(Transcript, channel=channel, address=address, after=after, most=most)
    return rows[::-1]


async def own_messages(tx: Transaction, channel: str, address: str, most: int) -> list[OwnMessages]:
    """The last messages that came from an address."""
    return await tx.rows(OwnMessages, channel=channel, address=address, most=most)
