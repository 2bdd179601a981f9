"""The audit log as staff read it: who saw, changed, downloaded what, newest first.

`bot.core.audit` writes it.
"""

from dataclasses import dataclass

from storage.database import Transaction
from storage.rows.staff import AuditActions, AuditOf

#: Entries on one page, and in one file.
PAGE = 100
MOST = 100_000

#: Greater than the id of any entry.
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries of a council's log, and by what they can be narrowed down.

    `older` is what the next page begins before, None where this is the last one.
    """

    entries: list[AuditOf]
    older: int | None
    actors: list[str]
    actions: list[str]


async def page(
    tx: Transaction, council_id: int, *, before: int = NEWEST, actor: str = "", action: str = ""
) -> LogPage:
    """The entries before one with the id `before`: by one actor, or of one action, if asked."""
    known = await tx.rows(AuditActions, council_id=council_id)
    found = await _entries(tx, council_id, min(before, NEWEST), actor, action, PAGE + 1)
    return LogPage(
        found[:PAGE],
        found[PAGE - 1].id if len(found) > PAGE else None,
        sorted({row.actor for row in known}),
        sorted({row.action for row in known}),
    )


async def newest(tx: Transaction, council_id: int) -> list[AuditOf]:
    """As much of a council's log as goes into one file."""
    return await _entries(tx, council_id, NEWEST, "", "", MOST)


async def _entries(
    tx: Transaction, council_id: int, before: int, actor: str, action: str, most: int
) -> list[AuditOf]:
    return await tx.rows(
        AuditOf, council_id=council_id, before=before, actor=actor, action=action, most=most
    )
