"""Shares as they would be if gender and age were those of the place."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.dialog.facts import Council, Theme
from flows.morocco import census, places
from flows.morocco.census import AGE_BANDS, GENDERS
from flows.statistics.summary import SMALLEST, SUPPRESSED, Response
from flows.statistics.weighting import (
    FEWEST,
    LEAST,
    MOST,
    Weighted,
    _merged_ages,
    raked,
    weighted,
    weighted_table,
)
from flows.wording import render
from flows.wording.text import LANGUAGES, Verbatim, msg

OUARZAZATE = next(p.code for p in places.of_level("commune") if p.names["fr"] == "Ouarzazate")
COUNCIL = Council(
    code="OZT",
    prefix="OZT",
    place=OUARZAZATE,
    name={"fr": "Commune de Ouarzazate"},
    themes=(Theme("water", {"fr": "Eau"}), Theme("roads", {"fr": "Routes"})),
)
ONE = Response(
    "OZT-2026-000001", {}, "received", "web", "fr", OUARZAZATE, "25-34", "woman", None, "A0",
    date(2026, 11, 2),
)  # fmt: skip
LABELS = {id: Verbatim(id) for id in "abc"}
SAME_AGES = {band: band for band in AGE_BANDS}


def given_by(gender: str | None, age: str | None, answer: str, times: int) -> list[Response]:
    return [replace(ONE, gender=gender, age_band=age, body={"a": list(answer)})] * times


def value(response: Response) -> list[str]:
    ticks: list[str] = response.body["a"]
    return ticks


def made_of(*parts: list[Response], **more: Any) -> Weighted:
    return weighted([r for part in parts for r in part], COUNCIL, value, **more)


def men_mostly() -> list[Response]:
    """A quarter women, who all say a; the men all say b. Every age alike."""
    return [
        r
        for band in AGE_BANDS
        for r in (*given_by("woman", band, "a", 10), *given_by("man", band, "b", 30))
    ]


def test_who_is_missing_weighs_more():
    """Women are a quarter of those who answered and half of the people: so is what they say."""
    made = made_of(men_mostly())
    assert made.refused is None
    assert made.plain == {"a": Decimal("0.250"), "b": Decimal("0.750")}
    women = census.reference(OUARZAZATE).by_gender["woman"]
    assert made.shares is not None
    assert float(made.shares["a"]) == pytest.approx(women, abs=0.01)


def test_answers_like_the_people_are_left_as_they_are():
    """If gender and age are those of the census already, weights are 1 and cost nothing."""
    joint = census.reference(OUARZAZATE).by_gender_and_age
    parts = [given_by(g, a, "ab"[n % 2], round(share * 3000)) for n, ((g, a), share) in
             enumerate(joint.items())]  # fmt: skip
    made = made_of(*parts)
    assert made.effect == pytest.approx(1, abs=0.001)
    assert made.effective == pytest.approx(made.people, rel=0.001)
    assert not made.trimmed
    assert not made.merged
    assert made.shares is not None
    assert made.plain is not None
    assert abs(made.shares["a"] - (made.plain["a"] or 0)) < Decimal("0.003")


def test_unequal_weights_cost_precision():
    """Kish: as many as (sum of weights)^2 / sum of squares; the design effect is people by that."""
    made = made_of(men_mostly())
    assert made.effective < made.people == 240
    assert made.effect == pytest.approx(made.people / made.effective)
    assert made.effect > 1.2


def test_weights_are_cut_and_it_is_said():
    """Six women among three hundred would each speak for twenty-five: three is the most."""
    women = [r for band in AGE_BANDS for r in given_by("woman", band, "a", 1)]
    men = [r for band in AGE_BANDS for r in given_by("man", band, "b", 50)]
    made = made_of(women, men)
    assert made.trimmed
    assert made.shares is not None
    assert made.shares["a"] < Decimal("0.3")
    note = weighted_table("q", Verbatim("q"), LABELS, made).note
    assert note is not None
    assert "cut to these limits" in render(note, "en", "fr")


def test_neighbouring_ages_are_taken_together_when_few():
    """Two of 65 and over join those of 50 to 64."""
    parts = [given_by(g, band, "ab"[g == "man"], 20) for g in GENDERS for band in AGE_BANDS[:-1]]
    made = made_of(*parts, given_by("woman", "65+", "a", 2))
    assert made.refused is None
    assert made.merged


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([("woman", "25-34", "a", 20), ("man", "35-49", "b", 20)], "fewer than 50 people"),
        ([("woman", "25-34", "a", 60), ("man", "35-49", "b", 4)], "fewer than 5 people"),
        ([("woman", "25-34", "a", 60), ("man", "25-34", "b", 60)], "fewer than 5 people"),
        ([(None, "25-34", "a", 60), ("man", None, "b", 60)], "fewer than 50 people"),
    ],
)
def test_a_view_of_too_few_is_refused_with_the_reason(parts: list[Any], reason: str):
    """Fewer than 50 who told both, a gender of four, everybody of one age."""
    made = made_of(*(given_by(*part) for part in parts))
    assert made.refused is not None
    assert made.shares is None
    table = weighted_table("q", Verbatim("q"), LABELS, made)
    assert table.rows == ()
    assert table.note is not None
    for language in LANGUAGES:
        assert render(table.note, language, "fr")
    assert reason in render(table.note, "en", "fr")


def test_what_the_counts_keep_back_is_kept_back_here():
    """Three said c: their share is hidden, weighted or not, and another with it."""
    made = made_of(men_mostly(), given_by("man", "25-34", "c", 3))
    assert made.shares is not None
    assert made.hidden == {"c", "a"}
    assert set(made.shares) == {"b"}
    rows = {str(row[0]): row[2:] for row in weighted_table("q", Verbatim("q"), LABELS, made).rows}
    assert rows["c"] == rows["a"] == (SUPPRESSED,) * 3


def test_what_few_of_the_weighted_gave_is_kept_back():
    """Nine said c, two of them told gender and age: weights would be those two people's."""
    made = made_of(men_mostly(), given_by("man", "25-34", "c", 2), given_by(None, None, "c", 7))
    assert made.shares is not None
    assert "c" not in made.shares


