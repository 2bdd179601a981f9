"""A participatory budget in six weeks: two of ideas, two in which they are studied, twelve days of votes, the result."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: Days of the ideas, of the study after them, of the vote, and from its last day to the result.
IDEAS, STUDY, VOTE, RESULT = 14, 14, 12, 2

#: All of it, from the first day of the ideas to that of the result.
WHOLE: Final = IDEAS + STUDY + VOTE + RESULT


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a participatory budget; first and last days belong to what they bound.

    What lies between the ideas and the vote is the study.
    """

    ideas_first: date
    ideas_last: date
    vote_first: date
    vote_last: date
    result: date

    def wrong(self, today: date) -> str:
        """What is wrong with it: "order", "study" (no day between ideas and vote) or "past"; "" if nothing is."""
        if self.ideas_last < self.ideas_first or self.vote_last < self.vote_first:
            return "order"
        if self.vote_first <= self.ideas_last + timedelta(days=1):
            return "study"
        if self.result <= self.vote_last:
            return "order"
        return "past" if self.ideas_first < today else ""


def six_weeks(first: date) -> Calendar:
    """The calendar that begins on a day."""
    vote = first + timedelta(days=IDEAS + STUDY)
    last = vote + timedelta(days=VOTE - 1)
    return Calendar(
        first, first + timedelta(days=IDEAS - 1), vote, last, last + timedelta(days=RESULT + 1)
    )
