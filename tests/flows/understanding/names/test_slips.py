"""Spellings of one word, and words that only look like it."""

import pytest

from flows.understanding.lines.sounds import once
from flows.understanding.names.meanings import vocabulary
from flows.understanding.names.slips import (
    same,
    slip_of_known,
    spoken,
    stem,
    unlike,
    without_stuck,
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("transpor", "transport", True),
        ("trnsport", "transport", True),
        ("route", "toute", False),
        ("marche", "marcher", False),
        ("الطريق", "طريق", True),
        ("lma", "الما", True),
        ("dad", "ضد", False),
        ("takat", "ⵜⴰⴽⴰⵜ", True),
        ("doux", "dou", False),
    ],
)
def test_two_spellings_of_one_word(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike


@pytest.mark.parametrize(
    ("word", "known", "slip"),
    [
        ("markt", "market", True),
        ("makret", "market", True),
        ("gardin", "garden", True),
        ("pur", "pour", False),
        ("hoal", "hopital", False),
        ("مستشفي", "مستشفيا", True),
        ("مدرسه", "مدرسك", False),
    ],
)
def test_one_slip_is_forgiven_in_words_that_are_known(word: str, known: str, slip: bool) -> None:
    assert slip_of_known(word, known) is slip


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("lapiscine", "piscine"), ("leau", "eau"), ("flmdrasa", "mdrasa"), ("dla", None), ("beau", None),
        ("لابيسين", "بيسين"), ("مدرستنا", "مدرسه"), ("وسوق", "سوق"),
    ],
)  # fmt: skip
def test_articles_and_endings_come_off(word: str, bare: str | None) -> None:
    found = set(without_stuck(word))
    assert bare in found if bare else not found & {"eau", "la"}


def test_a_word_is_heard_as_it_is_said() -> None:
    assert spoken("eclerage") == spoken("eclairage")
    assert spoken("jardain") != ""
    assert spoken("bu") == ""
    assert once("markett") == "market"
    assert stem("lmarche") == "marche"


def test_no_word_of_ours_is_unlike_ours() -> None:
    """What stands in both lists would never be understood with an article."""
    assert not {word for word in unlike() & vocabulary() if len(word) > 4}
