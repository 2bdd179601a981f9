"""A file of a million rows: how much more memory and time a row takes than in a file of ten thousand.

    python -m bench.taking [--rows 1000000] [--format csv]

Both files are made in one run by the server's own maker; the ratio is what counts, the machine is
not. Meanwhile somebody talks to the bot: how long the slowest of their replies took is told too.
"""

import argparse
import asyncio
import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bot.app.build import App, open_app
from bot.core.localtime import now_ms
from bot.results import requests
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import Download
from tests.citizen import Citizen, config_in

WORDS = "الماء مقطوع منذ أسبوعين في الدوار، والصهريج لا يأتي. Pas d’eau depuis deux semaines."


def fill(path: str, consultation: int, council: int, first: int, rows: int) -> None:
    """Write needs as if citizens had told them."""
    body = json.dumps(
        {
            "theme": "water",
            "commune": None,
            "place": {"text": "Tabounte"},
            "words": {"text": WORDS, "media": []},
        }
    )
    at = now_ms()

    def responses() -> Iterator[tuple[object, ...]]:
        for n in range(first, first + rows):
            yield (
                n, consultation, None, f"OZT-2026-{n:06d}", body, "received", "web", "ar",
                "08.401.01.07", None, None, None, "A0", at, at,
            )  # fmt: skip

    def cases() -> Iterator[tuple[object, ...]]:
        for n in range(first, first + rows):
            yield n, council, "water", "tabounte", "", at

    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO responses (id, consultation_id, person_id, reference, body, state, channel,"
            " language, commune, age_band, gender, disability, assurance, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            responses(),
        )
        database.executemany(
            "INSERT INTO cases (response_id, council_id, theme, place, sought, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            cases(),
        )
    database.close()


class Peak:
    """The most memory that the process holds while something runs, in bytes above its beginning."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self.start = self._now()
        self.most = self.start
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @staticmethod
    def _now() -> int:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.most = max(self.most, self._now())

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def bytes(self) -> int:
        """How much was added."""
        return self.most - self.start


async def make(app: App, format: str) -> tuple[float, int, int]:
    """Make a file of all needs. Returns seconds, bytes of memory added, and rows."""
    council = app.register.default_id
    values = {
        "state": "all", "theme": "", "commune": "", "nature": "", "assignee": 0, "sought": "", "reference": "",
        "before": 0, "said": 0, "overdue": 0, "unread": 0, "today": "2026-01-01",
    }  # fmt: skip
    async with app.storage.transaction() as tx:
        await tx.run("add_staff", id=7, council_id=council, name="x", role="admin", at=now_ms())
        id = await requests.ask(
            tx, council, 7, "needs", "", format, "ar",
            filters={"values": values, "words": ""}, identities=False,
        )  # fmt: skip
    began = time.perf_counter()
    with Peak() as peak:
        await app.maker.make_next()
    seconds = time.perf_counter() - began
    async with app.storage.reading() as tx:
        row = await tx.row(Download, id=id)
    if row is None or row.state != "done":
        raise SystemExit(f"no file was made: {row and row.error}")
    return seconds, peak.bytes, row.done


async def talk(app: App, name: str, waits: list[float]) -> None:
    """Somebody who talks all the time."""
    citizen = Citizen(app, name, at=now_ms())
    await citizen.arrives("English")
    while True:
        began = time.perf_counter()
        await citizen.says("menu")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)


async def main() -> None:
    """Both files, and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--format", choices=("csv", "json", "xlsx"), default="csv")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = await open_app(config_in(Path(folder)))
        path = str(app.storage.path)  # type: ignore[attr-defined]
        async with app.storage.reading() as tx:
            row = await tx.row(ConsultationByCode, code="OZT-NEEDS")
        assert row is not None
        quiet: list[float] = []
        task = asyncio.create_task(talk(app, "amina", quiet))
        await asyncio.sleep(3)
        task.cancel()
        small = 10_000
        await asyncio.to_thread(fill, path, row.id, row.council_id, 1, small)
        few = await make(app, chosen.format)
        more = chosen.rows - small
        await asyncio.to_thread(fill, path, row.id, row.council_id, small + 1, more)
        busy: list[float] = []
        task = asyncio.create_task(talk(app, "brahim", busy))
        many = await make(app, chosen.format)
        task.cancel()
        await app.close()
    for seconds, memory, rows in (few, many):
        print(
            f"{rows:>9} rows  {seconds:8.2f} s  {seconds / rows * 1e6:8.1f} us a row  {memory / 1e6:8.1f} MB added"
        )
    quiet.sort()
    busy.sort()
    print(f"time a row, many/few: {many[0] / many[2] / (few[0] / few[2]):.2f}")
    print(
        f"memory added, many/few: {many[1] / max(few[1], 1):.2f} (rows: {many[2] / few[2]:.0f} times)"
    )
    for name, waits in (("quiet", quiet), ("meanwhile", busy)):
        p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        print(f"replies {name:>9}: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms of {len(waits)}")


if __name__ == "__main__":
    asyncio.run(main())
