"""Messages that failed too often and were put aside: whose they are, until they are handled once more."""

from bot.core.councils import Register
from storage.database import Transaction
from storage.rows.arrivals import QuarantinedOf


async def messages(tx: Transaction, register: Register, council_id: int) -> list[QuarantinedOf]:
    """The messages put aside that a council sees to, oldest first.

    Those of people who are with no council yet are seen to by the default one.
    """
    nobodys = council_id == register.default_id
    return await tx.rows(QuarantinedOf, council_id=council_id, or_none=int(nobodys))


async def message(
    tx: Transaction, register: Register, council_id: int, id: str
) -> QuarantinedOf | None:
    """One of them, by its number as an address has it. None if another council sees to it."""
    found = await messages(tx, register, council_id)
    return next((row for row in found if str(row.id) == id), None)
