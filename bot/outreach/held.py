"""After a restore nothing goes that was waiting when the backup was made, until an operator says so.

Between the backup and the loss all of it may have been sent. So messages of then are 'held', broadcasts and plans
stand still, and only what citizens write anew is answered.
"""

from typing import Final

from storage.database import Transaction
from storage.rows.outbox import AgreedOn, AgreedValue

#: Says in the database that it was restored; its value is when, "" once an operator has decided.
NAME: Final = "held since"


async def since(tx: Transaction) -> str:
    """Since when everything is held, "" where nothing is."""
    row = await tx.row(AgreedValue, name=NAME)
    return row.value if row is not None else ""


async def hold(tx: Transaction, at: str) -> None:
    """Hold what waits, and all that would be begun."""
    await tx.run("hold_outbox")
    await tx.row(AgreedOn, name=NAME, value=at)
    await tx.run("agree_anew", name=NAME, value=at)


async def release(tx: Transaction) -> None:
    """Have it all go as it would have."""
    await tx.run("release_outbox")
    await tx.run("agree_anew", name=NAME, value="")


async def drop(tx: Transaction) -> None:
    """Let none of it go: what waited is dropped, broadcasts that ran are over."""
    await tx.run("drop_held")
    await tx.run("cancel_running")
    await tx.run("agree_anew", name=NAME, value="")
