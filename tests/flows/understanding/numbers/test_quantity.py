"""The answer to "how many?"."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.numbers import NOTHING, certain, doubtful
from flows.understanding.numbers.quantity import quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 ans", 30),
        ("حنا 5", 5),
        ("10 dh", 10),
        ("10dh", 10),
        ("3ndi 41 3am", 41),
        ("environ 20", 20),
        ("~20", 20),
        ("5 personnes", 5),
        ("nous sommes cinq", 5),
        ("une vingtaine", 20),
        ("غير جوج", 2),
        ("khmsa d drari", 5),
    ],
)
def test_units_and_approximations_leave_the_number(text: str, value: int) -> None:
    """A person who writes them has answered."""
    assert quantity(text) == certain(value)


@pytest.mark.parametrize(
    "written", ["5 000", "5\u00a0000", "5\u202f000", "5.000", "5'000", "5’000", "٥٬٠٠٠", "5000,00"]
)
def test_thousands_of_every_locale_are_thousands(written: str) -> None:
    """A space, a dot, an apostrophe, the Arabic sign."""
    assert quantity(written) == certain(5000)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5,000", (5000, 5)),
        ("٥,٠٠٠", (5000, 5)),
        ("٥٫٠٠٠", (5, 5000)),
        ("7,250", (7250,)),
        ("2 ou 3", (2, 3)),
        ("entre 20 et 30", (20, 30)),
        ("من 20 إلى 30", (20, 30)),
        ("20-30", (20, 30)),
        ("plus de 100", (100,)),
        ("<5", (5,)),
        ("100+", (100,)),
        ("6 mois", (6,)),
        ("5k", (5000, 5)),
        ("رقم 12 ديال الحومة الفوقانية", (12,)),
        ("aucun", (0,)),
        ("12 ?", (12,)),
    ],
)
def test_what_has_two_readings_or_compares_is_in_doubt(text: str, meant: tuple[int, ...]) -> None:
    """The likeliest first."""
    assert quantity(text) == doubtful(*meant)


@pytest.mark.parametrize(
    "text",
    ["", ".51", "2²", "½", "1e3", "2x3", "12/03/2026", "10:30", "0612345678", "pas 5", "un peu", "3 adultes et 2 enfants", "2,5", "5 6"],
)  # fmt: skip
def test_what_is_no_whole_number_is_none(text: str) -> None:
    """Powers, products, dates, telephones, sums, refusals, decimals."""
    assert quantity(text) == NOTHING


@pytest.mark.parametrize(
    ("text", "value"),
    [(".51", "0.51"), ("2,5 km", "2.5"), ("2½", "2.5"), ("deux virgule cinq", "2.5"), ("1 234,5", "1234.5"), ("جوج و نص", "2.5"), ("0.500", "0.5")],
)  # fmt: skip
def test_decimals_are_read_where_they_fit(text: str, value: str) -> None:
    """Digits, fractions and words; a group of three behind a nought is no thousand."""
    assert quantity(text, decimals=True) == certain(Decimal(value))
    assert quantity("1.500", decimals=True) == doubtful(1500, Decimal("1.5"))


@given(st.integers(0, 10**15), st.sampled_from([" ", "\u00a0", "\u202f", "'", "٬"]))
def test_any_number_is_read_back_however_its_thousands_are_parted(value: int, sign: str) -> None:
    """In Arabic digits too."""
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    written = f"{value:,}".replace(",", sign)
    assert quantity(written).values[0] == value
    assert quantity(written.translate(arabic)).values[0] == value


@given(st.text(max_size=90), st.booleans())
def test_no_text_breaks_the_reading_of_a_quantity(text: str, decimals: bool) -> None:
    """Arbitrary text is certain, in doubt or no number; without decimals it is whole."""
    reading = quantity(text, decimals=decimals)
    assert len(reading.values) == 1 or not reading.certain
    assert decimals or all(isinstance(value, int) for value in reading.values)
