"""A process in which a handler spins: its message is put aside, and everybody else is served."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.app import watchdog
from bot.app.watchdog import Watchdog
from bot.channels.port import Arrival
from tests.emulators.telegram_api import TOKEN, TelegramApi, says
from tests.faults.server import DATABASE, HOST, SECRET
from tests.faults.several.servers import free_port

ROOT = Path(__file__).parents[3]

#: Seconds until a server has come up, or again.
PATIENCE = 40.0


class Serving:
    """A server of a process of its own, and what is said to it."""

    def __init__(self, folder: Path, port: int, session: aiohttp.ClientSession) -> None:
        self.folder, self.port, self._session = folder, port, session
        self._updates = iter(range(1, 1000))

    async def hears(self, chat: int, text: str, update: int = 0) -> None:
        """A citizen's message, brought until it is taken."""
        body = says(chat, text) | {"update_id": update or next(self._updates)}
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    url = f"http://{HOST}:{self.port}/webhooks/telegram"
                    async with self._session.post(url, json=body, headers=headers) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)

    def inbox(self) -> list[tuple[str, int]]:
        """State and tries of what was taken."""
        with closing(sqlite3.connect(self.folder / DATABASE)) as database:
            return database.execute("SELECT state, tries FROM inbox ORDER BY id").fetchall()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextmanager
def process(words: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as file:
        command = [sys.executable, "-m", "tests.faults.server", *words]
        running = subprocess.Popen(command, cwd=ROOT, stderr=file, stdout=file)
        try:
            yield running
        finally:
            running.terminate()
            running.wait(PATIENCE)


@asynccontextmanager
async def serving(folder: Path, fault: str) -> AsyncIterator[tuple[Serving, TelegramApi]]:
    port = free_port()
    async with TelegramApi(token=TOKEN) as api, aiohttp.ClientSession() as session:
        words = ["--folder", str(folder), "--port", str(port), "--provider", api.address]
        words += ["--broken", fault, "--hang", "0.6"]
        with process(words, folder / "log") as running:
            server = Serving(folder, port, session)
            await server.hears(1, "/start OZT-LIGHT")
            yield server, api
            assert running.poll() is None


async def heard(api: TelegramApi, chat: int, part: str) -> None:
    """Wait until a chat has heard it."""
    async with asyncio.timeout(PATIENCE):
        while not any(one.chat_id == chat and part in one.text for one in api.sent):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_handler_that_spins_is_interrupted_and_the_process_stays(tmp_path: Path) -> None:
    async with serving(tmp_path, "spins") as (server, api):
        for text in ("english", "1"):
            await server.hears(1, text)
        await asyncio.gather(server.hears(1, "menu"), server.hears(2, "/start OZT-LIGHT"))
        await heard(api, 1, "Something broke on our side")
        await server.hears(2, "english")
        await heard(api, 2, "Your answers go to")
        assert server.log.count("a handler is interrupted") == 1
        assert "begins anew" not in server.log
        assert sorted(server.inbox()).count(("quarantined", 1)) == 1


async def test_a_handler_that_will_not_stop_costs_a_new_beginning_once(tmp_path: Path) -> None:
    """The message comes again, as it was never acknowledged; it is known by then."""
    async with serving(tmp_path, "spins-on") as (server, api):
        for text in ("english", "1"):
            await server.hears(1, text)
        await server.hears(1, "menu", update=777)
        await heard(api, 1, "Something broke on our side")
        await server.hears(1, "menu", update=777)
        for text in ("/start OZT-LIGHT", "english"):
            await server.hears(2, text)
        await heard(api, 2, "Your answers go to")
        assert server.log.count("the process begins anew") == 1
        assert sorted(server.inbox()).count(("quarantined", 1)) == 1
        assert "'menu'" not in server.log


async def test_what_it_hung_at_is_known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = Arrival(channel="web", account="web", address="a", external_id="1", at=0, text="سلام")
    began: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, words: began.append(words))
    watchdog.begin_anew(arrival)
    assert began[0][1:] == sys.orig_argv[1:]
    assert os.get_inheritable(int(os.environ[watchdog.STUCK]))
    assert watchdog.stuck() == arrival
    assert watchdog.stuck() is None
    watchdog.begin_anew(None)
    assert watchdog.stuck() is None
    monkeypatch.setenv(watchdog.STUCK, "987654")
    assert watchdog.stuck() is None


async def test_a_loop_that_waits_is_given_more_time_than_one_that_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread that sleeps has used up nothing."""
    monkeypatch.setattr(watchdog, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "INTERRUPT_SECONDS", 0.2)
    monkeypatch.setattr(watchdog, "REPLACE_SECONDS", 0.25)
    replaced = threading.Event()
    dog = Watchdog(asyncio.get_running_loop(), lambda _: replaced.set())
    monkeypatch.setattr(watchdog.signal, "pthread_kill", lambda *_: None)
    dog.start()
    try:
        assert not replaced.wait(0.4), "it waited no longer than one that works"
        assert replaced.wait(5), "it waited for ever"
    finally:
        await asyncio.sleep(0.05)
        dog.end()
