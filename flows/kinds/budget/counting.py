"""Who wins a vote on projects with costs: equal shares, most votes, or the one with most votes.

    outcome = count(Rule.EQUAL_SHARES, 1_000_000, projects, Counter({frozenset({"school", "road"}): 214, ...}))

*Equal shares* (Peters, Pierczyński, Skowron, "Proportional participatory budgeting with additive utilities",
2021; approval ballots, a project is worth its cost to whoever wants it): each voter has the same part of the
money. A project is paid by those who voted for it, each as much as the others or all that they have left; the
project whose cost is borne by most in this sense is bought first, and so on while any can be paid. Since money
is left over by this, the shares are raised by one unit at a time as long as the outcome still fits the budget
("Add1").

*Floors*: at least so much must go to projects of a group (a quarter, those that serve women). The vote is counted
without them first. Where less goes to a group, the project of the group that most voted for, and that is not chosen
yet, is bought before the rest, and the rest is counted with what is left of the money; and so on, until it is enough or
no project of the group that anybody wants can still be paid. So where votes alone suffice a floor changes nothing.

Ties, in every rule: the lower cost first, then more votes, then the place in the list.

Money is in whole units (dirhams). Sums are doubles: amounts that differ by less than `NEAR` are a tie.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.kinds.budget.equal_shares import EqualShares
from flows.kinds.budget.most_votes import lost, most_votes
from flows.kinds.budget.outcome import Ballot, Bought, Floor, Met, Outcome, Project, Rule


def count(
    rule: Rule,
    budget: int,
    projects: Sequence[Project],
    ballots: Mapping[Ballot, int],
    *,
    rest: bool = False,
    floors: Sequence[Floor] = (),
) -> Outcome:
    """The winners of a vote.

    `ballots`: each set of projects with how many voted for just that; an empty one is a voter who wants
    none. `rest`: what equal shares leave over goes to the projects with most votes that it pays.

    Raises ValueError for a budget or a cost that is not above 0, an id used twice, a vote or a floor for a project that
    is none, and floors where one project wins.
    """
    known = {project.id for project in projects}
    if budget <= 0 or any(project.cost <= 0 for project in projects):
        raise ValueError("money is above 0")
    if len(known) != len(projects):
        raise ValueError("two projects have the same id")
    for named in (*ballots, *(floor.projects for floor in floors)):
        if not named <= known:
            raise ValueError(f"{min(named - known)!r} is wanted, which is no project")
    if floors and rule is Rule.ONE:
        raise ValueError("one project wins: there is nothing to set floors for")
    votes = {project.id: 0 for project in projects}
    for ballot, number in ballots.items():
        for id in ballot:
            votes[id] += number
    vote = _Vote(rule, budget, projects, ballots, votes, rest)
    first: list[Project] = []
    outcome = alone = vote.outcome(first)
    while (wanted := _wanted(outcome, floors, projects, votes, budget, first)) is not None:
        first.append(wanted)
        outcome = vote.outcome(first)
    met = tuple(
        Met(alone.given_to(floor.projects), outcome.given_to(floor.projects)) for floor in floors
    )
    return replace(outcome, floors=met)


def _wanted(
    outcome: Outcome,
    floors: Sequence[Floor],
    projects: Sequence[Project],
    votes: Mapping[str, int],
    budget: int,
    first: Sequence[Project],
) -> Project | None:
    """What is bought before the rest next, for the first floor that is not reached and can be helped."""
    left = budget - sum(project.cost for project in first)
    chosen = {one.id for one in outcome.winners}
    for floor in floors:
        if outcome.given_to(floor.projects) >= floor.amount:
            continue
        found = [
            project
            for project in projects
            if project.id in floor.projects - chosen and votes[project.id] and project.cost <= left
        ]
        if found:
            return min(found, key=lambda one: (-votes[one.id], one.cost))
    return None


@dataclass(frozen=True, slots=True)
class _Vote:
    """A vote as it is counted, with what is bought before the rest."""

    rule: Rule
    budget: int
    projects: Sequence[Project]
    ballots: Mapping[Ballot, int]
    votes: Mapping[str, int]
    rest: bool

    def outcome(self, first: Sequence[Project]) -> Outcome:
        """The winners, where these are bought first."""
        bought = tuple(Bought(one.id, one.cost, self.votes[one.id]) for one in first)
        money = self.budget - sum(one.cost for one in first)
        others = [project for project in self.projects if project not in first]
        counted = self._counted(money, others, {one.id for one in first})
        return replace(
            counted,
            budget=self.budget,
            winners=(*bought, *counted.winners),
            by_floor=len(bought),
        )

    def _counted(self, money: int, projects: Sequence[Project], gone: set[str]) -> Outcome:
        voters = sum(self.ballots.values())
        if self.rule is Rule.EQUAL_SHARES:
            ballots: Mapping[Ballot, int] = self.ballots
            if gone:
                left: Counter[Ballot] = Counter()
                for ballot, number in self.ballots.items():
                    left[ballot - gone] += number
                ballots = left
            return EqualShares(money, projects, ballots, self.votes).outcome(rest=self.rest)
        most = most_votes(money, projects, self.votes)
        won = list(most)[: 1 if self.rule is Rule.ONE else None]
        had = dict.fromkeys(self.votes, float(money - sum(one.cost for one in won)))
        losers = tuple(lost(projects, self.votes, won, had))
        return Outcome(self.rule, money, voters, tuple(won), losers)
