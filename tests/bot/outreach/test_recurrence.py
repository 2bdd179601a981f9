"""When something comes next, across months, clock changes and Ramadans; and when nobody is written to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.localtime import local, moment
from bot.outreach import quiet_hours
from bot.outreach.recurrence import Span, next_after
from flows.dialog.outreach import Ramadan, Sending, When

HOUR = 3_600_000


def upcoming(when: When, after: int, span: Span, most: int) -> list[datetime]:
    """The next wall times."""
    found: list[datetime] = []
    while len(found) < most:
        wall = next_after(when, after, span)
        if wall is None:
            return found
        found.append(wall)
        after = moment(wall)
    return found


def at(text: str) -> int:
    """The moment of a local wall time."""
    return moment(datetime.fromisoformat(text))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("when", "after", "expected"),
    [
        (When(on=datetime(2026, 12, 1, 18)), "2026-11-21 12:00", ["2026-12-01 18:00"]),
        (When(on=datetime(2026, 12, 1, 18)), "2026-12-01 18:00", []),
        (
            When(every="week", days="mon,thu", time="10:00"),
            "2026-11-21 12:00",
            ["2026-11-23 10:00", "2026-11-26 10:00", "2026-11-30 10:00"],
        ),
        (
            When(every="month", days="1st mon", time="09:30"),
            "2026-11-21 12:00",
            ["2026-12-07 09:30", "2027-01-04 09:30", "2027-02-01 09:30"],
        ),
        (
            When(every="month", days="last", time="18:00"),
            "2027-01-31 18:00",
            ["2027-02-28 18:00", "2027-03-31 18:00", "2027-04-30 18:00"],
        ),
        (
            When(every="month", days="31", time="18:00"),
            "2026-11-21 12:00",
            ["2026-12-31 18:00", "2027-01-31 18:00", "2027-03-31 18:00"],
        ),
        (
            When(every="day", time="08:00", until=date(2026, 11, 23)),
            "2026-11-21 12:00",
            ["2026-11-22 08:00", "2026-11-23 08:00"],
        ),
    ],
)
def test_the_next_times_of_a_rule(when: When, after: str, expected: list[str]) -> None:
    found = [f"{wall:%Y-%m-%d %H:%M}" for wall in upcoming(when, at(after), Span(), 3)]
    assert found == expected


def test_days_before_a_closing_at_midnight_count_from_the_last_day() -> None:
    span = Span(closes=at("2026-12-15 00:00"))
    when = When(before_closing=3, time="18:00")
    assert next_after(when, at("2026-11-21 12:00"), span) == datetime(2026, 12, 11, 18)
    span = Span(closes=at("2026-12-15 12:00"))
    assert next_after(when, at("2026-11-21 12:00"), span) == datetime(2026, 12, 12, 18)


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [
        # Ramadan of 2026: back to UTC+0 on 15 February, to UTC+1 on 22 March.
        ("2026-02-14 18:00", "2026-02-15 18:00", 25),
        ("2026-03-21 18:00", "2026-03-22 18:00", 23),
        # Ramadan of 2025, the older change.
        ("2025-02-22 18:00", "2025-02-23 18:00", 25),
        ("2025-04-05 18:00", "2025-04-06 18:00", 23),
        # UTC+0 for good since 20 September 2026.
        ("2026-09-19 18:00", "2026-09-20 18:00", 25),
    ],
)
def test_a_clock_that_is_changed_moves_no_wall_time(first: str, second: str, hours: int) -> None:
    when = When(every="day", time="18:00")
    wall = next_after(when, at(first), Span())
    assert wall == datetime.fromisoformat(second)
    assert moment(wall) - at(first) == hours * HOUR


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["00:00", "02:00", "02:30", "03:00", "12:00", "23:59"]),
)
def test_a_daily_time_comes_once_a_day_whatever_the_clocks_do(after: datetime, time: str) -> None:
    when = When(every="day", time=time)
    start = moment(after)
    found = upcoming(when, start, Span(), 3)
    assert all(moment(wall) > start for wall in found)
    days = [wall.date() for wall in found]
    assert days == [days[0] + timedelta(days=n) for n in range(3)]
    assert moment(found[0]) - start <= 26 * HOUR


def test_quiet_hours_end_in_the_morning() -> None:
    rules = Sending()
    for asked, allowed in (
        ("2026-11-21 12:00", "2026-11-21 12:00"),
        ("2026-11-21 20:59", "2026-11-21 20:59"),
        ("2026-11-21 21:00", "2026-11-22 09:00"),
        ("2026-11-22 03:00", "2026-11-22 09:00"),
        ("2026-11-22 09:00", "2026-11-22 09:00"),
    ):
        assert quiet_hours.allowed_from(at(asked), rules) == at(allowed), asked


def test_in_ramadan_nobody_is_written_to_around_iftar() -> None:
    rules = Sending(ramadan=(Ramadan(date(2026, 2, 19), date(2026, 3, 19), "17:45", "20:00"),))
    assert quiet_hours.allowed_from(at("2026-02-18 18:00"), rules) == at("2026-02-18 18:00")
    assert quiet_hours.allowed_from(at("2026-02-19 18:00"), rules) == at("2026-02-19 20:00")
    assert quiet_hours.allowed_from(at("2026-03-19 17:44"), rules) == at("2026-03-19 17:44")
    assert quiet_hours.allowed_from(at("2026-03-20 18:00"), rules) == at("2026-03-20 18:00")


def test_quiet_hours_are_local_on_both_sides_of_the_last_clock_change() -> None:
    rules = Sending()
    # UTC+1 before 20 September 2026, UTC+0 after it.
    assert quiet_hours.allowed_from(utc("2026-09-18 21:30"), rules) == utc("2026-09-19 08:00")
    assert quiet_hours.allowed_from(utc("2026-09-20 22:30"), rules) == utc("2026-09-21 09:00")


def test_the_citizens_own_hours_come_second() -> None:
    rules = Sending()
    assert quiet_hours.allowed_from(at("2026-11-21 12:00"), rules, "evening") == at(
        "2026-11-21 18:00"
    )
    assert quiet_hours.allowed_from(at("2026-11-21 19:00"), rules, "morning") == at(
        "2026-11-22 09:00"
    )
    night_only = Sending(quiet_from="06:00", quiet_to="22:00")
    assert quiet_hours.allowed_from(at("2026-11-21 12:00"), night_only, "morning") == at(
        "2026-11-21 22:00"
    )


@given(
    st.integers(utc("2025-01-01 00:00"), utc("2027-12-31 00:00")),
    st.integers(1, 60),
    st.floats(0, 0.999),
)
def test_a_spread_never_leaves_the_allowed_hours(start: int, hours: int, share: float) -> None:
    rules = Sending(ramadan=(Ramadan(date(2026, 2, 19), date(2026, 3, 19)),))
    stretches = quiet_hours.spread(start, hours * HOUR, rules)
    assert sum(last - first for first, last in stretches) == hours * HOUR
    then = quiet_hours.place_in(stretches, share, start)
    assert then >= start
    assert quiet_hours.allowed_from(then, rules) == then
    assert 9 <= local(then).hour < 21
