"""Somebody's place at a meeting, as storage finds it; and what a conversation does about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from flows.dialog.dialog import Json
from flows.dialog.effects import Effect
from flows.dialog.facts import Texts
from flows.kinds.meeting.outcome import Outcome

#: So long a free place is kept for who is first on the waiting list; hours.
OFFERED_HOURS: Final = 12


class Clash(msgspec.Struct, frozen=True):
    """Another meeting at the same time, with its local times."""

    code: str
    title: Texts
    starts: datetime
    ends: datetime


class Seat(msgspec.Struct, frozen=True):
    """`state` is "" for who never signed up, else "seat" (had), "waiting", "offered" (for some hours), "left" (given
    back), "passed" (offered and not taken) or "off" (called off). `code` is shown at the door; `rank` is on the
    waiting list.

    `full`: whoever signs up now waits; `free` places there are, 0 where they are not counted. `until` is how long
    a place is offered, in local words. `unsure`: the meeting has changed, and they have not said since that they
    still come. `outcome` is what came of it, as far as it is told. `groups` are theirs, as far as people are told them: the item's key ("" for all of it) and the number. `over`: the meeting has ended; `begun`: it has begun. `calendar` is the
    address of its calendar file, `ticket` that of their ticket's page, `picture` the name of its picture. `follows` are the topics by which they
    are told what came of it. `clash` are other meetings of theirs at that time. `photos` are
    the names of those that belong to `outcome`.
    """

    state: str = ""
    code: str = ""
    rank: int = 0
    until: str = ""
    full: bool = False
    free: int = 0
    begun: bool = False
    over: bool = False
    calendar: str = ""
    ticket: str = ""
    picture: str = ""
    follows: tuple[str, ...] = ()
    clash: tuple[Clash, ...] = ()
    photos: tuple[str, ...] = ()
    unsure: bool = False
    groups: tuple[tuple[str, int], ...] = ()
    outcome: Outcome = Outcome()


def seat_in(found: Json) -> Seat:
    """The finding of the look-up "meeting_seat"."""
    return msgspec.convert(found, Seat)


@dataclass(frozen=True, slots=True)
class TakeSeat(Effect):
    """Have a place, if there is one; else wait for one."""


@dataclass(frozen=True, slots=True)
class LeaveSeat(Effect):
    """Give one's place back, or no longer wait for one."""


@dataclass(frozen=True, slots=True)
class StillComes(Effect):
    """Keep one's place after the meeting has changed."""


def merged(body: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    """A response with some parts of it new; what was said before stays."""
    return {"coming": False, **body, **parts}
