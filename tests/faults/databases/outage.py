"""A database is taken away for seconds while citizens write to two servers; then a checker judges.

verdict = await outage(folder, "freeze", Plan(seed=1, seconds=2))
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.databases.own import Own, own
from tests.faults.judging.checker import Verdict, judge
from tests.faults.judging.history import Disturbed, Restored, now, read
from tests.faults.judging.stored import stored_in
from tests.faults.line import Line
from tests.faults.several.servers import Servers
from tests.faults.several.town import FIRST, Citizen, chat_along, misfiled, prepare

#: What is done to the database.
KINDS: Final = ("restart", "stop", "freeze", "cut", "swallow")


@dataclass(frozen=True, slots=True)
class Plan:
    """One trial."""

    seed: int
    seconds: float
    times: int = 1
    citizens: int = 8
    others: int = 4
    rounds: int = 6
    broken: str = ""


async def outage(folder: Path, kind: str, plan: Plan) -> Verdict:
    """Run the plan in an empty folder, on a server of its own."""
    chance = random.Random(plan.seed)
    with own() as server:
        await prepare(folder, server.address)
        citizens = [Citizen(FIRST + n, random.Random(plan.seed + n)) for n in range(plan.citizens)]
        options = ["--broken", plan.broken] if plan.broken else []
        async with (
            Line(server.address) as line,
            Servers(folder, line.url, 2, *options, latency_ms=30, gone=8) as servers,
        ):
            talks = [asyncio.create_task(one.talks(servers)) for one in citizens]
            talks += [
                asyncio.create_task(chat_along(servers, 1 + n, random.Random(n), plan.rounds))
                for n in range(plan.others)
            ]
            total = sum(one.updates for one in citizens) + 2 * plan.others * plan.rounds
            moments = sorted(chance.sample(range(total // 8, total // 2), plan.times))
            try:
                for moment in moments:
                    await servers.reached(moment)
                    async with _away(servers, kind):
                        await _hurt(server, line, kind, plan.seconds)
                await asyncio.gather(*talks)
                stored = await stored_in(server.address)
            finally:
                for talk in talks:
                    talk.cancel()
                await asyncio.gather(*talks, return_exceptions=True)
        verdict = judge(read(servers.history.path), stored)
        verdict.problems += [f"a server stopped with {code}" for code in servers.codes if code]
        verdict.problems += await misfiled(server.address, citizens)
    return verdict


@contextlib.asynccontextmanager
async def _away(servers: Servers, kind: str) -> AsyncIterator[None]:
    """Note that the database is away. What was said meanwhile is written down a little later."""
    servers.history.note(Disturbed(now(), kind))
    yield
    servers.history.note(Restored(now(), kind))


async def _hurt(server: Own, line: Line, kind: str, seconds: float) -> None:
    if kind in ("cut", "swallow"):
        getattr(line, kind)()
        await asyncio.sleep(seconds)
        line.heal()
    elif kind == "freeze":
        server.freeze()
        try:
            await asyncio.sleep(seconds)
        finally:
            server.thaw()
    else:
        await asyncio.to_thread(server.stop)
        if kind == "stop":
            await asyncio.sleep(seconds)
        await asyncio.to_thread(server.start)
