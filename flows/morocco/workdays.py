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
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays.countries.morocco import Morocco

from flows.wording.text import WRITTEN_LANGUAGE

#: How `holidays` calls a language, where it has a name of its own for it.
_CALLED = {"en": "en_US"}

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday: its day, its name, and whether the day is only computed."""

    day: date
    name: str
    estimated: bool


def holidays(year: int, language: str) -> tuple[Holiday, ...]:
    """The public holidays of a year in the order of their days, named in one of our languages.

    Arabic for ar and ary, English for en, French for fr and zgh. A day that is two holidays comes
    twice. Nothing is known of the Hijri ones before 1925 and from 2077 on.
    """
    written = WRITTEN_LANGUAGE[language]
    return tuple(_named(year, _CALLED.get(written, written)))


@cache
def _named(year: int, language: str) -> tuple[Holiday, ...]:
    # The package marks an estimate in the name alone; without the mark the names can be compared.
    marked = Morocco(years=year, language=language)
    plain = Morocco(years=year, language=language, islamic_show_estimated=False)
    return tuple(
        Holiday(day, name, estimated=name not in marked.get_list(day))
        for day in sorted(plain)
        if day.year == year
        for name in sorted(plain.get_list(day))
    )


@cache
def _days(year: int) -> frozenset[date]:
    return frozenset(holiday.day for holiday in _named(year, "fr"))


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
