"""What is wrong with how a council wants to write: each rule at its edge, with its key."""

from datetime import date, datetime
from typing import Any

import pytest

from flows.dialog.outreach import (
    Outreach,
    Ramadan,
    Sending,
    When,
    outreach_problems,
    sending_problems,
    when_problems,
)


def keys(problems: Any) -> list[str]:
    """Where something is wrong."""
    return [key for key, _ in problems]


@pytest.mark.parametrize(
    ("last", "wrong"),
    [
        (date(2027, 2, 7), True), (date(2027, 2, 8), False), (date(2027, 3, 10), False),
        (date(2027, 3, 11), True),
    ],
)  # fmt: skip
def test_a_ramadan_has_at_most_thirty_days_after_its_first(last: date, wrong: bool) -> None:
    """And none before it."""
    month = Ramadan(date(2027, 2, 8), last, "10:00", "20:00")
    found = keys(sending_problems("sending", Sending(ramadan=(month,))))
    assert found == (["sending.ramadan[0].last"] if wrong else [])


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"per_week": 0}, ""), ({"per_week": 50}, ""), ({"per_week": 51}, "per_week"),
        ({"per_week": -1}, "per_week"), ({"quiet_from": "21:00"}, ""),
        ({"quiet_from": "24:00"}, "quiet_from"), ({"quiet_to": "9 h"}, "quiet_to"),
    ],
)  # fmt: skip
def test_a_rule_of_sending_is_named_by_its_key(changed: dict[str, Any], wrong: str) -> None:
    """The others are not."""
    found = keys(sending_problems("sending", Sending(**changed)))
    assert found == ([f"sending.{wrong}"] if wrong else [])


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, ""), ({"late": "run"}, ""), ({"late": "skip"}, ""), ({"late": "never"}, "late"),
        ({"spread_hours": 0}, ""), ({"spread_hours": 168}, ""),
        ({"spread_hours": 169}, "spread_hours"), ({"spread_hours": -1}, "spread_hours"),
        ({"reminders": (When(before_closing=1),)}, ""),
        ({"reminders": (When(before_closing=1), When(before_closing=1))}, "reminders[1]"),
        ({"reminders": (When(every="day"),)}, "reminders[0]"),
        ({"reminders": (When(),)}, "reminders[0]"),
    ],
)  # fmt: skip
def test_what_is_to_be_done_for_a_consultation_is_checked(
    changed: dict[str, Any], wrong: str
) -> None:
    """Each by its key."""
    found = keys(outreach_problems(Outreach(**changed), [], opens=True, closes=True))
    assert found == ([f"outreach.{wrong}"] if wrong else [])


@pytest.mark.parametrize(
    ("when", "wrong"),
    [
        (When(every="day"), ""), (When(every="year"), "every"), (When(every="day", days="mon"), "days"),
        (When(every="week", days="mon, thu"), ""), (When(every="week", days=""), "days"),
        (When(every="week", days="mon,someday"), "days"), (When(every="month", days="last"), ""),
        (When(every="month", days="1"), ""), (When(every="month", days="31"), ""),
        (When(every="month", days="0"), "days"), (When(every="month", days="32"), "days"),
        (When(every="month", days="1st mon"), ""), (When(every="month", days="9th mon"), "days"),
        (When(before_closing=0), ""), (When(before_closing=366), ""),
        (When(before_closing=367), "before_closing"), (When(before_closing=-1), "before_closing"),
        (When(after_opening=367), "after_opening"), (When(after_joining=367), "after_joining"),
        (When(before_closing=1, until=date(2026, 12, 1)), None),
        (When(on=datetime.fromisoformat("2026-12-01 18:00"), days="mon"), None),
        (When(on=datetime.fromisoformat("2026-12-01 18:00+01:00")), "on"),
        (When(before_closing=1, time="18.00"), "time"), (When(before="session"), "before"),
    ],
)  # fmt: skip
def test_a_moment_is_one_that_can_come(when: When, wrong: str | None) -> None:
    """What it says must fit together."""
    found = keys(when_problems("when", when, closes=True, opens=True))
    assert found == ([] if wrong == "" else [f"when.{wrong}" if wrong else "when"])


def test_one_counts_back_from_an_end_and_on_from_a_beginning_that_there_is() -> None:
    """Else there is nothing to count from."""
    for name, more in (("before_closing", {"closes": False}), ("after_opening", {"opens": False})):
        when = When(**{name: 1})
        assert keys(when_problems("when", when, **{"closes": True, **more})) == [f"when.{name}"]  # type: ignore[arg-type]
    when = When(before="session", days_before=3)
    assert keys(when_problems("when", when, closes=False, dates=("session",))) == []
