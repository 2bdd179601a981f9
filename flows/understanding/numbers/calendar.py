"""Which day is meant: the reckoning behind words such as "le 28", "lundi prochain", "5/3/49".

Every function gives the days that may be meant, the likeliest first; none where there is no such day.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

Days = tuple[date, ...]

#: Years of our calendar that somebody may mean; 1448 and 2976 are years of other calendars.
FIRST_YEAR, LAST_YEAR = 1900, 2100

#: Two digits of a year up to so many years from now mean a year to come, and not one a century ago.
SOON = 10
#: Up to so many they may mean either.
DISTANT = 24
#: Of what is past they mean no year longer ago than this: who tells it is alive.
LONG_AGO = 90


@dataclass(frozen=True, slots=True)
class Frame:
    """What a question leaves open: today, and the first and the last day that fit."""

    today: date
    earliest: date | None = None
    latest: date | None = None

    @property
    def past(self) -> bool:
        """Whether only what is past fits."""
        return self.latest is not None and self.latest <= self.today

    def fits(self, day: date) -> bool:
        """Whether a day is within the limits."""
        return not (
            (self.earliest is not None and day < self.earliest)
            or (self.latest is not None and day > self.latest)
        )

    def fitting(self, days: Days) -> Days:
        """The days within the limits, or all if none is."""
        return tuple(day for day in days if self.fits(day)) or days


def dated(frame: Frame, day: int, month: int, year: int | None, digits: int = 4) -> Days:
    """The day of a month; without a year the nearest to come, or where only what is past fits, gone by."""
    if year is None:
        nearest = _nearest(frame, day, month)
        return (nearest,) if nearest else ()
    if digits == 4:
        return _made(day, month, year) if FIRST_YEAR <= year <= LAST_YEAR else ()
    return frame.fitting(_of_two_digits(frame, day, month, year))


def _of_two_digits(frame: Frame, day: int, month: int, year: int) -> Days:
    """ "85" is 1985 and "27" is 2027; "45" may be either, and so may "10" where only what is past fits."""
    this = frame.today.year
    century = this - this % 100
    ours, last = (_made(day, month, base + year) for base in (century, century - 100))
    if frame.past:
        ours = tuple(made for made in ours if made <= frame.today)
        return ours + tuple(made for made in last if made.year >= this - LONG_AGO)
    if year + century <= this + SOON:
        return ours
    return ours + last if year + century <= this + DISTANT else last


def _made(day: int, month: int, year: int) -> Days:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _nearest(frame: Frame, day: int, month: int) -> date | None:
    # Eight years reach the next 29 February even across 2100.
    for away in range(9):
        for made in _made(day, month, frame.today.year + (-away if frame.past else away)):
            if made == frame.today or (made < frame.today) == frame.past:
                return made
    return None


def away(today: date, days: int) -> Days:
    """The day so many days from today."""
    try:
        return (today + timedelta(days=days),)
    except OverflowError:
        return ()


def months_away(today: date, months: int) -> Days:
    """The same day so many months from today, or the last of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return ()
    last = calendar.monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(today.day, last)),)


def of_month(frame: Frame, day: int) -> Days:
    """The nearest day of a month with this number, to come or gone by."""
    step = -1 if frame.past else 1
    for months in range(3):
        for first in months_away(frame.today.replace(day=1), step * months):
            for made in _made(day, first.month, first.year):
                if made == frame.today or (made < frame.today) == frame.past:
                    return (made,)
    return ()


def end_of_month(frame: Frame) -> Days:
    """The last day of this month."""
    last = calendar.monthrange(frame.today.year, frame.today.month)[1]
    return (frame.today.replace(day=last),)


def weekday(frame: Frame, wanted: int, which: str = "") -> Days:
    """The day of the week `wanted` (1 is Monday) that is meant by itself, or as `this`, `next`, `last`.

    The nearest to come, or gone by where only that fits. Today's own name, "next Friday" in the week in
    which there is a Friday still, and "last Friday" on Saturday may mean either of two.
    """
    today = frame.today.isoweekday()
    to_come = (wanted - today) % 7
    gone_by = (today - wanted) % 7
    if which == "next" or (which != "last" and not frame.past):
        this_week = today < wanted
        if to_come == 0:
            found = [7] if which == "next" else [0, 7]
        elif which == "next" and this_week:
            found = [to_come, to_come + 7]
        elif which == "this" and not this_week:
            found = [to_come, to_come - 7]
        else:
            found = [to_come]
    elif gone_by == 0:
        found = [-7] if which == "last" else [0, -7]
    elif which == "last" and gone_by == 1:
        found = [-1, -8]
    else:
        found = [-gone_by]
    return frame.fitting(tuple(day for days in found for day in away(frame.today, days)))
