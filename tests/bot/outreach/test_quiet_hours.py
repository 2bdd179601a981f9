"""The minutes around which nobody is written to: one before, at, and one after."""

from datetime import date, datetime
from itertools import pairwise

import pytest

from bot.core.localtime import local, moment
from bot.outreach.quiet_hours import allowed_from, open_hours, place_in, spread
from flows.dialog.outreach import Ramadan, Sending

HOUR = 3_600_000
ANY = Sending(quiet_from="00:00", quiet_to="00:00")
NIGHT = Sending()


def at(text: str) -> int:
    """The moment of a local wall time."""
    return moment(datetime.fromisoformat(text))


def wall(at_ms: int) -> str:
    """The local wall time of a moment."""
    return local(at_ms).strftime("%Y-%m-%d %H:%M")


def walls(stretches: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """Stretches as wall times."""
    return [(wall(first), wall(last)) for first, last in stretches]


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-11-21 20:59", "2026-11-21 20:59"),
        ("2026-11-21 21:00", "2026-11-22 09:00"),
        ("2026-11-21 23:59", "2026-11-22 09:00"),
        ("2026-11-22 00:00", "2026-11-22 09:00"),
        ("2026-11-22 08:59", "2026-11-22 09:00"),
        ("2026-11-22 09:00", "2026-11-22 09:00"),
        ("2026-12-31 22:00", "2027-01-01 09:00"),
    ],
)
def test_the_night_is_quiet_to_the_minute(asked: str, allowed: str) -> None:
    """From nine in the evening to nine in the morning, over the end of a year too."""
    assert wall(allowed_from(at(asked), NIGHT)) == allowed


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-11-21 12:59", "2026-11-21 12:59"),
        ("2026-11-21 13:00", "2026-11-21 15:00"),
        ("2026-11-21 14:59", "2026-11-21 15:00"),
        ("2026-11-21 15:00", "2026-11-21 15:00"),
        ("2026-11-21 03:00", "2026-11-21 03:00"),
    ],
)
def test_quiet_hours_may_also_be_within_a_day(asked: str, allowed: str) -> None:
    """A council that keeps the siesta, and writes at night."""
    siesta = Sending(quiet_from="13:00", quiet_to="15:00")
    assert wall(allowed_from(at(asked), siesta)) == allowed


def test_the_same_time_twice_is_no_quiet_hour() -> None:
    """A council may allow every hour."""
    for asked in ("2026-11-21 00:00", "2026-11-21 08:59", "2026-11-21 23:59"):
        assert wall(allowed_from(at(asked), ANY)) == asked


@pytest.mark.parametrize(
    ("wish", "asked", "allowed"),
    [
        ("morning", "2026-11-21 08:59", "2026-11-21 09:00"),
        ("morning", "2026-11-21 09:00", "2026-11-21 09:00"),
        ("morning", "2026-11-21 11:59", "2026-11-21 11:59"),
        ("morning", "2026-11-21 12:00", "2026-11-22 09:00"),
        ("afternoon", "2026-11-21 13:59", "2026-11-21 14:00"),
        ("afternoon", "2026-11-21 14:00", "2026-11-21 14:00"),
        ("afternoon", "2026-11-21 17:59", "2026-11-21 17:59"),
        ("afternoon", "2026-11-21 18:00", "2026-11-22 14:00"),
        ("evening", "2026-11-21 17:59", "2026-11-21 18:00"),
        ("evening", "2026-11-21 20:59", "2026-11-21 20:59"),
        ("evening", "2026-11-21 21:00", "2026-11-22 18:00"),
        ("any", "2026-11-21 00:00", "2026-11-21 00:00"),
        ("any", "2026-11-21 23:59", "2026-11-21 23:59"),
        ("a wish of a later release", "2026-11-21 23:59", "2026-11-21 23:59"),
    ],
)
def test_a_citizens_part_of_the_day_is_kept_to_the_minute(
    wish: str, asked: str, allowed: str
) -> None:
    """Morning is nine to twelve, afternoon two to six, evening six to nine."""
    assert wall(allowed_from(at(asked), ANY, wish)) == allowed


def test_the_shorter_of_both_wishes_counts() -> None:
    """Whoever wants mornings, of a council that begins at ten."""
    late = Sending(quiet_from="21:00", quiet_to="10:00")
    assert wall(allowed_from(at("2026-11-21 09:30"), late, "morning")) == "2026-11-21 10:00"
    assert wall(allowed_from(at("2026-11-21 12:00"), late, "morning")) == "2026-11-22 10:00"


@pytest.mark.parametrize(
    ("last", "allowed"),
    [("2026-11-22", "2026-11-23 09:00"), ("2026-11-23", "2026-11-21 12:00")],
)
def test_a_citizens_wish_is_waited_for_two_days_and_then_given_up(last: str, allowed: str) -> None:
    """Mornings that the council closes until then: one day more, and noon of today does."""
    closed = Ramadan(date(2026, 11, 20), date.fromisoformat(last), "09:00", "12:00")
    rules = Sending(quiet_from="21:00", quiet_to="09:00", ramadan=(closed,))
    assert wall(allowed_from(at("2026-11-21 08:00"), rules, "morning")) == allowed


