"""Lines of a data file: what each sign in them means, and that a line which says nothing is refused."""

import pytest

from flows.understanding.lines.files import FEWEST_LETTERS, heard, words_of
from flows.understanding.lines.patterns import FEWEST_SOUNDS, GAP, Shapes
from flows.understanding.lines.together import REACH

WORDS = {"message": "message* sms ميساج*"}


def found(line: str, text: str) -> bool:
    """Whether the line stands in the text."""
    return bool(Shapes({"x": [line]}, WORDS).found(heard(text)))


@pytest.mark.parametrize(
    ("line", "text", "stands"),
    [
        ("ne <message> plus", "Ne MESSAGES, plus!", True),
        ("ne <message> plus", "ne courrier plus", False),
        ("ne [me|m] <message>", "ne sms", True),
        ("ne [me|m] <message>", "ne me sms", True),
        ("ne ... plus", "ne a b c d plus", True),
        ("ne ... plus", "ne a b c d e plus", False),
        ("^ stop", "stop ici", True),
        ("^ stop", "au stop", False),
        ("rien $", "ne dites rien", True),
        ("rien $", "rien du tout", False),
        ("rien de|$", "plus rien", True),
        ("plus", "pluspart", False),
        ("de_vous", "rien de vous", True),
        ("<message>", "الميساجات", False),
        ("<message>", "ميساجات", True),
        ("~ matsifto lia", "ما تصيفطوش ليا", False),
        ("~ matsifto* lia", "ما تصيفطوش ليا", True),
        ("~ matsifto* lia", "matsiftouch liya", True),
    ],
)
def test_what_stands_in_a_message(line: str, text: str, stands: bool) -> None:
    assert found(line, text) is stands
    assert GAP == 4


@pytest.mark.parametrize(
    "line",
    ["[me] stop", "... stop", "stop [me]", "stop ...", "~ ma", "stop !", "<nothing>"],
)
def test_a_line_that_would_mean_nothing_or_anything_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        found(line, "stop")


def test_a_line_compared_by_sound_has_letters_enough() -> None:
    assert FEWEST_SOUNDS == 4
    assert found("~ bkmt", "bkmt")
    with pytest.raises(ValueError, match="too few sounds"):
        found("~ bkm", "bkm")


def test_words_in_any_order_are_near_each_other() -> None:
    assert REACH == 12
    assert found("& feu maison", "ma maison est en feu")
    assert found("~& l3afia dar", "الدار فيها العافية")
    filled = " ".join(["x"] * (REACH - 2))
    assert found("& feu maison", f"maison {filled} feu")
    assert found("& feu maison", f"{filled} {filled} maison {filled} feu {filled}")
    assert not found("& feu maison", f"maison x {filled} feu")


def test_one_word_is_not_two_of_them() -> None:
    assert not found("& feu|maison maison|feu", "maison")
    assert found("& feu|maison maison|feu", "feu maison")


@pytest.mark.parametrize(
    ("line", "text", "stands"),
    [
        # A word that may not be there.
        ("& feu !rouge", "le feu", True),
        ("& feu !rouge", "le feu rouge", False),
        # One word by its sound in a line that is folded.
        ("& feu ~l3afia", "feu العافية", True),
        ("& feu l3afia", "feu العافية", False),
        # Verbs: who, when, to whom.
        ("& @drb", "kaydrebni", True),
        ("& @drb", "وكيضربوها", True),
        ("& @drb", "غايضربني", True),
        ("& ~drb", "kaydrebni", False),
        # Verbs that are denied: whoever it is, to whomever, in every spelling.
        ("& -tsift", "ma tsiftoch", True),
        ("& -tsift", "ماتصيفطوليش", True),
        ("& -tsift", "matsiftouliyach", True),
        ("& -tsift", "وماتصيفطونيش", True),
        ("& -tsift", "tsiftoch", False),
        ("& -tsift", "matsifto", False),
        ("& -tsd3", "ما تصدعوناش", True),
        ("& -tsd3", "الحيط متصدع", False),
        ("& -tsd3", "mat9ld3ouch", False),
        ("~ -tsift lia", "ma tsiftouch lia", True),
        ("~ -tsift lia", "ma tsiftou lia", False),
        ("~ safi -tsift $", "صافي ما تصيفطوش", True),
        # What is written onto a noun.
        ("& +dar", "fddar", True),
        ("& +دار", "فالدار", True),
        ("& dar", "fdar", False),
        ("& حرق", "وحرق", True),
        ("& جدار", "بالجدار", True),
        # Words that are joined.
        ("& par_terre fil", "fil par terre", True),
        ("& par_ter* fil", "fil par terre", True),
        ("& par_terre fil", "fil par la terre", False),
    ],
)
def test_what_words_in_any_order_are_made_of(line: str, text: str, stands: bool) -> None:
    assert found(line, text) is stands


@pytest.mark.parametrize(
    "line",
    [
        "& !feu",
        "& ~ab feu",
        "& -ab feu",
        "& -! feu",
        "& ~! feu",
        "-sift feu",
        "+dar",
        "feu ~l3afia",
        "& +!",
    ],
)
def test_what_would_be_found_everywhere_or_nowhere_is_refused(line: str) -> None:
    assert FEWEST_LETTERS == 3
    with pytest.raises(ValueError, match=r".+"):
        found(line, "feu")


def test_a_long_message_of_one_word_is_looked_through_quickly() -> None:
    assert not found("& feu|x feu|x feu|x maison", "feu " * 60)


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        words_of("nothing")
