"""A second person for what a command on the server would send or write: asked for in a member's name.

command --by Amina -> asked, nothing done -> another member agrees on the page -> the same command again
"""

import argparse

from bot.core import audit
from bot.core.console import Refusal
from bot.core.councils import Register
from bot.staff import approvals
from bot.staff.approvals import How
from bot.staff.plans import Plan
from storage.database import Storage
from storage.rows.staff import StaffMember


def add_option(parser: argparse.ArgumentParser) -> None:
    """In whose name a second person is asked for."""
    parser.add_argument(
        "--by",
        default="",
        metavar="NAME",
        help="in whose name a second person is asked, if need be",
    )


async def send(
    storage: Storage, register: Register, council_id: int, by: str, object: str, plan: Plan
) -> How:
    """How a message may go: alone, or by a second person's word. Raises Refusal where it waits."""
    async with storage.transaction() as tx:
        council = register.council(council_id)
        if await approvals.goes_alone(tx, council, council_id, plan.people, plan.day):
            return "alone"
    await _agreed(storage, council_id, by, "broadcast", object, plan)
    return "agreed"


async def write(storage: Storage, council_id: int, by: str, object: str, plan: Plan) -> None:
    """Whether a file with names may be written. Raises Refusal where it waits."""
    await _agreed(storage, council_id, by, "identities", object, plan)


class _Asker:
    """The member in whose name it is asked."""

    def __init__(self, id: int, council_id: int) -> None:
        self.id = id
        self.council_id = council_id


async def _agreed(
    storage: Storage, council_id: int, by: str, what: str, object: str, plan: Plan
) -> None:
    if not by:
        raise Refusal(
            f"{object}: a second person has to agree; add --by NAME (a member of staff), let another "
            "member agree on the page Approvals, and give the command again"
        )
    async with storage.transaction() as tx:
        member = await tx.row(StaffMember, council_id=council_id, name=by)
        if member is None or member.state != "active":
            raise Refusal(f"nobody on the staff is called {by!r}")
        asker = _Asker(member.id, council_id)
        agreed = await approvals.use(tx, asker, what, object, plan) is not None
        if not agreed:
            await approvals.ask(tx, asker, what, object, f"{object} → {plan.people}", plan)
            await audit.note(tx, council_id, by, "ask approval", object, "by a command")
    if not agreed:
        raise Refusal(
            f"{object}: nothing was done; when another member has agreed on the page Approvals, give "
            "the command again"
        )
