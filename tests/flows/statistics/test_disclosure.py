"""What is kept back of counts: one person more or less decides."""

from decimal import Decimal

import pytest

from flows.statistics.disclosure import (
    OTHER,
    UNSAID,
    hidden_ids,
    kept_back,
    no_shares,
    percent_of,
    protected,
    share_of,
)
from flows.statistics.summary import Column
from flows.wording import render
from flows.wording.text import Verbatim, msg
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


def noted(counted: dict[str, int], **more: object) -> list[str]:
    """What a table says of itself."""
    rows = [(id, Verbatim(id), count) for id, count in counted.items()]
    total = more.pop("total", sum(counted.values()))
    made = protected("t", msg("x"), msg("x"), rows, total, None, **more)  # type: ignore[arg-type]
    return [part.id for part in made.note.parts] if made.note is not None else []  # type: ignore[union-attr, attr-defined]


def test_a_table_says_what_is_kept_back_and_that_several_answers_were_possible():
    """And says nothing where there is nothing to say."""
    assert noted({"a": 39, "b": 6}) == []
    assert noted({"a": 39, "b": 3}) == ["summary.kept_back"]
    assert noted({"a": 39, "b": 6}, total=45, exclusive=False) == ["summary.several"]
    assert noted({"a": 39, "b": 3}, total=42, exclusive=False) == [
        "summary.several",
        "summary.kept_back",
    ]


@pytest.mark.parametrize(("people", "share"), [(29, None), (30, Decimal("0.66667"))])
def test_of_fewer_than_thirty_people_a_table_has_no_shares(people: int, share: Decimal | None):
    rows = [("a", Verbatim("a"), 20), ("b", Verbatim("b"), people - 20)]
    made = protected("t", msg("x"), msg("x"), rows, people, None)
    assert made.rows[0][2:] == (20, share)
    assert ("summary.no_shares" in noted({"a": 20, "b": people - 20})) is (share is None)


@pytest.mark.parametrize(
    ("part", "whole", "whole_percent"), [(20, 31, 65), (11, 31, 35), (1, 200, 1), (13, 40, 33)]
)
def test_a_share_is_rounded_once(part: int, whole: int, whole_percent: int):
    """64.516 is 65, and not 64.5, and then 64; 35.48 is 35, and not 35.5, and then 36."""
    share = share_of(part, whole)
    assert share is not None
    assert percent_of(share) == whole_percent


@pytest.mark.parametrize(("people", "told"), [(0, False), (1, True), (29, True), (30, False)])
def test_that_no_shares_are_told_is_said_of_one_to_twenty_nine(people: int, told: bool):
    """Of nobody there is nothing to say."""
    assert (no_shares(people) is not None) is told


@pytest.mark.parametrize(("people", "told"), [(4, False), (5, True), (29, True), (30, False)])
def test_a_table_says_why_it_has_no_shares(people: int, told: bool):
    rows = [("a", Verbatim("A"), people), ("b", Verbatim("B"), 0)]
    note = protected("t", Verbatim("T"), Verbatim("Answer"), rows, people, None).note
    assert (note is not None and "30" in render(note, "en")) is told


def test_nothing_to_say_under_a_table_is_no_empty_line():
    rows = [("a", Verbatim("A"), 40), ("b", Verbatim("B"), 30)]
    assert protected("t", Verbatim("T"), Verbatim("Answer"), rows, 70, None).note is None


def test_hidden_rows_are_those_whose_count_is_hidden():
    """Also where the share beside a count is none: a table about nobody."""
    rows = [("a", Verbatim("a"), 9), ("b", Verbatim("b"), 6), ("c", Verbatim("c"), 3)]
    made = protected("t", msg("x"), msg("x"), rows, 18, None)
    assert hidden_ids(made) == {"b", "c"}
    assert made.chart == "bar"
    none = protected("t", msg("x"), msg("x"), [("a", Verbatim("a"), 0)], 0, None)
    assert hidden_ids(none) == set()
    assert none.rows[0][2:] == (0, None)


def test_a_further_column_is_empty_where_nothing_is_known_of_a_row():
    """Nought points, and not one."""
    points = (Column("points", msg("x"), "count"), {"a": 7})
    rows = [("a", Verbatim("a"), 9), ("b", Verbatim("b"), 6)]
    made = protected("t", msg("x"), msg("x"), rows, 15, None, extra=points)
    assert [row[4] for row in made.rows] == [7, 0]
