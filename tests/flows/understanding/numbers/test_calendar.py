"""The reckoning of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.numbers.calendar import Frame, dated, months_away, of_month, weekday

DAYS = st.dates(date(1990, 1, 1), date(2080, 1, 1))


@given(DAYS, st.integers(1, 7))
def test_a_weekday_is_within_the_week_to_come_or_gone_by(today: date, wanted: int) -> None:
    """And it is that day of the week; today's own name leaves a choice."""
    for frame in (Frame(today, earliest=today), Frame(today, latest=today)):
        found = weekday(frame, wanted)
        assert all(day.isoweekday() == wanted for day in found)
        assert all(frame.fits(day) and abs(day - today) <= timedelta(7) for day in found)
        assert len(found) == 1 or wanted == today.isoweekday()


@given(DAYS, st.integers(1, 31))
def test_the_number_of_a_day_is_its_nearest_month_that_has_one(today: date, number: int) -> None:
    """To come, or gone by where only that fits; never more than two months away."""
    (ahead,) = of_month(Frame(today), number)
    (gone,) = of_month(Frame(today, latest=today), number)
    assert ahead.day == gone.day == number
    assert timedelta(0) <= ahead - today < timedelta(63)
    assert timedelta(0) <= today - gone < timedelta(63)


@pytest.mark.parametrize(
    ("year", "years"),
    [
        (27, [2027]),
        (36, [2036]),
        (37, [2037, 1937]),
        (50, [2050, 1950]),
        (51, [1951]),
        (99, [1999]),
    ],
)
def test_two_digits_mean_our_time_or_are_in_doubt(year: int, years: list[int]) -> None:
    """Ten years on they are to come; up to 24 on they may be either; beyond, they are gone by."""
    assert [day.year for day in dated(Frame(date(2026, 11, 21)), 5, 3, year, 2)] == years


@pytest.mark.parametrize(("year", "years"), [(10, [2010]), (27, []), (36, [1936]), (40, [1940])])
def test_what_is_past_is_of_a_living_memory(year: int, years: list[int]) -> None:
    """Nobody was born in 1927 by two digits: it is asked anew."""
    today = date(2026, 11, 21)
    assert [day.year for day in dated(Frame(today, latest=today), 5, 3, year, 2)] == years


@pytest.mark.parametrize("year", [1448, 1899, 2101, 2976])
def test_years_of_other_calendars_are_none_of_ours(year: int) -> None:
    """1448 is a Hijri year, 2976 an Amazigh one."""
    assert dated(Frame(date(2026, 11, 21)), 5, 3, year) == ()


def test_a_month_from_the_last_day_is_the_last_day_of_a_shorter_one() -> None:
    """As every calendar reckons it."""
    assert months_away(date(2027, 1, 31), 1) == (date(2027, 2, 28),)
    assert months_away(date(9999, 12, 1), 1) == ()
