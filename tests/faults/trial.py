"""Citizens answer a poll while the server is killed under them; then everything is counted.

    report = await trial(folder, Plan(seed=7, citizens=30, kills=4))
    report.problems        empty if nothing was lost and nothing done twice

Updates are posted as Telegram posts them: one at a time in each chat, again and again until they
are answered with 200, and now and then once more although they were.
"""

import asyncio
import json
import random
import socket
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp

from tests.emulators.telegram_api import TelegramApi, says
from tests.faults.server import DATABASE, HOST, SECRET, VAULT
from tests.processes import started

#: Seconds until a server that was started or stopped must have done so.
PATIENCE = 20.0

#: Seconds without a message going out after which none will; a second try comes after one.
QUIET = 2.5

#: How often an update that was answered is posted once more.
REDELIVERED = 0.1

#: What the replies of one citizen contain, in their order. A question ends its line; where the
#: review repeats it, the answer follows.
REPLIES = (
    "Which language",
    "Your answers go to",
    "How is the lighting in your street at night?\n",
    "Where is it missing most? Two at most.\n",
    "How is safety in your neighbourhood at night?\n",
    "Do you have a proposal?",
    "These are your answers",
    "has been counted",
    "",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One trial; the same seed makes the same answers and the same moments."""

    seed: int
    citizens: int
    kills: int
    broken: str = ""


@dataclass(slots=True)
class Report:
    """What came of it."""

    problems: list[str] = field(default_factory=list)
    #: Updates answered with 200, and how many of them were posted once more.
    answered: int = 0
    redelivered: int = 0
    #: Replies, and how many of them a chat saw before: allowed after a crash, and counted.
    heard: int = 0
    repeated: int = 0


class Citizen:
    """One chat, what its person says, and what should be filed at the end."""

    def __init__(self, chat: int, chance: random.Random) -> None:
        self.chat = chat
        light = chance.choice(("good", "weak", "none", "unknown"))
        self.answers: dict[str, Any] = {"light": light}
        places = ("school", "bus", "market", "home")
        where = sorted(chance.sample(range(4), chance.randint(1, 2)))
        safe = chance.randint(1, 5)
        idea = f"A lamp at number {chat}"
        self.says = ["/start OZT-LIGHT", "english", "1"]
        self.says.append(str(("good", "weak", "none", "unknown").index(light) + 1))
        self.hears = list(REPLIES)
        if light in ("weak", "none"):
            self.says.append(" ".join(str(number + 1) for number in where))
            self.answers["where"] = [places[number] for number in where]
        else:
            self.hears.remove(REPLIES[3])
        self.says += [str(safe), idea, "1", "2"]
        self.answers |= {"safe": str(safe), "idea": {"text": idea, "media": []}}


class Server:
    """The process under test."""

    def __init__(
        self,
        folder: Path,
        provider: str,
        fault: str,
        *options: str,
        journal: Path | None = None,
    ) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self._words = ["--folder", str(folder), "--port", str(self.port)]
        self._words += ["--provider", provider, "--broken", fault]
        #: What else is on the command line of the next process.
        self.options = list(options)
        self._journal = journal
        self._process = self._started()

    def _started(self) -> ForkServerProcess:
        words = [*self._words, *self.options]
        return started("tests.faults.server", words, errors=self._journal)

    def kill(self) -> None:
        """The end without warning, and a new beginning."""
        self._process.kill()
        self._process.join(PATIENCE)
        self._process = self._started()

    def stop(self) -> int | None:
        """The end with warning. Returns the exit code: 0 if everything was closed in order."""
        self._process.terminate()
        self._process.join(PATIENCE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join(PATIENCE)
        return self._process.exitcode


class Post:
    """Telegram's side of the webhook."""

    def __init__(self, server: Server, chance: random.Random, report: Report) -> None:
        self._address = f"http://{HOST}:{server.port}/webhooks/telegram"
        self._chance = chance
        self._report = report
        self._numbers = count(1)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._progress = asyncio.Condition()
        #: Update ids that were answered with 200.
        self.answered: list[int] = []

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def talk(self, citizen: Citizen) -> None:
        """Everything that one citizen says."""
        for text in citizen.says:
            number = next(self._numbers)
            update = {"update_id": number, **says(citizen.chat, text, language="en")}
            await self._deliver(update)
            async with self._progress:
                self.answered.append(number)
                self._progress.notify_all()
            if self._chance.random() < REDELIVERED:
                self._report.redelivered += 1
                await self._deliver(update)

    async def reached(self, answered: int) -> None:
        """Wait until so many updates have been answered."""
        async with self._progress:
            await self._progress.wait_for(lambda: len(self.answered) >= answered)

    async def _deliver(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with asyncio.timeout(2 * PATIENCE):
            while True:
                try:
                    async with self._session.post(
                        self._address, json=update, headers=headers
                    ) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.02)


async def trial(folder: Path, plan: Plan) -> Report:
    """Run the plan in an empty folder."""
    chance = random.Random(plan.seed)
    citizens = [Citizen(7_000_000 + number, chance) for number in range(plan.citizens)]
    report = Report()
    async with TelegramApi() as api:
        server = Server(folder, api.address, plan.broken)
        post = Post(server, chance, report)
        try:
            talks = [asyncio.create_task(post.talk(citizen)) for citizen in citizens]
            total = sum(len(citizen.says) for citizen in citizens)
            for moment in sorted(chance.sample(range(total // 20, total * 19 // 20), plan.kills)):
                await post.reached(moment)
                # Not always right after an answer: anywhere in the work of some steps.
                await asyncio.sleep(chance.random() * 0.02)
                await asyncio.to_thread(server.kill)
            await asyncio.gather(*talks)
            await _sent_out(folder)
        finally:
            await post.close()
            code = await asyncio.to_thread(server.stop)
        report.answered = len(post.answered)
        report.problems += [f"stopped with {code} instead of 0"] if code else []
        report.problems += _stored(folder, citizens, post.answered)
        for citizen in citizens:
            heard = [sent.text for sent in api.sent if sent.chat_id == citizen.chat]
            report.problems += _heard(citizen, heard, report)
    return report


async def _sent_out(folder: Path) -> None:
    """Wait until the outbox holds nothing to send, or nothing moves: the checks will tell."""
    left, still = -1, 0
    while left != 0 and still < QUIET / 0.05:
        before = left
        left = _one(folder, "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')")
        still = still + 1 if left == before else 0
        await asyncio.sleep(0.05)


def _rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(folder / DATABASE)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def _one(folder: Path, query: str) -> Any:
    return _rows(folder, query)[0][0]


def _stored(folder: Path, citizens: list[Citizen], answered: list[int]) -> Iterator[str]:
    """What is wrong in the database."""
    if (state := _one(folder, "PRAGMA integrity_check")) != "ok":
        yield f"the database is damaged: {state}"
    came = Counter(int(row[0]) for row in _rows(folder, "SELECT external_id FROM inbox"))
    for number in answered:
        if came[number] == 0:
            yield f"lost: update {number} was answered 200 and is not in the inbox"
        elif came[number] > 1:
            yield f"twice: update {number} is in the inbox {came[number]} times"
    if aside := _one(folder, "SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'"):
        yield f"{aside} messages were put aside"
    if unfinished := _rows(folder, "SELECT flow, awaited FROM conversations WHERE state <> 'done'"):
        yield f"unfinished: {len(unfinished)} conversations, such as {unfinished[0]}"
    yield from _filed(folder, citizens)


def _filed(folder: Path, citizens: list[Citizen]) -> Iterator[str]:
    rows = _rows(
        folder,
        "SELECT a.address, r.reference, r.body FROM responses AS r "
        "JOIN addresses AS a ON a.person_id = r.person_id ORDER BY r.id",
    )
    filed: dict[int, list[Any]] = {}
    for address, _, body in rows:
        filed.setdefault(int(VAULT.uncover(address)), []).append(json.loads(body)["answers"])
    for citizen in citizens:
        found = filed.get(citizen.chat, [])
        if len(found) > 1:
            yield f"twice: chat {citizen.chat} has {len(found)} responses"
        if found != [citizen.answers]:
            yield f"wrong: chat {citizen.chat} answered {citizen.answers}, filed is {found}"
    numbers = sorted(int(reference.rpartition("-")[2]) for _, reference, _ in rows)
    if numbers != list(range(1, len(rows) + 1)):
        yield f"references have gaps or repeat: {numbers}"
    if people := _one(folder, "SELECT COUNT(*) FROM people") - len(citizens):
        yield f"twice: there are {people} more people than citizens"


def _heard(citizen: Citizen, texts: list[str], report: Report) -> Iterator[str]:
    """Whether each reply came, at first in the right order."""
    order = list(dict.fromkeys(texts))
    report.heard += len(texts)
    report.repeated += len(texts) - len(order)
    if len(order) != len(citizen.hears):
        yield f"chat {citizen.chat} got {len(order)} different replies, not {len(citizen.hears)}"
    for text, expected in zip(order, citizen.hears, strict=False):
        if expected not in f"{text}\n":
            yield f"chat {citizen.chat} got {text[:60]!r} where {expected!r} belongs"
            return
