"""Which days does a council work, and when are so many working days over?

Saturday, Sunday and the public holidays of Morocco are not worked. The holidays come from the
package `holidays`: those of the civil calendar are fixed, those of the Hijri calendar are computed,
and Morocco decides them by the moon, often a day later. So every one of these is an *estimate*, a
past one too, until somebody who works there has put it right: `closed` lists further days that a
council does not work (what was decreed for the moon's sake, a local feast), `opened` lists estimated
days that turned out to be worked.

Days are local dates of the council; nothing here knows what day it is.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def _days(year: int) -> frozenset[date]:
    # Here, for the package comes with the holidays of every country: a tenth of a second.
    from holidays.countries.morocco import Morocco

    return frozenset(Morocco(years=year))


def worked(day: date, closed: Collection[date] = (), opened: Collection[date] = ()) -> bool:
    """Whether a council works on this day.

    `closed` are further days off; `opened` are holidays that were worked after all. A day in both is
    off. Opening a Saturday or Sunday does nothing.
    """
    if day.weekday() >= _SATURDAY or day in closed:
        return False
    return day in opened or day not in _days(day.year)


def add(
    day: date, count: int, closed: Collection[date] = (), *, opened: Collection[date] = ()
) -> date:
    """The day on which `count` working days after `day` have begun: the last of them.

    `day` itself is not counted, so one working day after a Friday is the Monday. None after it is
    `day`, worked or not. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"cannot add {count} working days; give 0 or more")
    closed, opened = frozenset(closed), frozenset(opened)
    last = day
    while count:
        last += _DAY
        count -= worked(last, closed, opened)
    return last


def left(
    today: date, due: date, closed: Collection[date] = (), *, opened: Collection[date] = ()
) -> int:
    """How many working days are left after `today` up to and with `due`.

    0 on the last day, negative when overdue: -1 on the first working day after `due`. After `add`
    it gives the count back.
    """
    closed, opened = frozenset(closed), frozenset(opened)
    if today <= due:
        return sum(worked(day, closed, opened) for day in _after(today, due))
    return -sum(worked(day, closed, opened) for day in _after(due, today))


def _after(first: date, last: date) -> Iterator[date]:
    """The days after `first`, up to and with `last`."""
    return (first + _DAY * n for n in range(1, (last - first).days + 1))
