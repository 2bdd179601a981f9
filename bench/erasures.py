"""`python -m bench.erasures`: two thousand people say hard things, a thousand are erased, every byte is searched.

The trial of the tests (`tests.faults.erasures`). Ends with 1 where anything of the erased is left, or a total has
changed.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.checks import known
from tests.faults.erasures import trial


async def whole(people: int) -> int:
    """Run it once. Returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="tachawor-erasures-") as folder:
        verdict = await trial(Path(folder), people)
    print("\n".join(verdict.problems))
    print(
        f"{verdict.erased} of {people} erased; {len(verdict.problems)} problems in {verdict.looked_at} bytes; before the file"
        f" was rebuilt, something in the free space of {verdict.residues} files"
    )
    return 1 if verdict.problems else 0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.erasures", description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="half of them are erased")
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    with known():
        sys.exit(asyncio.run(whole(given.people)))


if __name__ == "__main__":
    main()
