"""Two short trials with a clock that is put forward: a night falls, and a week goes by.

The same people, providers and judgement as in `tests.faults.flood`; the server is killed at night,
too, and between two broadcasts.
"""

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.core.localtime import local, moment
from tests.emulators.telegram_api import says
from tests.faults.flood import CUT, FloodPlan, Report, World, judge, now, reached
from tests.faults.server import DATABASE, VAULT

#: The hours of the trial's night.
FALLS, ENDS = "12:00", "12:30"

#: A call that begins so long after nightfall was not on the wire before; seconds.
WIRE = 0.5

#: A message that was taken before nightfall may still be called for so long; seconds. What counts is when
#: it was taken: how soon the call follows is the machine's load.
DUSK = 10

WEEK = 7 * 24 * 3600

#: Each time that a message of a broadcast is taken; a message that is taken again forgets the first time.
CLAIMS = """
CREATE TABLE trial_claims (address TEXT, claimed_at INTEGER);
CREATE TRIGGER trial_claim AFTER UPDATE OF claimed_at ON outbox
WHEN new.broadcast_id IS NOT NULL AND new.claimed_at IS NOT NULL
BEGIN INSERT INTO trial_claims VALUES (new.address, new.claimed_at); END;
"""

STOPPED_WORDS = "Nous ne vous écrirons plus"


async def night(folder: Path, seed: int, people: int = 400, broken: str = "") -> Report:
    """A broadcast into which a night falls; some say STOP before the morning."""
    plan = FloodPlan(seed, people, whatsapp=0, per_second=80, often=2, broken=broken)
    sending = f'quiet_from = "{FALLS}"\nquiet_to = "{ENDS}"\nper_week = 50\n'
    day = local(int(time.time() * 1000)).date() + timedelta(days=1)
    falls, ends = (
        moment(datetime.combine(day, datetime.strptime(t, "%H:%M").time())) / 1000  # noqa: DTZ007
        for t in (FALLS, ENDS)
    )
    async with World(folder, plan, sending, ahead=falls - 60 - time.time()) as world:
        await world.healthy()
        world.change(CLAIMS)
        id = await world.begin()
        world.telegram.weather.fair = False
        await world.kill(ahead=falls - 4.5 - time.time())
        await asyncio.sleep(falls + 1 - world.local(now()))
        world.report.before = world.telegram.pushes
        await world.kill()
        await world.healthy()
        seen = {call.address for call in world.telegram.calls}
        waiting = [person.address for person in world.people if person.address not in seen]
        for address in waiting[:10]:
            update = says(int(address), "STOP", language="fr")
            await world.gate.ask(address, update, STOPPED_WORDS)
            world.stops[address] = now()
        world.report.stops = len(world.stops)
        await asyncio.sleep(0.5)
        await world.kill(ahead=ends - 2.5 - time.time())
        over = await world.over()
        world.report.after = world.telegram.pushes - world.report.before
        world.report.problems += [] if over else ["some wait for ever"]
        world.report.problems += [*judge(world, {id: ""}), *_at_night(world, falls, ends)]
    return world.report


def _at_night(world: World, falls: float, ends: float) -> Iterator[str]:
    with closing(sqlite3.connect(world.folder / DATABASE)) as database:
        taken = defaultdict(list)
        for address, claimed_at in database.execute("SELECT address, claimed_at FROM trial_claims"):
            taken[VAULT.uncover(address)].append(claimed_at / 1000)
    for call in world.telegram.calls:
        at = world.local(call.began)
        by_day = any(at - DUSK < moment < falls for moment in taken[call.address])
        if call.push and falls + WIRE + world.late < at < ends - CUT and not by_day:
            yield f"at night: chat {call.address} was written to {at - falls:.3f} s after nightfall"


async def week(folder: Path, seed: int, people: int = 300, broken: str = "") -> Report:
    """Two invitations at once to people of whom each gets one a week; then a week goes by."""
    plan = FloodPlan(seed, people, whatsapp=0, often=2, broken=broken)
    sending = 'quiet_from = "00:00"\nquiet_to = "00:00"\nper_week = 1\n'
    async with World(folder, plan, sending) as world:
        await world.healthy()
        titles = {
            await world.begin("OZT-LIGHT"): "L’éclairage",
            await world.begin("OZT-NEEDS"): "besoin",
        }
        world.telegram.weather.fair = False
        await world.kill()
        await reached(world, people // 2)
        await world.kill()
        await _all_had_their_turn(world)
        world.report.before = world.telegram.pushes
        await world.kill(ahead=WEEK + 120)
        over = await world.over()
        world.report.after = world.telegram.pushes - world.report.before
        world.report.problems += [] if over else ["some wait for ever"]
        world.report.problems += [*judge(world, titles), *_too_often(world)]
    return world.report


async def _all_had_their_turn(world: World) -> None:
    """Wait until nobody waits but for next week."""
    until = now() + world.plan.still
    while now() < until:
        ((left,),) = world.rows(
            "SELECT COUNT(*) FROM outbox WHERE broadcast_id IS NOT NULL AND (state = 'sending' "
            "OR (state = 'queued' AND COALESCE(error, '') <> 'weekly cap'))"
        )
        if not left:
            return
        await asyncio.sleep(0.1)


def _too_often(world: World) -> Iterator[str]:
    seen: dict[str, list[float]] = defaultdict(list)
    for call in world.telegram.calls:
        if call.push and call.delivered:
            seen[call.address].append(world.local(call.began))
    for address, times in seen.items():
        for first, second in pairwise(times):
            if second - first < WEEK - 1:
                yield f"too often: chat {address} was invited again after {second - first:.0f} s"
