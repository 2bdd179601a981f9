"""Numbers in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import valued
from flows.understanding.numbers.spelled import spelled
from flows.understanding.scripts import fold

UP_TO_A_MILLION = st.one_of(
    st.integers(0, 1_000_000), st.sampled_from([0, 1_000, 999_999, 1_000_000])
)


@pytest.mark.parametrize("language", ["fr", "en"])
@given(value=UP_TO_A_MILLION)
def test_every_number_to_a_million_is_read_back(language: str, value: int) -> None:
    """As a library spells it in French and English."""
    assert spelled(fold(num2words(value, lang=language))) == value


@given(value=UP_TO_A_MILLION)
def test_every_arabic_number_to_a_million_is_read_back(value: int) -> None:
    """As a library spells it in Arabic; hundred and one thousand it spells "مائة و ألف ألف", which nobody says."""
    words = num2words(value, lang="ar")
    if "ألف ألف" not in words:
        assert spelled(fold(words)) == value


UNITS = ["", "wa7d", "tnin", "tlata", "rb3a", "khmsa", "stta", "sb3a", "tmnya", "ts3oud"]
TENS = ["", "3chra", "3chrin", "tlatin", "rb3in", "khmsin", "sttin", "sb3in", "tmanin", "ts3in"]
BEFORE = ["", "", "", "tlt", "rb3", "khms", "st", "sb3", "tmn", "ts3"]


def darija(value: int) -> str:
    """A number from 21 to 999 with whole units, as Darija says it."""
    hundreds, rest = divmod(value, 100)
    parts = []
    if hundreds:
        parts.append({1: "mya", 2: "mitayn"}.get(hundreds, f"{BEFORE[hundreds]} mya"))
    tens, units = divmod(rest, 10)
    parts += [part for part in (UNITS[units], TENS[tens]) if part]
    return " w ".join(parts)


@pytest.mark.parametrize("value", [n for n in range(20, 1000) if n % 100 == 0 or n % 100 >= 20])
def test_darija_counts_from_twenty_to_a_thousand(value: int) -> None:
    """Unit, "w", ten; hundreds before them."""
    assert spelled(darija(value)) == value
    assert spelled(f"{darija(value)} alf") == value * 1000


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("خمسة و عشرين", 25),
        ("تمنية وربعين", 48),
        ("khemsa ou tlatine", 35),
        ("reb3 mya w khamsin", 450),
        ("خمسمائة", 500),
        ("ربعمية", 400),
        ("ألفين", 2000),
        ("alf w khmsmya", 1500),
        ("3 alaf w 500", 3500),
        ("2 mille", 2000),
        ("mya w khmsin alf", 150_000),
        ("sin d mraw", 12),
        ("sin id mraw", 20),
        ("mraw d sin", 12),
        ("ⴽⵕⴰⴹ ⵉⴷ ⵎⵔⴰⵡ ⴷ ⵢⴰⵏ", 31),
        ("hdach l alf", 11_000),
        ("عشرالاف", 10_000),
        ("rba3mia", 400),
        ("khamssa w3chrin", 25),
        ("مائة وإحدى عشرة", 111),
        ("quatrevingt dix", 90),
        ("trois milles", 3000),
        ("ⵙⵉⵎⵔⴰⵡ ⴷ ⵢⴰⵏ", 21),
        ("ⵙⵏⴰⵜ ⵜⵎⴰⴹ", 200),
        ("vingt un", 21),
        ("a hundred", 100),
    ],
)
def test_numbers_are_built_as_each_language_builds_them(words: str, value: int) -> None:
    """Both scripts, joined and apart, with digits among the words."""
    assert spelled(fold(words)) == value


@pytest.mark.parametrize(
    "words",
    ["", "khmsa tlatin", "tlata w tlata", "deux trois", "un et trois", "w tlatin", "mya mya", "khmsa w 3chra", "ألف واحد", "7 3chrin", "alf alf", "tlt", "site", "jouj w", "et"],
)  # fmt: skip
def test_two_numbers_side_by_side_are_not_one(words: str) -> None:
    """Nor are halves of one, nor words that only sound like one."""
    assert spelled(fold(words)) is None


def test_no_word_stands_under_two_numbers() -> None:
    """A list that a native speaker extends stays unambiguous."""
    lists = words_of("numbers")
    seen: dict[str, int] = {}
    for section in ("units", "tens", "hundreds", "thousands", "millions"):
        for word, value in valued(lists[section]).items():
            assert seen.setdefault(word, value) == value, word


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_words(text: str) -> None:
    """Arbitrary text is a number or is not."""
    spelled(fold(text))
