"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.numerals import number, numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("٢", 2),
        ("۲", 2),
        ("2.", 2),
        ("(2)", 2),
        ("n° 2", 2),
        ("nº2", 2),
        ("رقم 2", 2),
        ("الاختيار رقم ٢", 2),
        ("2️⃣", 2),
        ("🔟", 10),
        ("👉 2", 2),
        ("- 2", 2),
        ("-2", -2),
        ("+4", 4),
        ("1 500", 1500),
        ("1\u00a0500", 1500),
        ("1\u202f500", 1500),
        ("1.500", 1500),
        ("١٬٥٠٠", 1500),
        ("1 000 000", 1_000_000),
        ("1,5", Decimal("1.5")),
        ("1.5", Decimal("1.5")),
        ("١٫٥", Decimal("1.5")),
        ("1 234,50", Decimal("1234.50")),
        ("1,234.5", Decimal("1234.5")),
    ],
)
def test_digits_are_read_in_every_notation(text: str, value: int | Decimal) -> None:
    """Scripts, signs, decimals, thousands and decoration lead to one value of the right type."""
    assert number(text) == value
    assert type(number(text)) is type(value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("صفر", 0),
        ("واحدة", 1),
        ("جوج", 2),
        ("زوج", 2),
        ("اثنتان", 2),
        ("tlata", 3),
        ("rb3a", 4),
        ("khmsa", 5),
        ("ستة", 6),
        ("تسعود", 9),
        ("حداش", 11),
        ("ثلاثة عشر", 13),
        ("خمسة وعشرين", 25),
        ("dix-sept", 17),
        ("vingt et un", 21),
        ("quatre-vingt-dix-sept", 97),
        ("soixante et onze", 71),
        ("Two!", 2),
        ("thirty-four", 34),
        ("yan", 1),
        ("sin", 2),
        ("krad", 3),
        ("kkuz", 4),
        ("smmus", 5),
        ("sdis", 6),
        ("sa", 7),
        ("tam", 8),
        ("tza", 9),
        ("mraw", 10),
        ("yan d mraw", 11),
        ("ⴽⵕⴰⴹ", 3),
        ("ⵙⵎⵎⵓⵙ", 5),
        ("كراض", 3),
    ],
)
def test_number_words_of_five_languages_are_numbers(words: str, value: int) -> None:
    """Arabic of both genders, Darija in both scripts, French, English and Tamazight count."""
    assert number(words) == value


@pytest.mark.parametrize(
    "words",
    [
        "the second",
        "the second one",
        "deuxième",
        "la 2e",
        "2nd",
        "الثاني",
        "الثانية",
        "التاني",
        "tani",
        "wis sin",
        "ⵡⵉⵙ ⵙⵉⵏ",
    ],
)
def test_ordinals_choose_too(words: str) -> None:
    """ "The second" is an answer to a numbered list."""
    assert number(words) == 2
    assert number("lwl") == number("اللول") == number("1er") == number("amzwaru") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "j'ai 2 enfants",
        "2 enfants",
        "عندي جوج دراري",
        "1-3",
        "2/3",
        "12:30",
        "½",
        "la2",
        "9" * 19,
        "9" * 5000,
        "un peu",
        "🙂",
    ],
)
def test_a_sentence_with_a_number_is_no_number(text: str) -> None:
    """Only a whole message is a number; other things with digits are not."""
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1, 3 و 5", [1, 3, 5]),
        ("1-3", [1, 3]),
        ("1 et 4", [1, 4]),
        ("un et trois", [1, 3]),
        ("الأول والثالث", [1, 3]),
        ("٢،٣", [2, 3]),
        ("1️⃣3️⃣", [1, 3]),
        ("1er et 3e", [1, 3]),
        ("n° 2 w 4", [2, 4]),
        ("two and four", [2, 4]),
        ("vingt et un", [21]),
        ("3 3 1", [3, 1]),
        ("5", [5]),
    ],
)
def test_several_numbers_are_read_in_order_each_once(text: str, values: list[int]) -> None:
    """Whatever stands between numbers separates them; a dash is no range."""
    assert numbers(text) == values


@pytest.mark.parametrize("text", ["", "1 ou 3", "j'ai 2", "et", "toutes", "1a"])
def test_hesitation_and_sentences_are_no_choice(text: str) -> None:
    """ "1 or 3" and anything with other words is not understood."""
    assert numbers(text) is None


@given(st.integers(-(10**17), 10**17))
def test_any_whole_number_is_read_back(value: int) -> None:
    """Plain and grouped spellings of an integer give the integer."""
    assert number(str(value)) == value
    assert number(f"{value:,}".replace(",", " ")) == value


@given(st.text(st.characters(), max_size=80))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    """Arbitrary text is a number or is not; nothing is raised."""
    number(text)
    numbers(text)
