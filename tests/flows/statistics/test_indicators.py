"""The indicators of a council and of a region, quarter by quarter."""

import io
from collections import Counter
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reports.csv import write_csv
from bot.reports.json import write_json
from bot.reports.rendered import ReportFacts
from bot.reports.typeset import characters
from bot.reports.xlsx import write_xlsx
from flows.dialog.facts import Council, Theme
from flows.morocco import census, places
from flows.morocco.census import AGE_BANDS
from flows.statistics.disclosure import GATHERED, NOWHERE, UNSAID
from flows.statistics.indicators import Measured, council_summary, region_summary, together
from flows.statistics.quarters import Quarter, quarter_of
from flows.statistics.summary import SMALLEST, SUPPRESSED, Cell, Summary, Suppressed, Table
from flows.wording import render
from flows.wording.text import LANGUAGES

AUTUMN = Quarter(2026, 4)
REGION = "08"
COMMUNES = [p.code for p in places.communes_of("08.401")]


def council_at(code: str, place: str) -> Council:
    themes = (Theme("water", {"fr": "Eau"}), Theme("roads", {"fr": "Routes"}))
    return Council(code=code, prefix=code, place=place, name={"fr": code}, themes=themes)


OZT = council_at("OZT", COMMUNES[0])
WIDE = council_at("DTF", REGION)
FULL = Measured(
    participants=100,
    gender={"woman": 30, "man": 60},
    age_band=dict.fromkeys(AGE_BANDS, 15),
    disability={"yes": 8, "no": 72},
    commune={COMMUNES[0]: 70, COMMUNES[1]: 20},
    returning=40,
    needs_filed=20,
    needs_answered=10,
    first_answer_hours=(24, 48, 72, 96, 120, 144, 168, 192, 216, 480),
    consultations_closed=4,
    decisions_recorded=3,
    decisions_told=2,
    requests_due=12,
    requests_in_time=9,
)


def table(summary: Summary, id: str) -> Table:
    return next(t for t in summary.tables if t.id == id)


def rows(summary: Summary, id: str) -> dict[str, tuple[Cell, ...]]:
    return {str(row[0]): row[2:] for row in table(summary, id).rows}


def figures(summary: Summary) -> dict[str, Cell]:
    return {figure.id: figure.value for figure in summary.figures}


# --------------------------------------------------------------------------- quarters


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_day_lies_in_its_quarter(day: date, label: str):
    """January to March are the first."""
    assert quarter_of(day).label == label


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_quarters_follow_each_other_without_a_gap(day: date):
    """The end is the first day of the next, and a label is read back."""
    found = quarter_of(day)
    assert found.first <= day < found.end
    assert quarter_of(found.end - timedelta(days=1)) == found
    assert quarter_of(found.end) == found.next > found
    assert Quarter.parse(found.label) == found


@pytest.mark.parametrize("text", ["2026-Q5", "2026", "Q4", "2026-Q44", "", "٢٠٢٦-Q4"])
def test_what_is_no_quarter_is_refused_with_an_example(text: str):
    """The message shows how one is written."""
    with pytest.raises(ValueError, match="2026-Q4"):
        Quarter.parse(text)


