"""Tables of two ways: nothing about few, and nothing from which few can be worked out."""

import random
from collections import Counter
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.morocco import places
from flows.statistics.crossing import (
    ANSWERED,
    FEWEST,
    MOST_PLACES,
    Crossed,
    Grouping,
    cross_table,
    groupings,
)
from flows.statistics.disclosure import GATHERED, UNSAID
from flows.statistics.summary import SMALLEST, Suppressed, Table
from flows.wording.text import Verbatim
from tests.bot.reports.consultations import response

REGION = next(place.code for place in places.of_level("region"))
COMMUNES = [place.code for place in places.communes_of(REGION)]


def table_of(
    cells: dict[tuple[str, str], int], *, exclusive: bool = True, hidden: tuple[str, ...] = ()
) -> Table | None:
    """The table of so many persons for each answer and group, each of whom gave one answer."""
    told = [where for where, count in cells.items() for _ in range(count)]
    choices = {c: Verbatim(c) for c in dict.fromkeys(c for c, _ in cells)}
    groups = {g: Verbatim(g) for g in dict.fromkeys(g for _, g in cells)}
    question = Crossed(
        "q",
        Verbatim("Q"),
        choices,
        exclusive,
        [frozenset((c,)) for c, _ in told],
        frozenset(hidden),
    )
    grouping = Grouping("g", Verbatim("G"), groups, [g for _, g in told])
    return cross_table(question, grouping, [0] * len(told))


def shown(table: Table) -> dict[tuple[str, str], int | None]:
    """Every count of a table by answer and group, "" for everybody; None where it is kept back."""
    heads = [column.id.removesuffix(".count") for column in table.columns]
    return {
        (str(row[0]), "" if head == "all" else head): None if isinstance(cell, Suppressed) else cell
        for row in table.rows
        for head, column, cell in zip(heads, table.columns, row, strict=True)
        if column.kind == "count"
    }  # type: ignore[misc]


@pytest.mark.parametrize(("others", "told"), [(4, None), (5, 8)])
def test_of_answers_beside_others_nobody_reads_what_few_of_a_group_did_not_give(
    others: int, told: int | None
) -> None:
    """Where 8 of 12 young people ticked an answer, 4 did not: that is theirs alone, too."""
    groups = ["young"] * (8 + others) + ["old"] * 40
    both, one = frozenset("ab"), frozenset("b")
    ticks = [both] * 8 + [one] * others + [both] * 20 + [one] * 20
    choices = {name: Verbatim(name) for name in "ab"}
    question = Crossed("q", Verbatim("Q"), choices, False, ticks, frozenset())
    grouping = Grouping("g", Verbatim("G"), {g: Verbatim(g) for g in ("young", "old")}, groups)
    table = cross_table(question, grouping, [0] * len(ticks))
    assert table is not None
    cells = shown(table)
    assert cells["a", "young"] == told
    # Nor is it worked out from what everybody and the old say.
    assert (cells["a", "old"] is None) is (told is None)


def worked_out(table: Table) -> set[tuple[str, str]]:
    """The kept back cells that follow from the sums of rows and columns."""
    counts = shown(table)
    rows = list(dict.fromkeys(row for row, _ in counts))
    columns = list(dict.fromkeys(column for _, column in counts))
    unknown = [where for where, count in counts.items() if count is None]
    place = {where: at for at, where in enumerate(unknown)}
    sums = []
    for row in rows:
        sums.append(([(row, c) for c in columns if c], (row, "")))
    for column in columns:
        sums.append(([(r, column) for r in rows if r != ANSWERED], (ANSWERED, column)))
    known = np.zeros((len(sums), len(unknown)))
    for at, (parts, whole) in enumerate(sums):
        for where in parts:
            if where in place:
                known[at, place[where]] += 1
        if whole in place:
            known[at, place[whole]] -= 1
    rank = np.linalg.matrix_rank(known) if unknown else 0
    found = set()
    for where, at in place.items():
        one = np.zeros(len(unknown))
        one[at] = 1
        if np.linalg.matrix_rank(np.vstack([known, one])) == rank:
            found.add(where)
    return found


matrices = st.integers(2, 5).flatmap(
    lambda wide: st.lists(
        st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=wide, max_size=wide),
        min_size=2,
        max_size=6,
    )
)


