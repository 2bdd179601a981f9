"""Lines of a data file: what each sign in them means, and that a line which says nothing is refused."""

import pytest

from flows.understanding.patterns import FEWEST_SOUNDS, GAP, SHORT, Shapes, heard, words_of

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


def test_words_in_any_order_are_looked_for_in_short_messages_only() -> None:
    assert SHORT == 12
    assert found("& feu maison", "ma maison est en feu")
    assert found("~& l3afia dar", "الدار فيها العافية")
    filled = " ".join(["x"] * (SHORT - 2))
    assert found("& feu maison", f"maison {filled} feu")
    assert not found("& feu maison", f"maison x {filled} feu")


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        words_of("nothing")
