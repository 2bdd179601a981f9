"""When something scheduled comes next: days by APScheduler's calendar, clock times by `localtime`.

The calendar is asked in UTC about days only; the wall time is put on afterwards. So a clock that
is changed that day (Ramadan before 2026, or a rule made at days' notice) moves nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from bot.core.localtime import local, local_day, moment
from flows.dialog.outreach import When, minutes_of

#: How late something may begin and still count as on time, ms.
ON_TIME_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Span:
    """A consultation's beginning and end (ms since 1970 UTC), None where it has none."""

    opens: int | None = None
    closes: int | None = None
    #: Dates of its kind's own, by name: local wall times.
    dates: Mapping[str, datetime] = field(default_factory=dict)


def next_after(when: When, after: int, span: Span) -> datetime | None:
    """The first wall time of `when` whose moment is later than `after` (ms); None if none comes."""
    once = _once(when, span)
    if once is not None:
        return once if moment(once) > after else None
    if not when.recurs:
        return None
    clock = _clock(when)
    day = local_day(after)
    while True:
        found = _day_from(when, day)
        if found is None:
            return None
        wall = datetime.combine(found, clock)
        if moment(wall) > after:
            return wall
        day = found + timedelta(days=1)


def _once(when: When, span: Span) -> datetime | None:
    """The wall time of what comes once."""
    if when.on is not None:
        return when.on
    if when.before_closing is not None and span.closes is not None:
        # The end is not part of it: what closes at 00:00 has its last day before.
        last = local_day(span.closes - 1)
        return datetime.combine(last - timedelta(days=when.before_closing), _clock(when))
    if when.before and when.before in span.dates:
        day = span.dates[when.before].date() - timedelta(days=when.days_before)
        return datetime.combine(day, _clock(when))
    if when.after_opening is not None and span.opens is not None:
        first = local_day(span.opens)
        return datetime.combine(first + timedelta(days=when.after_opening), _clock(when))
    return None


def _clock(when: When) -> time:
    hours, minutes = divmod(minutes_of(when.time), 60)
    return time(hours, minutes)


def _day_from(when: When, day: date) -> date | None:
    """The first day of a recurrence that is not before `day`."""
    if when.after_joining is not None or when.every == "day":
        return day if when.until is None or day <= when.until else None
    field = {"day_of_week": when.days} if when.every == "week" else {"day": when.days}
    calendar = CronTrigger(hour=12, minute=0, timezone=UTC, **field)
    found = calendar.get_next_fire_time(None, datetime.combine(day, time(), UTC))
    if found is None or (when.until is not None and found.date() > when.until):
        return None
    chosen: date = found.date()
    return chosen


def joined_day(wall_at: int, days: int) -> date:
    """The day of first contact of those whose turn is `days` later, at the moment `wall_at`."""
    return local(wall_at).date() - timedelta(days=days)
