"""What the tests of the outbox share: a database, a provider, the way between, and its clock."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.outbox import delivery as ways_out
from bot.outbox import pauses, pushes, replies, reports, waiting
from bot.outbox.delivery import Delivery
from storage.database import Storage
from storage.opening import open_storage
from tests.bot.outbox.scripted import VAULT, Scripted


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """A migrated database."""
    opened = await open_storage(f"sqlite:///{tmp_path}/a.sqlite")
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def channel() -> Scripted:
    """A provider."""
    return Scripted()


@pytest.fixture
async def delivery(storage: Storage, channel: Scripted) -> AsyncIterator[Delivery]:
    """The outbox's way out through that provider, which takes a chat's replies as fast as they come."""
    made = Delivery(storage, {"scripted": channel}, VAULT, None, {"scripted": 1_000_000})
    yield made
    await made.close(patience=0.1)


class Clock:
    """A clock that runs ahead whenever somebody waits; `waits` are the seconds (not the instants)."""

    def __init__(self) -> None:
        self.passed = 0.0
        #: Whether only waiting takes time, and not what the test itself does.
        self.stopped = False
        self.waits: list[float] = []
        self.begun = time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait no time at all, and let it pass."""
        if seconds >= 0.1:
            self.passed += seconds
            self.waits.append(seconds)
        await _SLEEP(0)

    async def rest(self, news: asyncio.Event, seconds: float) -> None:
        """Wait no time at all, unless there is news already."""
        await _SLEEP(0)
        if news.is_set():
            return
        if seconds < 0.1:
            self.passed += seconds
        await self.sleep(seconds)

    def now_ms(self) -> int:
        """The moment."""
        now = self.begun if self.stopped else time.time_ns() // 1_000_000
        return now + round(self.passed * 1000)


_SLEEP = asyncio.sleep


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Minutes of waiting pass in no time."""
    made = Clock()
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    monkeypatch.setattr(waiting, "rest", made.rest)
    for module in (ways_out, pauses, pushes, replies, reports):
        monkeypatch.setattr(module, "now_ms", made.now_ms)
    loop = asyncio.get_running_loop()
    runs, begun = loop.time, loop.time()
    monkeypatch.setattr(loop, "time", lambda: (begun if made.stopped else runs()) + made.passed)
    return made
