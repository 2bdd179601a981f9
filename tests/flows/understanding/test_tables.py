"""Which words of a message are in a table, as they are spelled, as they sound, and with a slip."""

import pytest

from flows.understanding.lines.tables import Met, Table
from flows.understanding.scripts import fold

TABLE = Table(
    [
        ("eau", "water"),
        ("eaux_usees", "sewer"),
        ("bouche_egout", "sewer"),
        ("assainissement", "sewer"),
        ("poubel*", "bins"),
        ("~zbel", "bins"),
        ("~wad_l7ar", "sewer"),
        ("زنقة", "street"),
        ("الظلام", "dark"),
        ("ⴰⵙⵍⵎⴰⴷ", "teacher"),
        ("بير", "well"),
        ("marchi", "market"),
        ("~marchi", "market"),
    ],
    small=["d", "de", "l"],
    unlike=lambda: {"assainissements"},
)


def meanings(text: str) -> list[str]:
    return [meaning for met in TABLE.met(fold(text).split()) for meaning in met.meanings]


@pytest.mark.parametrize(
    "text",
    ["zbel", "الزبل", "zzbel", "fzbel", "بالزبل", "وزبل", "poubelles", "poubelle", "zbeeeeel"],
)
def test_one_word_is_met_however_it_is_written(text: str) -> None:
    """With what is written onto it, and with drawn-out letters."""
    assert meanings(text) == ["bins"]


@pytest.mark.parametrize("text", ["زنقتنا", "فالزنقة", "زنقة", "للزنقة"])
def test_ours_is_the_same_word(text: str) -> None:
    """And so is what is in it."""
    assert meanings(text) == ["street"]


def test_what_is_written_onto_a_word_is_told() -> None:
    """ "In", "and", "to" say what the word is there for."""
    onto = {
        text: TABLE.met((fold(text),))[0].onto for text in ("فالزنقة", "وزنقة", "للزنقة", "زنقة")
    }
    assert onto == {"فالزنقة": "in", "وزنقة": "and", "للزنقة": "to", "زنقة": ""}


def test_a_phrase_takes_its_words_along() -> None:
    """Waste water is no water; small words may stand between."""
    assert TABLE.met(("eaux", "usees", "eau")) == [
        Met(0, 2, frozenset({"sewer"})),
        Met(2, 3, frozenset({"water"})),
    ]
    assert meanings("la bouche d'égout") == ["sewer"]
    assert meanings("bouche d'un égout") == []
    assert meanings("lwad l7ar") == meanings("الواد الحار") == ["sewer"]


def test_a_slip_is_forgiven_in_a_long_word_and_no_wrong_letter_in_a_short_one() -> None:
    """ "السلام" is not "الظلام", and what is listed as unlike is no slip."""
    assert meanings("assainisement") == meanings("assainissemnet") == ["sewer"]
    assert meanings("assainissements") == ["sewer"]  # its plural
    assert meanings("السلام") == []


def test_behind_another_noun_a_word_of_tamazight_begins_otherwise() -> None:
    """ "Uslmad" is "aslmad"; the Tifinagh word is heard in the other scripts."""
    for text in ("ⴰⵙⵍⵎⴰⴷ", "ⵓⵙⵍⵎⴰⴷ", "aslmad", "اسلماد"):
        assert meanings(text) == ["teacher"], text


def test_no_well_is_left_of_something_big() -> None:
    """A letter is only taken off a long word."""
    assert meanings("كبير") == []


def test_what_is_known_as_it_is_spelled_is_not_taken_for_what_sounds_so() -> None:
    """ "Merci" has the sounds of "marchi"."""
    other = Table([("merci", "thanks"), ("~marchi", "market")])
    assert other.meanings("merci") == {"thanks"}
    assert other.meanings("lmarchi") == {"market"}
