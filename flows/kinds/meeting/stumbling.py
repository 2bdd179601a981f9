"""What citizens would stumble over in a meeting that is right: told to its organizer before it opens."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from flows.dialog.facts import Council
from flows.kinds.kind import Stumble
from flows.kinds.meeting.definition import Meeting, in_morocco
from flows.wording.text import Code, msg

#: The Friday prayer, about; local times.
PRAYER: Final = (time(12, 30), time(14, 30))
FRIDAY: Final = 4


def stumbles(meeting: Meeting, council: Council) -> Iterator[Stumble]:
    """A day on which many cannot come; nothing about the way; no time to say how it was."""
    if not meeting.how and not meeting.pin:
        yield Stumble("warn", msg("check.meeting_way"))
    if meeting.point is not None and not in_morocco(*meeting.point):
        yield Stumble("warn", msg("check.meeting_abroad", pin=Code(meeting.pin)))
    if meeting.closes is None or meeting.closes == meeting.ends:
        yield Stumble("note", msg("check.meeting_closes"))
    day = meeting.starts.date()
    first, last = (datetime.combine(day, at) for at in PRAYER)
    if day.weekday() == FRIDAY and meeting.starts < last and meeting.ends > first:
        yield Stumble(
            "warn",
            msg(
                "check.meeting_friday",
                start=Code(f"{PRAYER[0]:%H:%M}"),
                end=Code(f"{PRAYER[1]:%H:%M}"),
            ),
        )
    whole = sum((timedelta(minutes=item.minutes) for item in meeting.items), timedelta())
    if whole > meeting.ends - meeting.starts:
        yield Stumble("warn", msg("check.meeting_long", minutes=whole // timedelta(minutes=1)))
