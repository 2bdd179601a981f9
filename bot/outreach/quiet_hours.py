"""Hours in which nobody is written to who has not just written: the council's, and the citizen's own."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.core.localtime import local, moment
from flows.dialog.outreach import Sending, minutes_of

#: A citizen's own wish: part of the day -> from and to, in minutes since midnight.
PARTS = {
    "any": (0, 24 * 60),
    "morning": (9 * 60, 12 * 60),
    "afternoon": (14 * 60, 18 * 60),
    "evening": (18 * 60, 21 * 60),
}

#: Days looked ahead for a moment that both allow, before only the council's rule is kept.
_DAYS = 3


def allowed_from(at: int, sending: Sending, part_of_day: str = "any") -> int:
    """The first moment (ms) from `at` on at which a message may leave.

    Where the citizen's hours and the council's never meet, the council's quiet hours are kept and
    the citizen's wish is not.
    """
    preferred = PARTS.get(part_of_day, PARTS["any"])
    start = local(at).date()
    for day in (start + timedelta(days=n) for n in range(_DAYS)):
        for first, last in _open(day, sending, preferred):
            if at < last:
                return max(at, first)
    if preferred != PARTS["any"]:
        return allowed_from(at, sending)
    # Rules that leave no minute of the day: look again later, rather than write at night.
    return at + _DAYS * 24 * 3_600_000


def open_hours(first: int, last: int, sending: Sending) -> list[tuple[int, int]]:
    """The allowed stretches (ms) between two moments."""
    found = []
    day, end = local(first).date(), local(last).date()
    while day <= end:
        for begins, ends in _open(day, sending, PARTS["any"]):
            if begins < last and ends > first:
                found.append((max(begins, first), min(ends, last)))
        day += timedelta(days=1)
    return found


def spread(start: int, duration: int, sending: Sending) -> list[tuple[int, int]]:
    """Allowed stretches (ms) from `start` that sum up to `duration`; empty for no duration."""
    found: list[tuple[int, int]] = []
    if duration <= 0:
        return found
    left, day = duration, start
    for _ in range(60):
        for begins, ends in open_hours(day, day + 24 * 3_600_000, sending):
            taken = min(left, ends - begins)
            found.append((begins, begins + taken))
            left -= taken
            if left <= 0:
                return found
        day += 24 * 3_600_000
    return found


def place_in(stretches: list[tuple[int, int]], share: float, start: int) -> int:
    """The moment after `share` (0 to 1) of the stretches; `start` where there are none."""
    ahead = share * sum(ends - begins for begins, ends in stretches)
    for begins, ends in stretches:
        if ahead < ends - begins:
            return begins + int(ahead)
        ahead -= ends - begins
    return start


def _open(day: date, sending: Sending, preferred: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The stretches (ms) of a local day in which messages may leave."""
    closed = list(_quiet(day, sending))
    edges = sorted({preferred[0], preferred[1], *(edge for stretch in closed for edge in stretch)})
    for first, last in pairwise(edges):
        inside = preferred[0] <= first and last <= preferred[1]
        if inside and not any(a <= first and last <= b for a, b in closed):
            yield _moment(day, first), _moment(day, last)


def _quiet(day: date, sending: Sending) -> Iterator[tuple[int, int]]:
    """The quiet stretches of a day, in minutes since midnight."""
    yield from _over_midnight(sending.quiet_from, sending.quiet_to)
    for ramadan in sending.ramadan:
        if ramadan.first <= day <= ramadan.last:
            yield from _over_midnight(ramadan.quiet_from, ramadan.quiet_to)


def _over_midnight(quiet_from: str, quiet_to: str) -> Iterator[tuple[int, int]]:
    first, last = minutes_of(quiet_from), minutes_of(quiet_to)
    if first < last:
        yield first, last
    elif first > last:
        yield 0, last
        yield first, 24 * 60


def _moment(day: date, minutes: int) -> int:
    return moment(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes))
