"""What citizens would stumble over in a draft, told to its organizer."""

from typing import Any

import pytest

from flows.kinds import kinds
from flows.kinds.draft_text.conversation import AT_ONCE
from flows.kinds.draft_text.stumbling import LONG, ONE_LOOK
from flows.wording import render
from flows.wording.text import Message
from tests.flows.kinds.draft_text.drafts import COUNCIL, article, draft_of


def found(*articles: dict[str, Any], **more: Any) -> list[str]:
    """The entries of what there is to say, without their beginning."""
    stumbles = list(kinds()["draft_text"].stumbles(draft_of(*articles, **more), COUNCIL))
    for one in stumbles:
        for language in ("ar", "fr", "en"):
            assert render(one.text, language)
    texts = [one.text for one in stumbles]
    assert all(isinstance(text, Message) for text in texts)
    return [text.id.removeprefix("check.draft_") for text in texts if isinstance(text, Message)]


def test_a_draft_that_reads_well_has_none() -> None:
    assert found(article("a1", short={"en": "In a word."}, text={"en": "Text 1, all of it."})) == []


@pytest.mark.parametrize(
    ("length", "more", "ids"),
    [
        (AT_ONCE, {}, []),
        (AT_ONCE + 1, {}, ["no_short"]),
        (4000, {}, ["no_short"]),
        (LONG, {"short": {"en": "Short."}}, []),
        (LONG + 1, {"short": {"en": "Short."}}, ["long"]),
        (900, {"short": {"en": "s" * ONE_LOOK}}, []),
        (900, {"short": {"en": "s" * (ONE_LOOK + 1)}}, ["short_long"]),
        (20, {"short": {"en": "s" * 20}}, ["not_shorter"]),
        (900, {"short": {"fr": "Court."}}, ["short_missing"]),
    ],
)
def test_what_is_too_long_for_a_phone_is_named(
    length: int, more: dict[str, Any], ids: list[str]
) -> None:
    assert found(article("a1", text={"en": "x" * length}, **more)) == ids


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        ({"fr": "Le texte", "ar": "النص", "en": "The text"}, []),
        ({"fr": "النص", "en": "The text"}, ["letters"]),
        ({"ar": "Le texte en français"}, ["letters"]),
        ({"fr": "The text", "en": "The text"}, ["same"]),
        ({"ary": "النص", "ar": "النص"}, []),
    ],
)
def test_a_text_in_the_field_of_another_language_is_named(
    texts: dict[str, str], ids: list[str]
) -> None:
    """Darija and standard Arabic may share one."""
    assert found(article("a1", text=texts)) == ids


def test_a_recording_that_lacks_a_language_is_named() -> None:
    texts = {"fr": "Le texte", "en": "The text"}
    assert found(article("a1", text=texts, voice={"fr": "a1.ogg"})) == ["voice_missing"]
    assert found(article("a1", text=texts, voice={"": "a1.ogg"})) == []


def test_articles_without_numbers_are_named_once_or_one_by_one() -> None:
    assert found(article("a1", number=""), article("a2", number="")) == ["no_numbers"]
    assert found(article("a1"), article("a2", number="")) == ["no_number"]
    assert found(article("a1", number="")) == []


def test_articles_that_nobody_finds_by_a_theme_are_named() -> None:
    """Where there are no more than are asked about at once, themes are of no use."""
    rows = [article(f"a{n}", themes=["water"]) for n in range(1, 4)]
    assert found(*rows, article("a4", themes=["roads"]), minutes=5) == []
    assert found(*rows, article("a4"), minutes=5) == ["no_theme"]
    assert found(*[article(f"a{n}") for n in range(1, 5)], minutes=5) == ["no_themes"]
    assert found(*[article(f"a{n}") for n in range(1, 4)]) == []


def test_two_articles_that_are_the_same_are_named() -> None:
    assert found(article("a1"), article("a2", title={"en": "Title 1"})) == ["twice"]


@pytest.mark.parametrize(("minutes", "ids"), [(2, ["minutes"]), (3, [])])
def test_minutes_that_are_enough_for_three_articles_only_are_named(
    minutes: int, ids: list[str]
) -> None:
    rows = [article(f"a{n}", themes=["water"]) for n in range(1, 5)]
    assert found(*rows, minutes=minutes) == ids
