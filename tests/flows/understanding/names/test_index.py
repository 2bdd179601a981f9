"""The choices of a question, looked up by phrase, by word, by slip and by sound."""

import pytest

from flows.understanding.names.index import NONE, index_of

PLACES = index_of((("ecole",), ("marche",), ("jardin public", "garden"), ("contre",)))


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("ecoles", 0), ("lecole", 0), ("ecol", 0), ("shcool", 0), ("markett", 1),
        ("gardin", 2), ("المدارس", 0), ("مدرستكم", 0), ("contr", 3),
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_spelled(word: str, place: int) -> None:
    assert (PLACES.plainly(word) or PLACES.loosely(word)) == {place}


@pytest.mark.parametrize(
    "word", ["marcher", "gardien", "conte", "centre", "marchand", "مدرس", "cool", "lycee", "forme"]
)
def test_another_word_is_no_slip(word: str) -> None:
    assert (PLACES.plainly(word) or PLACES.loosely(word)) == NONE


def test_a_phrase_is_found_with_its_articles() -> None:
    assert PLACES.phrase(["jardins", "publics"]) == {2}
    assert PLACES.phrase(["jardin", "prive"]) == NONE


def test_a_word_that_is_near_is_worth_asking() -> None:
    assert PLACES.nearly("jardinier") == {2} or PLACES.nearly("jardine") == {2}


@pytest.mark.parametrize("said", ["makaynch", "makaynsh", "ماكاينش"])
def test_a_denial_may_be_written_onto_its_verb(said: str) -> None:
    index = index_of((("كاين",), ("ما كاينش",), ("ما عرفتش",)))
    assert (index.plainly(said) or index.loosely(said)) == {1}
