"""Open answers that say the same, and the words that are said most."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.themes.grouping import Group, groups
from tests.flows.understanding import language_samples

#: What people say, by what they mean; one meaning may be in two scripts, not in two languages.
SAID = {
    "light": ["الضو مقطوع فالزنقة ديالنا", "ddaw ma9tou3 f zn9a dyalna", "الضو ما كاينش فالزنقة",
              "daw makaynch f zan9a", "zn9a bla daw f lil"],
    "lumière": ["Réparer l'éclairage public de notre rue", "L'éclairage public est en panne",
                "eclairage publique en panne dans ma rue", "Il faut réparer l'éclairage public"],
    "bus": ["bghina tobis l souk", "بغينا طوبيس للسوق", "خاصنا طوبيس ديال السوق",
            "tobis dyal souk 3afakom"],
    "school": ["المدرسة بعيدة على الدراري", "lmadrasa b3ida 3la drari"],
    "dogs": ["الكلاب الضالة تهدد التلاميذ", "كلاب ضالة كثيرة تهدد التلاميذ"],
    "chiens": ["Les chiens errants menacent les enfants", "trop de chiens errants près des enfants"],
    "doctor": ["المركز الصحي بدون طبيب", "لا يوجد طبيب في المركز الصحي"],
    "tifawin": ["nra tifawin gh tswikt", "نرا تيفاوين غ تسوكت"],
}  # fmt: skip
ANSWERS = [(f"{topic}-{at}", text) for topic, said in SAID.items() for at, text in enumerate(said)]


def topic(id: str) -> str:
    return id.rpartition("-")[0]


def test_answers_that_say_the_same_are_together_in_both_scripts():
    """Each meaning is one group here, whichever letters it was written in."""
    made = groups(ANSWERS)
    assert {frozenset(map(topic, g.members)) for g in made} == {frozenset({t}) for t in SAID}
    assert len(made) == len(SAID)
    assert [g.size for g in made] == sorted((len(said) for said in SAID.values()), reverse=True)


def test_a_long_answer_does_not_swallow_a_short_one_that_it_contains():
    """Water alone is not the same as a list of ten wishes with water in it."""
    long = "الماء والكهرباء والطريق والمدرسة والمستشفى والملعب والحديقة والسوق والنقل والإنارة"
    assert len(groups([("a", "الماء"), ("b", long)])) == 2


def test_the_representative_is_what_most_others_are_like():
    """Neither the longest nor the oddest of the group."""
    made = groups(
        [
            ("odd", "réparer éclairage public rue Ibn Sina devant boulangerie"),
            ("short", "éclairage public"),
            ("typical", "réparer éclairage public rue"),
            ("again", "réparer l'éclairage public de la rue"),
        ],
        threshold=0.3,
    )
    assert made[0].size == 4
    assert made[0].representative == "typical"


def test_words_that_stand_in_every_answer_bring_nothing_together():
    """ "We want", "please" and "in our village" say nothing of what is wanted."""
    assert len(groups([("a", "نريد الماء من فضلكم"), ("b", "نريد ملعبا من فضلكم")])) == 2
    assert len(groups([("a", "Il faut un bus svp"), ("b", "Il faut une école svp")])) == 2
    assert len(groups([("a", "bghina lma 3afakom"), ("b", "bghina terrain 3afakom")])) == 2


def test_a_slip_of_the_finger_is_no_other_word():
    """A rare word one letter from a usual one is taken for it."""
    usual = [(str(at), "eclairage trottoir") for at in range(3)]
    assert groups([*usual, ("x", "eclairge trotoir")])[0].size == 4


def test_answers_without_a_word_that_says_something_are_together_only_if_equal():
    """ "Nothing", "ok", a mark of 8: these are groups of their own; a voice note alone is in none."""
    made = groups([("a", "والو"), ("b", "والو!"), ("c", "8"), ("d", ""), ("e", "🙏")])
    assert made == (Group(("a", "b"), "a"), Group(("c",), "c"))


def test_an_id_that_comes_twice_is_refused():
    """Else nobody could say which answer is meant."""
    with pytest.raises(ValueError, match="'a' is given twice"):
        groups([("a", "x"), ("a", "y")])


def test_messages_about_different_things_stay_mostly_apart():
    """Of two hundred short messages, nearly all groups of two and more are one script's twin."""
    texts = [t for _, t in (*language_samples.KNOWN, *language_samples.HELD_OUT)]
    made = groups([(str(at), text) for at, text in enumerate(texts)])
    assert max(group.size for group in made) <= 4
    assert sum(1 for group in made if group.size > 1) <= 30


@given(st.permutations(ANSWERS))
def test_the_order_in_which_answers_come_changes_no_group(answers: list[tuple[str, str]]):
    """The same answers, the same groups."""
    expected = {frozenset(group.members) for group in groups(ANSWERS)}
    assert {frozenset(group.members) for group in groups(answers)} == expected


@given(st.lists(st.text(max_size=40), max_size=25), st.floats(0.05, 1))
def test_each_answer_with_words_is_in_one_group(texts: list[str], threshold: float):
    """Nothing is lost or said twice, and who represents a group is in it."""
    answers = [(str(at), text) for at, text in enumerate(texts)]
    made = groups(answers, threshold)
    members = [id for group in made for id in group.members]
    assert len(members) == len(set(members))
    assert all(group.representative in group.members for group in made)
    letters = {
        str(at) for at, text in enumerate(texts) if any(c.isalpha() and c.isascii() for c in text)
    }
    assert letters <= set(members) <= {id for id, _ in answers}


def test_thousands_of_answers_do_not_take_the_square_of_their_number():
    """Five thousand, all different, are grouped well within the limit of a test."""
    chance = random.Random(7)
    syllables = [c + v for c in "bcdfghklmnprst" for v in "aeiou"]
    words = ["".join(chance.choices(syllables, k=3)) for _ in range(2000)]
    usual = [1 / (at + 1) for at in range(2000)]
    answers = [(str(n), " ".join(chance.choices(words, usual, k=8))) for n in range(5000)]
    assert sum(group.size for group in groups(answers)) == 5000


@pytest.mark.parametrize(
    ("text", "other", "together"),
    [
        ("un bus", "le bus", True),
        ("eau 12", "eau 34", True),
        ("12", "34", False),
        ("12", "12", True),
        ("ok", "ok", True),
        ("ok", "ko", False),
        ("A", "B", False),
        ("tv", "un tv", True),
    ],
)
def test_words_of_two_letters_count_and_numbers_do_not(text: str, other: str, together: bool):
    """What says nothing alone is alike only where it is equal."""
    assert (len(groups([("a", text), ("b", other)])) == 1) is together


def test_a_slip_in_a_long_word_is_read_as_the_word_that_many_wrote():
    """Not in a short one, nor where the other word is usual as well, nor of another beginning."""
    usual = [(f"u{n}", "tranquillité") for n in range(3)] + [(f"b{n}", "bancs") for n in range(3)]
    for slip, word in (("tranquilité", "u0"), ("tranqillité", "u0"), ("bancx", "b0")):
        found = next(g for g in groups([*usual, ("slip", slip)]) if "slip" in g.members)
        assert word in found.members, slip
    for other in ("drains", "parc", "lancs"):
        found = next(g for g in groups([*usual, ("other", other)]) if "other" in g.members)
        assert found.members == ("other",), other
