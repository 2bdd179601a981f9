"""The sequence of a programme: counted backwards, without gaps, judged."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.kinds.openness.sequence import (
    ASKED,
    BEFORE,
    EVALUATION,
    LEAD,
    NEAR,
    STEPS,
    YEARS,
    ending,
    missed,
    on,
    out_of_order,
    sequence,
    too_late,
    years_after,
)

DAY = timedelta(days=1)
SESSIONS = st.dates(date(2015, 8, 1), date(2099, 12, 31))


@given(SESSIONS)
def test_every_step_follows_the_one_before_it_and_the_papers_have_twenty_days(
    session: date,
) -> None:
    steps = sequence(session)
    assert [one.key for one in steps] == list(STEPS)
    assert all(b.first == a.last + DAY for a, b in pairwise(steps))
    assert out_of_order(steps, session) == []
    days = {one.key: (one.last - one.first).days + 1 for one in steps}
    assert {key: days[key] for key, _ in BEFORE} == dict(BEFORE)
    assert days["papers"] == 20
    assert days["solutions"] == 7
    assert days["draft"] == 21
    assert days["evaluation"] == EVALUATION
    assert steps[0].first == session - LEAD * DAY


def test_projects_are_followed_for_two_years_from_the_session() -> None:
    steps = {one.key: one for one in sequence(date(2027, 10, 4))}
    assert steps["followed"].first == date(2027, 10, 5)
    assert steps["followed"].last == date(2029, 10, 3)
    assert steps["evaluation"].first == date(2029, 10, 4)
    assert years_after(date(2028, 2, 29), YEARS) == date(2030, 2, 28)


def test_a_step_fits_on_the_day_on_which_it_begins_and_not_a_day_later() -> None:
    steps = sequence(date(2027, 10, 4))
    assert too_late(steps, steps[0].first) == []
    assert too_late(steps, steps[0].first + DAY) == ["axes"]
    assert too_late(steps, date(2027, 10, 4)) == [key for key, _ in BEFORE]


def test_what_is_out_of_order_is_named() -> None:
    session = date(2027, 10, 4)
    steps = {one.key: one for one in sequence(session)}

    def moved(key: str, **days: date) -> list[str]:
        return out_of_order([*{**steps, key: replace(steps[key], **days)}.values()], session)

    assert moved("draft", last=session - DAY) == []
    assert moved("draft", last=session) == ["draft"]
    assert moved("draft", last=steps["draft"].first - DAY) == ["draft"]
    # Two may overlap, but none begins before the one before it.
    assert moved("draft", first=steps["projects"].first) == []
    assert moved("draft", first=steps["projects"].first - DAY) == ["draft"]
    assert moved("session", last=session + DAY) == ["session"]
    assert moved("followed", first=session) == ["followed"]


def test_the_end_of_a_step_is_near_a_week_before_and_on_its_last_day() -> None:
    steps = sequence(date(2027, 10, 4))
    last = {one.key: one.last for one in steps}["draft"]
    assert ending(steps, last - (NEAR + 1) * DAY) == []
    assert [one.key for one in ending(steps, last - NEAR * DAY)] == ["draft"]
    assert [one.key for one in ending(steps, last)] == ["draft"]
    assert [one.key for one in ending(steps, last + DAY)] == ["validation"]


def test_a_step_in_which_nobody_was_asked_is_missed_from_the_day_after() -> None:
    steps = sequence(date(2027, 10, 4))
    last = {one.key: one.last for one in steps}["solutions"]
    assert missed(steps, {}, last) == []
    assert missed(steps, {}, last + DAY) == ["solutions"]
    assert missed(steps, {"solutions"}, last + DAY) == []


def test_a_day_is_in_the_last_step_that_has_begun() -> None:
    steps = sequence(date(2027, 10, 4))
    assert on(steps, steps[0].first - DAY) == ""
    assert on(steps, steps[1].first) == ASKED[0]
    assert on(steps, date(2031, 1, 1)) == "evaluation"
