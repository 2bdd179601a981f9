"""The sequence of an openness programme, counted backwards from the session at which it is approved.

    axes -> solutions -> projects -> draft -> validation -> papers -> session -> followed -> evaluation

What the days rest on is in docs/organizers.md. They are a proposal: an organizer moves each step.
"""

from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import Final

from flows.kinds.openness.programme import Step

#: The steps before the session with the days that each takes. The governor gets the agenda 20 days before, the
#: members the papers 10 days before (B, to be verified): so nothing of the text changes in the last 20.
BEFORE: Final = (
    ("axes", 14),
    ("solutions", 7),
    ("projects", 21),
    ("draft", 21),
    ("validation", 7),
    ("papers", 20),
)

#: Years for which projects are followed, and days for which their evaluation is asked.
YEARS: Final = 2
EVALUATION: Final = 14

#: Days before its last within which the end of a step is near.
NEAR: Final = 7

#: Every step in its order.
STEPS: Final = (*(key for key, _ in BEFORE), "session", "followed", "evaluation")

#: The steps in which citizens are asked.
ASKED: Final = ("solutions", "draft", "evaluation")

_DAY: Final = timedelta(days=1)

#: Days from the first one to the session.
LEAD: Final = sum(days for _, days in BEFORE)


def sequence(session: date) -> tuple[Step, ...]:
    """Every step with its days: those before the session end the day before the next begins."""
    begins = session - LEAD * _DAY
    steps = []
    for key, days in BEFORE:
        steps.append(Step(key, begins, begins + (days - 1) * _DAY))
        begins += days * _DAY
    end = years_after(session, YEARS)
    return (
        *steps,
        Step("session", session, session),
        Step("followed", session + _DAY, end - _DAY),
        Step("evaluation", end, end + (EVALUATION - 1) * _DAY),
    )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def too_late(steps: Sequence[Step], today: date) -> list[str]:
    """The steps before the session for which not all their days are left."""
    before = [key for key, _ in BEFORE]
    return [one.key for one in steps if one.key in before and one.first < today]


def out_of_order(steps: Sequence[Step], session: date) -> list[str]:
    """The steps that end before they begin, begin before the one before them, or miss the session.

    What comes before the session ends before it; the session is on its day; what follows begins later.
    """
    wrong = []
    for at, one in enumerate(steps):
        place, day = STEPS.index(one.key), STEPS.index("session")
        backwards = one.last < one.first or (at > 0 and one.first < steps[at - 1].first)
        if place < day:
            missed = one.last >= session
        elif place == day:
            missed = one.first != session or one.last != session
        else:
            missed = one.first <= session
        if backwards or missed:
            wrong.append(one.key)
    return wrong


def ending(steps: Sequence[Step], today: date) -> list[Step]:
    """The steps that a day is in whose last day is near."""
    return [one for one in steps if one.first <= today <= one.last <= today + NEAR * _DAY]


def missed(steps: Sequence[Step], made: Container[str], today: date) -> list[str]:
    """The steps whose days are over though nobody was asked: no consultation was made of them."""
    return [
        one.key for one in steps if one.key in ASKED and one.last < today and one.key not in made
    ]


def on(steps: Sequence[Step], today: date) -> str:
    """The step that a day is in: the last that has begun, "" before the first."""
    begun = [one.key for one in steps if one.first <= today]
    return begun[-1] if begun else ""
