"""Two servers on one PostgreSQL, one provider: citizens write to both at once, and one server is killed.

    report = await two_servers(folder, url, seed=1)
    report.problems

What a server has acknowledged is in the inbox once, and its answers reach the chat at least once, in the
order in which they were written; only what was on its way at the kill may come twice.
"""

import asyncio
import itertools
import random
import socket
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp

from bot.app.build import kind_folders
from bot.core.vault import open_vault
from bot.outbox.outgoing import restored
from storage.opening import open_storage
from tests.checks import OutboxOf
from tests.emulators.telegram_api import TOKEN, TelegramApi, says
from tests.faults.server import HOST, SECRET
from tests.processes import started

#: Seconds after which a server that is not heard of is gone.
GONE = 2.0

#: Seconds until a server answers, and until everything has arrived.
PATIENCE = 30.0

#: What citizens write: each is answered in its own way, at any moment of a conversation.
WORDS = ("menu", "help", "language", "my data", "menu")


@dataclass
class Report:
    """What came of it."""

    acknowledged: int = 0
    heard: int = 0
    repeated: int = 0
    problems: list[str] = field(default_factory=list)


class _Servers:
    """Two processes; a provider that tries the other where one does not answer."""

    def __init__(self, folder: Path, database: str, provider: str) -> None:
        self.folder, self.database, self.provider = folder, database, provider
        self.ports = [_free(), _free()]
        self.processes: list[ForkServerProcess] = []
        self.session = aiohttp.ClientSession()

    async def start(self) -> None:
        for port in self.ports:
            words = ["--folder", str(self.folder), "--port", str(port), "--provider", self.provider]
            words += ["--database", self.database, "--gone", str(GONE)]
            self.processes.append(
                started("tests.faults.server", words, errors=self.folder / f"{port}.log")
            )
        async with asyncio.timeout(PATIENCE):
            for port in self.ports:
                while not await self._healthy(port):  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.05)

    async def _healthy(self, port: int) -> bool:
        try:
            async with self.session.get(f"http://{HOST}:{port}/health") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def post(self, server: int, update: dict[str, object]) -> None:
        """Bring an update until a server says 200: to the other, where one is gone."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with asyncio.timeout(PATIENCE):
            for number in itertools.count(server):
                url = f"http://{HOST}:{self.ports[number % 2]}/webhooks/telegram"
                try:
                    async with self.session.post(url, json=update, headers=headers) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        for process in self.processes:
            if process.exitcode is None:
                process.terminate()
                process.join(PATIENCE)
        await self.session.close()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def two_servers(folder: Path, database: str, seed: int, chats: int = 20) -> Report:
    """Let citizens write to two servers, kill one, and judge."""
    report, chance = Report(), random.Random(seed)  # a test's
    numbers = itertools.count(1)
    async with TelegramApi(token=TOKEN, latency_ms=200) as api:
        servers = _Servers(folder, database, api.address)
        try:
            await servers.start()

            async def citizen(chat: int) -> None:
                for text in WORDS:
                    both = [
                        servers.post(n, says(chat, text) | {"update_id": next(numbers)})
                        for n in range(2)
                    ]
                    await asyncio.gather(*both)
                    report.acknowledged += 2
                    await asyncio.sleep(chance.random() * 0.2)

            talking = [asyncio.create_task(citizen(chat)) for chat in range(1, chats + 1)]
            await asyncio.sleep(0.5 + chance.random() * 0.3)
            servers.processes[0].kill()
            await asyncio.gather(*talking)
            await _judge(database, folder, api, report)
        finally:
            await servers.stop()
    return report


async def _judge(database: str, folder: Path, api: TelegramApi, report: Report) -> None:
    storage = await open_storage(database, kind_folders())
    vault = open_vault("a secret for tests", folder / "none")
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                async with storage.reading() as tx:
                    rows = await tx.rows(OutboxOf, channel="telegram")
                    inbox = await tx.rows("inbox_states")
                if all(row.state not in ("queued", "sending") for row in rows):
                    break
                await asyncio.sleep(0.1)
    except TimeoutError:
        report.problems.append("some answers are still waiting")
    finally:
        await storage.close()
    counted = {row["state"]: row["n"] for row in inbox}
    if counted != {"done": report.acknowledged}:
        report.problems.append(f"{report.acknowledged} were acknowledged, the inbox has {counted}")
    chats: dict[str, list[str]] = {}
    for row in rows:
        if row.state == "dropped" and row.error in ("superseded", "folded"):
            continue
        if row.state != "sent":
            report.problems.append(f"an answer is {row.state} ({row.error})")
        said = restored(row.intent, vault, row.id).text
        chats.setdefault(row.address, []).append(said[:40])
    for address, said in chats.items():
        heard = [s.text[:40] for s in api.sent if str(s.chat_id) == address]
        report.heard += len(heard)
        report.repeated += max(len(heard) - len(said), 0)
        first = [text for text, _ in itertools.groupby(heard)]
        wanted = [text for text, _ in itertools.groupby(said)]
        rest = iter(first)
        if not all(text in rest for text in wanted):
            report.problems.append(
                f"chat {address} heard {len(first)} of {len(wanted)}, or in another order"
            )
