"""Equal shares: each voter has the same part of the money, and pays with others for what they chose."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from flows.kinds.budget.most_votes import lost, most_votes
from flows.kinds.budget.outcome import Ballot, Bought, Outcome, Project, Rule

#: Shares are raised by one so many times at most, fewer where there is much to count; then in growing steps.
STEPS, WORK = 500, 1_000_000

#: Amounts nearer than this, as a share of the greater, are the same.
NEAR = 1e-9


class EqualShares:
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
        self._wanted = sum(1 for project in projects if votes[project.id])

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
            by_rest = list(most_votes(money, others, self._votes))
        every = (*won, *by_rest)
        return Outcome(
            Rule.EQUAL_SHARES,
            self._budget,
            self._voters,
            every,
            tuple(lost(self._projects, self._votes, every, had)),
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
