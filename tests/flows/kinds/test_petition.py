"""What is shown of a petition: support, signatures, what the law asks for, and where they come from."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from flows.dialog.facts import Council
from flows.kinds import kinds, read_raw
from flows.kinds.kind import headlined
from flows.kinds.petition import Signatures
from flows.morocco import places
from flows.statistics.summary import SUPPRESSED, Cell, Responses, Summary
from flows.wording.text import Verbatim, msg
from tests.flows.statistics.test_participation import ONE

REGION, COMMUNE, DIVIDED = "08", "08.401.01.07", "06.141.01.11"
DAY = date(2026, 11, 21)


def summary_of(place: str, pledges: int, signed: dict[str, int], more: int = 0) -> Summary:
    """A petition to a council; `more` signed without a commune."""
    council = Council("c", "C", place, {"fr": "Conseil"}, ())
    texts = {"title": {"fr": "Un parc"}, "demand": {"fr": "Un parc"}, "text": {"fr": "Un parc"}}
    raw = {"kind": "petition", "code": "C-1", "council": "c", "representative": "Ali", **texts}
    counted = Signatures(sum(signed.values()) + more, Counter(signed))
    given = Responses([replace(ONE, day=DAY)] * pledges, besides=counted)
    kind = kinds()["petition"]
    return kind.summary(read_raw(raw, kind.definition), council, given)


def figures(made: Summary) -> dict[str, Any]:
    """Figures by name."""
    return {figure.id: figure.value for figure in made.figures}


def spread(made: Summary) -> list[tuple[Cell, ...]]:
    """Signatures and what is needed, for each province."""
    return [row[1:] for one in made.tables if one.id == "spread" for row in one.rows]


def communes() -> list[str]:
    """A commune of each province of the region."""
    return [places.children(one.code)[0].code for one in places.children(REGION)]


@pytest.mark.parametrize(("signed", "told"), [(0, 0), (1, SUPPRESSED), (4, SUPPRESSED), (5, 5)])
def test_signatures_of_few_are_not_told(signed: int, told: Cell) -> None:
    """None are none."""
    assert figures(summary_of(COMMUNE, 9, {COMMUNE: signed}))["signatures"] == told


def test_what_the_law_asks_for_is_told_with_its_rule() -> None:
    """Of a commune its number; no spread, for it has no provinces."""
    made = summary_of(COMMUNE, 9, {COMMUNE: 7})
    assert figures(made)["needed"] == 200
    assert "rule" in figures(made)
    assert "spread" not in [table.id for table in made.tables]


def test_where_no_rule_is_known_or_nobody_came_none_is_told() -> None:
    """An arrondissement has none; and before anybody supports it there is no day."""
    for made in (summary_of(DIVIDED, 9, {}), summary_of(COMMUNE, 0, {})):
        assert not {"needed", "rule"} & figures(made).keys()


def test_a_region_shows_its_provinces_with_what_each_needs() -> None:
    """Two communes of one province are added up; the columns have their names."""
    first, *others = communes()
    second = places.children(places.children(REGION)[0].code)[1].code
    made = summary_of(REGION, 9, {first: 6, second: 5, **dict.fromkeys(others, 9)})
    assert spread(made) == [(11, 20), *[(9, 20)] * len(others)]
    table = made.tables[0]
    assert table.id == "spread"
    assert [(c.id, c.kind) for c in table.columns] == [
        ("province", "text"), ("signatures", "count"), ("needed", "count")
    ]  # fmt: skip


@pytest.mark.parametrize(("few", "hidden"), [(0, 0), (4, 2), (5, 0)])
def test_a_province_of_few_is_hidden_with_the_next(few: int, hidden: int) -> None:
    """Whoever knows the total cannot subtract."""
    first, *others = communes()
    made = summary_of(REGION, 9, {first: few, **dict.fromkeys(others, 30)})
    cells = [row[0] for row in spread(made)]
    assert cells.count(SUPPRESSED) == hidden
    assert (cells[0] == few) is not bool(hidden)


@pytest.mark.parametrize(("elsewhere", "hidden"), [(0, 0), (1, 1), (4, 1), (5, 0)])
def test_who_signed_without_a_commune_is_not_told_by_what_is_left_over(
    elsewhere: int, hidden: int
) -> None:
    """The rest of the total are few: a province goes with them."""
    made = summary_of(REGION, 9, dict.fromkeys(communes(), 30), more=elsewhere)
    assert [row[0] for row in spread(made)].count(SUPPRESSED) == hidden


def test_signatures_of_a_place_without_a_province_are_left_over_too() -> None:
    """A region in the place of a commune: seven of nowhere, and nothing is hidden."""
    made = summary_of(REGION, 9, {**dict.fromkeys(communes(), 30), REGION: 3}, more=4)
    assert SUPPRESSED not in [row[0] for row in spread(made)]
    few = summary_of(REGION, 9, {**dict.fromkeys(communes(), 30), REGION: 3})
    assert SUPPRESSED in [row[0] for row in spread(few)]


@pytest.mark.parametrize(("count", "told"), [(None, False), (0, False), (4, False), (5, True)])
def test_a_headline_names_no_number_under_five(count: int | None, told: bool) -> None:
    """Thanks, instead."""
    counted = msg("headline.people", count=count) if count is not None else msg("headline.people")
    made = headlined(counted, Verbatim("more"))
    assert (made == msg("headline.thanks")) is not told
