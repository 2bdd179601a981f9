"""The audit log: what staff did, and what was refused to whom."""

from bot.core.localtime import now_ms
from storage.database import Transaction
from storage.ids import new_id

#: Most characters of what was done something to, and of the detail.
LONGEST_OBJECT, LONGEST_DETAIL = 300, 1000


async def note(
    tx: Transaction,
    council_id: int,
    actor: str,
    action: str,
    object: str,
    detail: str = "",
    at: int | None = None,
) -> None:
    """Write down who did what to what, now or at the moment `at` (ms)."""
    await tx.run(
        "add_audit",
        id=new_id(),
        council_id=council_id,
        actor=actor,
        action=action,
        object=object[:LONGEST_OBJECT],
        detail=detail[:LONGEST_DETAIL],
        at=at if at is not None else now_ms(),
    )
