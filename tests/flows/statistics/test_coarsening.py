"""What may be told of who answered, beside each answer: no combination of few, whoever they are."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.morocco import census, places
from flows.statistics.coarsening import (
    SMALLEST_PLACED,
    WITHHELD,
    Coarsened,
    Profile,
    age_id,
    coarsened,
    recoded,
)
from flows.statistics.disclosure import GATHERED, UNSAID
from flows.statistics.summary import SMALLEST

REGION = next(place.code for place in places.of_level("region"))
COMMUNES = [place.code for place in places.communes_of(REGION)]
BANDS = census.AGE_BANDS


def profile(
    gender: str = "woman",
    age: str = "25-34",
    place: str = COMMUNES[0],
    disability: str = UNSAID,
    round: str = "",
    version: str = "1",
) -> Profile:
    return Profile(gender, age, place, disability, round, version)


profiles = st.builds(
    Profile,
    st.sampled_from(["woman", "man", UNSAID]),
    st.sampled_from([*BANDS, UNSAID]),
    st.sampled_from([*COMMUNES[:4], COMMUNES[-1], UNSAID, "no such place"]),
    st.sampled_from(["yes", "no", UNSAID]),
    st.sampled_from(["", "second"]),
    st.sampled_from(["1", "2"]),
    st.just(0),
)
#: Many of few sorts, and a few of any sort.
populations = st.lists(st.tuples(profiles, st.integers(1, 30)), max_size=25).map(
    lambda found: [one for one, count in found for _ in range(count)]
)


def rare(made: Coarsened, people: list[Profile]) -> list[tuple[tuple[str, ...], int]]:
    """The combinations that too few have, with how many."""
    columns = made.recoding.columns
    told = Counter(made.of(one) for one in people)
    found = [(one, n) for one, n in told.items() if n < SMALLEST]
    placed = [columns.index(c) for c in ("gender", "age_band", "place") if c in columns]
    if len(placed) == 3:
        groups: Counter[tuple[str, ...]] = Counter()
        for one, n in told.items():
            groups[tuple(one[at] for at in placed)] += n
        found += [(one, n) for one, n in groups.items() if n < SMALLEST_PLACED]
    return found


@settings(deadline=None, max_examples=120)
@given(populations)
def test_no_combination_is_that_of_few_in_any_population(people: list[Profile]) -> None:
    """Five for all columns together, ten for gender, age and place, the withheld among them."""
    made = coarsened(people)
    if len(people) >= SMALLEST_PLACED:
        assert rare(made, people) == []
    elif len(people) >= SMALLEST:
        told = Counter(made.of(one) for one in people)
        assert min(told.values()) >= SMALLEST
    assert made.everybody == len(people)
    assert made.people == sum(WITHHELD in made.of(one) for one in people)


@settings(deadline=None, max_examples=80)
@given(populations, st.lists(profiles, max_size=12))
def test_totals_less_the_rows_show_no_few_people(
    people: list[Profile], absent: list[Profile]
) -> None:
    """Of each value that is told, five or more are not told, or none: withheld, or in no row at all."""
    made = coarsened(people, absent)
    assert len(people) < SMALLEST_PLACED or rare(made, people) == []
    for at in range(len(made.recoding.columns)):
        told = Counter(made.of(one)[at] for one in people)
        whole = Counter(made.recoding.of(one)[at] for one in [*people, *absent])
        untold = {value: whole[value] - told[value] for value in told if value != WITHHELD}
        assert not [value for value, count in untold.items() if 0 < count < SMALLEST]


#: What a file tells of somebody, by column; None where they were not in it.
Cells = tuple[tuple[str, str], ...]
Sides = tuple[Cells | None, Cells]


def told_by(file: Coarsened, who: Profile) -> Cells:
    """What a file tells of somebody, by column."""
    cells = zip(file.recoding.columns, file.of(who), strict=True)
    return tuple((name, cell) for name, cell in cells if cell != WITHHELD)


@settings(deadline=None, max_examples=80)
@given(populations, populations)
def test_two_files_side_by_side_tell_no_more_of_anybody_than_of_many(
    first: list[Profile], more: list[Profile]
) -> None:
    """A row can be found in both by its words: what the one tells, withholds or lacks is told with the other."""
    if len(first) < SMALLEST_PLACED or 0 < len(more) < SMALLEST_PLACED:
        return
    made = coarsened(first)
    # Who was withheld has another history than who was told.
    kept = [one._replace(cohort=int(WITHHELD in made.of(one))) for one in first]
    came = [one._replace(cohort=2) for one in more]
    again = coarsened([*kept, *came], (), made.kept)
    sides: Counter[Sides] = Counter()
    for one, later in zip(first, kept, strict=True):
        sides[told_by(made, one), told_by(again, later)] += 1
    for later in came:
        sides[None, told_by(again, later)] += 1
    for (before, now), count in sides.items():
        columns = {name for name, _ in (*(before or ()), *now)}
        if columns:
            assert count >= SMALLEST
        if {"gender", "age_band", "place"} <= columns:
            both = Counter(
                {
                    key: n
                    for key, n in sides.items()
                    if _placed(key[0]) == _placed(before) and _placed(key[1]) == _placed(now)
                }
            )
            assert both.total() >= SMALLEST_PLACED


def _placed(told: Cells | None) -> object:
    return told and [one for one in told if one[0] in ("gender", "age_band", "place")]


@settings(deadline=None, max_examples=40)
@given(populations)
def test_the_same_people_are_told_the_same_once_more(people: list[Profile]) -> None:
    """However often the file is made."""
    made = coarsened(people)
    split = [one._replace(cohort=int(WITHHELD in made.of(one))) for one in people]
    again = recoded(split, made.kept, {1})
    assert [again.of(one) for one in split] == [made.of(one) for one in people]
    assert (again.people, again.kept) == (made.people, made.kept)


@settings(deadline=None, max_examples=40)
@given(populations, st.randoms(use_true_random=False))
def test_the_same_people_give_the_same_result_in_any_order(
    people: list[Profile], chance: random.Random
) -> None:
    """Two files of the same answers, made another way, cannot be laid side by side."""
    other = list(people)
    chance.shuffle(other)
    assert coarsened(other) == coarsened(people)


@pytest.mark.parametrize(("there", "told"), [(9, False), (10, True)])
def test_a_commune_with_ten_people_is_told_beside_smaller_ones_that_are_not(
    there: int, told: bool
) -> None:
    """The smaller ones stand with their province; who is of many stays where they are."""
    around: dict[str, list[str]] = {}
    for code in COMMUNES:
        around.setdefault(places.ancestors(code)[0].code, []).append(code)
    (own, *_), (small, other, *_) = [codes for codes in around.values() if len(codes) > 2][:2]
    people = [profile(place=own)] * there + [profile(place=small)] * 4 + [profile(place=other)] * 6
    made = coarsened(people)
    assert (own in made.of(people[0])) is told
    assert small not in made.of(people[-10])


@pytest.mark.parametrize(("count", "told"), [(4, False), (5, True), (6, True)])
def test_five_alike_are_told_by_gender_and_age(count: int, told: bool) -> None:
    """Where the place is the same for all, it is not told, and five are enough."""
    people = [profile()] * 40 + [profile("man")] * count
    made = coarsened(people)
    assert "place" not in made.recoding.columns
    assert ("man" in made.of(profile("man"))) is told


@pytest.mark.parametrize(("count", "told"), [(9, False), (10, True), (11, True)])
def test_ten_alike_are_told_by_gender_age_and_place(count: int, told: bool) -> None:
    """Nine women of an age in a commune would be nine that a neighbour can name."""
    here, there = COMMUNES[0], COMMUNES[1]
    people = [
        profile(gender, age, place)
        for gender in ("woman", "man")
        for age in ("18-24", "35-49")
        for place in (here, there)
        for _ in range(40)
    ]
    few = profile("woman", "65+", there)
    made = coarsened([*people, *[few] * count])
    assert set(made.recoding.columns) == {"gender", "age_band", "place"}
    assert (made.of(few) == ("woman", "65+", there)) is told
    assert rare(made, [*people, *[few] * count]) == []


def test_nothing_is_made_coarser_than_it_has_to_be() -> None:
    """Four hundred people of eight sorts are told as they are."""
    people = [
        profile(gender, age, place)
        for gender in ("woman", "man")
        for age in ("18-24", "35-49")
        for place in COMMUNES[:2]
        for _ in range(50)
    ]
    made = coarsened(people)
    assert made.people == 0
    assert {made.of(one) for one in people} == {(p.gender, p.age_band, p.place) for p in people}


def test_small_communes_become_elsewhere_in_the_province() -> None:
    """One commune has most; of each other a few answered."""
    first = places.place(COMMUNES[0])
    same = [c for c in COMMUNES if places.place(c).province == first.province][1:8]
    people = [profile(g, "25-34", COMMUNES[0]) for g in ("woman", "man") for _ in range(60)]
    people += [profile(g, "25-34", c) for g in ("woman", "man") for c in same for _ in range(4)]
    made = coarsened(people)
    assert {made.of(profile("woman", "25-34", c))[1] for c in same} == {first.province}
    assert made.of(profile("man", "25-34", COMMUNES[0])) == ("man", COMMUNES[0])
    assert made.people == 0


def test_neighbouring_ages_are_one_where_few_are_of_an_age() -> None:
    """Six ages of four people each are told as wider ones."""
    people = [profile(g, age) for g in ("woman", "man") for age in BANDS for _ in range(4)]
    made = coarsened(people)
    ages = {made.of(one)[made.recoding.columns.index("age_band")] for one in people}
    assert WITHHELD not in ages
    assert 1 < len(ages) < len(BANDS)
    assert rare(made, people) == []


def test_wider_ages_are_named_by_their_ends() -> None:
    """Also where the last has no end."""
    assert age_id(["15-17", "18-24"]) == "15-24"
    assert age_id(["50-64", "65+"]) == "50+"
    assert age_id(["65+"]) == "65+"


def test_one_person_more_on_another_day_is_not_alone_in_either_file() -> None:
    """Whoever holds both files and knows who came finds ten or more, or all, who may be them."""
    chance = random.Random(7)
    for _ in range(40):
        people = [
            profile(
                chance.choice(["woman", "man", UNSAID]),
                chance.choice([*BANDS, UNSAID]),
                chance.choice(COMMUNES[:6]),
            )
            for _ in range(chance.randrange(10, 160))
        ]
        more = [*people, profile("woman", "65+", COMMUNES[7])]
        for some in (people, more):
            assert rare(coarsened(some), some) == []


def test_of_many_thousands_it_is_soon_known() -> None:
    """A hundred thousand people of a region take no minute of anybody's time."""
    chance = random.Random(3)
    sorts = [
        profile(g, a, c, d)
        for g in ("woman", "man")
        for a in BANDS
        for c in COMMUNES[:100]
        for d in ("no", "yes")
    ]
    people = chance.choices(sorts, k=100_000)
    made = coarsened(people)
    assert rare(made, people) == []
    assert GATHERED not in {made.of(one)[2] for one in people}


