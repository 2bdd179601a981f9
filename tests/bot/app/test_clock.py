"""A clock that is set: back, and nobody misses a reply; forward, and nothing is deleted or closed by it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.app import clock, serving
from bot.outbox import outgoing as transcript
from storage import ids
from tests.citizen import NOON, Citizen, running


@pytest.mark.parametrize("hours", [1, 26])
async def test_a_page_misses_no_reply_after_a_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """It asks for what came after the last message that it has; a new process knows of no other ids."""
    noon = datetime.fromtimestamp(NOON / 1000, UTC)
    with time_machine.travel(noon, tick=False) as traveller:
        async with running(tmp_path) as app:
            citizen = Citizen(app)
            await citizen.says("salam")
            async with app.storage.reading() as tx:
                before = await transcript.transcript(tx, "web", citizen.address, 0, 60)
        traveller.shift(-timedelta(hours=hours))
        monkeypatch.setattr(ids, "_last", 0)
        async with running(tmp_path) as app:
            citizen.app = app
            citizen.at -= hours * 3_600_000
            await citizen.receive(citizen.arrival(text="english"))
            async with app.storage.reading() as tx:
                after = await transcript.transcript(tx, "web", citizen.address, before[-1].id, 60)
    assert after


def test_two_processes_that_begin_behind_the_latest_id_do_not_meet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []
    for _ in range(2):
        monkeypatch.setattr(ids, "_last", 0)
        ids.above(2**60)
        made.append({ids.new_id() for _ in range(50)})
    assert min(made[0] | made[1]) > 2**60
    assert not made[0] & made[1]


@pytest.mark.parametrize(
    ("seconds", "done"),
    [(-7200, True), (0, True), (clock.MOST_AHEAD, True), (clock.MOST_AHEAD + 1, False)],
)
async def test_by_a_clock_that_was_set_forward_nothing_is_done_that_cannot_be_taken_back(
    seconds: float, done: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said; once the clock is right again, work goes on. Time that passes is none that was set."""
    wall, other, ran = [1000.0], [50.0], []

    async def job(value: int) -> None:
        ran.append(value)

    careful = clock.Clock(lambda: wall[0], lambda: other[0]).guarded(job)
    wall[0] += 100_000
    other[0] += 100_000
    await careful(1)
    wall[0] += seconds
    await careful(2)
    assert ran == ([1, 2] if done else [1])
    assert ("the clock was set forward" in caplog.text) is not done
    wall[0] -= seconds
    await careful(3)
    assert ran[-1] == 3


async def test_a_consultation_is_not_closed_by_a_clock_that_was_set_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what was left deleted: the running process has the guard around both."""
    wall = [0.0]
    one = clock.Clock(lambda: wall[0], lambda: 0.0)
    ran: list[str] = []

    async def seen(*_: object) -> None:
        ran.append("ran")

    monkeypatch.setattr(serving, "keep_time", seen)
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.05)
    async with running(tmp_path) as app:
        wall[0] = 7200.0
        async with serving.background(app, clock=one):
            await asyncio.sleep(0.5)
            assert not ran
            wall[0] = 0.0
            await asyncio.sleep(0.5)
            assert ran
