"""What is voted on and what comes of it: projects, ballots, winners, losers, and what each voter paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: What somebody voted for: ids of projects.
Ballot = frozenset[str]


class Rule(StrEnum):
    """How the winners are found."""

    EQUAL_SHARES = "equal_shares"
    MOST_VOTES = "most_votes"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Project:
    """What can be voted for, and what it costs (whole units, above 0)."""

    id: str
    cost: int


@dataclass(frozen=True, slots=True)
class Bought:
    """A winner. `most` is the most that any supporter paid for it, None where nobody pays a share."""

    id: str
    cost: int
    votes: int
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A project that was not chosen.

    `had`: under equal shares, what its supporters had left in the end; else what was left of the budget.
    """

    id: str
    cost: int
    votes: int
    had: float


@dataclass(frozen=True, slots=True)
class Floor:
    """At least `amount` must go to these projects."""

    amount: int
    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Met:
    """What became of a floor: how much votes alone gave to its projects, and how much they get."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a vote; `winners` in the order in which they were chosen.

    `share` is what each voter had under equal shares, None under the others. `by_floor`: so many of the winners, the
    first ones, were bought before the rest for a floor. `by_rest`: so many, the last ones, were paid from what the
    shares left over. `floors` says what became of each.
    """

    rule: Rule
    budget: int
    ballots: int
    winners: tuple[Bought, ...]
    losers: tuple[Lost, ...]
    share: int | None = None
    by_rest: int = 0
    by_floor: int = 0
    floors: tuple[Met, ...] = ()

    @property
    def spent(self) -> int:
        """What the winners cost together."""
        return sum(one.cost for one in self.winners)

    @property
    def shared(self) -> Sequence[Bought]:
        """The winners that were paid out of shares, in the order in which they were bought."""
        if self.share is None:
            return ()
        return self.winners[self.by_floor : len(self.winners) - self.by_rest]

    def given_to(self, projects: frozenset[str]) -> int:
        """What the winners among these projects cost together."""
        return sum(one.cost for one in self.winners if one.id in projects)


def paid_by(outcome: Outcome, ballot: Ballot) -> dict[str, float]:
    """What a voter with this ballot paid for which winner, out of their share; nothing where there are no shares."""
    left, paid = float(outcome.share or 0), {}
    for one in outcome.shared:
        if one.id in ballot and one.most is not None and left > 0:
            paid[one.id] = min(left, one.most)
            left -= paid[one.id]
    return paid
