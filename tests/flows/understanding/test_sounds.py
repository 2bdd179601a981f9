"""How words of Darija and Tamazight sound, whatever they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.lines.sounds import once, placed, sound, sounds, without_written_on


@pytest.mark.parametrize(
    "spellings",
    [
        "العافية l3afia l3afya 3afia",
        "حريق 7ri9 hariq hriq",
        "طايح tay7 tayh taye7",
        "الضو do dow ddo ddou",
        "تصيفطو tsifto tsiftou",
        "ⵜⴰⴽⴰⵜ takat",
        "الما lma للما",
        # Two letters that are one sound in Latin letters are two in others.
        "كتحرق kat7req",
        "ⵍⵄⴰⴼⵉⵜ l3afit lɛafit",
    ],
)
def test_one_word_sounds_alike_in_every_script(spellings: str) -> None:
    assert len({sounds(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("دار", "دور"), ("lma", "lmu"), ("sif", "suf"), ("7", "77")]
)
def test_long_vowels_and_numbers_tell_words_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_the_ma_of_a_negation_belongs_to_the_next_word() -> None:
    assert sounds("ما تبقاوش تصيفطو") == sounds("matb9awch tsifto")
    assert sounds("خرج وما رجعش") == sounds("خرج مارجعش")


def test_where_each_sound_stands_is_known() -> None:
    assert placed(("wach", "ma", "bghitich")) == ((0, "uc"), (2, "mbğitic"))


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("وضربني", ("ضربني",)),
        ("والجدار", ("الجدار", "جدار")),
        ("بالقتل", ("القتل", "قتل")),
        ("طفلا", ("طفل",)),
        ("ولد", ()),
        ("feu", ()),
    ],
)
def test_what_is_written_onto_an_arabic_word(word: str, bare: tuple[str, ...]) -> None:
    assert without_written_on(word) == bare


def test_a_doubled_letter_counts_once() -> None:
    assert once("mmaddar") == "madar"


@given(st.text(max_size=80))
def test_it_never_raises(text: str) -> None:
    assert all(sounds(text))
