"""Which language a message is in, measured on our own samples."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.listening import lines_of
from flows.understanding.language import IN_ARABIC_LETTERS, SURE, Guess, identify, propose
from flows.understanding.scripts import script
from tests.flows.understanding.language_samples import HELD_OUT, KNOWN


def _right(sample: tuple[str, str]) -> bool:
    kind, text = sample
    return identify(text).language == (None if kind == "none" else kind.split("_")[0])


@pytest.mark.parametrize(("samples", "floor"), [(KNOWN, 0.97), (HELD_OUT, 0.94)])
def test_most_messages_are_told_right(samples: list[tuple[str, str]], floor: float) -> None:
    """Accuracy stays above the floor, also on the part the rules were not fitted to."""
    assert sum(map(_right, samples)) / len(samples) >= floor


def test_no_class_is_left_behind() -> None:
    """Each language and script is right four times in five at least, in each part."""
    for samples in (KNOWN, HELD_OUT):
        by_kind = defaultdict(list)
        for sample in samples:
            by_kind[sample[0]].append(_right(sample))
        assert len(by_kind) == 9
        for kind, right in by_kind.items():
            assert sum(right) / len(right) >= 0.8, kind


def test_a_sure_guess_is_right() -> None:
    """At confidence 0.8 nearly nothing is wrong, and half of the messages get there."""
    sure = [s for s in KNOWN + HELD_OUT if s[0] != "none" or identify(s[1]).language]
    sure = [s for s in sure if identify(s[1]).confidence >= SURE]
    assert sum(map(_right, sure)) / len(sure) >= 0.985
    assert len(sure) / len(KNOWN + HELD_OUT) >= 0.5


def test_nine_in_ten_of_each_language_and_script_are_told_from_three_words_on() -> None:
    """On the set that `make listening` reads, where each stands at least eight times."""
    by_kind = defaultdict(list)
    for line in lines_of("language", "development"):
        if line.expected and len(line.text.split()) >= 3:
            right = identify(line.text).language == line.expected
            by_kind[line.expected, script(line.text)].append(right)
    assert len(by_kind) == 8
    for kind, right in by_kind.items():
        assert len(right) >= 8
        assert sum(right) / len(right) >= 0.9, kind


def test_arabic_letters_that_say_nothing_more_are_darija() -> None:
    """Most people here speak it."""
    assert identify("محمد العلوي") == IN_ARABIC_LETTERS == Guess("ary", 0.5)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("tu es un robot", "fr"),
        ("tu es qui ?", "fr"),
        ("s il vous plait", "fr"),
        ("l eau est coupee", "fr"),
        ("j ai pas d eau", "fr"),
        ("n importe quoi", "fr"),
        ("can't you see", "en"),
        ("it's dark here", "en"),
        ("aman n uduwar", "zgh"),
        ("ما جاوبوش عليا", "ary"),
        ("ma fhemtch walo", "ary"),
    ],
)
def test_what_an_apostrophe_takes_off_speaks_for_its_language(text: str, language: str) -> None:
    """Written, left out, or a space: "s il" is no Tamazight; and a negation in two words is Darija."""
    assert identify(text).language == language


def test_samples_are_many_and_distinct() -> None:
    """At least 160 different messages, none in both parts."""
    texts = [text for _, text in KNOWN + HELD_OUT]
    assert len(texts) == len(set(texts)) >= 160


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "👍",
        "AB123456",
        "+212 6 12 34 56 78",
        "https://example.org/les-rues-de-la-ville",
    ],
)
def test_what_has_no_words_has_no_language(text: str) -> None:
    """Numbers, signs and links tell nothing."""
    assert identify(text) == Guess(None, 0.0)


def test_a_loan_word_alone_is_never_sure() -> None:
    """ "Merci" is said in Darija too."""
    assert identify("merci").confidence < SURE


def test_words_outside_the_lexicons_fall_to_langdetect() -> None:
    """From five unknown words on French, English and Spanish are told, never surely, never by chance."""
    text = "ripe barley sways beyond calm meadows"
    guesses = {identify(text) for _ in range(5)}
    assert guesses == {Guess("en", SURE - 0.05)}
    assert identify("cinco perros vagabundos duermen bajo puentes").language is None
    assert identify("cattle wander wheat") == Guess(None, 0.0)


@pytest.mark.parametrize(
    ("text", "app", "language"),
    [
        ("Bonjour, je voudrais signaler une fuite d'eau", "ar", "fr"),
        ("الضو مقطوع فالزنقة ديالنا", "fr", "ary"),
        ("ⴰⵣⵓⵍ", "fr", "zgh"),
        ("/start", "fr", "fr"),
        ("/start", "en-GB", "en"),
        ("/start", "ar", "ar"),
        ("/start", "kab", "zgh"),
        ("/start", "de", "ary"),
        ("/start", None, "ary"),
        ("merci", "ar", "ar"),
        ("merci", None, "fr"),
        ("hola, no hay agua en mi calle", "fr", "fr"),
        ("محمد العلوي", None, "ary"),
        ("محمد العلوي", "ar", "ary"),
        ("محمد العلوي", "fr", "ary"),
        ("الحديقة مغلقة", "en", "ar"),
        ("الما مقطوع فالدوار ديالنا", "en-US", "ary"),
        ("l'eau est coupée chez nous", "ar-MA", "fr"),
    ],
)
def test_the_first_words_and_the_app_propose_a_language(
    text: str, app: str | None, language: str
) -> None:
    """A sure message decides, else the app, else the guess, else Darija."""
    assert propose(text, app) == language


@given(st.text(st.characters(), max_size=120))
def test_no_text_breaks_the_guess(text: str) -> None:
    """Arbitrary text has a guess between 0 and 1, and a proposal among the five languages."""
    assert 0 <= identify(text).confidence <= 1
    assert propose(text, text[:5]) in {"ar", "ary", "fr", "zgh", "en"}