@pytest.mark.parametrize("wish", ["any", "morning"])
def test_rules_without_a_free_minute_are_looked_at_again_after_three_days(wish: str) -> None:
    """Rather than at night."""
    rules = Sending(ramadan=(Ramadan(date(2026, 11, 1), date(2026, 11, 30), "09:00", "21:00"),))
    assert allowed_from(at("2026-11-10 12:34"), rules, wish) == at("2026-11-13 12:34")


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-02-18 17:45", "2026-02-18 17:45"),
        ("2026-02-19 17:44", "2026-02-19 17:44"),
        ("2026-02-19 17:45", "2026-02-19 20:00"),
        ("2026-02-19 19:59", "2026-02-19 20:00"),
        ("2026-03-19 17:45", "2026-03-19 20:00"),
        ("2026-03-20 17:45", "2026-03-20 17:45"),
        ("2026-03-19 21:00", "2026-03-20 09:00"),
    ],
)
def test_ramadan_begins_and_ends_on_its_days(asked: str, allowed: str) -> None:
    """The day before and the day after have only the night."""
    rules = Sending(ramadan=(Ramadan(date(2026, 2, 19), date(2026, 3, 19), "17:45", "20:00"),))
    assert wall(allowed_from(at(asked), rules)) == allowed


def test_open_hours_are_those_between_two_moments() -> None:
    """From the afternoon of one day to the morning of the next but one."""
    found = open_hours(at("2026-11-21 19:00"), at("2026-11-23 10:00"), NIGHT)
    assert walls(found) == [
        ("2026-11-21 19:00", "2026-11-21 21:00"),
        ("2026-11-22 09:00", "2026-11-22 21:00"),
        ("2026-11-23 09:00", "2026-11-23 10:00"),
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-21 21:00", "2026-11-22 09:00"),
        ("2026-11-21 22:00", "2026-11-22 08:59"),
    ],
)
def test_a_night_has_no_open_hours(first: str, last: str) -> None:
    """Also where it is asked for a part of it only."""
    assert open_hours(at(first), at(last), NIGHT) == []


def test_a_spread_goes_on_the_next_morning() -> None:
    """Six hours from seven in the evening: two today, four tomorrow."""
    assert walls(spread(at("2026-11-21 19:00"), 6 * HOUR, NIGHT)) == [
        ("2026-11-21 19:00", "2026-11-21 21:00"),
        ("2026-11-22 09:00", "2026-11-22 13:00"),
    ]


def test_a_spread_that_fits_ends_the_same_day() -> None:
    """To the minute at which the night begins, and not on the next day."""
    assert walls(spread(at("2026-11-21 19:00"), 2 * HOUR, NIGHT)) == [
        ("2026-11-21 19:00", "2026-11-21 21:00")
    ]


def test_a_spread_over_days_has_each_open_hour_once() -> None:
    """Thirty hours from seven in the evening: two, twelve, twelve, and four."""
    found = spread(at("2026-11-21 19:00"), 30 * HOUR, NIGHT)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert sum(last - first for first, last in found) == 30 * HOUR
    assert found[-1][1] == at("2026-11-24 13:00")


def test_the_last_millisecond_of_a_spread_counts_too() -> None:
    """One is a spread; one more than the evening has goes on in the morning."""
    evening, morning = at("2026-11-21 19:00"), at("2026-11-22 09:00")
    assert spread(evening, 1, NIGHT) == [(evening, evening + 1)]
    assert spread(evening, 2 * HOUR + 1, NIGHT)[-1] == (morning, morning + 1)


@pytest.mark.parametrize("hours", [0, -1])
def test_no_time_is_no_spread(hours: int) -> None:
    """Then all go as fast as they may."""
    assert spread(at("2026-11-21 19:00"), hours * HOUR, NIGHT) == []


def test_the_longest_spread_ends_after_sixty_days_of_looking() -> None:
    """Twelve open hours a day, and no more is promised than sixty days have."""
    found = spread(at("2026-11-21 09:00"), 1000 * HOUR, NIGHT)
    assert sum(last - first for first, last in found) == 60 * 12 * HOUR


@pytest.mark.parametrize(
    ("share", "then"),
    [
        (0.0, "2026-11-21 19:00"),
        (0.25, "2026-11-21 20:30"),
        (1 / 3, "2026-11-22 09:00"),
        (0.5, "2026-11-22 10:00"),
        (0.999, "2026-11-22 12:59"),
        (1.0, "2026-11-21 18:00"),
    ],
)
def test_a_share_of_a_spread_is_a_moment_in_it(share: float, then: str) -> None:
    """A third of six hours, two of them this evening, is the next morning."""
    stretches = spread(at("2026-11-21 19:00"), 6 * HOUR, NIGHT)
    assert wall(place_in(stretches, share, at("2026-11-21 18:00"))) == then


def test_without_a_spread_everybody_is_first() -> None:
    """The moment of the start."""
    assert place_in([], 0.7, 1234) == 1234
