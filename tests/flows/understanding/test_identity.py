"""National identity numbers and phones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.identity import cin, mask, phone


@pytest.mark.parametrize(
    "text",
    [
        "AB123456",
        "ab123456",
        " Ab 123 456 ",
        "AB-123456",
        "ab.123456",
        "AB0123456",
        "AB١٢٣٤٥٦",
        "ＡＢ１２３４５６",
        "АВ123456",
        "ΑΒ123456",
        "CIN: AB123456",
        "CNIE n° AB 123456",
        "رقم البطاقة الوطنية: AB123456",
        "\u2066AB123456\u2069",
    ],
)
def test_one_card_has_one_spelling(text: str) -> None:
    """Case, separators, digits, alphabets, labels and leading zeros make no second person."""
    assert cin(text) == "AB123456"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123456",
        "ABC123",
        "A",
        "A12345678",
        "A000",
        "n° 12345",
        "CIN 12345",
        "je suis AB123456",
        "أب123",
    ],
)
def test_what_is_no_card_number_is_refused(text: str) -> None:
    """One or two letters and one to seven digits, nothing else."""
    assert cin(text) is None


@given(st.from_regex(r"[A-Za-z]{1,2}[ -]?[0-9]{1,7}", fullmatch=True))
def test_the_canonical_spelling_is_stable(text: str) -> None:
    """Reading a canonical number again changes nothing, and zeros before the number do not matter."""
    canonical = cin(text)
    if canonical is not None:
        assert cin(canonical) == cin(canonical.lower()) == canonical
        assert " " not in canonical


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06 12 34 56 78",
        "06-12-34-56-78",
        "06.12.34.56.78",
        "٠٦١٢٣٤٥٦٧٨",
        "+212612345678",
        "00212612345678",
        "212 6 12 34 56 78",
        "+212 (0)6 12 34 56 78",
        "612345678",
        "Tél : 0612345678",
        "رقم الهاتف 0612345678",
        "212612345678+",
        "\u20660612345678\u2069",
    ],
)
def test_a_moroccan_phone_has_one_spelling(text: str) -> None:
    """National and international writings of one number are one E.164 number."""
    assert phone(text) == "+212612345678"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0522123456", "+212522123456"),
        ("0712345678", "+212712345678"),
    ],
)
def test_phones_abroad_and_fixed_lines_are_phones(text: str, number: str) -> None:
    """Moroccans abroad take part too."""
    assert phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06123",
        "0412345678",
        "123456",
        "+212512",
        "+1",
        "33612345678",
        "bonjour",
        "mon numéro est le 06",
    ],
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    """Too short, an unknown kind, or no country."""
    assert phone(text) is None


@given(st.text(st.characters(), max_size=70))
def test_no_text_breaks_identity(text: str) -> None:
    """Arbitrary text is a number or is not, and what is read is read the same again."""
    for read in (cin, phone):
        value = read(text)
        assert value is None or read(value) == value


@given(st.text(max_size=30))
def test_a_mask_shows_two_characters_at_most(value: str) -> None:
    """Length is kept; only the last two characters of longer values show."""
    assert len(mask(value)) == len(value)
    assert mask("AB123456") == "••••••56"
    assert mask("A1") == "••"
