"""Characters: cleaning, digits, search keys, scripts and directions."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.scripts import (
    clean,
    digits,
    fold,
    isolate,
    ltr,
    script,
    skeleton,
    utf16_length,
)

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  bonjour\0 \x07", "bonjour"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("\u202eمرحبا\u2069\u200f", "مرحبا"),
        ("e\u0301cole", "école"),
        ("a\ud83d", "a"),
        ("\ud83d\ude00", "😀"),
        ("👨\u200d👩\u200d👧 a\u200db", "👨\u200d👩\u200d👧 ab"),
        ("🏳️\u200d🌈", "🏳️\u200d🌈"),
        ("❤️\u200d🔥", "❤️\u200d🔥"),
    ],
)
def test_cleaning_drops_what_is_invisible_and_keeps_what_was_said(sent: str, kept: str) -> None:
    """Controls, direction marks and broken characters go; words, lines and emoji stay."""
    assert clean(sent) == kept


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Cleaned text is NFC, has no surrogate, and cleaning it changes nothing."""
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@given(st.integers(0, 10**12))
def test_digits_of_every_script_become_ascii(value: int) -> None:
    """Arabic, Persian and full-width digits read as the same number."""
    for zero in "٠۰０०":
        written = "".join(chr(ord(zero) + int(digit)) for digit in str(value))
        assert digits(written) == str(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("École !", "ecole"),
        ("الإِنارةُ", "الانارة"),
        ("أڭادير", "اكادير"),
        ("گاع", "ݣاع"),
        ("الجماعــة", "الجماعه"),
        ("على", "علي"),
        ("پيكالا", "بيكالا"),
        ("ⴱⴻⴷⴷ", "ⴱⴷⴷ"),
        ("ⵥ", "ⵣ"),
        ("2️⃣", "٢"),
        ("l'eau-potable 💧", "l eau potable"),
        ("tamaziɣt", "tamaziγt"),
        ("ﻻ", "لا"),
    ],
)
def test_people_who_vary_a_spelling_get_one_key(one: str, other: str) -> None:
    """Spellings of one word that differ as people differ fold to one key."""
    assert fold(one) == fold(other) != ""


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    """The key of a key is itself, for any text."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "spellings",
    [
        "ورزازات warzazat Ouarzazate ⵡⴰⵔⵣⴰⵣⴰⵜ wrzazat",
        "أكادير أڭادير Agadir ⴰⴳⴰⴷⵉⵔ",
        "الصويرة Essaouira es-saouira",
        "خريبكة Khouribga 5ribga",
        "مراكش Marrakech ⵎⵕⵕⴰⴽⵛ marrakesh mrrakch",
        "الجديدة El-Jadida eljadida jdida",
        "تارودانت Taroudant ⵜⴰⵔⵓⴷⴰⵏⵜ",
        "أولاد Oulad ouled wlad",
    ],
)
def test_a_name_has_one_skeleton_in_every_script(spellings: str) -> None:
    """A place written in Arabic, Latin, Arabizi or Tifinagh gives the same consonant key."""
    assert len({skeleton(spelling) for spelling in spellings.split()}) == 1


def test_digits_are_letters_only_inside_words() -> None:
    """The 3 of "3in" is a letter; the 26 of "douar 26" is a number."""
    assert skeleton("3in chock") == skeleton("ain chock")
    assert skeleton("douar 26").endswith(" 26")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("السلام", "arabic"),
        ("ⴰⵣⵓⵍ", "tifinagh"),
        ("bonjour", "latin"),
        ("tamaziɣt", "latin"),
        ("الضو ok", "arabic"),
        ("Привет", "other"),
        ("12 👍", None),
        ("", None),
    ],
)
def test_the_script_is_the_one_of_most_letters(text: str, expected: str | None) -> None:
    """Digits, emoji and punctuation have no script; letters vote."""
    assert script(text) == expected


@given(ANY_TEXT)
def test_isolating_twice_is_isolating_once(text: str) -> None:
    """Both wrappers leave what they already wrapped alone, and are always balanced."""
    for wrap in (isolate, ltr):
        once = wrap(text)
        assert wrap(once) == once
        assert sum(once.count(mark) for mark in "\u2066\u2067\u2068") == once.count("\u2069")


def test_each_line_is_isolated_and_inner_isolates_stay() -> None:
    """An isolate ends with its paragraph, and a phone inside a person's words keeps its own."""
    assert isolate("a\nb") == "\u2068a\u2069\n\u2068b\u2069"
    assert isolate(f"هاتف {ltr('0612')} ؟") == "\u2068هاتف \u20660612\u2069 ؟\u2069"
    assert isolate("a\u202eb\u2069") == "\u2068ab\u2069"
    assert ltr("") == ""


@given(ANY_TEXT)
def test_no_text_breaks_the_functions_on_characters(text: str) -> None:
    """Skeletons, scripts and lengths exist for any text."""
    skeleton(text)
    script(text)
    assert utf16_length(text) >= len(text)


def test_an_emoji_counts_two_units() -> None:
    """Providers count UTF-16 units."""
    assert utf16_length("a😀") == 3