@settings(deadline=None, max_examples=300)
@given(matrices)
def test_no_count_of_few_is_shown_or_follows_from_the_sums(matrix: list[list[int]]) -> None:
    """Of random tables; who knows all sums that are shown solves for none that is not."""
    cells = {
        (f"a{r}", f"g{c}"): count for r, row in enumerate(matrix) for c, count in enumerate(row)
    }
    table = table_of(cells)
    if table is None:
        return
    counts = shown(table)
    assert not [where for where, n in counts.items() if n is not None and 0 < n < SMALLEST]
    given_away = worked_out(table)
    assert not [where for where in given_away if 0 < cells.get(where, 0) < SMALLEST]


@pytest.mark.parametrize(("few", "hidden"), [(4, True), (5, False), (6, False)])
def test_a_cell_of_four_is_kept_back_with_three_others(few: int, hidden: bool) -> None:
    """Else the sum of its row or of its column would give it away."""
    table = table_of(
        {("yes", "women"): 40, ("yes", "men"): 30, ("no", "women"): few, ("no", "men"): 20}
    )
    assert table is not None
    counts = shown(table)
    inner = [counts[where] for where in product(("yes", "no"), ("women", "men"))]
    assert inner == ([None] * 4 if hidden else [40, 30, few, 20])
    assert counts[ANSWERED, "women"] == 40 + few
    assert counts["yes", ""] == 70


@pytest.mark.parametrize(("people", "told"), [(29, None), (30, Decimal("0.33333"))])
def test_of_fewer_than_thirty_no_share_is_told(people: int, told: Decimal | None) -> None:
    """A third of twenty-nine sounds like more than it is."""
    table = table_of(
        {
            ("yes", "women"): 10,
            ("no", "women"): people - 10,
            ("yes", "men"): 40,
            ("no", "men"): 40,
        }
    )
    assert table is not None
    assert [column.id for column in table.columns][3:5] == ["women.count", "women.share"]
    assert table.rows[0][4] == told
    assert FEWEST == 30


def test_an_answer_that_its_own_table_keeps_back_is_kept_back_in_each_group() -> None:
    """Else the groups would add up to it."""
    cells = {(a, g): 20 for a in ("yes", "no", "never") for g in ("women", "men")}
    table = table_of(cells, hidden=("no", "never"))
    assert table is not None
    counts = shown(table)
    assert {counts[a, g] for a in ("no", "never") for g in ("women", "men", "")} == {None}
    assert counts["yes", "women"] == 20


def test_small_communes_stand_together_and_at_most_twelve_alone() -> None:
    """By how many answered; who did not say is with them."""
    people = [
        replace(response(n, {}), commune=code, phase="")
        for at, code in enumerate(COMMUNES[:16])
        for n in range(FEWEST - 1 if at == 0 else FEWEST + at)
    ]
    (grouping,) = [one for one in groupings(people, {}) if one.id == "place"]
    assert len(grouping.groups) == MOST_PLACES + 1
    assert COMMUNES[0] not in grouping.groups
    assert Counter(grouping.of)[GATHERED] >= FEWEST - 1
    few = [replace(response(n, {}), commune=COMMUNES[0]) for n in range(FEWEST - 1)]
    (alone,) = [one for one in groupings(few, {}) if one.id == "place"]
    assert list(alone.groups) == [GATHERED]


def test_who_told_many_things_counts_once_in_each_cell() -> None:
    """Forty needs of one person are one person's."""
    chance = random.Random(1)
    told = [frozenset((chance.choice("ab"),)) for _ in range(200)]
    question = Crossed("q", Verbatim("Q"), {c: Verbatim(c) for c in "ab"}, True, told)
    groups = {g: Verbatim(g) for g in ("women", UNSAID)}
    grouping = Grouping("g", Verbatim("G"), groups, ["women"] * 100 + [UNSAID] * 100)
    persons = [1 + n % 20 for n in range(100)] + [50 + n % 30 for n in range(100)]
    table = cross_table(question, grouping, persons)
    assert table is not None
    counts = shown(table)
    assert (counts[ANSWERED, "women"], counts[ANSWERED, UNSAID], counts[ANSWERED, ""]) == (
        20,
        30,
        50,
    )
