"""Who wins a vote on projects with costs: equal shares, most votes, or the one with most votes.

    outcome = count(Rule.EQUAL_SHARES, 1_000_000, projects, Counter({frozenset({"school", "road"}): 214, ...}))

*Equal shares* (Peters, Pierczyński, Skowron, "Proportional participatory budgeting with additive utilities",
2021; approval ballots, a project is worth its cost to whoever wants it): each voter has the same part of the
money. A project is paid by those who voted for it, each as much as the others or all that they have left; the
project whose cost is borne by most in this sense is bought first, and so on while any can be paid. Since money
is left over by this, the shares are raised by one unit at a time as long as the outcome still fits the budget
("Add1").

Ties, in every rule: the lower cost first, then more votes, then the place in the list.

Money is in whole units (dirhams). Sums are doubles: amounts that differ by less than `NEAR` are a tie.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: What somebody voted for: ids of projects.
Ballot = frozenset[str]

#: Shares are raised by one so many times at most, fewer where there is much to count; then in growing steps.
STEPS, WORK = 500, 1_000_000

#: Amounts nearer than this, as a share of the greater, are the same.
NEAR = 1e-9


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
class Outcome:
    """What came of a vote; `winners` in the order in which they were chosen.

    `share` is what each voter had under equal shares, None under the others. `by_rest`: so many of the
    winners, the last ones, were paid from what the shares left over.
    """

    rule: Rule
    budget: int
    ballots: int
    winners: tuple[Bought, ...]
    losers: tuple[Lost, ...]
    share: int | None = None
    by_rest: int = 0

    @property
    def spent(self) -> int:
        """What the winners cost together."""
        return sum(one.cost for one in self.winners)


def count(
    rule: Rule,
    budget: int,
    projects: Sequence[Project],
    ballots: Mapping[Ballot, int],
    *,
    rest: bool = False,
) -> Outcome:
    """The winners of a vote.

    `ballots`: each set of projects with how many voted for just that; an empty one is a voter who wants
    none. `rest`: what equal shares leave over goes to the projects with most votes that it pays.

    Raises ValueError for a budget or a cost that is not above 0, an id used twice, and a vote for a project that is none.
    """
    known = {project.id for project in projects}
    if budget <= 0 or any(project.cost <= 0 for project in projects):
        raise ValueError("money is above 0")
    if len(known) != len(projects):
        raise ValueError("two projects have the same id")
    for ballot in ballots:
        if not ballot <= known:
            raise ValueError(f"a vote for {min(ballot - known)!r}, which is no project")
    votes = {project.id: 0 for project in projects}
    for ballot, number in ballots.items():
        for id in ballot:
            votes[id] += number
    if rule is Rule.EQUAL_SHARES:
        return _Shares(budget, projects, ballots, votes).outcome(rest=rest)
    won = list(_most_votes(budget, projects, votes))[: 1 if rule is Rule.ONE else None]
    left = budget - sum(one.cost for one in won)
    return Outcome(
        rule,
        budget,
        sum(ballots.values()),
        tuple(won),
        tuple(_lost(projects, votes, won, dict.fromkeys(votes, float(left)))),
    )


def _most_votes(
    money: int, projects: Sequence[Project], votes: Mapping[str, int]
) -> Iterator[Bought]:
    """The projects with most votes, as far as the money goes; what no longer fits is passed over."""
    for project in sorted(projects, key=lambda one: (-votes[one.id], one.cost)):
        if votes[project.id] and project.cost <= money:
            money -= project.cost
            yield Bought(project.id, project.cost, votes[project.id])


def _lost(
    projects: Sequence[Project],
    votes: Mapping[str, int],
    won: Sequence[Bought],
    had: Mapping[str, float],
) -> Iterator[Lost]:
    chosen = {one.id for one in won}
    for project in projects:
        if project.id not in chosen:
            yield Lost(project.id, project.cost, votes[project.id], had[project.id])


class _Shares:
    """Equal shares. Voters with the same ballot always have the same left, so they are one group."""

    def __init__(
        self,
        budget: int,
        projects: Sequence[Project],
        ballots: Mapping[Ballot, int],
        votes: Mapping[str, int],
    ) -> None:
        self._budget = budget
        self._projects = projects
        self._votes = votes
        self._voters = sum(ballots.values())
        groups = [(ballot, number) for ballot, number in ballots.items() if ballot and number]
        self._weights = np.array([number for _, number in groups], dtype=np.float64)
        supporters: dict[str, list[int]] = {project.id: [] for project in projects}
        for at, (ballot, _) in enumerate(groups):
            for id in ballot:
                supporters[id].append(at)
        self._supporters = {id: np.array(at, dtype=np.int64) for id, at in supporters.items()}
        self._wanted = sum(1 for number in votes.values() if number)

    def outcome(self, *, rest: bool) -> Outcome:
        """The winners with the greatest share that the budget bears."""
        share = self._share()
        won, left = self._bought(share)
        had = {
            id: float((left[at] * self._weights[at]).sum()) for id, at in self._supporters.items()
        }
        by_rest: list[Bought] = []
        if rest:
            chosen = {one.id for one in won}
            others = [project for project in self._projects if project.id not in chosen]
            money = self._budget - sum(one.cost for one in won)
            by_rest = list(_most_votes(money, others, self._votes))
        every = (*won, *by_rest)
        return Outcome(
            Rule.EQUAL_SHARES,
            self._budget,
            self._voters,
            every,
            tuple(_lost(self._projects, self._votes, every, had)),
            share,
            len(by_rest),
        )

    def _share(self) -> int:
        """What each voter has in the end.

        One by one at first; where the next change is far (one voter's dear project), steps grow until it is
        passed, and what lies between is halved. For that a greater share is taken to buy no less.
        """
        share = self._budget // self._voters if self._voters else 0
        if self._end(share):
            return share
        steps = min(STEPS, max(20, WORK // (len(self._weights) + 1000)))
        low, high, step = share, share + 1, 1
        while not (end := self._end(high)):
            if high - share >= steps:
                step *= 2
            low, high = high, high + step
        while high - low > 1:
            middle = (low + high) // 2
            found = self._end(middle)
            if found:
                high, end = middle, found
            else:
                low = middle
        return low if end == "over" else high

    def _end(self, share: int) -> Literal["", "all", "over"]:
        """Why shares are raised no further than this: it buys all that is wanted, or more than there is money for."""
        won = self._bought(share)[0]
        if sum(one.cost for one in won) > self._budget:
            return "over"
        return "all" if len(won) == self._wanted else ""

    def _bought(self, share: int) -> tuple[list[Bought], NDArray[np.float64]]:
        """What is bought with such a share each, and what each group's voters have left.

        Nobody's money grows, so a price that was right once is the least it can be: what is popped with a
        price that still holds is the cheapest of all.
        """
        left = np.full(len(self._weights), float(share))
        waiting: list[tuple[_Place, int]] = []
        for at, project in enumerate(self._projects):
            votes = self._votes[project.id]
            if votes and project.cost <= votes * share:
                waiting.append((self._place(at, project.cost / votes), at))
        heapq.heapify(waiting)
        won: list[Bought] = []
        while waiting:
            before, at = heapq.heappop(waiting)
            project = self._projects[at]
            price = self._price(project, left)
            if price is None:
                continue
            place = self._place(at, price)
            if before < place:
                heapq.heappush(waiting, (place, at))
                continue
            mine = self._supporters[project.id]
            left[mine] -= np.minimum(left[mine], price)
            won.append(Bought(project.id, project.cost, self._votes[project.id], price))
        return won, left

    def _place(self, at: int, price: float) -> "_Place":
        project = self._projects[at]
        return _Place(price / project.cost, project.cost, -self._votes[project.id], at)

    def _price(self, project: Project, left: NDArray[np.float64]) -> float | None:
        """What each supporter pays at most, so that together they pay the cost; None if they cannot."""
        mine = self._supporters[project.id]
        money = left[mine]
        even = project.cost / self._votes[project.id]
        if money.min() >= even:
            return even
        order = np.argsort(money)
        money, weights = money[order], self._weights[mine][order]
        paid = money * weights
        if paid.sum() < project.cost * (1 - NEAR):
            return None
        # If those with less than the i-th give all they have, what must the others give?
        before = np.cumsum(paid) - paid
        others = weights.sum() - (np.cumsum(weights) - weights)
        prices = (project.cost - before) / others
        fits = prices <= money * (1 + NEAR)
        return float(prices[int(np.argmax(fits))]) if fits.any() else float(money[-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A project's place in the queue: what a dirham of it costs its supporters, then the rule for ties."""

    rate: float
    cost: int
    fewer: int
    at: int

    def __lt__(self, other: "_Place") -> bool:
        if abs(self.rate - other.rate) > NEAR * max(self.rate, other.rate):
            return self.rate < other.rate
        return (self.cost, self.fewer, self.at) < (other.cost, other.fewer, other.at)
