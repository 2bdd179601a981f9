"""What each role on the staff may do: a list to read, and to answer for."""

from collections.abc import Mapping
from typing import Protocol

from bot.core.roles import ANSWERING, STAFF_ROLES

_ALL = frozenset(STAFF_ROLES)

#: Action -> the roles that may do it.
ROLES: Mapping[str, frozenset[str]] = {
    # See what came in, without names or numbers; take totals and needs away.
    "read": _ALL,
    "download": _ALL,
    # Answer needs: status, reply, note, merge, assign.
    "triage": ANSWERING,
    # Hide what should not be shown to everyone, and show it again.
    "moderate": frozenset({"clerk", "organizer", "data", "admin"}),
    "publish": frozenset({"organizer", "admin"}),
    "broadcast": frozenset({"organizer", "admin"}),
    # Enter signatures, deposit, decide on a petition; enter ballots on paper.
    "signatures": frozenset({"clerk", "data", "admin"}),
    # Note who is there at a meeting, take the sheet for it away.
    "door": frozenset({"clerk", "organizer", "data", "admin"}),
    # Single answers without names; names, numbers and national ids (these with a second person).
    "microdata": frozenset({"data", "admin"}),
    "identities": frozenset({"data", "admin"}),
    # Be the second person.
    "approve": frozenset({"organizer", "data", "admin"}),
    "audit": frozenset({"data", "admin"}),
    # Who is on the staff; messages put aside.
    "manage": frozenset({"admin"}),
}


class Member(Protocol):
    """Somebody with a role."""

    @property
    def role(self) -> str:
        """What they are."""


def may(member: Member, action: str) -> bool:
    """Whether the member's role allows an action."""
    return member.role in ROLES[action]
