"""`python -m bench.kills`: servers are killed under load, two and three on PostgreSQL and one on SQLite.

The trial of the tests (`tests.faults.several.kills`), with more citizens and ever other moments. Ends with 1
at the first problem, and says with which seed it comes back.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from bench.database import a_database, own_server
from tests.checks import known
from tests.faults.server import DATABASE
from tests.faults.several.kills import Plan, kills


async def rounds(server: str, seed: int, number: int, citizens: int, times: int) -> int:
    """Run the rounds. Returns the exit code."""
    for plan in (
        Plan(one, processes, times, citizens, citizens // 2, rounds=12)
        for one in range(seed, seed + number)
        for processes in (1, 2, 3)
    ):
        with tempfile.TemporaryDirectory(prefix="tachawor-kills-") as folder:
            if plan.processes == 1:
                database = f"sqlite:///{folder}/{DATABASE}"
                verdict = await kills(Path(folder), database, plan)
            else:
                async with a_database(server) as database:
                    verdict = await kills(Path(folder), database, plan)
        print(
            f"seed {plan.seed}, {plan.processes} processes: {verdict.disturbed} kills, "
            f"{verdict.acknowledged} updates, {verdict.heard} answers and {verdict.repeated} of "
            f"them repeated: "
            f"{f'{len(verdict.problems)} PROBLEMS' if verdict.problems else 'every promise kept'}",
            flush=True,
        )
        if verdict.problems:
            print("\n".join(verdict.problems[:20]))
            print(
                f"again: python -m bench.kills --seed {plan.seed} --rounds 1 "
                f"--citizens {citizens} --kills {times}"
            )
            return 1
    return 0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--citizens", type=int, default=60)
    parser.add_argument("--kills", type=int, default=8, help="in each round")
    parser.add_argument("--seed", type=int, help="of the first round; else a new one")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    # A call that is cut off by a kill leaves a trace at our provider.
    logging.disable(logging.ERROR)
    with known(), own_server() as server:
        sys.exit(asyncio.run(rounds(server, seed, given.rounds, given.citizens, given.kills)))


if __name__ == "__main__":
    main()
