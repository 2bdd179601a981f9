"""Servers are killed one after the other while citizens write, and begin again; then a checker judges.

    trial = await kills(folder, database, Plan(seed=7, processes=3, kills=4))
    trial.verdict.problems

On PostgreSQL two or three processes, any of which is killed, the same one twice in a row too; on SQLite one.
"""

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from tests.faults.judging.checker import Verdict, judge
from tests.faults.judging.history import read
from tests.faults.judging.stored import stored_in
from tests.faults.several.servers import Servers
from tests.faults.several.town import FIRST, Citizen, chat_along, misfiled, prepare


@dataclass(frozen=True, slots=True)
class Plan:
    """One trial; the same seed makes the same answers and the same moments."""

    seed: int
    processes: int
    kills: int
    citizens: int = 12
    others: int = 6
    #: Words of each of the others, two at a time.
    rounds: int = 6
    #: Milliseconds until the provider answers: something is always on its way.
    latency_ms: float = 60
    broken: str = ""


async def kills(folder: Path, database: str, plan: Plan) -> Verdict:
    """Run the plan in an empty folder, on an empty database."""
    chance = random.Random(plan.seed)
    await prepare(folder, database)
    citizens = [Citizen(FIRST + number, _own(chance)) for number in range(plan.citizens)]
    options = ["--broken", plan.broken] if plan.broken else []
    async with Servers(
        folder, database, plan.processes, *options, latency_ms=plan.latency_ms
    ) as servers:
        talks = [asyncio.create_task(citizen.talks(servers)) for citizen in citizens]
        talks += [
            asyncio.create_task(chat_along(servers, 1 + number, _own(chance), plan.rounds))
            for number in range(plan.others)
        ]
        try:
            total = sum(citizen.updates for citizen in citizens) + 2 * plan.others * plan.rounds
            await _kill(servers, plan, chance, total)
            await asyncio.gather(*talks)
            stored = await stored_in(database)
        finally:
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)
    verdict = judge(read(servers.history.path), stored)
    verdict.problems += [f"a server stopped with {code}" for code in servers.codes if code]
    verdict.problems += await misfiled(database, citizens)
    return verdict


async def _kill(servers: Servers, plan: Plan, chance: random.Random, total: int) -> None:
    """Kill any of them at any moment; the second of two kills in a row may find it just begun."""
    moments = sorted(chance.sample(range(total // 10, total * 8 // 10), plan.kills))
    for moment in moments:
        await servers.reached(moment)
        # Not always right after an answer: anywhere in the work of some steps.
        await asyncio.sleep(chance.random() * 0.05)
        await servers.kill(chance.randrange(plan.processes))


def _own(chance: random.Random) -> random.Random:
    return random.Random(chance.random())
