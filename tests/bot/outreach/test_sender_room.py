"""Room for messages that did not go is given back, so that others go in their place."""

from typing import Any

import pytest

from bot.app.build import App
from bot.core.localtime import now_ms
from bot.outreach import answers as answers_module
from bot.outreach.claims import Fate
from tests.bot.cases.test_handling import case, council_of, tells
from tests.bot.cases.test_handling import replies as desk
from tests.bot.outreach.test_broadcasts import app as app
from tests.bot.outreach.test_broadcasts import clock as clock
from tests.bot.outreach.test_broadcasts import known, sent, states


class Room:
    """Ten places on every channel; notes how many came back, and whether anybody asked."""

    def __init__(self, app: App, patch: pytest.MonkeyPatch, places: int = 10) -> None:
        self.back: list[int] = []
        patch.setattr(app.delivery, "room", lambda channel, most: places)
        patch.setattr(app.delivery, "give_back", lambda channel, number: self.back.append(number))


async def test_places_of_those_to_whom_nothing_goes_are_given_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of three have said stop since: nine of ten places are free for the next."""
    for name in ("amina", "brahim", "clara"):
        await known(app, name)
    id = await sent(app)
    room = Room(app, monkeypatch)
    decides = app.sender._fate
    seen: list[object] = []

    def fate(row: Any, consultation: Any, one: Any, at: int) -> Fate:
        seen.append(one)
        goes = decides(row, consultation, one, at)
        return goes if len(seen) == 1 else Fate("drop", "stopped", at)

    monkeypatch.setattr(app.sender, "_fate", fate)
    for _ in range(3):
        await app.sender.round()
    assert await states(app, id) == {"sent": 1, "dropped": 2}
    assert 9 in room.back
    assert set(room.back) <= {9, 10}


async def test_places_for_a_broadcast_that_cannot_be_worked_on_are_all_given_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is paused, and the others go at full speed."""
    await known(app, "amina")
    id = await sent(app)
    room = Room(app, monkeypatch)

    def broken(*given: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(app.sender, "_texts", broken)
    await app.sender.round()
    await app.sender.round()
    assert room.back
    assert set(room.back) == {10}
    assert await states(app, id) == {"queued": 1}


async def test_places_of_a_clerks_answer_that_cannot_go_are_given_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stopped meanwhile leaves all ten; whoever reads it takes one."""
    amina, reference = await tells(app, "amina", "No water")
    amina.at = now_ms()
    room = Room(app, monkeypatch)
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await desk.answer(tx, council_of(app), row, "amal", text="Which street?")
    with monkeypatch.context() as patch:
        patch.setattr(answers_module, "_unwanted", lambda one: "stopped")
        patch.setattr(app.sender._answers, "_clock", lambda: now_ms() + 3_600_000)
        await app.sender.round()
    assert set(room.back) == {10}


async def test_a_round_that_fails_gives_all_places_of_answers_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says so: the next round tries again."""
    amina, reference = await tells(app, "amina", "No water")
    amina.at = now_ms()
    room = Room(app, monkeypatch)
    row = await case(app, reference)
    async with app.storage.transaction() as tx:
        await desk.answer(tx, council_of(app), row, "amal", text="Which street?")

    async def broken(*given: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(app.sender._answers, "_claim", broken)
    monkeypatch.setattr(app.sender._answers, "_clock", lambda: now_ms() + 3_600_000)
    with pytest.raises(ZeroDivisionError):
        await app.sender.round()
    assert room.back == [10]
