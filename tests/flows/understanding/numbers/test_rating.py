"""Ratings as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.numbers import NOTHING, certain, doubtful
from flows.understanding.numbers.rating import BEST, rating


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5/5", 5),
        ("٤/٥", 4),
        ("2 sur 5", 2),
        ("⭐⭐⭐⭐", 4),
        ("★★☆☆☆", 2),
        ("3 étoiles", 3),
        ("excellent", 5),
        ("zwin", 4),
        ("zwin bzaf", 5),
        ("زوين بزاف", 5),
        ("c'est très bien !", 5),
        ("عادي", 3),
        ("khayb", 2),
        ("خايب بزاف", 1),
        ("nul", 1),
        ("quatre", 4),
    ],
)
def test_numbers_stars_and_words_rate(text: str, value: int) -> None:
    """In every language, with "very" as the end of the scale."""
    assert rating(text) == certain(value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("8/10", (4,)), ("7/10", (3, 4)), ("4,5", (4, 5)), ("3-4", (3, 4)), ("pas mal", (4, 3)), ("👍", (4, 5)), ("0", (1,)), ("je mets 4", (4,))],
)  # fmt: skip
def test_other_scales_and_half_praise_are_in_doubt(text: str, meant: tuple[int, ...]) -> None:
    """Nobody's half star is rounded in silence."""
    assert set(rating(text).values) == set(meant)
    assert not rating(text).certain


@pytest.mark.parametrize(
    "text", ["pas bon", "machi zwin", "bien et mauvais", "6", "6/5", "⭐" * 6, "je ne sais pas", ""]
)
def test_praise_that_is_refused_and_marks_beyond_the_scale_are_none(text: str) -> None:
    """ "Not good" is not "good"."""
    assert rating(text) == NOTHING


@given(st.text(max_size=70))
def test_no_text_breaks_the_reading_of_a_rating(text: str) -> None:
    """Arbitrary text stays on the scale."""
    assert all(1 <= value <= BEST for value in rating(text).values)
    assert doubtful(1, 1) == doubtful(1)
