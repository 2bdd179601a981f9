"""A machine is lost after a backup: what citizens wished since is obeyed by who restores it elsewhere.

    backup -> citizens stop, withdraw, are erased, ever faster -> the process is killed and its folder is gone
    -> restore from the backup and the file of wishes -> every wish that was answered a while before the kill holds

A process of its own plays the deployment: `python -m tests.faults.losses FOLDER --seed 1`.
"""

import argparse
import asyncio
import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

import msgspec

from bot.app import serving
from bot.app.backup import saving, wishes
from bot.app.build import App, open_app
from bot.core.config import Config
from storage.rows.people import Person, PersonOfAddress
from storage.rows.responses import ContributionsOf
from tests import processes
from tests.citizen import Citizen, config_in

#: What each citizen wishes, and what they say for it.
SAYS: Final = {
    "stopped": ("menu", "stop", "[No, nothing]"),
    "withdrawn": ("my contributions", "1", "[Take it back]", "[Take it back]"),
    "erased": ("menu", "my data", "[Erase]", "[Erase]"),
    "nothing": (),
}

#: Seconds that a child may take to begin, and to end its citizens' wishes.
PATIENCE: Final = 120.0


@dataclass(slots=True)
class Verdict:
    """What came of one loss."""

    wished: int = 0
    #: Wishes that were answered within the window before the kill, and those of them that are lost.
    late: int = 0
    lost: int = 0
    problems: list[str] = field(default_factory=list)


async def loss(
    folder: Path, seed: int, *, seconds: float = wishes.SECONDS, broken: bool = False
) -> Verdict:
    """Lose a deployment once. `broken`: the file of wishes is written at the start and never again."""
    chance = random.Random(seed)
    lost, kept, said = folder / "lost", folder / "kept", folder / "said"
    for one in (lost, kept):
        one.mkdir()
    words = [str(folder), "--seed", str(seed), "--seconds", str(seconds)]
    child = processes.started(
        "tests.faults.losses", words + ["--broken"] * broken, says=said, errors=folder / "errors"
    )
    try:
        await _until(lambda: "ready" in _lines(said), child)
        await saving.save(_config(folder), kept / "saved")
        (folder / "go").touch()
        await _until(lambda: len(_lines(said)) > 4, child)
        await asyncio.sleep(seconds + 1 + chance.random() * 2)
        killed = time.time()
    finally:
        child.kill()
        child.join()
    shutil.rmtree(lost)
    there = config_in(folder / "new")
    (folder / "new").mkdir()
    manifest = await saving.bring_back(there, kept / "saved")
    wished = wishes.read(kept / wishes.NAME, manifest.fingerprint, manifest.deployment).wishes
    app = await open_app(there)
    try:
        await wishes.obey(app, wished)
        return await _judged(app, _lines(said)[1:], killed - seconds - 1)
    finally:
        await app.close()


async def _judged(app: App, lines: list[str], sure_until: float) -> Verdict:
    verdict = Verdict()
    for line in lines:
        one = json.loads(line)
        holds = await _holds(app, one["who"], one["what"])
        if one["what"] == "nothing":
            # Who wished nothing is as they were.
            if not holds:
                verdict.problems.append(f"{one['who']} wished nothing and is not as before")
            continue
        verdict.wished += 1
        late = one["at"] > sure_until
        verdict.late += late
        verdict.lost += late and not holds
        if not late and not holds:
            verdict.problems.append(f"{one['who']}: {one['what']} is not obeyed")
    return verdict


async def _holds(app: App, who: str, what: str) -> bool:
    citizen = Citizen(app, who)
    async with app.storage.reading() as tx:
        found = await tx.row(PersonOfAddress, channel="web", address=citizen.kept)
        if found is None:
            return what == "erased"
        person = await tx.row(Person, person_id=found.person_id)
        stands = await tx.rows(ContributionsOf, person_id=found.person_id)
    assert person is not None
    match what:
        case "stopped":
            return person.stopped_at is not None
        case "withdrawn":
            return not stands
        case "erased":
            return False
    return person.stopped_at is None and len(stands) == 1


async def _until(condition: Callable[[], object], child: ForkServerProcess | None = None) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            assert child is None or child.exitcode is None, "the deployment ended"
            await asyncio.sleep(0.05)


def _lines(said: Path) -> list[str]:
    """The whole lines that were said until now."""
    return said.read_text("utf-8").split("\n")[:-1] if said.exists() else []


def _config(folder: Path) -> Config:
    config = config_in(folder / "lost")
    kept = msgspec.structs.replace(config.storage, wishes=str(folder / "kept" / wishes.NAME))
    return msgspec.structs.replace(config, storage=kept)


async def play(folder: Path, seed: int) -> None:
    """Serve, and have citizens wish what they wish, until the end of the process."""
    chance = random.Random(seed)
    app = await open_app(_config(folder))
    async with serving.background(app):
        citizens = []
        for number in range(16):
            citizen = Citizen(app, f"citizen {number}", at=int(time.time() * 1000))
            await citizen.arrives(code="OZT-NEEDS")
            for said in ("1", "skip", "The bridge is broken", "[Send]", "not now"):
                await citizen.says(said)
            citizens.append((f"citizen {number}", citizen))
        print("ready", flush=True)
        await _until((folder / "go").exists)
        for who, citizen in citizens:
            what = chance.choice(list(SAYS))
            citizen.at = int(time.time() * 1000)
            for said in SAYS[what]:
                await citizen.says(said)
            print(json.dumps({"who": who, "what": what, "at": time.time()}), flush=True)
            await asyncio.sleep(chance.random() * 0.3)
        await asyncio.sleep(PATIENCE)


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=wishes.SECONDS)
    parser.add_argument("--broken", action="store_true")
    given = parser.parse_args()
    wishes.SECONDS = given.seconds  # type: ignore[misc]
    if given.broken:
        wishes._add = lambda *_: None  # type: ignore[assignment]
    asyncio.run(play(given.folder, given.seed))


if __name__ == "__main__":
    main()
