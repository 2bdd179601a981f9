"""Buttons that were shown long ago: answered kindly, and what is over stays as it was."""

from pathlib import Path

import pytest

from bot.app.build import App
from tests.citizen import Citizen
from tests.system.test_gate import kept

OVER = "belongs to an earlier conversation. Nothing was changed."


async def answered(app: App) -> tuple[Citizen, dict[str, str]]:
    """Somebody who has sent a poll, and the buttons that they met on the way."""
    citizen, met = Citizen(app), {}
    await citizen.arrives(code="OZT-LIGHT")
    for label, said in (
        ("Weak", "[Good]"),
        ("Bad", "[Fair]"),
        ("Skip", "skip"),
        ("Send", "[Send]"),
    ):
        met[label] = citizen.token(label)
        if label == "Send":
            met["Correct"] = citizen.token("Correct")
        await citizen.says(said)
    await citizen.says("cancel")
    return citizen, met


def contents(folder: Path) -> dict[str, object]:
    """All that is kept but what comes with every message: the message, its answer, and when."""
    less = ("inbox", "outbox", "addresses", "people")
    return {name: rows for name, rows in kept(folder).items() if name not in less}


@pytest.mark.parametrize("label", ["Weak", "Bad", "Skip", "Send", "Correct"])
async def test_a_tap_in_a_conversation_that_is_over_changes_nothing_and_says_so(
    app: App, tmp_path: Path, label: str
) -> None:
    """Whichever of its questions the button stood under; and no conversation begins by it."""
    citizen, met = await answered(app)
    before = contents(tmp_path)
    for _ in range(2):
        assert OVER in await citizen.does(token=met[label], event="tap")
    assert contents(tmp_path) == before
    assert "What would you like to do" in await citizen.says("hello")


async def test_a_tap_in_a_conversation_that_is_over_leaves_the_one_that_goes_on(app: App) -> None:
    """Its question is asked again, and answered as if nothing had been."""
    citizen, met = await answered(app)
    await citizen.starts("OZT-NEEDS")
    question = citizen.heard[-1].text
    said = await citizen.does(token=met["Send"], event="tap")
    assert OVER in said
    assert citizen.heard[-1].text.endswith(question)
    assert "Where exactly?" in await citizen.says("[Drinking water]")


async def test_a_button_of_somebody_else_is_nobodys(app: App, tmp_path: Path) -> None:
    """It moves neither chat."""
    _, met = await answered(app)
    brahim = Citizen(app, "brahim")
    await brahim.arrives(code="OZT-LIGHT")
    before = contents(tmp_path)
    for token in (met["Weak"], met["Send"], "nonsense", ""):
        assert OVER in await brahim.does(token=token, event="tap")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(("later", "said"), [(4_999, False), (5_000, True)])
async def test_a_second_tap_is_one_answer_and_later_the_question_comes_again(
    app: App, later: int, said: bool
) -> None:
    """On a slow network the answer to the first may not have been seen."""
    citizen = Citizen(app)
    first = await citizen.arrives(code="OZT-LIGHT")
    token = citizen.token("Weak")
    question = await citizen.says("[Weak]")
    assert "Question 2" in question
    citizen.at += later - 1000
    again = await citizen.does(token=token, event="tap")
    assert (again == question) is said
    assert bool(again) is said
    assert await citizen.says("back") == first
