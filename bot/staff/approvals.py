"""A second person: what one member of staff may do only when another one agrees.

ask -> another member says yes or no -> the one who asked uses the yes, once, within a day
"""

from typing import Protocol

from bot.core.localtime import now_ms
from flows.dialog.facts import Council
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredApproval
from storage.rows.staff import Approval, ApprovalsOf, DecideApproval, UseApproval, WaitingApproval


class Member(Protocol):
    """Somebody on the staff of a council: their id, and the council's."""

    @property
    def id(self) -> int:
        """The member's own id."""

    @property
    def council_id(self) -> int:
        """The council that they work for."""


#: How long a request waits, and how long a yes is good; ms.
GOOD_MS = 24 * 3600 * 1000


def needed(council: Council, people: int) -> bool:
    """Whether a message to so many people needs a second person."""
    return council.second_person_from is not None and people >= council.second_person_from


async def settled(
    tx: Transaction, member: Member, council: Council, people: int, object: str, reason: str
) -> bool:
    """Whether a message may go: it is small, or another's yes was there and is used up now.

    If not, a second person has been asked for.
    """
    if not needed(council, people) or await use(tx, member, "broadcast", object) is not None:
        return True
    await ask(tx, member, "broadcast", object, reason)
    return False


async def ask(tx: Transaction, member: Member, what: str, object: str, reason: str = "") -> int:
    """Ask for a second person; asking again for the same finds the request that waits. Its id."""
    since = now_ms() - GOOD_MS
    waiting = await tx.row(
        WaitingApproval, what=what, object=object, asked_by=member.id, since=since
    )
    if waiting is not None:
        found: int = waiting.id
        return found
    id = new_id()
    await tx.run(
        "add_approval",
        id=id,
        council_id=member.council_id,
        what=what,
        object=object,
        reason=reason[:500],
        asked_by=member.id,
        at=now_ms(),
    )
    return id


async def decide(tx: Transaction, member: Member, id: int, *, yes: bool) -> bool:
    """Say yes or no to another's request. False if it is one's own, or was decided already."""
    decision = "yes" if yes else "no"
    row = await tx.row(DecideApproval, id=id, decision=decision, decided_by=member.id, at=now_ms())
    return row is not None


async def use(tx: Transaction, member: Member, what: str, object: str) -> UseApproval | None:
    """Use another's yes up. None if there is none (any more)."""
    at = now_ms()
    return await tx.row(
        UseApproval, what=what, object=object, asked_by=member.id, at=at, since=at - GOOD_MS
    )


async def listed(tx: Transaction, council_id: int) -> list[StoredApproval]:
    """The requests of the last two days, newest first."""
    return await tx.rows(ApprovalsOf, council_id=council_id, since=now_ms() - 2 * GOOD_MS)


async def waiting(tx: Transaction, council_id: int) -> list[StoredApproval]:
    """Those of them that nobody has decided."""
    return [row for row in await listed(tx, council_id) if not row.decision]


async def request(tx: Transaction, council_id: int, id: int) -> Approval | None:
    """One request, however old. None if it is another council's, or there is none."""
    row = await tx.row(Approval, id=id)
    return row if row is not None and row.council_id == council_id else None
