"""National identity numbers and phones."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.identity import card, cin, full_name, mask, phone


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


@pytest.mark.parametrize(
    "text",
    ["AB123456", "ab 123456", "AB.123456", "ma cin est AB123456", "بطاقتي AB 123456", "lakart dyali hiya ab123456", "AB123456 merci"],
)  # fmt: skip
def test_a_reply_gives_a_card_with_the_words_that_people_put_around_it(text: str) -> None:
    """Labels in five languages, and polite words."""
    assert card(text) == "AB123456"


@pytest.mark.parametrize(
    "text",
    ["le 5", "ok 12", "RC 12345", "n 123456", "12345-A-6", "rue AB 12345", "je suis AB123456", "AB123456 ou CD123456", "b 12", "AB 123"],
)  # fmt: skip
def test_what_may_be_something_else_is_no_card(text: str) -> None:
    """Articles, registers, plates, streets, sentences, two cards, a door."""
    assert card(text) is None


def test_an_old_card_has_few_digits_and_then_needs_its_name() -> None:
    """Four in one word, three after "CIN"; a field that holds only cards takes any."""
    assert card("K1234") == card("CIN K 1234") == "K1234"
    assert (card("K123"), card("CIN K123"), cin("K123")) == (None, "K123", "K123")
    assert (card("RC 12345"), card("CIN RC 12345"), card("RC12345")) == (None, "RC12345", "RC12345")


def test_a_card_has_seven_digits_at_most() -> None:
    """One more is a telephone, or a slip of the pen."""
    assert (card("AB1234567"), card("AB12345678")) == ("AB1234567", None)


@given(st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{4,5}", fullmatch=True))
def test_every_card_of_today_is_read_as_it_is_spelled(text: str) -> None:
    """What a citizen copies from the card is never refused, but for letters that no office has."""
    assert card(text) in {text, None}
    assert card(text) == text or text[:2] in {
        "OK", "NO", "NB", "NR", "DH", "DR", "BP", "TF", "CP", "KM", "RN", "RP", "MT", "TR",
    }  # fmt: skip


@given(st.text(max_size=60))
def test_a_card_in_a_reply_has_its_one_spelling(text: str) -> None:
    """What is read in a reply is read alike where only cards stand; nothing is raised."""
    found = card(text)
    assert found is None or cin(found) == found


@given(st.from_regex(r"(\+212|00212|0)[5-7][0-9]{8}", fullmatch=True))
def test_a_library_of_telephones_spells_ours_alike(text: str) -> None:
    """What phonenumbers takes for a possible Moroccan number has the same E.164 form."""
    theirs = phonenumbers.parse(text, "MA")
    spelled = phonenumbers.format_number(theirs, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(theirs):
        assert phone(text) == spelled


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Fatima Ez-Zahra El Idrissi", "Fatima Ez-Zahra El Idrissi"),
        ("je m'appelle Ahmed Baraka", "Ahmed Baraka"),
        ("smiti Said Amrani", "Said Amrani"),
        ("je m'appelle el amrani", "el amrani"),
        ("ana Ana Lou", "Ana Lou"),
        ("اسمي فاطمة الزهراء", "فاطمة الزهراء"),
        ("My name is Omar Ait Taleb.", "Omar Ait Taleb"),
        ("ⵉⵙⵎ ⵉⵏⵓ ⵎⵓⵃⴰ ⴰⵎⵏⴰⵢ", "ⵎⵓⵃⴰ ⴰⵎⵏⴰⵢ"),
        ("ma carte est AB123456", None),
        ("AB 123 456", None),
        ("what?", None),
        ("quel nom ?", None),
        ("شنو هي السمية", None),
        ("Fatima", None),
    ],
)
def test_a_name_is_read_out_of_a_sentence_and_a_card_is_none(said: str, name: str | None) -> None:
    assert full_name(said) == name