def test_what_the_questions_own_table_hides_is_hidden():
    """A caller hands over the ids; if that is all of them there is no view."""
    three = [r for band in AGE_BANDS for g in GENDERS for r in given_by(g, band, "c", 20)]
    assert made_of(men_mostly(), three, hidden=["a"]).hidden == {"a", "b"}
    refused = made_of(men_mostly(), hidden=["a", "b"]).refused
    assert refused is not None
    assert "kept back" in render(refused, "en")


def test_several_answers_may_add_up_to_more_than_all():
    """Shares of people, not of ticks."""
    both = [r for band in AGE_BANDS for g in GENDERS for r in given_by(g, band, "ab", 10)]
    one = [r for band in AGE_BANDS for g in GENDERS for r in given_by(g, band, "a", 10)]
    none = [r for band in AGE_BANDS for g in GENDERS for r in given_by(g, band, "c", 10)]
    made = made_of(both, one, none, exclusive=False)
    assert made.shares == {
        "a": Decimal("0.667"), "b": Decimal("0.333"), "c": Decimal("0.333"),
    }  # fmt: skip


def test_the_table_says_that_it_is_computed_for_how_many_and_worth_how_many():
    """Count and share of all who answered, the weighted share beside, and a note in words."""
    made = made_of(men_mostly(), given_by(None, None, "a", 10))
    table = weighted_table("q1", Verbatim("?"), LABELS, made)
    assert [column.id for column in table.columns] == ["id", "name", "count", "plain", "weighted"]
    assert table.id == "weighted.q1"
    assert table.rows[0][2:4] == (70, Decimal("0.280"))
    assert table.rows[2][2:] == (0, Decimal("0.000"), Decimal("0.000"))
    assert table.note is not None
    note = render(table.note, "en", "fr")
    assert "Computed view, not the result itself" in note
    assert "240 people" in note
    assert f"{round(made.effective)} unweighted answers" in note
    for language in LANGUAGES:
        assert "{" not in render(table.note, language, "fr") + render(table.title, language)


