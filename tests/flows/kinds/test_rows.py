"""What each kind's answers are as rows of a file, as lines of a list, and as people's own words."""

from typing import Any

import pytest
from msgspec.structs import replace

from flows.dialog.facts import Council
from flows.kinds import kinds, read_raw
from flows.statistics.asked import OwnWords
from flows.wording import render
from flows.wording.text import Verbatim
from tests.flows.statistics.test_participation import ONE

COUNCIL = Council("OZT", "OZT", "08.401.01.07", {"fr": "Conseil"}, ())

QUESTIONS: list[dict[str, Any]] = [
    {"key": "yes", "type": "yes_no"},
    {"key": "one", "type": "single", "choices": [{"id": id, "text": {"fr": id}} for id in "abc"]},
    {
        "key": "many",
        "type": "multiple",
        "choices": [{"id": id, "text": {"fr": id}} for id in "abc"],
    },
    {
        "key": "order",
        "type": "ranking",
        "choices": [{"id": id, "text": {"fr": id}} for id in "abc"],
    },
    {"key": "stars", "type": "rating"},
    {"key": "people", "type": "number", "lowest": 1, "highest": 9},
    {"key": "free", "type": "number"},
    {"key": "day", "type": "date"},
    {"key": "words", "type": "text"},
]
ANSWERS = {
    "yes": "yes", "one": "b", "many": ["a", "c"], "order": ["c", "a", "b"], "stars": "4",
    "people": "3", "free": "2.5", "day": "2026-11-21", "words": {"text": "Bien", "media": []},
}  # fmt: skip


def poll() -> Any:
    """A poll with a question of each type."""
    raw = {"kind": "poll", "code": "P-1", "council": "OZT", "title": {"fr": "Essai"}}
    questions = [{**one, "text": {"fr": one["key"]}} for one in QUESTIONS]
    return read_raw({**raw, "questions": questions}, kinds()["poll"].definition)


@pytest.mark.parametrize("key", ANSWERS)
def test_each_type_of_answer_is_a_value_of_its_own(key: str) -> None:
    """And what was not answered is no row at all."""
    kind, definition = kinds()["poll"], poll()
    asked = {one.id: one for one in kind.asked(definition, COUNCIL)}
    response = replace(ONE, body={"answers": {key: ANSWERS[key]}})
    (row,) = kind.given(asked, definition, response)
    assert row.question == key
    expected: dict[str, Any] = {"stars": 4, "people": 3, "free": 2.5}
    assert row.value == expected.get(key, ANSWERS[key]) or key == "words"
    assert list(kind.given(asked, definition, replace(ONE, body={"answers": {}}))) == []


def test_a_question_says_its_limits_and_its_choices() -> None:
    """A rating has five steps; a number those that were set, both or none."""
    asked = {one.id: one for one in kinds()["poll"].asked(poll(), COUNCIL)}
    assert {id: one.limits for id, one in asked.items() if one.limits} == {
        "stars": (1, 5), "people": (1, 9),
    }  # fmt: skip
    assert [id for id, one in asked.items() if one.ranked] == ["order"]
    assert [id for id, one in asked.items() if one.personal] == ["words"]
    assert {"a", "b", "c"} < set(asked["one"].choices)
    assert len(asked["one"].choices) == 4


def test_what_is_weighed_is_what_somebody_ticked() -> None:
    """Of who answered; others ticked nothing."""
    weighed = {one.table: one for one in kinds()["poll"].weighed(poll())}  # type: ignore[misc]
    assert list(weighed) == ["q.yes", "q.one", "q.many", "q.stars"]
    ticks = {id: one.ticks for id, one in weighed.items()}
    full, empty = replace(ONE, body={"answers": ANSWERS}), replace(ONE, body={"answers": {}})
    assert list(ticks["q.one"](full)) == ["b"]
    assert set(ticks["q.many"](full)) == {"a", "c"}
    assert all(list(tick(empty)) == [] for tick in ticks.values())


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"words": {"text": "Pas d’eau"}}, "Pas d’eau"),
        ({"words": {"text": "x" * 40}}, "x" * 40),
        ({"words": {"text": "x" * 41}}, "x" * 39 + "…"),
        ({"words": {"text": ""}}, "Essai"),
        ({"words": None}, "Essai"),
        ({}, "Essai"),
    ],
)
def test_a_need_is_told_by_its_first_words_or_by_the_title(body: dict[str, Any], line: str) -> None:
    """In a list of one's own contributions."""
    needs = read_raw(
        {"kind": "need", "code": "N-1", "council": "OZT", "title": {"fr": "Essai"}},
        kinds()["need"].definition,
    )
    told = render(kinds()["need"].describe(needs, body), "fr")
    assert told.strip("\u2068\u2069") == line


@pytest.mark.parametrize(
    ("body", "found", "asked"),
    [
        ({"answers": {"q": {"text": "Oui"}}}, {"text": "Oui"}, True),
        ({"answers": {"q": None}}, None, True),
        ({"answers": {}}, None, False),
        ({"answers": None}, None, False),
        ({"answers": "erased"}, None, False),
        ({}, None, False),
    ],
)
def test_own_words_are_found_where_they_are_and_nowhere_else(
    body: dict[str, Any], found: Any, asked: bool
) -> None:
    """Who skipped was asked; who was not asked has nothing."""
    words = OwnWords("q", Verbatim("Q"), ("answers", "q"))
    assert words.within(body) == found
    assert words.asked_in(body) is asked
