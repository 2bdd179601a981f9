"""When the owner of a commitment is reminded, and of what."""

from datetime import date
from typing import Final

from flows.kinds.commitment.definition import Commitment
from flows.wording.text import Code, Text, Translated, lines, msg

#: Days before the last day on which it is in time, and on it.
BEFORE: Final = (30, 7, 0)

#: Days between two reminders once it is late.
WHEN_LATE: Final = 7


def step(due: date, today: date) -> int:
    """How many reminders should have gone by a local day; 0 before the first."""
    left = (due - today).days
    if left >= 0:
        return sum(left <= days for days in BEFORE)
    return len(BEFORE) + -left // WHEN_LATE


def reminder(commitment: Commitment, today: date, link: str) -> Text:
    """What the owner reads: what is due, how many days are left or past, where they say how it stands."""
    left = (commitment.due - today).days
    return lines(
        msg("commitment.remind", title=Translated(commitment.title)),
        msg("commitment.remind_left", count=left)
        if left > 0
        else msg("commitment.remind_late", count=-left)
        if left
        else msg("commitment.remind_today"),
        msg("commitment.remind_how", link=Code(link)),
    )
