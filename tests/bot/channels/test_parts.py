"""Long texts are cut where a reader would pause, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.media_types import media_type
from bot.channels.parts import numbered, split, units
from bot.channels.port import Button


@given(st.text(alphabet="اب \n😀a\u064b\u200d", max_size=300), st.integers(4, 40))
def test_parts_fit_and_hold_every_sign(text: str, limit: int) -> None:
    """Every part fits, none is blank, and together they have every sign in its order."""
    parts = split(text, limit)
    assert all(units(part) <= limit and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_cut_prefers_paragraphs_then_lines_then_words() -> None:
    """A part ends at a paragraph if there is one in its second half, else a line, else a word."""
    assert split("one two\nthree\n\nfour five", 20) == ["one two\nthree", "four five"]
    assert split("one two three\nfour five", 16) == ["one two three", "four five"]
    assert split("one two three four", 9) == ["one two", "three", "four"]


def test_an_emoji_counts_twice_and_is_never_halved() -> None:
    """The limit is in UTF-16 units: a text of emoji is cut at half as many signs."""
    assert split("😀" * 5, 4) == ["😀😀", "😀😀", "😀"]


def test_a_letter_keeps_its_marks() -> None:
    """A word that has to be cut is not cut between a letter and its vowel sign."""
    assert split("بَبَبَ", 3) == ["بَ", "بَ", "بَ"]


def test_choices_as_text_keep_number_emoji_and_label() -> None:
    """Choices below a text read as they would on buttons."""
    buttons = (Button("t1", "جيد", 1, "🙂"), Button("t2", "رجوع"))
    assert numbered("سؤال", buttons) == "سؤال\n\n1 🙂 جيد\nرجوع"
    assert numbered("سؤال", ()) == "سؤال"
    assert numbered("", buttons) == "1 🙂 جيد\nرجوع"


def test_the_first_bytes_tell_more_than_the_name() -> None:
    """A picture named .pdf is a picture; without known bytes the name decides, then the sender."""
    assert media_type(b"\xff\xd8\xff\xe0", "x.pdf", "application/pdf") == "image/jpeg"
    assert media_type(b"RIFF0000WEBP", "") == "image/webp"
    assert media_type(b"?", "voice/file_1.oga") == "audio/ogg"
    assert media_type(b"?", "file", "text/plain; charset=utf-8") == "text/plain"
    assert media_type(b"?") == "application/octet-stream"


@pytest.mark.parametrize("sign", ["👩‍👧", "👍🏽", "é", "❤️", "1️⃣"])
def test_a_sign_made_of_several_is_not_cut_in_two(sign: str) -> None:
    """A family, a hand with its colour, an accent by itself: at any place where the cut may fall."""
    for before in range(1, 12):
        parts = split("x" * before + sign + "y" * 12, 12)
        assert "".join(parts) == "x" * before + sign + "y" * 12
        assert any(sign in part for part in parts), (before, parts)
