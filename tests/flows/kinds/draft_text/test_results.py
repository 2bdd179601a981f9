"""What is shown of a draft: article by article, round by round, and nothing that tells who."""

from typing import Any

import pytest

from flows.kinds import kinds
from flows.kinds.draft_text.rows import asked, given
from flows.statistics.summary import SUPPRESSED, Responses, Summary, Table
from flows.wording import render
from tests.flows.kinds.draft_text.drafts import COUNCIL, answer, article, draft_of, said

TWO = draft_of(article("a1"), article("a2"))
ROUNDS = [
    {
        "key": key,
        "title": {"en": name},
        "opens": f"2026-12-0{n}T09:00:00",
        "closes": f"2026-12-0{n}T18:00:00",
    }
    for n, (key, name) in enumerate((("r1", "Elected"), ("r2", "Everybody")), 1)
]


def summary(*answers: Any, draft: Any = TWO) -> Summary:
    return kinds()["draft_text"].summary(draft, COUNCIL, Responses(list(answers)))


def table(made: Summary, id: str) -> Table | None:
    return next((one for one in made.tables if one.id == id), None)


def row(made: Summary, key: str, id: str = "articles") -> tuple[Any, ...]:
    """Agree, share, change, against, answers: of one article."""
    found = table(made, id)
    assert found is not None
    return next(one[2:] for one in found.rows if one[0] == key)


def test_an_article_is_counted_among_who_answered_it() -> None:
    """Passing over is no answer."""
    made = summary(*[answer(a1="agree", a2=None)] * 24, *[answer(a1="against", a2="agree")] * 8)
    assert [str(cell) for cell in row(made, "a1")] == ["24", "0.75000", "0", "8", "32"]
    assert [str(cell) for cell in row(made, "a2")] == ["8", "None", "0", "0", "8"]


@pytest.mark.parametrize(("people", "shown"), [(4, SUPPRESSED), (5, 5)])
def test_an_article_answered_by_few_is_not_counted_in_sight(people: int, shown: Any) -> None:
    made = summary(*[answer(a1="agree")] * people)
    assert row(made, "a1")[0] == shown
    assert row(made, "a1")[-1] == shown


def test_a_choice_of_few_takes_another_with_it() -> None:
    """Else the total would tell it."""
    made = summary(*[answer(a1="agree")] * 9, *[answer(a1="change")] * 6, answer(a1="against"))
    assert row(made, "a1")[0] == 9
    assert row(made, "a1")[2:4] == (SUPPRESSED, SUPPRESSED)


def test_each_round_is_counted_apart() -> None:
    draft = draft_of(article("a1"), article("a2"), rounds=ROUNDS)
    made = summary(*[answer("r1", a1="agree")] * 6, *[answer("r2", a1="against")] * 7, draft=draft)
    assert row(made, "a1", "articles.r1")[0] == 6
    assert row(made, "a1", "articles.r2")[3] == 7
    first = table(made, "articles.r1")
    assert first is not None
    assert "Elected" in render(first.title, "en")


def words(text: str) -> dict[str, Any]:
    return {"text": text, "media": []}


@pytest.mark.parametrize(("asked_too", "shown"), [(3, False), (4, True)])
def test_words_are_shown_once_five_could_have_written_them(asked_too: int, shown: bool) -> None:
    one = said({"a1": {"stance": "against", "comment": words("Too dear")}})
    rest = said({"a1": {"stance": "against", "comment": None}})
    made = summary(one, *[rest] * asked_too, *[answer(a1="agree")] * 9)
    assert (table(made, "a1_comment") is not None) is shown


def test_no_words_where_their_number_would_tell_who_agreed() -> None:
    """One agrees, seven want a change: agreeing and being against are kept back. Only the seven were
    asked why, so that seven reasons would tell that one of the rest agrees.
    """
    change = said({"a1": {"stance": "change", "comment": words("Shorter"), "proposal": None}})
    made = summary(*[change] * 7, answer(a1="agree"), answer(a1="against"))
    assert table(made, "a1_comment") is None
    several = summary(*[change] * 7, *[answer(a1="agree")] * 5)
    assert table(several, "a1_comment") is not None


def test_who_took_part_is_told_how_much_was_said() -> None:
    """Of few only thanks."""
    headline = kinds()["draft_text"].headline
    many = headline(TWO, COUNCIL, Responses([answer(a1="agree", a2="change")] * 5))
    assert "10 answers, on 2 articles." in render(many, "en")
    few = headline(TWO, COUNCIL, Responses([answer(a1="agree", a2="change")] * 4))
    assert "answers" not in render(few, "en")


def test_an_answer_stands_in_files_by_article() -> None:
    """What was skipped and what was erased does not."""
    one = said(
        {
            "a1": {"stance": "change", "comment": words(""), "proposal": words("Better")},
            "a2": {"stance": None},
        }
    )
    questions = {question.id: question for question in asked(TWO, COUNCIL)}
    found = {one.question: one.value for one in given(questions, TWO, one)}
    assert found == {"a1": "change", "a1_proposal": "Better"}