def test_few_who_did_not_tell_are_not_counted_out():
    """241 answered, one did not tell gender and age: 240 beside 241 would say so."""
    made = made_of(men_mostly(), given_by(None, None, "a", 1))
    note = weighted_table("q", Verbatim("?"), LABELS, made).note
    assert note is not None
    assert "237 or more people" in render(note, "en", "fr")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.integers(FEWEST, 400))
def test_weights_keep_their_limits_and_uncut_ones_meet_the_census(seed: int, size: int):
    """Whoever answers: margins are met or it is said that they are not."""
    chance = random.Random(seed)
    bias = {band: chance.choice((0.3, 1, 3)) for band in AGE_BANDS}
    people = [
        (chance.choice(GENDERS), band)
        for band in chance.choices(AGE_BANDS, list(bias.values()), k=size)
    ]
    profiles = Counter(people)
    if {g for g, _ in profiles} != set(GENDERS) or {a for _, a in profiles} != set(AGE_BANDS):
        return
    reference = census.reference(OUARZAZATE)
    weights, exact = raked(profiles, SAME_AGES, reference.by_gender, reference.by_age)
    assert all(LEAST <= weight <= MOST for weight in weights.values())
    total = sum(weights[p] * n for p, n in profiles.items())
    women = sum(weights[p] * n for p, n in profiles.items() if p[0] == "woman") / total
    near = abs(women - reference.by_gender["woman"]) < 0.005
    assert near or not exact


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.integers(0, 200))
def test_no_share_is_shown_of_few(seed: int, size: int):
    """Whatever is shown, five or more of all and five or more of the weighted gave it, or nobody."""
    chance = random.Random(seed)
    responses = [
        replace(
            ONE,
            gender=chance.choice((*GENDERS, None)),
            age_band=chance.choice((*AGE_BANDS, None)),
            body={"a": [chance.choices("abcd", (50, 30, 3, 1))[0]]},
        )
        for _ in range(size)
    ]
    made = weighted(responses, COUNCIL, value)
    for id in made.shares or {}:
        assert sum(1 for r in responses if value(r) == [id]) >= SMALLEST
        told = [r for r in responses if value(r) == [id] and r.gender and r.age_band]
        assert len(told) >= SMALLEST or not told
    if made.refused is None:
        assert made.people >= FEWEST
        assert 1 <= made.effective <= made.people + 1e-6


def test_nobody_weighs_more_than_three_or_less_than_a_third_nearly() -> None:
    """Ten of a hundred who should be ninety; ninety who should be ten."""
    profiles = {("woman", "25-34"): 10, ("man", "25-34"): 90}
    weights, exact = raked(profiles, {"25-34": "25-34"}, {"woman": 0.9, "man": 0.1}, {"25-34": 1.0})
    assert weights == {("woman", "25-34"): 3.0, ("man", "25-34"): 0.3}
    assert not exact


def split(told: dict[str, int], untold: dict[str, int], **more: Any) -> frozenset[str]:
    """What is kept back where so many of who told gender and age, and of who did not, gave an answer."""
    parts = []
    for ticks, times in told.items():
        for number in range(times):
            gender, band = GENDERS[number % 2], AGE_BANDS[number % len(AGE_BANDS)]
            parts += given_by(gender, band, ticks, 1)
    for ticks, times in untold.items():
        parts += given_by(None, None, ticks, times)
    made = weighted(parts, COUNCIL, value, **more)
    return frozenset("abc") if made.refused is not None else made.hidden


@pytest.mark.parametrize(
    ("few", "hidden"), [(0, False), (1, True), (4, True), (5, False), (6, False)]
)
def test_an_answer_of_one_to_four_who_told_who_they_are_is_kept_back(
    few: int, hidden: bool
) -> None:
    """Though twenty gave it in all."""
    found = split({"a": 40, "b": 40, "c": few}, {"c": 20 - few, "a": 20, "b": 20})
    assert ("c" in found) is hidden


@pytest.mark.parametrize(
    ("few", "hidden"), [(0, False), (1, True), (4, True), (5, False), (6, False)]
)
def test_of_several_ticks_one_that_all_but_few_made_is_kept_back(few: int, hidden: bool) -> None:
    """Those who did not make it are a group too; where one choice only could be made they are not."""
    told = {"ab": 40, "b": 20, "bc": 20, "ac": few}
    found = split(told, {"ac": 20, "c": 20, "a": 9}, exclusive=False)
    assert ("b" in found) is hidden


