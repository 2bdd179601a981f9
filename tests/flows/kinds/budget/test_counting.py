"""Who wins: against another program's counts, and at the edges."""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from flows.kinds.budget.counting import count
from flows.kinds.budget.outcome import Ballot, Floor, Outcome, Project, Rule, paid_by
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
        (1, [Project("a", 1)], votes_for((1, "b")), "'b' is wanted, which is no project"),
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


def floor(amount: int, *projects: str) -> Floor:
    return Floor(amount, frozenset(projects))


TOWN = [Project("road", 60), Project("lamps", 30), Project("care", 40), Project("well", 20)]


@pytest.mark.parametrize("rule", [Rule.EQUAL_SHARES, Rule.MOST_VOTES])
def test_a_floor_that_votes_alone_reach_changes_nothing(rule: Rule) -> None:
    ballots = votes_of({"road lamps": 50, "care": 30, "well": 20})
    alone = count(rule, 100, TOWN, ballots)
    spent = alone.given_to(frozenset({"care", "well"}))
    held = count(rule, 100, TOWN, ballots, floors=[floor(spent, "care", "well")] if spent else [])
    assert (held.winners, held.by_floor) == (alone.winners, 0)


def votes_of(said: dict[str, int]) -> Counter[Ballot]:
    return Counter({frozenset(ids.split()): number for ids, number in said.items()})


def test_what_most_voted_for_of_a_floor_comes_first_and_the_rest_is_counted_with_what_is_left() -> (
    None
):
    ballots = votes_of({"road lamps": 50, "care": 30, "well": 20})
    alone = count(Rule.MOST_VOTES, 100, TOWN, ballots)
    assert ids(alone) == ["lamps", "road"]
    one = count(Rule.MOST_VOTES, 100, TOWN, ballots, floors=[floor(40, "care", "well")])
    assert ids(one) == ["care", "lamps", "well"]
    assert one.by_floor == 1
    assert [(met.before, met.after) for met in one.floors] == [(0, 60)]
    assert one.spent == 90
    assert {lost.id: lost.had for lost in one.losers} == {"road": 10.0}
    both = count(Rule.MOST_VOTES, 100, TOWN, ballots, floors=[floor(61, "care", "well")])
    assert [met.after for met in both.floors] == [60], "there is no third one"


def test_under_equal_shares_what_a_floor_brings_is_paid_by_nobodys_share() -> None:
    ballots = votes_of({"road": 60, "lamps": 30, "care": 10})
    found = count(Rule.EQUAL_SHARES, 100, TOWN, ballots, floors=[floor(40, "care")])
    assert ids(found)[0] == "care"
    assert found.winners[0].most is None
    assert found.spent <= 100
    assert paid_by(found, frozenset({"care"})) == {}
    assert found.share is not None
    assert sum(paid_by(found, frozenset({"road"})).values()) <= found.share


def test_a_floor_buys_nothing_that_nobody_wants_and_nothing_that_cannot_be_paid() -> None:
    nobody = count(Rule.MOST_VOTES, 100, TOWN, votes_of({"road": 1}), floors=[floor(40, "care")])
    assert (ids(nobody), nobody.floors[0].after) == (["road"], 0)
    dear = [Project("road", 60), Project("care", 120)]
    found = count(
        Rule.MOST_VOTES, 100, dear, votes_of({"road care": 5}), floors=[floor(50, "care")]
    )
    assert (ids(found), found.floors[0].after) == (["road"], 0)


def test_a_floor_may_take_all_the_money() -> None:
    """Then shares are of nothing, and nothing else is bought."""
    ballots = votes_of({"road": 60, "care well": 3})
    found = count(Rule.EQUAL_SHARES, 60, TOWN, ballots, floors=[floor(60, "care", "well")])
    assert sorted(ids(found)) == ["care", "well"]
    assert found.share == 0
    assert [one.id for one in found.losers] == ["road", "lamps"]


def test_several_floors_are_reached_one_after_the_other_and_do_not_undo_each_other() -> None:
    ballots = votes_of({"road": 60, "lamps": 50, "care": 9, "well": 5})
    wanted = [floor(40, "care"), floor(20, "well")]
    found = count(Rule.MOST_VOTES, 100, TOWN, ballots, floors=wanted)
    assert ids(found) == ["care", "well", "lamps"]
    assert [met.after for met in found.floors] == [40, 20]


def test_five_hundred_elections_with_a_floor_stay_within_the_money_and_reach_it_where_they_can() -> (
    None
):
    for seed in range(500):
        budget, costs, ballots = election(seed)
        projects = [Project(id, cost) for id, cost in costs.items()]
        mine = frozenset(list(costs)[::2])
        wanted = {id for ballot, number in ballots.items() if number for id in ballot} & mine
        for rule in (Rule.EQUAL_SHARES, Rule.MOST_VOTES):
            amount = max(1, budget // 3)
            found = count(rule, budget, projects, ballots, floors=[Floor(amount, mine)])
            assert found.spent <= budget, seed
            assert len({one.id for one in found.winners}) == len(found.winners), seed
            if found.floors[0].after < amount:
                left = budget - sum(one.cost for one in found.winners[: found.by_floor])
                chosen = {one.id for one in found.winners}
                assert all(costs[id] > left for id in wanted - chosen), seed


def test_floors_mean_nothing_where_one_project_wins() -> None:
    with pytest.raises(ValueError, match="one project wins"):
        count(Rule.ONE, 100, TOWN, votes_of({"road": 1}), floors=[floor(1, "care")])
    with pytest.raises(ValueError, match="is no project"):
        count(Rule.MOST_VOTES, 100, TOWN, votes_of({"road": 1}), floors=[floor(1, "pool")])


def test_a_hundred_thousand_votes_on_two_hundred_projects_are_counted_in_ten_seconds() -> None:
    """Each voter chooses five at random, the popular ones more often: nearly every ballot is another."""
    chance = random.Random(7)
    projects = [Project(f"p{n}", chance.randint(20_000, 900_000)) for n in range(200)]
    names = [project.id for project in projects]
    weights = [1 / (1 + n) ** 0.5 for n in range(200)]
    ballots = Counter(frozenset(chance.choices(names, weights, k=5)) for _ in range(100_000))
    floors = [Floor(3_000_000, frozenset(names[::7]))]
    begun = time.process_time()
    found = count(Rule.EQUAL_SHARES, 10_000_000, projects, ballots, floors=floors)
    assert time.process_time() - begun < 10
    assert found.ballots == 100_000
    assert 9_000_000 < found.spent <= 10_000_000
    assert found.floors[0].after >= 3_000_000
