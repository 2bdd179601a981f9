"""`python -m bench.kept`: what a conversation takes in the database, and what is left once its messages are forgotten.

Each is whole: a first contact, consent, a need with theme, place and words, the question about the profile.
"""

import argparse
import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from bot.app.kept.retention import Retention
from bot.core.localtime import now_ms
from storage.addresses import file_of
from tests.citizen import NOON, Citizen, running


def taken(file: Path) -> int:
    """Bytes of the pages that hold something."""
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("VACUUM")
    (size,) = database.execute("SELECT SUM(pgsize) FROM dbstat").fetchone()
    database.close()
    return int(size)


async def trial(folder: Path, conversations: int) -> None:
    """Have so many conversations, and forget them after ninety days."""
    noon = datetime.fromtimestamp(NOON / 1000, UTC)
    with time_machine.travel(noon, tick=False) as clock:
        async with running(folder) as app:
            file = file_of(app.config.storage.url)
            assert file is not None
            empty = taken(file)
            for n in range(conversations):
                citizen = Citizen(app, f"citizen {n}", at=now_ms())
                await citizen.arrives("English", "OZT-NEEDS")
                for said in ("💧", "Tabounte", "No water at the douar since Monday"):
                    await citizen.says(said)
                await citizen.taps("Send")
                await citizen.says("not now")
            full = taken(file)
            clock.shift(timedelta(days=91))
            forgetting = Retention(app.storage, 90)
            # A round has an end; the next goes on.
            for _ in range(1 + conversations // 1000):
                await forgetting.round()
            left = taken(file)
    for what, size in (("with its messages", full), ("once they are forgotten", left)):
        print(f"{(size - empty) / conversations / 1000:6.2f} kB a conversation {what}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000)
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(trial(Path(made), parser.parse_args().conversations))
