"""What is worth a sentence on the first page, and when there is none."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from flows.kinds import kinds, read_raw
from flows.statistics.asked import Weighed
from flows.statistics.findings import CERTAIN, Findings, bar, findings
from flows.statistics.summary import Response, Responses
from flows.wording import render
from flows.wording.text import Message, Verbatim, lines
from tests.flows.statistics.test_participation import COUNCIL, ONE, OUARZAZATE, question

ELSEWHERE = "08.401.01.01"

NOBODY = {"gender": None, "age_band": None, "disability": None}


def people(number: int, answer: Any, **profile: Any) -> list[Response]:
    one = replace(ONE, body={"answers": {"what": answer}}, **(NOBODY | profile))
    return [one] * number


def found(*responses: Sequence[Response], choices: str = "ab", type: str = "single") -> Findings:
    """The findings of a poll of one question."""
    raw = {"kind": "poll", "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}}
    kind = kinds()["poll"]
    poll = read_raw({**raw, "questions": [question("what", type, choices)]}, kind.definition)
    standing = [one for some in responses for one in some]
    summary = kind.summary(poll, COUNCIL, Responses(standing))
    asked = kind.weighed(poll)
    return findings(asked, summary, standing, Verbatim("headline"))


def ids(texts: Sequence[Any]) -> list[str]:
    return [text.id if isinstance(text, Message) else "headline" for text in texts]


# --------------------------------------------------------------------------- most


def test_more_than_half_is_said_with_its_counts():
    said = found(people(70, "a"), people(30, "b")).said[0]
    assert "more than half answered “\u2068a\u2069” (70 of 100, 70%)" in render(said, "en")


def test_the_first_of_several_is_no_majority():
    assert ids(found(people(50, "a"), people(25, "b"), people(26, "c"), choices="abc").said)[0] == (
        "findings.most"
    )


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (58, 42, "findings.level"),  # z = 16 / 10 = 1.6
        (59, 40, "findings.level"),  # 19 / 9.95 = 1.91
        (60, 40, "findings.majority"),  # 20 / 10 = 2.0
    ],
)
def test_who_is_ahead_by_chance_only_is_not_ahead(one: int, other: int, said: str):
    assert ids(found(people(one, "a"), people(other, "b")).said)[0] == said


def test_of_several_answers_only_those_who_chose_one_of_the_two_tell_which_is_ahead():
    """Sixty chose both; of the others twenty the one and eight the other: z = 12 / 5.3."""
    both = people(60, ["a", "b"])
    ahead = found(both, people(20, ["a"]), people(8, ["b"]), type="multiple")
    assert ids(ahead.said)[0] == "findings.majority"
    level = found(both, people(14, ["a"]), people(8, ["b"]), type="multiple")
    assert ids(level.said)[0] == "findings.level"


@pytest.mark.parametrize(("people_", "shares"), [(29, False), (30, True)])
def test_of_fewer_than_thirty_no_share_is_told(people_: int, shares: bool):
    said = render(found(people(people_ - 6, "a"), people(6, "b")).said[0], "en")
    assert ("%)" in said) is shares
    assert f"of {people_}" in said


def test_beside_a_count_that_is_kept_back_only_a_clear_majority_is_said():
    clear = found(people(60, "a"), people(20, "b"), people(3, "c"), choices="abc")
    assert ids(clear.said)[0] == "findings.majority"
    near = found(people(44, "a"), people(37, "b"), people(3, "c"), choices="abc")
    assert ids(near.said)[0] == "headline"


def test_a_headline_does_not_tell_what_may_not_be_said_here():
    """The kind's headline may be of another question, or less strict."""
    headline = lines(Verbatim("53 people took part."), Verbatim("Most frequent: a (50%)."))
    raw = {"kind": "poll", "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}}
    kind = kinds()["poll"]
    poll = read_raw({**raw, "questions": [question("what", "single", "abc")]}, kind.definition)
    standing = [*people(27, "a"), *people(24, "b"), *people(2, "c")]
    summary = kind.summary(poll, COUNCIL, Responses(standing))
    told = findings(kind.weighed(poll), summary, standing, headline)
    assert told.said[0] == Verbatim("53 people took part.")
    assert ids(told.unsaid)[0] == "findings.held_most"


def test_of_fewer_than_five_nothing_is_said():
    few = found(people(4, "a", gender="woman"))
    assert ids(few.said) == ["headline"]


# --------------------------------------------------------------------------- groups


def by_gender(women: tuple[int, int], men: tuple[int, int], **more: Any) -> Findings:
    """Of so many women and men, so many answered a and so many b."""
    return found(
        people(women[0], "a", gender="woman", **more), people(women[1], "b", gender="woman", **more),
        people(men[0], "a", gender="man", **more), people(men[1], "b", gender="man", **more),
    )  # fmt: skip


def test_women_who_answer_otherwise_than_men_are_said_so():
    said = by_gender((80, 20), (40, 60)).said
    assert ids(said)[1] == "findings.differ.women"
    assert "80 of 100 (80%), against 40 of 100 (40%)" in render(said[1], "en")
    assert ids(by_gender((40, 60), (80, 20)).said)[1] == "findings.differ.men"


@pytest.mark.parametrize(
    ("men", "said"),
    [((91, 109), False), ((90, 110), True)],  # z = 1.9 and 2.0
)
def test_a_difference_is_said_from_the_bar_on(men: tuple[int, int], said: bool):
    told = by_gender((110, 90), men)
    assert ("findings.differ.women" in ids(told.said)) is said
    assert ("findings.no_difference" in ids(told.unsaid)) is not said


@pytest.mark.parametrize(("men", "said"), [(29, False), (30, True)])
def test_a_group_of_fewer_than_thirty_is_not_compared(men: int, said: bool):
    told = by_gender((90, 10), (5, men - 5))
    assert ("findings.differ.women" in ids(told.said)) is said
    assert ("findings.no_groups" in ids(told.unsaid)) is not said


@pytest.mark.parametrize(("women", "said"), [(4, False), (5, True), (0, True)])
def test_a_group_of_whom_one_to_four_answered_so_is_not_compared(women: int, said: bool):
    """Neither by that answer nor by the other: each would give the number away."""
    told = by_gender((women, 60 - women), (40, 20))
    assert ("findings.differ.men" in ids(told.said)) is said


def test_those_in_neither_group_are_not_given_away_either():
    """Three of those who did not say chose a: what is told of women and men would tell it."""
    told = found(
        people(80, "a", gender="woman"), people(20, "b", gender="woman"),
        people(40, "a", gender="man"), people(60, "b", gender="man"),
        people(3, "a"), people(20, "b"),
    )  # fmt: skip
    assert ids(told.unsaid)[0] == "findings.held_groups"


def test_where_the_number_of_a_group_is_kept_back_it_is_not_told_here():
    told = found(
        people(80, "a", gender="woman"), people(20, "b", gender="woman"),
        people(40, "a", gender="man"), people(60, "b", gender="man"), people(2, "a"),
    )  # fmt: skip
    assert ids(told.unsaid)[0] == "findings.held_groups"


def test_a_difference_that_may_not_be_told_is_not_said_to_be_none():
    """56 of 60 women against 2 of 60 men: two small numbers would show."""
    told = by_gender((56, 4), (2, 58))
    assert ids(told.unsaid)[:2] == ["findings.held_groups", "findings.no_groups"]
    said = render(told.unsaid[0], "en")
    assert "numbers under 5 would show through: women and men." in said
    others = render(told.unsaid[1], "en")
    assert "fewer than 30 of a group" in others
    assert "people under and over 35; people with and without a disability; communes" in others


def test_nobody_is_said_to_be_alike_who_was_not_compared():
    told = by_gender((50, 50), (50, 50))
    assert render(told.unsaid[0], "en").endswith("more than chance: women and men.")
    assert "communes" in render(told.unsaid[1], "en")


def test_where_what_most_answered_may_not_be_told_it_is_said_so():
    near = found(people(29, "a"), people(29, "b"), people(2, "c"), choices="abc")
    assert ids(near.unsaid)[0] == "findings.held_most"


def test_of_three_level_answers_none_is_named_before_another():
    level = found(people(40, "a"), people(40, "b"), people(40, "c"), choices="abc")
    assert ids(level.said)[0] == "findings.level_all"
    assert "of the others (120 answers)" in render(level.said[0], "en")
    two = found(people(40, "a"), people(40, "b"), people(39, "c"), choices="abc")
    assert ids(two.said)[0] == "findings.level"


@pytest.mark.parametrize("type", ["number", "ranking"])
def test_where_no_question_can_be_compared_by_it_is_said_so(type: str):
    answer = "7" if type == "number" else ["a", "b"]
    told = found(people(60, answer), type=type, choices="" if type == "number" else "ab")
    assert ids(told.said)[0] == "headline"
    assert "findings.no_choices" in ids(told.unsaid)


def test_the_more_is_looked_at_the_higher_is_the_bar():
    assert bar(1) == CERTAIN
    assert bar(2) == pytest.approx(2.241, abs=0.001)
    assert bar(20) == pytest.approx(3.02, abs=0.01)


def test_of_pages_on_which_nothing_differs_one_in_twenty_says_that_something_does():
    """Twelve answers that have nothing to do with gender, age or place: 400 consultations."""
    chance = random.Random(20)
    wrong = 0
    for _ in range(400):
        responses = [
            replace(
                ONE,
                body={"answers": {"what": chance.choice("abcdef")}},
                gender=chance.choice(["woman", "man"]),
                age_band=chance.choice(["18-24", "25-34", "35-49", "50-64"]),
                disability=None,
                commune=chance.choice([OUARZAZATE, ELSEWHERE]),
            )
            for _ in range(200)
        ]
        told = found(responses, choices="abcdef")
        wrong += any(id.startswith("findings.differ.") for id in ids(told.said))
    assert wrong <= 32, f"{wrong} of 400"


def test_young_people_and_places_are_compared_too():
    young = found(
        people(60, "a", age_band="18-24"), people(20, "b", age_band="25-34"),
        people(20, "a", age_band="35-49"), people(60, "b", age_band="65+"),
    )  # fmt: skip
    assert ids(young.said)[1] == "findings.differ.young"
    places = found(
        people(60, "a", commune=OUARZAZATE), people(20, "b", commune=OUARZAZATE),
        people(20, "a", commune=ELSEWHERE), people(60, "b", commune=ELSEWHERE),
    )  # fmt: skip
    assert ids(places.said)[1] in ("findings.differ.place", "findings.differ.elsewhere")


def test_who_told_forty_needs_is_one_person():
    """Forty of one woman are no difference between women and men."""
    need = Weighed(
        "q.what", Verbatim("what"), {"a": Verbatim("a"), "b": Verbatim("b")}, True,
        lambda r: (r.body["answers"]["what"],),
    )  # fmt: skip
    one_woman = [replace(r, person=1) for r in people(200, "a", gender="woman")]
    others = [
        replace(r, person=place + 2)
        for place, r in enumerate(
            people(30, "b", gender="woman") + people(30, "a", gender="man")
            + people(30, "b", gender="man")
        )
    ]  # fmt: skip
    raw = {"kind": "poll", "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}}
    poll = read_raw(
        {**raw, "questions": [question("what", "single", "ab")]}, kinds()["poll"].definition
    )
    standing = one_woman + others
    summary = kinds()["poll"].summary(poll, COUNCIL, Responses(standing))
    told = findings([need], summary, standing, Verbatim("headline"))
    # Of 31 women one answered a: so few are not compared, whatever they told.
    assert ids(told.unsaid)[0] == "findings.held_groups"


# --------------------------------------------------------------------------- who is missing


def test_who_is_missing_beside_the_census_is_said():
    told = found(people(20, "a", gender="woman"), people(80, "b", gender="man"))
    assert "findings.missing.gender.woman" in ids(told.said)
    assert "20% of the 100 participants" in render(told.said[-1], "en")


@pytest.mark.parametrize(("women", "men", "said"), [(9, 20, False), (9, 21, True)])
def test_of_fewer_than_thirty_who_told_nobody_is_said_to_be_missing(
    women: int, men: int, said: bool
):
    told = found(people(women, "a", gender="woman"), people(men, "b", gender="man"))
    assert ("findings.missing.gender.woman" in ids(told.said)) is said
    assert ("findings.no_census" in ids(told.unsaid)) is not said


def test_a_share_that_chance_can_make_is_not_missing():
    """46% of a hundred women where 52% live: seven points, z below the bar."""
    told = found(people(46, "a", gender="woman"), people(54, "b", gender="man"))
    assert "findings.nobody_missing" in ids(told.unsaid)


def test_less_than_five_points_are_not_worth_a_sentence_however_many_took_part():
    told = found(people(960, "a", gender="woman"), people(1040, "b", gender="man"))
    assert "findings.nobody_missing" in ids(told.unsaid)
    more = found(people(900, "a", gender="woman"), people(1100, "b", gender="man"))
    assert "findings.missing.gender.woman" in ids(more.said)


def test_who_is_missing_is_not_unknown_where_it_is_only_not_shown():
    """Sixty told; of three who did not, nothing may show."""
    told = found(
        people(30, "a", gender="woman"), people(30, "b", gender="man"), people(3, "a")
    )  # fmt: skip
    assert ids(told.unsaid)[-1] == "findings.held_census"
    nobody = found(people(60, "a"))
    assert ids(nobody.unsaid)[-1] == "findings.no_census"


def test_there_are_three_sentences_at_most():
    for seed in range(30):
        chance = random.Random(seed)
        told = found(
            [
                replace(
                    ONE,
                    body={"answers": {"what": chance.choice("aab")}},
                    gender=chance.choice(["woman", "man", "man", None]),
                    age_band=chance.choice(["18-24", "35-49", None]),
                )
                for _ in range(chance.randrange(0, 300))
            ]
        )
        assert len(told.said) <= 3
        # Of each sort there is a sentence, or why there is none.
        assert len(told.said) + len(told.unsaid) >= 3
