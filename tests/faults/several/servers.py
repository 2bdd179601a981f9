"""The processes under test, their provider and those who bring it updates; what happens goes into a history.

    async with Servers(folder, database, number=2) as servers:
        await servers.post(chat, "menu")      until one of them says 200
        await servers.kill(0)                 without warning; it begins again

Updates come as Telegram brings them: again and again until they are answered with 200. A provider that is
not answered by one server tries another, as behind any load balancer.
"""

import asyncio
import itertools
import socket
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.emulators.telegram_api import TOKEN, TelegramApi, says
from tests.faults.judging.history import (
    Acknowledged,
    Disturbed,
    History,
    Posted,
    Refused,
    Restored,
    now,
)
from tests.faults.server import HOST, SECRET
from tests.processes import started

#: Seconds after which a server that is not heard of is gone; a busy machine may keep a living one silent for two.
GONE = 6.0

#: Seconds until a server has come up, and until an update is taken.
PATIENCE = 40.0

#: Seconds between two tries to bring an update.
AGAIN = 0.05


class Api(TelegramApi):
    """A Bot API that writes down what citizens see."""

    def __init__(self, history: History, latency_ms: float = 0) -> None:
        super().__init__(token=TOKEN, latency_ms=latency_ms)
        self._history = history

    def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        answer = super()._send(method, parameters)
        self._history.heard(self.sent[-1].chat_id, self.sent[-1].text)
        return answer


class Servers:
    """So many processes on one database. `options`: what else is on their command lines."""

    def __init__(
        self,
        folder: Path,
        database: str,
        number: int,
        *options: str,
        latency_ms: float = 0,
        gone: float = GONE,
    ) -> None:
        self.folder = folder
        self.database = database
        self.history = History(folder / "history.jsonl")
        self.api = Api(self.history, latency_ms)
        self.ports = [free_port() for _ in range(number)]
        self.options = [*options, "--marked", "--gone", str(gone)]
        self.processes: list[ForkServerProcess] = []
        #: Exit codes of processes that were stopped with warning.
        self.codes: list[int | None] = []
        self._numbers = itertools.count(1)
        self._acknowledged = 0
        self._progress = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        await self.api.__aenter__()
        try:
            await self._begin()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._stop)
        await self.session.close()
        await self.api.__aexit__()
        self.history.close()

    async def _begin(self) -> None:
        """One after the other: it is not the beginning that is tried here."""
        for port in self.ports:
            self.processes.append(self._begun(port))
            await self.healthy(port)

    def _begun(self, port: int) -> ForkServerProcess:
        words = ["--folder", str(self.folder), "--port", str(port)]
        words += ["--provider", self.api.address, "--database", self.database, *self.options]
        return started("tests.faults.server", words, errors=self.log(port))

    def log(self, port: int) -> Path:
        """Where the server at a port complains."""
        return self.folder / f"{port}.log"

    @property
    def logs(self) -> str:
        """All that was complained of."""
        return "".join(self.log(port).read_text("utf-8") for port in self.ports)

    def _stop(self) -> None:
        for process in self.processes:
            if process.exitcode is None:
                process.terminate()
        for process in self.processes:
            process.join(PATIENCE)
            if process.exitcode is None:
                process.kill()
                process.join()
            self.codes.append(process.exitcode)

    async def healthy(self, port: int) -> None:
        """Wait until the server at a port answers."""
        async with asyncio.timeout(PATIENCE):
            while not await self._answers(port):  # noqa: ASYNC110  # another process
                await asyncio.sleep(AGAIN)

    async def _answers(self, port: int) -> bool:
        try:
            async with self.session.get(f"http://{HOST}:{port}/health") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    # ------------------------------------------------------------------ what is done to them

    async def kill(self, number: int) -> None:
        """The end of one without warning, and a new beginning."""
        name = f"server {number}"
        self.history.note(Disturbed(now(), name))
        await asyncio.to_thread(self._end, self.processes[number])
        await self.begin(number)
        self.history.note(Restored(now(), name))

    async def begin(self, number: int) -> None:
        """Begin again what has ended."""
        self.processes[number] = self._begun(self.ports[number])
        await self.healthy(self.ports[number])

    @staticmethod
    def _end(process: ForkServerProcess) -> None:
        process.kill()
        process.join(PATIENCE)

    # ------------------------------------------------------------------ what citizens do

    async def say(self, chat: int, text: str, first: int = 0) -> int:
        """A citizen writes; returns the update's number once it is taken."""
        return await self.post(chat, says(chat, text, language="en"), first)

    async def post(self, chat: int, update: dict[str, Any], first: int = 0) -> int:
        """Bring an update until it is taken: to server `first`, and to the next where that fails."""
        number = next(self._numbers)
        await self.bring(chat, number, update | {"update_id": number}, first)
        return number

    async def bring(self, chat: int, number: int, update: dict[str, Any], first: int) -> None:
        """Bring an update that has its number."""
        self.history.note(Posted(now(), chat, number))
        async with asyncio.timeout(2 * PATIENCE):
            for turn in itertools.count(first):
                if await self._brought(self.ports[turn % len(self.ports)], chat, number, update):
                    break
                await asyncio.sleep(AGAIN)
        self.history.note(Acknowledged(now(), chat, number))
        async with self._progress:
            self._acknowledged += 1
            self._progress.notify_all()

    async def _brought(self, port: int, chat: int, number: int, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        url = f"http://{HOST}:{port}/webhooks/telegram"
        try:
            async with self.session.post(url, json=update, headers=headers) as answer:
                if answer.status == 200:
                    return True
                self.history.note(Refused(now(), chat, number, answer.status))
        except aiohttp.ClientError:
            pass
        return False

    async def reached(self, acknowledged: int) -> None:
        """Wait until so many updates have been taken."""
        async with self._progress:
            await self._progress.wait_for(lambda: self._acknowledged >= acknowledged)


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
