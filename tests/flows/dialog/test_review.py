"""The last look: what is typed there leads to what was meant, and nothing is sent or dropped by mistake."""

import pytest

from flows.dialog.dialog import Correct, NotUnderstood, Option, Reply, Unfinished, Unsure
from flows.dialog.review import Review
from flows.wording.text import msg

REVIEW = Review(
    (Option("send", msg("button.send"), "✅"), Option("drop", msg("button.drop"), "❌")),
    (
        (msg("need.label.theme"), "theme"),
        (msg("need.label.place"), "place"),
        (msg("need.label.words"), "words"),
    ),
)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("لا غلطت فالبلاصة", "place"),
        ("le lieu est faux", "place"),
        ("non le lieu", "place"),
        ("oui mais le lieu est faux", "place"),
        ("ghlt f lblasa", "place"),
        ("wrong place", "place"),
        ("machi hiya lblassa", "place"),
        ("changer le message", "words"),
        ("نبدل الميساج", "words"),
        ("المكان غير صحيح", "place"),
        ("غلطت فالموضوع", "theme"),
    ],
)
def test_what_is_wrong_and_named_is_asked_again(said: str, key: str) -> None:
    assert REVIEW.read(Reply(text=said)) == Correct(key)


@pytest.mark.parametrize(
    "said",
    ["je me suis trompé", "غلطت", "ماشي صحيح", "wait, I made a mistake", "c'est pas ça", "ⵖⵍⵟⵖ"],
)
def test_whoever_says_only_that_something_is_wrong_gets_the_list(said: str) -> None:
    assert REVIEW.read(Reply(text=said)) == Unfinished("correct")


@pytest.mark.parametrize("said", ["البلاصة", "le lieu", "lieu et message"])
def test_an_answer_that_is_only_named_is_asked_back(said: str) -> None:
    found = REVIEW.read(Reply(text=said))
    assert isinstance(found, Unsure)
    assert {one.reply.tap for one in found.candidates} <= {"~correct:place", "~correct:words"}
    assert isinstance(REVIEW.read(found.candidates[0].reply), Correct)


@pytest.mark.parametrize(
    ("said", "action"),
    [("oui", "send"), ("ok", "send"), ("صيفط", "send"), ("non", "drop"), ("1", "send")],
)
def test_a_plain_yes_sends_and_a_plain_no_does_not(said: str, action: str) -> None:
    assert REVIEW.read(Reply(text=said)) == action


def test_what_says_none_of_it_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        REVIEW.read(Reply(text="il fait beau"))
