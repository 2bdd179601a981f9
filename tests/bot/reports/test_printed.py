"""Texts and numbers on set pages."""

import pytest

from bot.reports.printed import Print, shortened, together
from bot.reports.typeset import settable


@pytest.mark.parametrize(
    "flips",
    ["+212 600-000000", "0600 00 00 00", "2026/045-P", "30.92000, -6.89000", "21/11/2026 14:30", "1\u00a0100"],
)  # fmt: skip
def test_what_would_flip_in_arabic_is_kept_together(flips: str):
    """Phone numbers, codes, pins, times and amounts read from left to right."""
    assert together(f"هنا {flips} الآن") == f"هنا \u2066{flips}\u2069 الآن"
    (line,) = Print(True).lines(f"هنا {flips}")["lines"]
    assert line == f"هنا \u2066{flips}\u2069"


def test_numbers_that_only_stand_side_by_side_stay_apart():
    """ "In 2026 100 people" is two numbers."""
    assert together("سنة 2026 100 شخص") == "سنة 2026 100 شخص"


def test_a_text_of_digits_alone_reads_from_left_to_right():
    """A pin in an Arabic report; punctuation alone has the report's direction."""
    assert Print(True).lines("30.92000, -6.89000")["rtl"] is False
    assert Print(True).lines("!؟")["rtl"] is True


def test_what_is_too_long_ends_visibly():
    """At most as many characters as were allowed."""
    assert shortened("one two", 5) == "one…"
    assert shortened("one", 3) == "one"


def test_a_narrow_column_breaks_words_sooner():
    """A break that is not seen, at each letter."""
    assert settable("abcdef", 3) == "a\u200bb\u200bc\u200bd\u200be\u200bf"
    assert settable("abcdef") == "abcdef"
