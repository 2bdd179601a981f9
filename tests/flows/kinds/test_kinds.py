"""What every kind shares: the checks of a definition at their edges, and what is told of few."""

from typing import Any

import pytest

from flows.dialog.answers import Spot
from flows.dialog.definition import text_problems
from flows.dialog.facts import Council
from flows.kinds import check, kinds
from flows.kinds.cases.similar import ALIKE, similarity
from flows.kinds.kind import Told, headlined
from flows.kinds.questions import Question, When
from flows.kinds.sensitive import left_without, seems_sensitive
from flows.wording.text import Lines, Message, msg

COUNCIL = Council("tarmigt", "TRM", "08.401.07.09", {"fr": "Tarmigt"}, ())


def poll(**changed: Any) -> dict[str, Any]:
    """A poll of one question."""
    question = {"key": "enough", "type": "yes_no", "text": {"fr": "Assez d’eau ?"}}
    return {
        "kind": "poll",
        "code": "TRM-WATER",
        "council": "tarmigt",
        "title": {"fr": "L’eau"},
        "questions": [question],
        **changed,
    }


def keys(raw: dict[str, Any]) -> list[str]:
    """Where something is wrong with a definition."""
    return [problem.key for problem in check(raw, COUNCIL)[1]]


def test_each_kind_is_found_under_its_own_name() -> None:
    """A file or folder that has a KIND is a kind."""
    assert {"need", "poll", "petition"} <= set(kinds())
    assert all(kind.name == name for name, kind in kinds().items())
    assert all(kind.name == name for name, kind in kinds().items())


def test_a_definition_in_which_all_is_right_has_no_problem() -> None:
    """And comes back typed."""
    head, problems = check(poll(), COUNCIL)
    assert problems == []
    assert head is not None
    assert head.code == "TRM-WATER"


@pytest.mark.parametrize(
    ("minutes", "wrong"),
    [(0, True), (1, False), (240, False), (241, True)],
)
def test_the_minutes_of_answering_have_a_least_and_a_most(minutes: int, wrong: bool) -> None:
    """One below, at, and one above."""
    assert ("minutes" in keys(poll(minutes=minutes))) is wrong


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("A-B", False),
        ("A-" + "B" * 38, False),
        ("A-" + "B" * 39, True),
        ("water", True),
        ("WATER", True),
        ("TRM-2026-000001", True),
        ("TRM-2026-00001", False),
    ],
)
def test_a_code_is_capitals_with_a_hyphen_and_no_reference(code: str, wrong: bool) -> None:
    """Forty characters fit; what looks like a citizen's reference would be taken for one."""
    assert ("code" in keys(poll(code=code))) is wrong


@pytest.mark.parametrize(("length", "wrong"), [(100, False), (101, True)])
def test_a_title_fits_into_a_hundred_characters(length: int, wrong: bool) -> None:
    """One more is too long."""
    assert ("title.fr" in keys(poll(title={"fr": "x" * length}))) is wrong


@pytest.mark.parametrize(("length", "wrong"), [(900, False), (901, True)])
def test_another_text_fits_into_nine_hundred(length: int, wrong: bool) -> None:
    """In any of our languages."""
    assert bool(list(text_problems("intro", {"ar": "x" * length}))) is wrong


def test_an_end_at_the_opening_is_none() -> None:
    """It must come after it."""
    at = "2026-12-01T10:00:00"
    assert "closes" in keys(poll(opens=at, closes=at))
    assert "closes" not in keys(poll(opens=at, closes="2026-12-01T10:01:00"))


@pytest.mark.parametrize(("count", "told"), [(4, False), (5, True)])
def test_about_fewer_than_five_only_thanks_are_told(count: int, told: bool) -> None:
    """Five are told."""
    said = headlined(msg("headline.poll", count=count), msg("headline.thanks"))
    assert isinstance(said, Lines if told else Message)


def need(text: str, place: str = "", pin: tuple[float, float] | None = None) -> Told:
    """What is compared of a need."""
    latitude, longitude = pin or (None, None)
    return Told("water", None, Spot(place, latitude, longitude), text)


def test_the_same_words_at_the_same_place_are_alike_and_far_away_less() -> None:
    """A kilometre is as far as it gets."""
    here, near, far = (30.9, -6.9), (30.9001, -6.9), (31.0, -6.9)
    words = "No water since Monday"
    assert similarity(need(words, pin=here), need(words, pin=here)) == 1
    assert similarity(need(words, pin=here), need(words, pin=near)) > 0.99
    assert similarity(need(words, pin=here), need(words, pin=far)) == 0.5


def test_something_else_at_the_same_place_is_not_alike() -> None:
    """Two needs of one theme may stand on the same spot."""
    here = (30.9, -6.9)
    one, other = need("l'eau est coupée", pin=here), need("le puits est à sec", pin=here)
    assert similarity(one, other) < ALIKE
    assert similarity(need("الما مقطوع", pin=here), one) > ALIKE


