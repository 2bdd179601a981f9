"""Whose votes decided over the money: each group's share of the voters beside its share of what is spent.

A voter decides over what they paid out of their share; where a winner is paid by no shares, its supporters decide over
its cost alike. Whoever voted on paper told nothing about themselves, and is in the group that did not say.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from flows.kinds.budget.outcome import Ballot, Outcome, paid_by
from flows.statistics.disclosure import FEWEST, NOWHERE, UNSAID
from flows.statistics.participation import DIMENSIONS, commune_name
from flows.statistics.summary import Cell, Column, Response, Table
from flows.wording.text import Text, msg

#: Shares are told in whole per cent: more would tell how many chose the same.
_PLACES: Final = Decimal("0.01")


def decided_by(outcome: Outcome, ballot: Ballot) -> float:
    """Over how much of the money one voter with this ballot decided (units of the budget)."""
    out_of_shares = {one.id for one in outcome.shared}
    paid = sum(paid_by(outcome, ballot).values())
    others = (one for one in outcome.winners if one.id in ballot and one.id not in out_of_shares)
    return paid + sum(one.cost / one.votes for one in others)


def influence(
    outcome: Outcome, ballots: Mapping[Ballot, int], standing: Sequence[Response], papers: int
) -> Iterator[Table]:
    """By gender, age and commune, where every group that is shown, and what is not, is of enough people."""
    if not outcome.spent:
        return
    money = {ballot: decided_by(outcome, ballot) for ballot in ballots}
    known = frozenset().union(*ballots)
    of = [
        money.get(frozenset(str(id) for id in r.body.get("projects", ())) & known, 0.0)
        for r in standing
    ]
    rows: list[tuple[Cell, ...]] = []
    for field, question, name in _questions():
        people: Counter[str] = Counter()
        sums: defaultdict[str, float] = defaultdict(float)
        for response, sum_ in zip(standing, of, strict=True):
            group = getattr(response, field) or UNSAID
            people[group] += 1
            sums[group] += sum_
        rows += _group_rows(field, question, name, people, sums, outcome.spent, papers)
    if rows:
        columns = (
            Column("id", msg("summary.id"), "id"),
            Column("question", msg("summary.question")),
            Column("name", msg("summary.group")),
            Column("voters", msg("budget.influence.voters"), "share"),
            Column("money", msg("budget.influence.money"), "share"),
        )
        yield Table(
            "influence", msg("budget.influence"), columns, tuple(rows), msg("budget.influence.note")
        )


def _questions() -> Iterator[tuple[str, Text, Callable[[str], Text]]]:
    for dimension in DIMENSIONS:
        if dimension.field in ("gender", "age_band"):
            names = {id: msg(name) for id, name in dimension.groups}
            yield dimension.field, msg(f"summary.{dimension.field}"), names.__getitem__
    yield "commune", msg("need.label.commune"), commune_name


def _group_rows(
    field: str,
    question: Text,
    name: Callable[[str], Text],
    people: Mapping[str, int],
    sums: Mapping[str, float],
    spent: int,
    papers: int,
) -> Iterator[tuple[Cell, ...]]:
    """The groups of enough people; none where those that are left would be few."""
    said = {group for group in people if group not in (UNSAID, NOWHERE)}
    shown = sorted(group for group in said if people[group] >= FEWEST)
    total = sum(people.values()) + papers
    left = total - sum(people[group] for group in shown)
    if not shown or 0 < left < FEWEST or len(said) < 2:
        return
    for group in shown:
        voters = (Decimal(people[group]) / total).quantize(_PLACES)
        money = Decimal(sums[group] / spent).quantize(_PLACES)
        yield f"{field}.{group}", question, name(group), voters, money
