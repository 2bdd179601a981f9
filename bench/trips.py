"""How far does a message travel through the code? Files entered, and hops from one file to another.

    python -m bench.trips [--tour]

A hop is a call of our own code from another of our own files; a coroutine that goes on counts once.
Three trips: one answer of the example poll (from the webhook's `receive` to the answer in the outbox),
the last tap of a need (it is sent), and a table of answers made as CSV. With --tour each file is named
with the hops into it. A whole number that changes only with the code.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from bot.results import summaries
from tests.citizen import Citizen, running

ROOT = str(Path(summaries.__file__).parents[2])
OURS = tuple(f"{ROOT}/{package}/" for package in ("bot", "flows", "storage"))


class Trip:
    """Counts the hops while it is entered."""

    def __init__(self) -> None:
        self.hops: Counter[str] = Counter()
        # Kept alive, so that a frame that goes on is known by its identity.
        self._seen: dict[int, FrameType] = {}

    def _profile(self, frame: FrameType, event: str, arg: Any) -> None:
        file = frame.f_code.co_filename
        if event != "call" or id(frame) in self._seen or not file.startswith(OURS):
            return
        self._seen[id(frame)] = frame
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(OURS):
            caller = caller.f_back
        if caller is None or caller.f_code.co_filename != file:
            self.hops[file.removeprefix(ROOT + "/")] += 1

    def __enter__(self) -> "Trip":
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]  # None ends it


async def poll_answer(citizen: Citizen) -> Trip:
    """The second question of the poll is answered."""
    await citizen.arrives(code="OZT-LIGHT")
    await citizen.says("2")
    with Trip() as trip:
        await citizen.app.conversations.receive([citizen.arrival(text="1 3")])
    return trip


async def need_sent(citizen: Citizen) -> Trip:
    """A need has been told; the button that sends it is tapped."""
    await citizen.arrives(code="OZT-NEEDS")
    for said in ("1", "Tarmigt", "1", "No water since Monday"):
        if "[" not in said and any("Send" in label for label in citizen.labels):
            break
        await citizen.says(said)
    token = citizen.token("Send")
    with Trip() as trip:
        await citizen.app.conversations.receive([citizen.arrival(token=token, event="tap")])
    return trip


async def csv_made(citizen: Citizen) -> Trip:
    """The summary of the needs as CSV."""
    app = citizen.app
    async with app.storage.reading() as tx:
        row = await app.register.by_code(tx, "OZT-NEEDS")
        assert row is not None
        with Trip() as trip:
            await summaries.make(app.register, tx, row, "csv", "fr")
    return trip


async def main() -> None:
    """The three trips."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tour", action="store_true", help="name each file")
    tour = parser.parse_args().tour
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as app:
            trips = {
                "one poll answer": await poll_answer(Citizen(app, "amina")),
                "the last tap of a need": await need_sent(Citizen(app, "brahim")),
                "a CSV": await csv_made(Citizen(app, "chama")),
            }
    for name, trip in trips.items():
        print(f"{name:<24} {len(trip.hops):>4} files {trip.hops.total():>6} hops")
        for file, hops in trip.hops.most_common() if tour else ():
            print(f"    {hops:>5} {file}")


if __name__ == "__main__":
    asyncio.run(main())
