"""`python -m bench.faults`: the crash trial of the tests, longer and with ever other moments.

Each round is a fresh database, some hundred citizens, and a server that is killed again and again
(`tests.faults.trial`). Ends with 1 at the first problem, and says with which seed it comes back.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.faults.trial import Plan, Report, trial


async def rounds(first_seed: int, number: int, citizens: int, kills: int) -> int:
    """Run the rounds. Returns the exit code."""
    total = Report()
    for seed in range(first_seed, first_seed + number):
        with tempfile.TemporaryDirectory(prefix="tachawor-faults-") as folder:
            report = await trial(Path(folder), Plan(seed, citizens, kills))
        print(
            f"seed {seed}: {kills} kills, {report.answered} updates and {report.redelivered} of "
            f"them twice, {report.heard} replies and {report.repeated} of them repeated: "
            f"{f'{len(report.problems)} PROBLEMS' if report.problems else 'nothing lost'}",
            flush=True,
        )
        if report.problems:
            print("\n".join(report.problems[:20]))
            print(
                f"again: python -m bench.faults --seed {seed} --rounds 1 "
                f"--citizens {citizens} --kills {kills}"
            )
            return 1
        total.answered += report.answered
        total.heard += report.heard
        total.repeated += report.repeated
    print(
        f"{number * kills} kills, {total.answered} updates, {total.heard} replies, "
        f"{total.repeated} of them repeated; nothing lost, nothing done twice"
    )
    return 0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--citizens", type=int, default=200)
    parser.add_argument("--kills", type=int, default=8, help="in each round")
    parser.add_argument("--seed", type=int, help="of the first round; else a new one")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    sys.exit(asyncio.run(rounds(seed, given.rounds, given.citizens, given.kills)))


if __name__ == "__main__":
    main()
