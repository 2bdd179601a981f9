"""Who answers for a commitment: a service by name, or a member of staff, who is reminded in their own chat."""

from storage.database import Transaction
from storage.rows.staff import StaffChat


async def has_chat(tx: Transaction, council_id: int, owner: str) -> bool:
    """Whether it is a member of staff with a chat of their own."""
    return await tx.row(StaffChat, council_id=council_id, name=owner.strip()) is not None
