"""Which of several named things a reply names: sure, in doubt, or none. Consonants alone decide nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.naming import LONGEST, PLAIN, means_all, means_none, named, same

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
    ("one", "other", "alike"),
    [
        ("transpor", "transport", True),
        ("trnsport", "transport", True),
        ("route", "toute", False),
        ("marche", "marcher", False),
        ("الطريق", "طريق", True),
        ("lma", "الما", True),
        ("dad", "ضد", False),
        ("takat", "ⵜⴰⴽⴰⵜ", True),
    ],
)
def test_two_spellings_of_one_word(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike


def test_all_and_none() -> None:
    assert means_all("tous")
    assert means_all("كلشي")
    assert means_none("والو")
    assert not means_all("toutes les rues")


@given(st.text(max_size=120))
def test_it_never_raises(text: str) -> None:
    named(text, THEMES)