def test_there_is_no_fifth_quarter():
    """Numbers are 1 to 4."""
    with pytest.raises(ValueError, match="quarter 5 of 2026"):
        Quarter(2026, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quarter_is_named_with_its_year_in_one_piece(language: str):
    """No thousands' space in a year."""
    assert "2026" in render(AUTUMN.name, language)


# --------------------------------------------------------------------------- one council


def test_participants_are_shown_by_group_and_beside_the_census():
    """Counts and shares of all, then shares of those who told beside those of the people."""
    made = council_summary(OZT, AUTUMN, FULL)
    assert rows(made, "gender")["woman"] == (30, Decimal("0.300"))
    assert rows(made, "gender")[UNSAID] == (10, Decimal("0.100"))
    women = Decimal(census.profile(OZT.place).by_gender["woman"]).quantize(Decimal("0.001"))
    ours = Decimal("0.33333")
    points = round((ours - women) * 100, 1)
    assert rows(made, "census")["gender.woman"][1:] == (ours, women, points)


def test_what_the_council_did_is_told_as_so_many_of_so_many():
    """Needs answered, decisions recorded and told, requests in time; a share of thirty and more."""
    assert rows(council_summary(OZT, AUTUMN, FULL), "answers") == {
        "needs_answered": (10, 20, None),
        "decisions_recorded": (3, 4, None),
        "decisions_told": (2, 3, None),
        "requests_in_time": (9, 12, None),
    }
    more = replace(FULL, needs_filed=40, needs_answered=10)
    shown = rows(council_summary(OZT, AUTUMN, more), "answers")
    assert shown["needs_answered"] == (10, 40, Decimal("0.250"))


def test_time_to_the_first_answer_is_in_days():
    """The median of 1 to 9 and 20 days; nine of ten came within nine."""
    shown = figures(council_summary(OZT, AUTUMN, FULL))
    assert (shown["median_days"], shown["most_days"]) == (Decimal("5.5"), Decimal("9.0"))
    one_less = replace(FULL, first_answer_hours=(24, 24, 24, 240))
    assert figures(council_summary(OZT, AUTUMN, one_less))["median_days"] is SUPPRESSED


def test_who_came_again_is_shown_unless_few_did_or_few_did_not():
    """Of 100, 98 who came again would tell of the two who did not."""
    shown = council_summary(OZT, AUTUMN, FULL)
    assert rows(shown, "returning")["returning"] == (40, Decimal("0.400"))
    for count in (3, 98):
        hidden = council_summary(OZT, AUTUMN, replace(FULL, returning=count))
        assert set(rows(hidden, "returning").values()) == {(SUPPRESSED, SUPPRESSED)}
        assert figures(hidden)["returning"] is SUPPRESSED


def test_few_requests_for_information_are_not_counted_out():
    """Who asked for information is a person: two requests are not told."""
    few = replace(FULL, requests_due=2, requests_in_time=1)
    assert set(rows(council_summary(OZT, AUTUMN, few), "answers")["requests_in_time"]) == {
        SUPPRESSED
    }


def test_communes_of_a_region_stand_beside_their_inhabitants():
    """Share of those who told their commune, share of the region's people, the difference."""
    made = rows(council_summary(WIDE, AUTUMN, FULL), "commune")
    people = {p.code: p.population or 0 for p in places.communes_of(REGION)}
    share = (Decimal(people[COMMUNES[0]]) / sum(people.values())).quantize(Decimal("0.001"))
    assert made[COMMUNES[0]] == (
        70, Decimal("0.700"), share, (Decimal("0.778") - share) * 100,
    )  # fmt: skip
    assert made[NOWHERE][2:] == (None, None)
    # In one commune there is nothing to compare.
    assert rows(council_summary(OZT, AUTUMN, FULL), "commune")[COMMUNES[0]][2:] == (None, None)


def test_a_commune_with_few_is_gathered_and_compared_with_nothing():
    """If those who did not say are gathered too, nobody learns how many did."""
    few = replace(FULL, commune={COMMUNES[0]: 90, COMMUNES[1]: 3})
    made = rows(council_summary(WIDE, AUTUMN, few), "commune")
    assert set(made) == {COMMUNES[0], GATHERED}
    assert made[COMMUNES[0]][3] is None


def test_a_quarter_in_which_nothing_happened_has_a_summary():
    """Zeros, and no shares of nothing."""
    made = council_summary(OZT, AUTUMN, Measured())
    assert figures(made)["participants"] == 0
    assert {row[2] for row in rows(made, "answers").values()} == {None}
    assert figures(made)["median_days"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("returning", 101), ("needs_answered", 21), ("decisions_told", 4), ("gender", {"man": 101}),
     ("requests_in_time", -1), ("first_answer_hours", (1.0,) * 11)],
)  # fmt: skip
def test_a_part_greater_than_its_whole_is_refused(name: str, value: Any):
    """Whoever counted wrongly is told which count and how much it may be."""
    with pytest.raises(ValueError, match=name):
        replace(FULL, **{name: value})


def test_every_indicator_is_defined_in_words():
    """Numerator and denominator, in each of the staff's languages."""
    for language, word in (("en", "out of"), ("fr", "sur "), ("ar", "من أصل")):
        notes = " ".join(render(n, language) for n in council_summary(OZT, AUTUMN, FULL).notes)
        assert notes.count(word) >= 5


# --------------------------------------------------------------------------- a region


