"""Pages of a council with very many answers: what each takes, and how long the chat waits for it meanwhile.

    python -m bench.pages [--needs 80000] [--answers 200000]

Every page is loaded twice, by somebody who is signed in: seconds, seconds of processor, the longest that the event loop (the
chat) waited, memory added. Only the second look, beside the first, and ratios between two runs travel between machines.
"""

import argparse
import asyncio
import json
import logging
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from bench.taking import Peak, fill
from bot.core.localtime import now_ms
from storage.addresses import file_of
from tests.citizen import config_in
from tests.staff_links import link_for
from tests.system.conftest import served

PAGES = (
    "/staff",
    "/staff/c/OZT-LIGHT/results",
    "/staff/c/OZT-NEEDS/results",
    "/staff/c/OZT-LIGHT",
    "/staff/consultations",
    "/staff/needs",
    "/staff/c/OZT-LIGHT/answers",
    "/staff/indicators",
    "/c/example",
)

#: Answers come over so many days; a day in ms.
_DAY_MS = 86_400_000
_DAYS = 9


def answer(path: str, consultation: int, first: int, rows: int) -> None:
    """Write answers to the example poll as if citizens had given them, one in ten with words of their own."""
    chance = random.Random(1)
    at = now_ms()

    def responses() -> Iterator[tuple[object, ...]]:
        for n in range(first, first + rows):
            light = chance.choice(["good", "weak", "none"])
            body: dict[str, object] = {"light": light, "safe": chance.randint(1, 5)}
            if light != "good":
                body["where"] = chance.sample(["school", "bus", "market"], 2)
            if n % 10 == 0:
                body["idea"] = {"text": f"Il faut plus de lampes rue {n}", "media": []}
            yield (
                n, consultation, None, f"OZP-2026-{n:06d}", json.dumps(body), "received",
                chance.choice(["web", "telegram"]), chance.choice(["ar", "fr", "ary"]), "08.401.01.07",
                chance.choice(["15-24", "25-34", "35-59", "60+", None]), chance.choice(["f", "m", None]),
                chance.choice(["yes", "no", None]), "A0", at - chance.randint(0, _DAY_MS * _DAYS), at,
            )  # fmt: skip

    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO responses (id, consultation_id, person_id, reference, body, state, channel,"
            " language, commune, age_band, gender, disability, assurance, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            responses(),
        )
    database.close()


class Waits:
    """How long what runs beside something had to wait for its turn, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        """Look every five milliseconds."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - began - 0.005)


async def _sign_in(client: httpx.AsyncClient, link: str, address: str) -> None:
    page = await client.get(link)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
    await client.post(link, data=fields, headers={"origin": address})


async def run(needs: int, answers: int) -> None:
    """Fill, and look at each page twice."""
    with tempfile.TemporaryDirectory(prefix="tachawor-pages-") as folder:
        async with served(config_in(Path(folder))) as (app, address):
            path = str(file_of(app.config.storage.url))
            async with app.storage.reading() as tx:
                told = await app.register.by_code(tx, "OZT-NEEDS")
                poll = await app.register.by_code(tx, "OZT-LIGHT")
            if told is None or poll is None:
                raise SystemExit("the example council lacks its examples")
            council = app.register.default_id
            await asyncio.to_thread(fill, path, told.id, council, 10_000_000, needs)
            await asyncio.to_thread(answer, path, poll.id, 50_000_000, answers)
            link = await link_for(app, "example", "Aicha", "admin")
            options: dict[str, Any] = {"follow_redirects": True, "base_url": address}
            async with httpx.AsyncClient(timeout=900, **options) as client:
                await _sign_in(client, link, address)
                for page in PAGES:
                    for look in ("first", "again"):
                        await _look(client, page, look)


async def _look(client: httpx.AsyncClient, page: str, look: str) -> None:
    waits = Waits()
    watching = asyncio.create_task(waits.watch())
    began, worked = time.perf_counter(), time.process_time()
    with Peak() as peak:
        found = await client.get(page)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    await asyncio.sleep(0.02)
    watching.cancel()
    found.raise_for_status()
    print(
        f"{page:30} {look}: {seconds:7.2f} s, at work {worked:6.2f} s, the chat waited"
        f" {1000 * waits.longest:4.0f} ms at most, {peak.bytes / 1e6:4.0f} MB",
        flush=True,
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--needs", type=int, default=80_000)
    parser.add_argument("--answers", type=int, default=200_000)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    asyncio.run(run(given.needs, given.answers))


if __name__ == "__main__":
    main()
