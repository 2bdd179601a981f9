"""A second person: what one member of staff may do only when another one agrees.

ask -> another member sees all that will happen, and says yes or no -> the one who asked uses the yes, once,
within a day, for just that (`plans`)
"""

from typing import Literal, Protocol

from bot.core import ledger
from bot.core.localtime import now_ms
from bot.staff import ties
from bot.staff.plans import NOTHING, Plan, digest_of, stored
from flows.dialog.facts import Council
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredApproval
from storage.rows.staff import (
    Approval,
    ApprovalsOf,
    DecideApproval,
    LockStaff,
    SentAloneOn,
    UseApproval,
    WaitingApproval,
)


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


def needed(council: Council, people: int, alone: int = 0) -> bool:
    """Whether a message to so many people needs a second person, where `alone` are written to on the
    same day without one.
    """
    return council.second_person_from is not None and people + alone >= council.second_person_from


async def goes_alone(
    tx: Transaction, council: Council, council_id: int, people: int, day: str
) -> bool:
    """Whether so many may be written to on a local day without a second person; if so, they are counted."""
    # Two that are sent at once would each find the day empty.
    await tx.rows(LockStaff, council_id=council_id)
    alone = await tx.row(SentAloneOn, council_id=council_id, day=day)
    if needed(council, people, alone.n if alone is not None else 0):
        return False
    await tx.run("add_sent_alone", council_id=council_id, day=day, people=people, at=now_ms())
    return True


#: How a message may go: it is small, by another's word, or not yet.
How = Literal["alone", "agreed", "waits"]


async def settled(
    tx: Transaction, member: Member, council: Council, object: str, reason: str, plan: Plan
) -> How:
    """How a message may go: it is small, or another's yes to just this was there and is used up now.

    If it waits, a second person has been asked for.
    """
    if await goes_alone(tx, council, member.council_id, plan.people, plan.day):
        return "alone"
    if await use(tx, member, "broadcast", object, plan) is not None:
        return "agreed"
    await ask(tx, member, "broadcast", object, reason, plan)
    return "waits"


async def ask(
    tx: Transaction,
    member: Member,
    what: str,
    object: str,
    reason: str = "",
    plan: Plan = NOTHING,
) -> int:
    """Ask for a second person; asking again for the same finds the request that waits. Its id.

    What was asked or agreed before about the same object, and is not this any more, is void.
    """
    since, digest = now_ms() - GOOD_MS, digest_of(plan)
    await tx.run(
        "void_approvals",
        what=what,
        object=object,
        asked_by=member.id,
        digest=digest,
        people=plan.people,
        at=now_ms(),
    )
    waiting = await tx.row(
        WaitingApproval,
        what=what,
        object=object,
        asked_by=member.id,
        digest=digest,
        since=since,
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
        digest=digest,
        plan=stored(plan),
        people=plan.people,
        asked_by=member.id,
        at=now_ms(),
    )
    return id


class Tied(Exception):
    """Whoever let somebody in is no second person for them, for a while; nor the other way round."""


async def decide(tx: Transaction, member: Member, id: int, *, yes: bool) -> bool:
    """Say yes or no to another's request. False if it is one's own, or was decided already.

    Raises Tied for a yes to who let one in, or was let in by one, in the last seven days.
    """
    asked = await tx.row(Approval, id=id)
    another = asked is not None and asked.asked_by != member.id and asked.decision is None
    if yes and asked is not None and another:
        await _untied(tx, asked, member)
    decision = "yes" if yes else "no"
    at = now_ms()
    row = await tx.row(DecideApproval, id=id, decision=decision, decided_by=member.id, at=at)
    if row is None:
        return False
    # Who the two are stands in the audit log: the ledger is given to others, and names nobody.
    entry = {"what": "approval", "approval": str(row.id), "of": row.what, "decision": decision}
    await ledger.append(tx, row.council_id, {**entry, "sha256": row.digest}, at)
    return True


async def _untied(tx: Transaction, asked: Approval, member: Member) -> None:
    if await ties.tied(tx, asked.council_id, asked.asked_by, member.id):
        raise Tied(asked.asker)


async def use(
    tx: Transaction, member: Member, what: str, object: str, plan: Plan = NOTHING
) -> UseApproval | None:
    """Use another's yes up, to just this and about as many. None if there is none (any more)."""
    at = now_ms()
    used = await tx.row(
        UseApproval,
        what=what,
        object=object,
        asked_by=member.id,
        digest=digest_of(plan),
        people=plan.people,
        at=at,
        since=at - GOOD_MS,
    )
    if used is not None:
        entry = {"what": "approval used", "approval": str(used.id)}
        await ledger.append(tx, used.council_id, entry, at)
    return used


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