def others(*measured: Measured) -> list[tuple[Council, Measured]]:
    return [(council_at(f"C{n}", COMMUNES[n]), one) for n, one in enumerate(measured)]


def test_a_region_adds_its_councils_up_and_has_a_row_for_each():
    """Totals of all, and each council beside the others."""
    made = region_summary(REGION, AUTUMN, others(FULL, FULL))
    assert figures(made)["participants"] == 200
    assert rows(made, "gender")["woman"] == (60, Decimal("0.300"))
    assert rows(made, "answers")["needs_answered"] == (20, 40, Decimal("0.500"))
    assert rows(made, "councils")["C1"] == (
        100, Decimal("0.33333"), Decimal("0.400"), 20, None, Decimal("5.5"), 4, None, None,
    )  # fmt: skip


def test_adding_up_forgets_nothing():
    """Every count of two alike is twice that of one."""
    both = together([FULL, FULL])
    for part in fields(Measured):
        one, two = getattr(FULL, part.name), getattr(both, part.name)
        if isinstance(one, int):
            assert two == 2 * one
        elif isinstance(one, tuple):
            assert two == one + one
        else:
            assert two == {id: 2 * count for id, count in one.items()}
    assert together([]) == Measured(
        gender=Counter(), age_band=Counter(), disability=Counter(), commune=Counter()
    )


def test_a_single_small_council_is_left_out_of_what_is_said_of_participants():
    """Three people there would be the region's total less what the others show."""
    small = Measured(participants=3, gender={"woman": 3}, needs_filed=3)
    made = region_summary(REGION, AUTUMN, others(FULL, FULL, small))
    assert figures(made)["participants"] == 200
    assert figures(made)["needs_filed"] == 43
    assert rows(made, "councils")["C2"][:3] == (SUPPRESSED,) * 3
    assert any("fewer than 5 participants is left out" in render(n, "en") for n in made.notes)


def test_several_small_councils_are_counted_together():
    """Of three and four nobody knows which is which."""
    made = region_summary(
        REGION, AUTUMN, others(FULL, Measured(participants=3), Measured(participants=4))
    )
    assert figures(made)["participants"] == 107
    assert not any("left out" in render(note, "en") for note in made.notes)


def test_a_group_that_one_council_keeps_back_is_kept_back_in_the_region():
    """97 men and 3 women here; elsewhere numbers are shown: the sums would give the three away."""
    uneven = replace(FULL, gender={"woman": 3, "man": 97})
    assert rows(council_summary(OZT, AUTUMN, uneven), "gender")["woman"][0] is SUPPRESSED
    made = region_summary(REGION, AUTUMN, others(FULL, uneven))
    assert rows(made, "gender")["woman"][0] is SUPPRESSED
    assert rows(made, "census")["gender.woman"][1] is SUPPRESSED
    two = region_summary(REGION, AUTUMN, others(FULL, uneven, uneven))
    assert rows(two, "gender")["woman"][0] == 36


def test_requests_that_one_council_keeps_back_are_kept_back_in_the_region():
    """The sum less what the others show would be that council's two."""
    few = replace(FULL, requests_due=2, requests_in_time=1)
    one = region_summary(REGION, AUTUMN, others(FULL, few))
    assert rows(one, "answers")["requests_in_time"] == (SUPPRESSED,) * 3
    many = region_summary(REGION, AUTUMN, others(FULL, few, few, few))
    assert rows(many, "answers")["requests_in_time"] == (12, 18, None)


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    """A council small enough that much of it must be kept back."""
    gender = {g: draw(st.integers(0, 12)) for g in ("woman", "man")}
    total = sum(gender.values()) + draw(st.integers(0, 9))
    living = draw(st.integers(0, total))
    return Measured(
        participants=total,
        gender=gender,
        commune={COMMUNES[0]: living, COMMUNES[1]: draw(st.integers(0, total - living))},
        returning=draw(st.integers(0, total)),
        requests_due=draw(st.integers(0, 8)),
    )


