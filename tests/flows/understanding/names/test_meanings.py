"""What means the same, in five languages and all scripts."""

from collections import Counter

from flows.understanding.lines.files import words_of
from flows.understanding.names.meanings import differ, heard_as, same_as, vocabulary

#: What may stand in two groups: whoever offers both is asked back.
SHARED = {"car"}


def test_a_name_brings_its_synonyms() -> None:
    assert {"quotidien", "kol nhar", "everyday"} <= set(same_as("chaque jour"))
    assert {"trottoir", "route", "tri9"} <= set(same_as("routes et trottoirs"))
    assert "مدرسه" in same_as("l ecole")


def test_a_word_in_a_name_brings_nothing() -> None:
    assert "park" not in same_as("jardin d enfants")
    assert same_as("la vie de chateau") == ()


def test_what_is_too_wide_brings_nothing() -> None:
    assert "jour" in heard_as("every day")
    assert "quotidien" not in same_as("jour")


def test_a_phrase_stands_in_one_group() -> None:
    """A word of two groups is in doubt wherever both are offered: that is meant for few."""
    count = Counter(
        phrase.strip()
        for group in words_of("meanings")["same"].values()
        for phrase in {p.strip() for p in group.replace("\n", "/").split("/")} - {""}
    )
    assert {phrase for phrase, times in count.items() if times > 1} <= SHARED


def test_there_are_words_of_every_script() -> None:
    assert {"ecole", "مدرسه", "ⵜⵉⵏⵎⵍ"} <= vocabulary()


def test_a_word_in_a_name_may_mean_another_thing() -> None:
    assert differ("midi", "apres midi")
    assert not differ("eau", "eau potable")
    assert not differ("potable", "eau potable")
