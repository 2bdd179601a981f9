"""Who is no second person for whom: whoever let somebody in, gave them a role or a link, for seven days.

It holds through others too: who made a member has that member make another, and the two whom one admin
made are both that admin's.
"""

from bot.core.localtime import now_ms
from storage.database import Transaction
from storage.rows.staff import StaffTies

#: How long it holds; ms.
TIED_MS = 7 * 24 * 3_600_000


async def tie(tx: Transaction, council_id: int, one_id: int, other_id: int) -> None:
    """Note that one member let another in, gave them a role or a link, or took their second factor away."""
    if one_id == other_id:
        return
    await tx.run(
        "add_staff_tie", council_id=council_id, one_id=one_id, other_id=other_id, at=now_ms()
    )


async def tied(tx: Transaction, council_id: int, one_id: int, other_id: int) -> bool:
    """Whether two members are tied, through whomever."""
    rows = await tx.rows(StaffTies, council_id=council_id, since=now_ms() - TIED_MS)
    beside: dict[int, set[int]] = {}
    for row in rows:
        beside.setdefault(row.one_id, set()).add(row.other_id)
        beside.setdefault(row.other_id, set()).add(row.one_id)
    reached, waiting = {one_id}, [one_id]
    while waiting:
        for near in beside.get(waiting.pop(), set()) - reached:
            reached.add(near)
            waiting.append(near)
    return other_id in reached
