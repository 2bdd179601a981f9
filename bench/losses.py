"""`python -m bench.losses`: machines are lost after a backup, and restored with the file of wishes.

The trial of the tests (`tests.faults.losses`), twenty times, with ever other moments. Ends with 1 at the first wish
that is not obeyed though it was answered before the window of loss.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.checks import known
from tests.faults.losses import loss


async def rounds(seed: int, number: int) -> int:
    """Run the rounds. Returns the exit code."""
    wished = late = lost = 0
    for one in range(seed, seed + number):
        with tempfile.TemporaryDirectory(prefix="tachawor-losses-") as folder:
            verdict = await loss(Path(folder), one)
        if verdict.problems:
            print(
                "\n".join(verdict.problems),
                f"again: python -m bench.losses --seed {one} --rounds 1",
                sep="\n",
            )
            return 1
        wished, late, lost = wished + verdict.wished, late + verdict.late, lost + verdict.lost
    print(
        f"{number} of {number}: {wished - late} wishes obeyed of {wished - late}; of {late} in the last six seconds"
        f" before the loss, {late - lost}"
    )
    return 0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.losses", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, help="of the first round; else a new one")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    logging.disable(logging.ERROR)
    with known():
        sys.exit(asyncio.run(rounds(seed, given.rounds)))


if __name__ == "__main__":
    main()
