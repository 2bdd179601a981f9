"""`python -m bench.points`: a process ends at every crash point there is, on both databases.

The journey of the tests (`tests.faults.points.journey`): first it is seen which points are passed, then a process
ends at each of them in turn, and a new one goes on. Ends with 1 if a promise was not kept at one of them.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from bench.database import a_database, own_server
from tests.checks import known
from tests.faults.points.journey import Journey, travel
from tests.faults.server import DATABASE


async def journey(server: str, engine: str, crash: str = "") -> Journey:
    """One journey in a folder and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="tachawor-points-") as folder:
        if engine == "sqlite":
            return await travel(Path(folder), f"sqlite:///{folder}/{DATABASE}", crash)
        async with a_database(server) as database:
            return await travel(Path(folder), database, crash)


async def all_of_them(server: str, part: str) -> int:
    """Every point whose name has `part` in it. Returns the exit code."""
    worst = 0
    for engine in ("sqlite", "postgresql"):
        points = [point for point in (await journey(server, engine)).passed if part in point]
        wrong = 0
        for point in points:
            try:
                found = await journey(server, engine, point)
                problems = found.verdict.problems + ([] if found.ended else ["never came there"])
            except TimeoutError:
                problems = ["it did not go on"]
            wrong += bool(problems)
            for problem in problems:
                print(f"{engine}, {point}: {problem}", flush=True)
        print(f"{engine}: {len(points)} points, promises broken at {wrong}", flush=True)
        worst = max(worst, int(wrong > 0))
    return worst


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.points", description=__doc__)
    parser.add_argument("--only", default="", help="points with this in their name")
    given = parser.parse_args()
    # A call that is cut off leaves a trace at our provider.
    logging.disable(logging.ERROR)
    with known(), own_server() as server:
        sys.exit(asyncio.run(all_of_them(server, given.only)))


if __name__ == "__main__":
    main()
