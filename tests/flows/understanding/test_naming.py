"""Which of several named things a reply names: sure, in doubt, or none. Consonants alone decide nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.naming import (
    LONGEST,
    PLAIN,
    Named,
    listed,
    means_all,
    means_none,
    named,
    only,
)

THEMES = (
    ("Eau potable", "الما ديال الشرب", "Drinking water", "ⴰⵎⴰⵏ ⵏ ⵜⵙⵙⵉ"),
    ("Routes et trottoirs", "الطرقان والزناقي", "Roads and pavements"),
    ("Accessibilité aux personnes handicapées", "الولوجيات للناس ف وضعية إعاقة"),
    ("Éclairage public", "الضو فالزنقة", "Street lighting"),
)
VOTES = (("Pour", "مع"), ("Contre", "ضد"))
OFTEN = (("Chaque jour", "كل نهار"), ("Jamais",))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("l'eau", 0), ("EAU POTABLE", 0), ("bghit lma", 0), ("plutôt l'eau", 0), ("aman", 0),
        ("la route", 1), ("les routes", 1), ("tri9an", 1), ("dow", 3), ("ddo", 3),
        ("eclairage public", 3),
    ],
)  # fmt: skip
def test_a_plain_noun_a_near_spelling_or_a_sound_is_sure(text: str, at: int | None) -> None:
    assert named(text, THEMES).sure == at


@pytest.mark.parametrize(
    "text", ["poubelle", "FIRE", "fer", "wakha", "sda3", "tous", "", "!!", "la santé"]
)
def test_another_word_names_nothing(text: str) -> None:
    assert named(text, THEMES).sure is None


@pytest.mark.parametrize(
    "text", ["peur", "pire", "voir", "fear", "por", "centre", "conter", "conte"]
)
def test_a_short_name_is_itself_or_nothing(text: str) -> None:
    assert named(text, VOTES).sure is None


@pytest.mark.parametrize(
    ("text", "maybe"),
    [
        ("pas l'eau", (0,)),
        ("l'eau ou la route", (0, 1)),
        ("peut-être pour", (0,)),
        ("je ne suis pas contre", (1,)),
    ],
)
def test_a_turning_word_or_two_at_once_are_in_doubt(text: str, maybe: tuple[int, ...]) -> None:
    found = named(text, THEMES if "eau" in text else VOTES)
    assert found.sure is None
    assert found.maybe == maybe


def test_a_day_is_not_every_day() -> None:
    assert named("كل نهار", OFTEN).sure == 0
    assert named("nhar", OFTEN).sure is None


def test_a_longer_sentence_is_asked_back_and_a_long_one_names_nothing() -> None:
    around = ["je", "pense", "que", "c", "est", "le", "mieux", "svp", "merci", "alors", "donc"]
    assert named(" ".join([*around[: PLAIN - 1], "contre"]), VOTES).sure == 1
    asked = named(" ".join([*around[:PLAIN], "contre"]), VOTES)
    assert (asked.sure, asked.maybe) == (None, (1,))
    assert named(" ".join([*around, "x" * 3, "contre"][-LONGEST - 1 :]), VOTES).sure is None
    assert named(" ".join(["svp"] * LONGEST + ["contre"]), VOTES).maybe == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("quotidien", 0), ("everyday", 0), ("kol nhar", 0), ("tous les jours", 0), ("jour", 0),
        ("jamais de la vie", 1), ("je n'y vais jamais", 1), ("لم أذهب أبدا", 1), ("3mri", 1),
        ("deux fois par jour", None), ("pas tous les jours", None), ("un jour", None), ("kol chhar", None),
        ("presque jamais", None), ("jour de l'an", None),
    ],
)  # fmt: skip
def test_what_means_the_same_is_known_in_every_language(text: str, at: int | None) -> None:
    assert named(text, OFTEN).sure == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("l'éclairage dans la rue", 3), ("do d zn9a", 3), ("sur la route", 1),
        ("leau", 0), ("laroute", 1), ("dla route", 1), ("المهم عندي هو الما", 0), ("une route pour nos enfants", 1),
        ("1 l'eau", 0), ("2 l'eau", None), ("les enfants", None), ("eau et routes", None),
    ],
)  # fmt: skip
def test_what_stands_around_a_name_is_left_out(text: str, at: int | None) -> None:
    assert named(text, THEMES).sure == at


@pytest.mark.parametrize(
    "text", ["pour les enfants", "par contre il pleut", "مع السلامة", "for now", "contr l'ecole"]
)
def test_what_stands_beside_a_preposition_is_what_it_speaks_of(text: str) -> None:
    assert named(text, VOTES).sure is None


def test_a_meaning_of_two_choices_is_in_doubt() -> None:
    both = (("Jardin public",), ("Park",))
    assert named("الحديقة", both) == Named(maybe=(0, 1))
    assert named("jardin public", both).sure == 0


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("l'eau et la route", (0, 1)), ("lma o tri9", (0, 1)), ("aman d ubrid", (0, 1)),
        ("الطريق ثم الماء", (0, 1)), ("water lighting and roads", (0, 1, 3)), ("eau w do d zn9a", (0, 3)),
        ("do d zn9a", (3,)), ("l'eau ou la route", None), ("l'eau et pas la route", None),
        ("l'eau et je ne sais quoi", None), ("", None),
    ],
)  # fmt: skip
def test_an_enumeration_is_read_as_a_whole(text: str, places: tuple[int, ...] | None) -> None:
    assert listed(text, THEMES) == places


def test_what_says_nothing_about_numbers_is_left_out() -> None:
    assert only("2 et 4 seulement") == "2 et 4"


def test_all_and_none() -> None:
    assert means_all("tous")
    assert means_all("كلشي")
    assert means_none("والو")
    assert not means_all("toutes les rues")


@given(st.text(max_size=120))
def test_it_never_raises(text: str) -> None:
    named(text, THEMES)
    listed(text, VOTES)


@pytest.mark.parametrize(
    ("text", "places"),
    [("الإنارة والطرق", (1, 3)), ("إنارة الطرق", (3,)), ("الطرق والإنارة والماء", (0, 1, 3))],
)
def test_an_and_written_onto_a_word_joins_two_things(text: str, places: tuple[int, ...]) -> None:
    names = (*THEMES[:3], ("الإنارة العمومية", "Street lighting"))
    assert listed(text, names) == places