def test_where_one_choice_could_be_made_the_rest_of_a_large_answer_is_no_group() -> None:
    """All of them but those who gave another: they are shown by that."""
    assert split({"a": 60, "b": 5}, {"b": 30}) == frozenset()
    assert split({"a": 60}, {"b": 30}) == frozenset()


@pytest.mark.parametrize(("old", "merged"), [(4, True), (5, False)])
def test_an_age_of_fewer_than_five_is_taken_with_its_neighbour(old: int, merged: bool) -> None:
    """Women and men of it are counted together; five stand alone."""
    parts = [given_by(g, band, "ab"[g == "man"], 20) for g in GENDERS for band in AGE_BANDS[:-1]]
    made = made_of(*parts, given_by("woman", "65+", "a", 1), given_by("man", "65+", "a", old - 1))
    assert made.merged is merged


@pytest.mark.parametrize(("silent", "told"), [(0, 60), (1, "or_more"), (4, "or_more"), (5, 60)])
def test_few_who_did_not_tell_who_they_are_are_not_counted_out_of_the_note(
    silent: int, told: object
) -> None:
    """Sixty told; of sixty-one to sixty-four the note says only how many at the least."""
    parts = [given_by(g, band, "ab"[n % 2], 5) for n, (g, band) in enumerate(
        (g, band) for g in GENDERS for band in AGE_BANDS)]  # fmt: skip
    made = made_of(*parts, given_by(None, None, "a", silent))
    note = weighted_table("q", Verbatim("q"), LABELS, made).note
    first = getattr(note, "parts", (note,))[0]
    people = first.values["people"]
    assert made.people == len(GENDERS) * len(AGE_BANDS) * 5
    if told == "or_more":
        assert people.values["number"] == made.people + silent - 4
    else:
        assert people == made.people


def notes(made: Weighted) -> dict[str, Any]:
    """What a weighted table says of itself, by entry."""
    note = weighted_table("q", Verbatim("q"), LABELS, made).note
    return {part.id: part.values for part in getattr(note, "parts", (note,))}


def test_a_weighted_table_says_where_it_is_cut_merged_or_keeps_something_back() -> None:
    """And only where it is."""
    plain = notes(made_of(men_mostly()))
    assert set(plain) == {"weighted.note"}
    assert plain["weighted.note"]["place"] != msg("summary.morocco")
    few = made_of(men_mostly(), given_by("woman", "25-34", "c", 3))
    assert notes(few)["summary.kept_back"] == {"smallest": 5}
    old = [given_by(g, band, "ab"[g == "man"], 20) for g in GENDERS for band in AGE_BANDS[:-1]]
    assert notes(made_of(*old, given_by("woman", "65+", "a", 2)))["weighted.merged"] == {
        "smallest": 5
    }


def test_a_council_that_the_census_does_not_know_is_weighted_by_the_country() -> None:
    """And the note says so."""
    arrondissement = msgspec.structs.replace(COUNCIL, place="06.141.01.11")
    made = weighted(men_mostly(), arrondissement, value)
    country = census.reference("06.141.01.11").code == census.COUNTRY
    assert (notes(made)["weighted.note"]["place"] == msg("summary.morocco")) is country


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        ([5, 5, 5, 5, 5, 5], 6),
        ([4, 5, 5, 5, 5, 5], 5),
        ([5, 5, 5, 5, 5, 4], 5),
        ([2, 2, 1, 5, 5, 5], 4),
        ([2, 2, 2, 5, 5, 5], 4),
        ([1, 1, 1, 1, 0, 0], 1),
    ],
)
def test_neighbours_are_taken_together_until_each_group_has_five(
    counts: list[int], groups: int
) -> None:
    """From the youngest on; the last joins the one before it."""
    profiles = {
        ("woman", band): count for band, count in zip(AGE_BANDS, counts, strict=True) if count
    }
    made = _merged_ages(profiles)
    assert set(made) == set(AGE_BANDS)
    assert len(set(made.values())) == groups
