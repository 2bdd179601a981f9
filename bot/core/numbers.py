"""Numbers that only go up, each under its name: of references, of receipts, of presses of a form."""

from storage.database import Transaction
from storage.rows.responses import NextNumber


async def next_number(tx: Transaction, name: str) -> int:
    """Count on under a name, from 1. Whoever else counts under it waits for this transaction."""
    row = await tx.row(NextNumber, name=name)
    if row is None:
        raise LookupError(name)
    return row.value
