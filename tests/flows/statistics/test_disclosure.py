"""What is kept back of counts: one person more or less decides."""

import pytest

from flows.statistics.disclosure import OTHER, UNSAID, kept_back
from tests.flows.statistics.test_participation import shown


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 4, "b": 0}, {"a", "b"}),
        ({"a": 5, "b": 0}, set()),
        ({"a": 5, "b": 5}, set()),
        ({"a": 6, "b": 4}, {"a", "b"}),
        ({"a": 9, "b": 6, "c": 4}, {"b", "c"}),
        ({"a": 9, "b": 6, "c": 5}, set()),
        ({"a": 9, "b": 3, "c": 2}, {"b", "c"}),
        ({"a": 9, "b": 2, "c": 2}, {"a", "b", "c"}),
        ({"a": 9, "b": 0, "c": 0}, set()),
        ({"a": 9, "b": 3, "c": 2, "d": 0}, {"b", "c", "d"}),
    ],
)
def test_four_are_kept_back_and_five_are_shown(counts: dict[str, int], hidden: set[str]):
    """One person more or less decides; what is kept back is at least two rows and five people."""
    assert kept_back(counts, sum(counts.values())) == hidden


@pytest.mark.parametrize(
    ("chosen", "total", "hidden"),
    [(5, 10, False), (6, 10, True), (4, 10, True), (10, 10, False), (0, 10, False)],
)
def test_of_several_answers_those_who_did_not_choose_one_are_five_too(
    chosen: int, total: int, hidden: bool
):
    """Six of ten chose it: four did not, and they are a group of four."""
    found = kept_back({"a": chosen, "b": 5}, total, exclusive=False)
    assert ("a" in found) is hidden


def test_that_nobody_kept_silent_may_be_told_of_a_row_that_is_kept_back_alone():
    """A row that is hidden for another reason hides no empty "not said"."""
    assert kept_back({"a": 6, UNSAID: 0}, 6, risky={"a"}) == {"a"}


def test_a_single_answer_that_is_no_longer_on_offer_is_counted_too():
    """Of eleven answers ten are to choices that there are; one is to another."""
    made = shown({"a": 5, "b": 5}, total=11)
    assert set(made) == {"a", "b", OTHER}
    assert set(shown({"a": 5, "b": 5}, total=10)) == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other", "total", "more"), [(6, 6, 8, True), (7, 6, 9, False), (6, 6, 9, False)]
)
def test_of_two_hidden_answers_those_who_chose_neither_are_five_together(
    one: int, other: int, total: int, more: bool
):
    """Two and two who did not choose are four, and a third answer goes too; two and three are five."""
    found = kept_back({"a": one, "b": other, "c": total}, total, exclusive=False)
    assert ("c" in found) is more
