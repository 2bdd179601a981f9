"""The question in other words: how it is answered, and what the organizer wrote for it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from flows.conversations.besides.explaining import explained
from flows.dialog.answers import optional
from flows.dialog.asked_back import AskedBack
from flows.dialog.choices import Choice
from flows.dialog.communes import CommuneName
from flows.dialog.dialog import Answer, Ask, Candidate, Option, Reply
from flows.kinds.questions import Question, answer_of
from flows.wording import render
from flows.wording.text import LANGUAGES, Verbatim, msg

ITEMS = ({"id": "a", "text": {"fr": "Eau"}}, {"id": "b", "text": {"fr": "Rue"}})


def answer(type: str, **more: Any) -> Answer[Any]:
    """How a question of a poll is answered."""
    with_items = {"choices": ITEMS} if type in ("single", "multiple", "ranking") else {}
    raw = {"key": "q", "type": type, "text": {"fr": "?"}, **with_items, **more}
    return answer_of(msgspec.convert(raw, Question, strict=False), date(2026, 11, 21))


def said(answer: Answer[Any], language: str = "fr", simpler: str = "") -> str:
    """What somebody reads who did not understand the question."""
    asked = Ask("q", answer, msg("need.words"), simpler=Verbatim(simpler) if simpler else None)
    return render(explained(asked), language)


@pytest.mark.parametrize(
    ("type", "how"),
    [
        ("single", "de 1 à 2"),
        ("multiple", "plusieurs"),
        ("ranking", "2 1 3"),
        ("rating", "5, très bon"),
        ("yes_no", "oui ou par non"),
        ("number", "en chiffres"),
        ("date", "15/03/2027"),
        ("text", "quelques mots"),
    ],
)
def test_every_type_of_question_says_how_it_is_answered(type: str, how: str) -> None:
    assert how in said(answer(type))
    for language in LANGUAGES:
        assert said(answer(type), language).strip()


def test_what_the_organizer_wrote_comes_first_and_then_how_to_choose() -> None:
    shown = said(answer("single"), simpler="Plus simplement")
    assert shown.index("Plus simplement") < shown.index("Touchez")
    assert "de 1 à 2" in shown


def test_own_words_with_a_simpler_question_are_not_explained_twice() -> None:
    shown = said(answer("text"), simpler="Plus simplement")
    assert "quelques mots" not in shown
    assert "🎤" in shown


def test_only_what_may_be_skipped_says_so() -> None:
    assert "«\u00a0passer\u00a0»" in said(answer("number", optional=True))
    assert "«\u00a0passer\u00a0»" not in said(answer("number"))


def test_a_question_in_doubt_counts_the_choices_that_are_shown() -> None:
    choice = Choice((Option("a", Verbatim("Eau")), Option("b", Verbatim("Rue"))))
    doubt = AskedBack(choice, (Candidate(Verbatim("Eau"), Reply(tap="a")),))
    assert "de 1 à 2" in said(doubt)


def test_a_commune_is_asked_for_by_its_name() -> None:
    assert "nom de la commune" in said(optional(CommuneName()))