@pytest.mark.parametrize(("women", "told"), [(1, False), (4, False), (5, True), (6, True)])
def test_of_who_came_between_two_files_a_few_of_a_sort_are_withheld(women: int, told: bool) -> None:
    """Forty women were there before; but of the ten rows that are new one is a woman's."""
    before = [profile(gender) for gender in ("woman", "man") for _ in range(40)]
    made = coarsened(before)
    assert made.recoding.columns == ("gender",)
    came = [profile(g)._replace(cohort=1) for g in ["woman"] * women + ["man"] * (20 - women)]
    again = coarsened([*before, *came], (), made.kept)
    assert (again.of(came[0]) == ("woman",)) is told
    # Nor does the total of women, less their rows, give her away.
    untold = [one for one in [*before, *came] if again.of(one) == (WITHHELD,)]
    assert sum(one.gender == "woman" for one in untold) not in range(1, SMALLEST)


def test_what_was_left_out_of_one_file_is_not_told_by_the_next() -> None:
    """Else both together tell gender, age and place of people who are three of a sort."""
    few = [profile(g, age) for g in ("woman", "man") for age in BANDS for _ in range(2)]
    made = coarsened(few)
    assert made.kept.left_out
    more = [profile(g, age)._replace(cohort=1) for g in ("woman", "man") for age in BANDS] * 20
    again = coarsened([*few, *more], (), made.kept)
    assert made.kept.left_out <= again.recoding.left_out
