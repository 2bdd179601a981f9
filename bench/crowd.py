"""Citizens who answer the poll over and over, each waiting for their own reply before going on."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter

from bench.candidate import HOST, PATH, SECRET
from bench.dialogue import FIRST_CONTACT, ROUND, update
from bench.provider import Provider
from bench.wire import Caller

#: Seconds after which an answer will not come any more.
PATIENCE = 20

_HEADERS = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"


class WrongAnswer(Exception):
    """The bot did not say what it should; what is measured would not be the work meant."""


@dataclass(slots=True)
class Citizen:
    """One chat, and how far it has come in the dialogue."""

    chat: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did: steps, its length in seconds, seconds until each webhook was told 200."""

    steps: int
    seconds: float
    told: Sequence[float]

    def percentile(self, percent: float) -> float:
        """Milliseconds until a webhook was told 200."""
        ordered = sorted(self.told)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class Crowd:
    """The citizens of one candidate."""

    def __init__(self, provider: Provider, port: int, citizens: int) -> None:
        self._provider = provider
        self._caller = Caller(HOST, port)
        self._idle = deque(Citizen(7_000_000 + number) for number in range(citizens))
        self._updates = count(1)

    async def meets(self) -> None:
        """Bring everyone through first contact and the first time through the poll."""

        async def meet(citizen: Citizen) -> None:
            for said, expected in FIRST_CONTACT:
                await self._exchange(citizen.chat, said, expected)

        waiting = list(self._idle)
        for first in range(0, len(waiting), 32):
            await asyncio.gather(*map(meet, waiting[first : first + 32]))

    async def run(self, seconds: float, at_once: int) -> Run:
        """Take steps for so long, `at_once` at any time."""
        told: list[float] = []
        begun = perf_counter()

        async def keep_going() -> None:
            while perf_counter() < begun + seconds:
                told.append(await self._step())

        async with asyncio.timeout(seconds + PATIENCE):
            await asyncio.gather(*(keep_going() for _ in range(at_once)))
        return Run(len(told), perf_counter() - begun, told)

    async def paced(self, seconds: float, per_second: int) -> Run:
        """Take steps for so long, begun at even intervals whatever has become of earlier ones."""
        begun = perf_counter()
        steps: list[asyncio.Task[float]] = []
        async with asyncio.timeout(seconds + PATIENCE):
            while (now := perf_counter() - begun) < seconds:
                while len(steps) < now * per_second and self._idle:
                    steps.append(asyncio.create_task(self._step()))
                    await asyncio.sleep(0)
                await asyncio.sleep(0.001)
            told = await asyncio.gather(*steps)
        return Run(len(told), perf_counter() - begun, told)

    async def _step(self) -> float:
        citizen = self._idle.popleft()
        said, expected = ROUND[citizen.place]
        told = await self._exchange(citizen.chat, said, expected)
        citizen.place = (citizen.place + 1) % len(ROUND)
        self._idle.append(citizen)
        return told

    async def _exchange(self, chat: int, said: str, expected: str) -> float:
        """Post what was said, wait for 200 and for the reply. Seconds until the 200."""
        reply: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._provider.awaited[chat] = reply
        begun = perf_counter()
        body = update(next(self._updates), chat, said)
        status, _ = await self._caller.post(PATH, body, _HEADERS)
        told = perf_counter() - begun
        heard = await reply
        if status != 200 or (expected not in heard and heard != "ok"):
            raise WrongAnswer(f"{status} after {said!r}, and not {expected!r}:\n{heard}")
        return told
