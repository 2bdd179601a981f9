"""Working days: weekends, holidays, and what a council adds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.morocco import workdays

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
FURTHER = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20)


def test_a_friday_is_followed_by_the_monday():
    """Saturdays and Sundays are skipped."""
    assert workdays.add(date(2026, 11, 27), 1) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 14),  # Amazigh new year, since 2024
        date(2026, 7, 30),
        date(2026, 11, 6),
        date(2026, 11, 18),
        date(2026, 5, 27),  # Eid al-Adha as computed
    ],
)
def test_a_public_holiday_is_not_worked(day: date):
    """Feasts of the civil and of the Hijri calendar alike."""
    assert not workdays.worked(day)


def test_a_holiday_on_a_weekend_is_not_made_up_for():
    """30 October 2027 is a Saturday and the 31st a holiday on a Sunday: the Monday is worked."""
    assert workdays.add(date(2027, 10, 29), 1) == date(2027, 11, 1)


def test_twenty_working_days_in_november_go_round_two_feasts():
    """From 2 November 2026: the 6th and the 18th are holidays, so the twentieth is 2 December."""
    assert workdays.add(date(2026, 11, 2), 20) == date(2026, 12, 2)


def test_a_council_adds_days_off_and_puts_estimates_right():
    """The moon was seen a day later: one day is worked after all, another is not."""
    wednesday, friday = date(2026, 5, 27), date(2026, 5, 29)
    assert workdays.add(date(2026, 5, 26), 1) == friday
    assert workdays.add(date(2026, 5, 26), 1, [friday], opened=[wednesday]) == wednesday
    assert workdays.add(date(2026, 5, 26), 2, [friday], opened=[wednesday]) == date(2026, 6, 1)
    assert not workdays.worked(friday, [friday], [friday])
    assert not workdays.worked(date(2026, 11, 28), opened=[date(2026, 11, 28)])


def test_the_last_day_has_none_left_and_the_day_after_is_overdue():
    """0 on the day itself; a Saturday after a Friday is not yet a day too late, the Monday is."""
    friday = date(2026, 11, 27)
    assert workdays.left(friday, friday) == 0
    assert workdays.left(date(2026, 11, 28), friday) == 0
    assert workdays.left(date(2026, 11, 30), friday) == -1
    assert workdays.left(date(2026, 11, 23), friday) == 4


def test_days_are_not_added_backwards():
    """A negative count is a mistake, and said to be one."""
    with pytest.raises(ValueError, match="-1 working days"):
        workdays.add(date(2026, 11, 2), -1)


@given(DAYS, st.integers(0, 60), FURTHER)
def test_what_was_added_is_left(day: date, count: int, closed: frozenset[date]):
    """So many working days after a day, so many are left; and the last is a working day."""
    last = workdays.add(day, count, closed)
    assert workdays.left(day, last, closed) == count
    assert count == 0 or workdays.worked(last, closed)


@given(DAYS, DAYS, FURTHER)
def test_overdue_is_what_is_left_turned_round(one: date, other: date, closed: frozenset[date]):
    """The days between two days are as many from either side."""
    assert workdays.left(one, other, closed) == -workdays.left(other, one, closed)


@given(DAYS, st.integers(0, 40), FURTHER)
def test_a_day_off_never_makes_a_deadline_earlier(day: date, count: int, closed: frozenset[date]):
    """Further closed days only put the end off, and opened ones only bring it nearer."""
    plain = workdays.add(day, count)
    assert workdays.add(day, count, closed) >= plain
    assert workdays.add(day, count, opened=closed) <= plain
    assert plain >= day + timedelta(days=count)
