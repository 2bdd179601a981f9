"""A voter's own receipt: what their share paid, told as the results tell it."""

import pytest

from flows.kinds.budget.outcome import paid_by
from flows.kinds.budget.receipt import Counted, counted, receipt, sums
from flows.kinds.budget.results import cast, outcome_of
from flows.statistics.summary import Responses
from flows.wording import render
from flows.wording.text import LANGUAGES, Text
from tests.flows.kinds.budget.test_definition import project
from tests.flows.kinds.budget.test_results import defined, vote

THREE = [project(1, cost=4000), project(2, cost=6000), project(3, cost=9000)]
MADE = defined(projects=THREE, amount=10_000)


def found(
    *votes: tuple[int, tuple[str, ...]], exact: bool = True, rule: str = "equal_shares"
) -> Counted:
    made = defined(projects=THREE, amount=10_000, rule=rule)
    every = [vote(*ids) for number, ids in votes for _ in range(number)]
    return counted(outcome_of(made, cast(made, Responses(every))), exact=exact)


def said_of(text: Text) -> str:
    return render(text, "en").translate({0x2068: None, 0x2069: None})


def test_a_receipt_says_what_the_vote_paid_for_each_project() -> None:
    one = found((60, ("p1", "p2")), (40, ("p2", "p3")))
    assert sums(one, ["p1", "p2"]) == {"p1": 67, "p2": 60}
    said = said_of(receipt(MADE, one, ["p1", "p2", "p3"]))
    assert "Projet 1: chosen, your vote paid about 67 DH of it." in said
    assert "Projet 3: not chosen." in said
    assert "Your share was about" in said


def test_what_all_receipts_say_is_what_was_paid() -> None:
    made = defined(projects=THREE, amount=10_000)
    ballots = cast(made, Responses([vote("p1", "p2")] * 60 + [vote("p2", "p3")] * 40))
    outcome = outcome_of(made, ballots)
    one = counted(outcome, exact=True)
    for ballot in ballots:
        paid = paid_by(outcome, ballot)
        assert sums(one, ballot).keys() == paid.keys()
        for id, sum_ in sums(one, ballot).items():
            assert sum_ == pytest.approx(paid[id], rel=0.05)


@pytest.mark.parametrize(("votes", "told"), [(29, False), (30, True)])
def test_what_fewer_than_thirty_chose_is_told_without_a_sum(votes: int, told: bool) -> None:
    one = found((votes, ("p1",)), (40, ("p2",)))
    assert ("p1" in sums(one, ["p1"])) is told
    assert "Projet 1: chosen" in said_of(receipt(MADE, one, ["p1"]))


def test_where_a_count_is_kept_back_or_nobody_has_a_share_no_sum_is_told() -> None:
    assert sums(found((60, ("p1",)), (40, ("p2",)), exact=False), ["p1"]) == {}
    assert sums(found((60, ("p1",)), (40, ("p2",)), rule="most_votes"), ["p1"]) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_told_in_every_language(language: str) -> None:
    said = render(receipt(MADE, found((60, ("p1",)), (40, ("p2",))), ["p1", "p3"]), language)
    assert "budget." not in said
    assert "{" not in said
