"""`python -m bench.outages`: PostgreSQL is restarted, stopped, frozen, cut off and swallowed up under load.

The trial of the tests (`tests.faults.databases.outage`), longer and more often. Ends with 1 if a promise was not kept.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.checks import known
from tests.faults.databases.outage import KINDS, Plan, outage


async def rounds(seed: int, seconds: float, times: int, kinds: list[str]) -> int:
    """Every kind in turn. Returns the exit code."""
    worst = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="tachawor-outages-") as folder:
            plan = Plan(seed, seconds, times, citizens=30, others=10, rounds=20)
            verdict = await outage(Path(folder), kind, plan)
        print(
            f"{kind}, {times} times {seconds:g} s: {verdict.acknowledged} updates, "
            f"{verdict.refused} refusals, {verdict.heard} answers and {verdict.repeated} repeated: "
            f"{len(verdict.problems)} problems",
            *verdict.problems[:20],
            sep="\n",
            flush=True,
        )
        worst = max(worst, int(bool(verdict.problems)))
    if worst:
        print(f"again: python -m bench.outages --seed {seed} --seconds {seconds} --times {times}")
    return worst


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.outages", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--seconds", type=float, default=5, help="of each outage")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(KINDS), choices=KINDS)
    given = parser.parse_args()
    # A call that is cut off leaves a trace at our provider.
    logging.disable(logging.ERROR)
    with known():
        sys.exit(asyncio.run(rounds(given.seed, given.seconds, given.times, given.only)))


if __name__ == "__main__":
    main()