def test_other_words_at_another_place_are_not_alike() -> None:
    """And where one only spoke, words say nothing either way."""
    assert similarity(need("No water", "tabounte"), need("Broken lamp", "zaouia")) < 0.5
    assert similarity(need("", "tabounte"), need("Broken lamp", "tabounte")) == 0.75


@pytest.mark.parametrize(
    "text",
    [
        "Êtes-vous malade ?",
        "Pour qui avez-vous voté aux élections ?",
        "واش عندك شي إعاقة؟",
        "Your religion?",
    ],
)
def test_what_the_law_protects_is_noticed_in_any_language(text: str) -> None:
    """It warns; an organizer decides."""
    assert seems_sensitive([text])


@pytest.mark.parametrize(
    "text", ["Comment est l’éclairage ?", "واش كاين الما؟", "How old is the road?"]
)
def test_an_everyday_question_is_not(text: str) -> None:
    """Or nobody would heed the warning."""
    assert not seems_sensitive([text])


def question(key: str, **more: Any) -> Question:
    """A question with little in it."""
    return Question(key=key, type="yes_no", text={"fr": key}, **more)


def test_with_a_sensitive_question_go_those_that_hang_on_it() -> None:
    """Also at second hand; the others stay."""
    asked = [
        question("ill", sensitive=True),
        question("since", when=When("ill", ("yes",))),
        question("where", when=When("since", ("yes",))),
        question("water"),
    ]
    assert left_without(asked) == {"ill", "since", "where"}


@pytest.mark.parametrize(("number", "wrong"), [(5, []), (6, ["outreach.reminders"])])
def test_a_consultation_has_at_most_five_reminders(number: int, wrong: list[str]) -> None:
    """Nobody is reminded six times."""
    reminders = [{"before_closing": day} for day in range(1, number + 1)]
    raw = poll(closes="2027-01-01T00:00:00", outreach={"reminders": reminders})
    assert keys(raw) == wrong


@pytest.mark.parametrize(
    ("hours", "wrong"),
    [(-1, ["outreach.spread_hours"]), (0, []), (168, []), (169, ["outreach.spread_hours"])],
)
def test_invitations_are_spread_over_a_week_at_most(hours: int, wrong: list[str]) -> None:
    """Seven days of twenty-four hours."""
    assert keys(poll(outreach={"spread_hours": hours})) == wrong


@pytest.mark.parametrize(("number", "wrong"), [(2, []), (50, []), (51, ["questions[0].choices"])])
def test_a_question_has_at_most_fifty_choices(number: int, wrong: list[str]) -> None:
    """More cannot be read in a chat."""
    choices = [{"id": f"c{n}", "text": {"fr": f"Choix {n}"}} for n in range(number)]
    question = {"key": "q", "type": "single", "text": {"fr": "Lequel ?"}, "choices": choices}
    assert keys(poll(questions=[question])) == wrong


CHOICES = [{"id": "a", "text": {"fr": "A"}}, {"id": "b", "text": {"fr": "B"}}]


@pytest.mark.parametrize(
    ("type", "wrong"),
    [("yes_no", False), ("single", False), ("multiple", False), ("rating", False),
     ("ranking", True), ("number", True), ("date", True), ("text", True)],
)  # fmt: skip
def test_only_a_choice_that_a_voice_can_name_is_spoken(type: str, wrong: bool) -> None:
    """Whoever speaks names a choice, or gives stars; words are spoken anyway."""
    asked: dict[str, Any] = {"key": "q", "type": type, "text": {"fr": "Quoi ?"}, "spoken": True}
    if type in ("single", "multiple", "ranking"):
        asked["choices"] = CHOICES
    assert keys(poll(questions=[asked])) == (["questions[0].spoken"] if wrong else [])


def test_what_another_question_depends_on_is_not_spoken() -> None:
    """Its answer is known only once staff have listened: then the other would not have been asked."""
    first = {"key": "q", "type": "yes_no", "text": {"fr": "Oui ?"}}
    when = {"question": "q", "any_of": ["yes"]}
    then = {"key": "why", "type": "text", "text": {"fr": "Pourquoi ?"}, "when": when}
    assert keys(poll(questions=[first, then])) == []
    spoken = keys(poll(questions=[{**first, "spoken": True}, then]))
    assert spoken == ["questions[1].when.question"]
    # One that is itself under a condition may be.
    under = {"key": "r", "type": "yes_no", "text": {"fr": "Oui ?"}, "spoken": True, "when": when}
    assert keys(poll(questions=[first, under])) == []


def test_what_the_law_protects_is_not_spoken() -> None:
    """A voice tells whose the answer is."""
    asked = {"key": "q", "type": "yes_no", "text": {"fr": "Oui ?"}, "sensitive": True}
    assert keys(poll(questions=[asked])) == []
    assert keys(poll(questions=[{**asked, "spoken": True}])) == ["questions[0].spoken"]