@settings(deadline=None, max_examples=300)
@given(st.lists(measured(), min_size=1, max_size=5))
def test_the_region_less_its_councils_gives_nobody_away(councils: list[Measured]):
    """What a region shows, less what the councils' own summaries show, is of nobody or of five."""
    given_in = others(*councils)
    whole = region_summary(REGION, AUTUMN, given_in)
    own = [council_summary(council, AUTUMN, one) for council, one in given_in]
    left_out = figures(whole)["participants"] != sum(one.participants for one in councils)
    small = [0 < one.participants < SMALLEST for one in councils]
    for id in ("gender", "returning"):
        for group, row in rows(whole, id).items():
            if not isinstance(row[0], int):
                continue
            assert row[0] == 0 or row[0] >= SMALLEST
            counted = [o for o, few in zip(own, small, strict=True) if not (left_out and few)]
            shown = [rows(o, id).get(group, (0,))[0] for o in counted]
            hidden = [cell for cell in shown if isinstance(cell, Suppressed)]
            rest = row[0] - sum(cell for cell in shown if isinstance(cell, int))
            assert not hidden or (len(hidden) >= 2 and rest >= SMALLEST)


# --------------------------------------------------------------------------- and every writer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_json])
def test_every_format_shows_it_in_every_language(write: Any, language: str):
    """Files are made, nothing is left unfilled, and each letter has a glyph."""
    facts = ReportFacts(
        "2026-Q4", {"fr": "OZT"}, datetime.fromisoformat("2027-01-04T09:00"), 100, "0"
    )
    for made in (
        council_summary(WIDE, AUTUMN, FULL),
        region_summary(REGION, AUTUMN, others(FULL, Measured(participants=2), Measured())),
    ):
        out = io.BytesIO()
        write(made, language, facts, out)
        assert out.getvalue()
        for text in (made.title, *made.notes, *(t.title for t in made.tables)):
            said = render(text, language, "fr")
            assert "{" not in said
            assert {ord(c) for c in said if c.isprintable() and not c.isspace()} <= characters()


def region(*measured: Measured) -> Summary:
    """A region with these councils."""
    return region_summary(REGION, AUTUMN, others(*measured))


@pytest.mark.parametrize(("few", "counted"), [(0, 100), (1, 100), (4, 100), (5, 105)])
def test_one_council_of_few_is_left_out_of_what_is_said_of_participants(few: int, counted: int):
    """Its four would be what the region has more than the others."""
    made = region(FULL, Measured(participants=few))
    assert figures(made)["participants"] == counted


@pytest.mark.parametrize(("other", "counted"), [(0, 100), (1, 105), (2, 106)])
def test_two_councils_of_few_are_counted_once_they_are_five_together(other: int, counted: int):
    """Four and nobody, four and one, four and two."""
    made = region(FULL, Measured(participants=4), Measured(participants=other))
    assert figures(made)["participants"] == counted


@pytest.mark.parametrize(("due", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_requests_of_one_council_of_few_are_not_told_by_the_regions(due: int, shown: bool):
    """The region has twelve of the other council, and these."""
    made = region(FULL, Measured(requests_due=due))
    assert (rows(made, "answers")["requests_in_time"][1] == 12 + due) is shown


@pytest.mark.parametrize(("due", "shown"), [(0, True), (4, False), (5, True)])
def test_a_councils_own_share_of_few_requests_is_kept_back(due: int, shown: bool):
    """In its row of the region too."""
    made = region(FULL, replace(FULL, requests_due=due, requests_in_time=0))
    cells = table(made, "councils").rows[1]
    assert (cells[-1] is not SUPPRESSED) is shown


def test_the_share_of_women_of_a_council_is_shown_beside_its_name_unless_it_tells_of_few():
    """Thirty of ninety who told; of four men it would tell."""
    made = region(FULL, replace(FULL, gender={"woman": 96, "man": 4}))
    first, second = table(made, "councils").rows
    assert first[3] == Decimal("0.33333")
    assert second[3] is SUPPRESSED


def test_columns_of_what_a_council_did_have_names_that_stay():
    """A count, a count, a share."""
    made = council_summary(OZT, AUTUMN, FULL)
    assert [(c.id, c.kind) for c in table(made, "answers").columns] == [
        ("id", "id"),
        ("name", "text"),
        ("part", "count"),
        ("whole", "count"),
        ("share", "share"),
    ]


@pytest.mark.parametrize(("answers", "told"), [(4, False), (5, True)])
def test_days_until_an_answer_are_told_of_five(answers: int, told: bool):
    """Fewer are no statistic."""
    made = council_summary(OZT, AUTUMN, replace(FULL, first_answer_hours=(24.0,) * answers))
    assert (figures(made)["median_days"] is not SUPPRESSED) is told
