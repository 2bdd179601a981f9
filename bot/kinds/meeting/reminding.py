"""When who has a place is reminded: two days and two hours before, and the evening before where that is in the night."""

from typing import Final

from bot.core.localtime import moment
from bot.kinds.meeting import seats
from bot.outreach import quiet_hours
from flows.dialog.outreach import Sending
from storage.rows import StoredConsultation

#: So long before the start who has a place is reminded; ms, the earliest first.
REMINDED_BEFORE: Final = (48 * 3_600_000, 2 * 3_600_000)

#: So long before the night somebody is reminded of what begins before messages may leave again; ms.
EVENING_MS: Final = 2 * 3_600_000


def reminders_by(row: StoredConsultation, at: int, sending: Sending) -> int:
    """How often somebody should have been reminded of a meeting at a moment (ms)."""
    starts_at = moment(seats.meeting_of(row).starts)
    return sum(at >= _due(starts_at, before, sending) for before in REMINDED_BEFORE)


def _due(starts_at: int, before: int, sending: Sending) -> int:
    """When a reminder goes (ms); one that could only leave once the meeting has begun goes before the night."""
    due = starts_at - before
    if quiet_hours.allowed_from(due, sending) < starts_at:
        return due
    allowed = quiet_hours.open_hours(due - 24 * 3_600_000, due, sending)
    if not allowed:
        return due
    begins, ends = allowed[-1]
    return max(begins, ends - EVENING_MS)
