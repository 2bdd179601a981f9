"""Who wins: against another program's counts, and at the edges."""

import json
from collections import Counter
from pathlib import Path

import pytest

from flows.kinds.budget.counting import Ballot, Outcome, Project, Rule, count
from tests.flows.kinds.budget.elections import election

KNOWN = json.loads((Path(__file__).parent / "known.json").read_text())


def ids(outcome: Outcome) -> list[str]:
    return [one.id for one in outcome.winners]


def test_five_hundred_elections_have_the_winners_that_another_program_finds() -> None:
    assert len(KNOWN) == 500
    for seed, (winners, share, by_votes) in enumerate(KNOWN):
        budget, costs, ballots = election(seed)
        projects = [Project(id, cost) for id, cost in costs.items()]
        shares = count(Rule.EQUAL_SHARES, budget, projects, ballots)
        assert (sorted(ids(shares)), shares.share) == (winners, share), seed
        votes = count(Rule.MOST_VOTES, budget, projects, ballots)
        assert sorted(ids(votes)) == by_votes, seed
        assert shares.spent <= budget
        assert votes.spent <= budget


def paid_by(outcome: Outcome, ballot: Ballot) -> dict[str, float]:
    """What a voter with this ballot paid for which winner."""
    if outcome.share is None:
        return {}
    left, paid = float(outcome.share), {}
    for one in outcome.winners:
        if one.id in ballot and one.most is not None and left > 0:
            paid[one.id] = min(left, one.most)
            left -= paid[one.id]
    return paid


def test_every_winner_is_paid_by_its_supporters_and_nobody_pays_more_than_their_share() -> None:
    for seed in range(100):
        budget, costs, ballots = election(seed)
        projects = [Project(id, cost) for id, cost in costs.items()]
        outcome = count(Rule.EQUAL_SHARES, budget, projects, ballots)
        paid: Counter[str] = Counter()
        for ballot, number in ballots.items():
            receipt = paid_by(outcome, ballot)
            assert sum(receipt.values()) <= (outcome.share or 0) * (1 + 1e-9)
            assert receipt.keys() <= ballot
            for id, sum_ in receipt.items():
                paid[id] += sum_ * number  # type: ignore[assignment]  # money is a float here
        for won in outcome.winners:
            assert paid[won.id] == pytest.approx(won.cost)


def votes_for(*ballots: tuple[int, str]) -> Counter[Ballot]:
    return Counter({frozenset(wanted): number for number, wanted in ballots})


def test_the_worked_example_of_equal_shares() -> None:
    """Half the town wants three cheap things of the east, half one dear thing of the west."""
    projects = [Project("e", 30), Project("f", 30), Project("g", 30), Project("w", 50)]
    ballots = votes_for((60, "efg"), (40, "w"))
    shares = count(Rule.EQUAL_SHARES, 100, projects, ballots)
    assert ids(shares) == ["e", "f"]
    assert shares.share == 1
    lost = {one.id: one.had for one in shares.losers}
    assert lost == {"g": 0.0, "w": 40.0}
    assert ids(count(Rule.MOST_VOTES, 100, projects, ballots)) == ["e", "f", "g"]
    rest = count(Rule.EQUAL_SHARES, 100, projects, ballots, rest=True)
    assert ids(rest) == ["e", "f", "g"]
    assert rest.by_rest == 1
    assert rest.winners[-1].most is None


def test_a_tie_goes_to_the_lower_cost_then_to_more_votes_then_to_the_list() -> None:
    cheap = [Project("a", 60), Project("b", 50)]
    assert ids(count(Rule.MOST_VOTES, 60, cheap, votes_for((5, "ab")))) == ["b"]
    # As much for each dirham: 10 votes for 50, 10 votes for 50; the list decides.
    level = [Project("a", 50), Project("b", 50)]
    for rule in Rule:
        assert ids(count(rule, 50, level, votes_for((5, "a"), (5, "b"))))[:1] in (["a"], [])
    assert ids(count(Rule.ONE, 50, level, votes_for((5, "b"), (5, "a")))) == ["a"]
    # Thirds of a dirham are no reason to prefer one of two that are level.
    thirds = [Project("late", 10), Project("early", 10)]
    both = votes_for((3, "")) + Counter({frozenset({"late"}): 3, frozenset({"early"}): 3})
    assert ids(count(Rule.EQUAL_SHARES, 30, thirds, both)) == ["late", "early"]


@pytest.mark.parametrize(
    ("budget", "wins"), [(99, ["b"]), (100, ["a"]), (139, ["a"]), (140, ["a", "b"])]
)
def test_what_no_longer_fits_is_passed_over(budget: int, wins: list[str]) -> None:
    projects = [Project("a", 100), Project("b", 40)]
    ballots = votes_for((9, "a"), (3, "b"))
    assert ids(count(Rule.MOST_VOTES, budget, projects, ballots)) == wins
    assert ids(count(Rule.ONE, budget, projects, ballots)) == wins[:1]


def test_nobody_votes_or_all_vote_for_nothing() -> None:
    projects = [Project("a", 10), Project("b", 20)]
    for rule in Rule:
        nobody = count(rule, 30, projects, {})
        blank = count(rule, 30, projects, votes_for((7, "")))
        assert nobody.winners == blank.winners == ()
        assert blank.ballots == 7
        assert [one.votes for one in blank.losers] == [0, 0]


def test_all_that_is_wanted_is_bought_where_the_money_suffices() -> None:
    projects = [Project("a", 10), Project("b", 20), Project("c", 5)]
    outcome = count(Rule.EQUAL_SHARES, 1000, projects, votes_for((1, "a"), (1, "b")))
    assert sorted(ids(outcome)) == ["a", "b"]
    assert [one.id for one in outcome.losers] == ["c"]


@pytest.mark.parametrize(
    ("budget", "projects", "ballots", "said"),
    [
        (0, [Project("a", 1)], {}, "money is above 0"),
        (1, [Project("a", 0)], {}, "money is above 0"),
        (1, [Project("a", 1), Project("a", 1)], {}, "the same id"),
        (1, [Project("a", 1)], votes_for((1, "b")), "'b', which is no project"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    budget: int, projects: list[Project], ballots: Counter[Ballot], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        count(Rule.EQUAL_SHARES, budget, projects, ballots)


def test_one_voters_dear_project_is_counted_in_few_steps() -> None:
    """The share would have to be raised by a dirham nearly ten thousand million times."""
    projects = [Project("alpha", 5_000_000_001), Project("beta", 9_999_999_999)]
    named = Counter({frozenset({"alpha"}): 5, frozenset({"beta"}): 1})
    outcome = count(Rule.EQUAL_SHARES, 10_000_000_000, projects, named)
    assert ids(outcome) == ["alpha"]
    assert outcome.share == 9_999_999_998
