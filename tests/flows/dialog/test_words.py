"""How long a citizen's words may be: one character below, at, and above."""

import pytest

from flows.dialog.answers import Words
from flows.dialog.dialog import NotUnderstood, Reply
from flows.kinds.poll.writing.answers import ChoiceList
from flows.wording.text import msg


@pytest.mark.parametrize("length", [2, 7999, 8000])
def test_words_have_up_to_eight_thousand_characters(length: int) -> None:
    """All of them are kept."""
    assert Words().read(Reply(text="x" * length)).text == "x" * length


@pytest.mark.parametrize("length", [8001, 9000])
def test_what_is_longer_is_said_with_its_length(length: int) -> None:
    """Nothing is cut off in silence."""
    with pytest.raises(NotUnderstood) as error:
        Words().read(Reply(text="x" * length))
    assert error.value.text == msg("trouble.too_long", longest=8000, length=length)


@pytest.mark.parametrize("text", ["", "x", "?!", "  "])
def test_a_single_letter_or_sign_is_no_answer(text: str) -> None:
    """It was a slip of the finger."""
    with pytest.raises(NotUnderstood):
        Words().read(Reply(text=text))


def written(*labels: str) -> int:
    """How many choices are understood."""
    return len(ChoiceList().read(Reply(text="\n".join(labels))))


@pytest.mark.parametrize("number", [2, 10])
def test_a_poll_written_in_the_chat_has_two_to_ten_choices(number: int) -> None:
    """Each on a line of its own."""
    assert written(*(f"choice {n}" for n in range(number))) == number


@pytest.mark.parametrize(
    "labels",
    [["one"], [f"choice {n}" for n in range(11)], ["x" * 61, "y"], ["same", "Same"]],
    ids=["one", "eleven", "too long", "twice"],
)
def test_fewer_more_longer_or_the_same_choices_are_refused(labels: list[str]) -> None:
    """With what would be right."""
    with pytest.raises(NotUnderstood):
        written(*labels)


def test_a_choice_has_up_to_sixty_characters() -> None:
    """One more does not fit a button."""
    assert written("x" * 60, "y") == 2
