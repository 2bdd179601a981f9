"""Messages that ask nothing, and the headline of each kind, down to the smallest numbers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from flows.conversations import status_notices
from flows.dialog.facts import Council, Theme
from flows.kinds import check, kinds, read_raw
from flows.kinds.petition import Signatures
from flows.statistics.summary import Response, Responses
from flows.wording import render
from flows.wording.text import LANGUAGES, Text, Translated, Verbatim, msg

COUNCIL = Council(
    code="OZT",
    prefix="OZT",
    place="08.401.01.07",
    name={"fr": "Commune d’Ouarzazate", "en": "Commune of Ouarzazate"},
    themes=(Theme("water", {"en": "Water"}), Theme("roads", {"en": "Roads"})),
)
NAME = Translated(COUNCIL.name)
TITLE = Translated({"en": "Street lighting", "fr": "L’éclairage public"})
ONE = Response(
    "OZT-2026-000001",
    {},
    "received",
    "web",
    "fr",
    None,
    None,
    None,
    None,
    "A0",
    date(2026, 11, 2),
)


def plain(text: Text, language: str = "en") -> str:
    return render(text, language).translate(dict.fromkeys((0x2066, 0x2068, 0x2069)))


# --------------------------------------------------------------------------- messages


def test_a_result_says_what_came_of_it_and_where_to_read_it():
    """Who, about what, how many and one thing more, the link last."""
    headline = msg("headline.people", count=312)
    text = status_notices.result(NAME, TITLE, headline, "https://example.org/r/OZT-LIGHT")
    assert plain(text) == (
        "Commune of Ouarzazate: “Street lighting” has closed.\n"
        "312 people took part.\n"
        "All results: https://example.org/r/OZT-LIGHT"
    )
    assert "All results" not in plain(status_notices.result(NAME, TITLE, headline, None))


def test_a_decision_has_its_day():
    """And none if the council gave none."""
    what = Translated({"en": "40 lamps will be put up."})
    text = plain(status_notices.decision(NAME, TITLE, what, date(2027, 1, 5)))
    assert text == (
        "Commune of Ouarzazate: this is what was decided about “Street lighting”:\n"
        "40 lamps will be put up.\n"
        "Decided on 05/01/2027."
    )
    assert "Decided on" not in plain(status_notices.decision(NAME, TITLE, what))


def test_a_change_says_what_has_changed_and_that_the_answer_counts():
    """A later end is told as people count it."""
    later = status_notices.prolonged("2027-01-01 00:00 Africa/Casablanca")
    assert plain(status_notices.changed(NAME, TITLE, later)) == (
        "Commune of Ouarzazate: “Street lighting”, which you answered, has changed.\n"
        "It is now open until 31/12/2026.\n"
        "Your answer still counts."
    )
    none = status_notices.prolonged(None)
    assert plain(status_notices.reopened(NAME, TITLE, none)) == (
        "Commune of Ouarzazate: “Street lighting”, which you answered, is open again.\n"
        "It now stays open, and no end is fixed.\n"
        "Your answer still counts."
    )


def test_a_notice_says_who_speaks():
    """Before anything else."""
    text = status_notices.notice(NAME, Translated({"fr": "Réunion lundi."}))
    assert plain(text, "fr") == "Message du conseil (Commune d’Ouarzazate)\u00a0:\nRéunion lundi."


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_told_in_every_language_and_stays_short(language: str):
    """At most 300 characters, without what the council itself wrote."""
    empty = Verbatim("")
    later = status_notices.prolonged("2027-01-01 18:00")
    for text in (
        status_notices.result(NAME, TITLE, msg("headline.thanks"), "https://example.org/r"),
        status_notices.decision(NAME, TITLE, empty, date(2027, 1, 5)),
        status_notices.changed(NAME, TITLE, later),
        status_notices.reopened(NAME, TITLE, later),
        status_notices.notice(NAME, Translated({"fr": "Réunion."})),
    ):
        assert 0 < len(render(text, language)) <= 300


# --------------------------------------------------------------------------- headlines


def headline(kind: str, responses: Responses, **definition: Any) -> Text:
    raw = {"kind": kind, "code": "OZT-1", "council": "OZT", "title": {"fr": "Essai"}, **definition}
    return kinds()[kind].headline(read_raw(raw, kinds()[kind].definition), COUNCIL, responses)


def question(type: str = "single", **more: Any) -> dict[str, Any]:
    items = [{"id": id, "text": {"en": id.title()}} for id in ("good", "weak", "none")]
    choices = items if type in ("single", "multiple", "ranking") else []
    return {"key": "light", "type": type, "text": {"en": "Light?"}, "choices": choices, **more}


def poll(*questions: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> str:
    standing = [replace(ONE, body={"answers": given}) for given in answers]
    return plain(headline("poll", Responses(standing), questions=questions))


def light(*counted: tuple[Any, int]) -> list[dict[str, Any]]:
    return [{"light": value} for value, count in counted for _ in range(count)]


def test_a_poll_tells_the_most_frequent_answer():
    """To its first question with choices; words and numbers have none."""
    words = {"key": "why", "type": "text", "text": {"en": "Why?"}}
    answers = light(("good", 100), ("weak", 169), ("none", 43))
    assert poll(words, question(), answers=answers) == (
        "312 people took part.\nThe most frequent answer to “Light?”: “Weak” (54%)."
    )
    assert poll(words, answers=answers) == "312 people took part."


@pytest.mark.parametrize(
    ("type", "answers", "said"),
    [
        ("yes_no", light((True, 30), (False, 10)), "“Yes” (75%)"),
        ("rating", light((1, 10), (4, 30)), "“Good” (75%)"),
        ("multiple", light((["good", "weak"], 20), (["weak"], 10), (["none"], 10)), "“Weak” (75%)"),
    ],
)
def test_every_type_with_choices_has_a_headline(type: str, answers: list[Any], said: str):
    """Yes or no, ratings, several ticks."""
    if type == "rating":
        answers = [{"light": str(given["light"])} for given in answers]
    assert said in poll(question(type), answers=answers)


@pytest.mark.parametrize(("others", "said"), [(9, "“Good”."), (10, "“Good” (67%).")])
def test_of_fewer_than_thirty_no_share_is_told(others: int, said: str):
    assert said in poll(question(), answers=light(("good", 20), ("weak", others)))


def test_a_long_question_is_cut():
    """A headline is short."""
    long = question(text={"en": "Light " * 30})
    assert "Light…”" in poll(long, answers=light(("good", 9)))


@pytest.mark.parametrize("count", [1, 4])
def test_of_fewer_than_five_only_thanks_are_told(count: int):
    """Not even how many they were."""
    assert poll(question(), answers=light(("good", count))) == (
        "Thank you to everyone who took part."
    )
    standing = [replace(ONE, body={"theme": "water"})] * count
    assert "Thank you" in plain(headline("need", Responses(standing)))
    assert "Thank you" in plain(petition(count, 900))


def test_what_the_tables_keep_back_the_headline_does_not_tell():
    """Four of nine said "none": nothing of the nine is shown but their number."""
    assert poll(question(), answers=light(("good", 5), ("none", 4))) == "9 people took part."
    few = [*light(("good", 3)), *({"light": None} for _ in range(6))]
    assert poll(question(optional=True), answers=few) == "9 people took part."


def test_beside_kept_back_answers_only_a_majority_is_the_most():
    """Twenty are shown, and twenty more may be among those kept back."""
    level = light(("good", 20), ("weak", 20), ("none", 2))
    assert poll(question(), answers=level) == "42 people took part."
    clear = light(("good", 41), ("weak", 20), ("none", 3))
    assert "“Good” (64%)" in poll(question(), answers=clear)


def test_of_several_ticks_the_kept_back_may_be_the_most():
    """47 of 50 ticked one: it is kept back because of the three who did not."""
    answers = light((["good", "weak"], 20), (["good"], 27), (["none", "weak"], 3))
    assert poll(question("multiple"), answers=answers) == "50 people took part."


def test_two_level_answers_have_no_winner():
    """The count is all there is to say."""
    assert poll(question(), answers=light(("good", 20), ("weak", 20))) == "40 people took part."


def test_needs_tell_the_most_frequent_theme():
    """How many needs about it is no secret; two level themes are not told."""
    water, roads = replace(ONE, body={"theme": "water"}), replace(ONE, body={"theme": "roads"})
    assert plain(headline("need", Responses([*[water] * 3, *[roads] * 2]))) == (
        "5 needs were told.\nThe most frequent theme: “Water”."
    )
    assert plain(headline("need", Responses([*[water] * 20, *[roads] * 11]))) == (
        "31 needs were told.\nThe most frequent theme: “Water” (65%)."
    )
    assert plain(headline("need", Responses([water, roads] * 3))) == "6 needs were told."
    gone = replace(ONE, body={"theme": "gone"})
    assert plain(headline("need", Responses([gone] * 6))) == "6 needs were told."


def petition(pledges: int, signatures: int, day: date = date(2026, 11, 2)) -> Text:
    standing = [replace(ONE, body={"pledge": True}, day=day)] * pledges
    texts = {"fr": "Une demande"}
    return headline(
        "petition",
        Responses(standing, besides=Signatures(signatures)),
        demand=texts,
        text=texts,
        representative="Amina",
    )


def test_a_petition_tells_support_signatures_and_what_the_law_asks_for():
    """Support by tap and official signatures stay apart."""
    assert plain(petition(1200, 87)) == (
        "1\u00a0200 people support it here.\nOfficial signatures: 87 (the law asks for 200)."
    )


def test_a_petition_of_a_day_without_a_rule_tells_what_there_is():
    """Before the law nobody asked for a number."""
    assert plain(petition(5, 5, date(2000, 1, 1))) == (
        "5 people support it here.\n5 official signatures completed."
    )


def test_a_headline_names_no_signatures_that_are_fewer_than_five():
    assert plain(petition(5, 2, date(2000, 1, 1))) == "5 people support it here."


# --------------------------------------------------------------------------- the theme of a head


def problems_of(theme: str, council: Council = COUNCIL) -> list[str]:
    raw = {
        "kind": "poll",
        "code": "OZT-1",
        "council": "OZT",
        "title": {"fr": "Essai"},
        "theme": theme,
        "questions": [{"key": "light", "type": "yes_no", "text": {"fr": "Bien ?"}}],
    }
    return [str(problem) for problem in check(raw, council)[1]]


def test_a_theme_is_one_of_the_councils():
    """An unknown one is refused with those that there are; none is fine."""
    assert problems_of("water") == problems_of("") == []
    (said,) = problems_of("sea")
    assert said == "theme: 'sea' is no theme of the council; use one of: water, roads"
