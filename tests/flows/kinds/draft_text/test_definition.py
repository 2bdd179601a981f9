"""What an organizer may write, and what is refused by name."""

from typing import Any

import pytest

from flows.kinds import check
from flows.kinds.draft_text.definition import (
    LONGEST_ARTICLE,
    LONGEST_NUMBER,
    LONGEST_SHORT,
    LONGEST_TITLE,
    MOST_ARTICLES,
    MOST_ROUNDS,
)
from tests.flows.kinds.draft_text.drafts import COUNCIL, article, raw_draft


def keys(raw: dict[str, Any]) -> list[str]:
    """The keys under which something is wrong."""
    _, problems = check(raw, COUNCIL)
    return [problem.key for problem in problems]


def one(key: str, day: int, **more: Any) -> dict[str, Any]:
    """A round of one day in December."""
    times = {"opens": f"2026-12-{day:02}T09:00:00", "closes": f"2026-12-{day + 1:02}T00:00:00"}
    return {"key": key, "title": {"en": f"Round {key}"}, **times, **more}


def test_a_draft_that_is_right_has_no_problems() -> None:
    assert keys(raw_draft(rounds=[one("r1", 1, lists=["elected"]), one("r2", 2)])) == []


@pytest.mark.parametrize(
    ("field", "longest"),
    [("title", LONGEST_TITLE), ("text", LONGEST_ARTICLE), ("short", LONGEST_SHORT)],
)
def test_texts_of_an_article_have_a_longest(field: str, longest: int) -> None:
    """As long is right, one more is not."""
    assert keys(raw_draft(article("a1", **{field: {"en": "x" * longest}}))) == []
    long = raw_draft(article("a1", **{field: {"en": "x" * (longest + 1)}}))
    assert keys(long) == [f"articles[0].{field}.en"]


def test_a_number_has_twenty_characters_and_is_used_once() -> None:
    """Articles without any number are right: the checker speaks of them."""
    assert keys(raw_draft(article("a1", number="9" * LONGEST_NUMBER))) == []
    assert keys(raw_draft(article("a1", number="9" * (LONGEST_NUMBER + 1)))) == [
        "articles[0].number"
    ]
    assert keys(raw_draft(article("a1", number="3"), article("a2", number="3 "))) == [
        "articles[1].number"
    ]
    assert keys(raw_draft(article("a1", number=""), article("a2", number=""))) == []


def test_a_draft_has_from_one_to_sixty_articles() -> None:
    rows = [article(f"a{n}") for n in range(MOST_ARTICLES + 1)]
    assert keys(raw_draft(*rows[:-1])) == []
    assert keys(raw_draft(*rows)) == ["articles"]
    assert keys({**raw_draft(), "articles": []}) == ["articles"]


def test_a_draft_has_at_most_six_rounds() -> None:
    rows = [one(f"r{n}", n) for n in range(1, MOST_ROUNDS + 2)]
    assert keys(raw_draft(rounds=rows[:-1])) == []
    assert keys(raw_draft(rounds=rows)) == ["rounds"]


@pytest.mark.parametrize("key", ["", "a-1", "مادة", "a" * 41])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    assert keys(raw_draft(article(key, number="1"))) == ["articles[0].key"]


def test_a_key_is_used_once() -> None:
    assert keys(raw_draft(article("a1"), article("a1", number="2"))) == ["articles[1].key"]
    twice = [one("r1", 1), one("r1", 2)]
    assert "rounds[1].key" in keys(raw_draft(rounds=twice))


def test_a_theme_is_one_of_the_councils() -> None:
    assert keys(raw_draft(article("a1", themes=["water"]))) == []
    assert keys(raw_draft(article("a1", themes=["moon"]))) == ["articles[0].themes"]


@pytest.mark.parametrize(
    ("rounds", "key"),
    [
        ([one("r1", 2), one("r2", 1)], "rounds[1].opens"),
        ([one("r1", 2, closes="2026-12-02T09:00:00")], "rounds[0].closes"),
        ([one("r1", 2, opens="2026-12-01T09:00:00+01:00")], "rounds[0].opens"),
        ([one("r1", 2, title={})], "rounds[0].title"),
        ([one("r1", 2, lists=[" "])], "rounds[0].lists"),
    ],
)
def test_what_is_wrong_with_a_round_is_said_where_it_stands(rounds: list[Any], key: str) -> None:
    assert keys(raw_draft(rounds=rounds)) == [key]
