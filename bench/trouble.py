"""`python -m bench.trouble`: a provider in every sort of trouble, for seconds and for minutes.

All sorts at both providers at once (`tests.faults.trouble`), each with a database of its own. Ends with 1
if an answer never arrived, came out of order, or is said to have failed.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.checks import known
from tests.faults.trouble import KINDS, trouble


async def trials(seconds: float) -> int:
    """Every trouble for so many seconds. Returns the exit code."""

    async def one(provider: str, kind: str) -> list[str]:
        with tempfile.TemporaryDirectory(prefix="tachawor-trouble-") as folder:
            report = await trouble(Path(folder), provider, kind, seconds=seconds)
        return [f"{kind} at {provider}: {problem}" for problem in report.problems]

    found = await asyncio.gather(
        *(one(provider, kind) for provider in ("telegram", "whatsapp") for kind in KINDS)
    )
    problems = [problem for some in found for problem in some]
    print(f"{len(found)} troubles of {seconds:g} s: {len(problems)} problems", flush=True)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.trouble", description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[6, 45, 180])
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with known():
        sys.exit(max(asyncio.run(trials(seconds)) for seconds in given.seconds))


if __name__ == "__main__":
    main()
