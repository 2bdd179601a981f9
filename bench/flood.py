"""`python -m bench.flood`: a broadcast to 100,000 people through a server that is killed again and again.

The trial of the tests (`tests.faults.flood`), large, with troubles as often and answers awaited as
long as in earnest. Ends with 1 if anything is wrong, and says with which seed it comes back.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.faults.flood import FloodPlan, Report, World, flood

#: Seconds between two lines about how far it is.
LINE = 15.0


def plan_of(seed: int, recipients: int, kills: int) -> FloodPlan:
    """A third of the kills come in the middle of a flood, one right after the beginning."""
    in_floods = kills // 3
    return FloodPlan(
        seed,
        recipients,
        kills=max(kills - in_floods - 1, 0),
        flood_kills=in_floods,
        floods=4,
        per_second=1000,
        stops=max(recipients // 300, 10),
        tappers=max(recipients // 500, 10),
        talkers=min(max(recipients // 400, 10), 100),
        pause=0.3 if recipients < 40_000 else 1.0,
        often=1.0,
        patience=0,
        rest=0,
        still=60,
    )


def teller(began: float) -> Callable[[World], Awaitable[None]]:
    """Says how far it is, for as long as it is let."""

    async def tell(world: World) -> None:
        while True:
            await asyncio.sleep(LINE)
            floods = sum(len(provider.floods) for provider in world.providers)
            print(
                f"{time.monotonic() - began:5.0f} s: {world.pushes} calls, {world.report.kills} "
                f"kills, {floods} floods, {len(world.stops)} STOPs",
                flush=True,
            )

    return tell


def show(report: Report) -> None:
    """The figures of a trial."""
    people = sum(report.states.values())
    print(f"{people} recipients in {report.seconds:.0f} s, {report.kills} kills; each once:")
    for (channel, state), n in sorted(report.states.items()):
        print(f"    {n:7d} {channel} {state}")
    for (state, why), n in report.reasons.most_common(20):
        print(f"    {n:7d} {state}: {why}")
    print(f"{report.calls} calls, {report.delivered} of them delivered; by answer:")
    for outcome, n in report.outcomes.most_common():
        print(f"    {n:7d} {outcome}")
    print(
        f"{report.floods} floods (429), heeded; {report.stops} STOPs, {report.in_time} of them "
        f"before the invitation; {report.tapped} taps on it answered"
    )
    print(
        f"{report.reported} status reports taken, {report.unheard} unheard; "
        f"{report.repeated} replies repeated"
    )
    for when in ("quiet", "fair", "bad"):
        median, late = report.latency(when, 50), report.latency(when, 99)
        n = len(report.latencies[when])
        print(f"replies, {when:5}: p50 {median:.1f} ms, p99 {late:.1f} ms, of {n}")
    print(f"fair to quiet: p50 x {ratio(report, 50):.2f}, p99 x {ratio(report, 99):.2f}")


def ratio(report: Report, share: int) -> float:
    """How much longer a reply takes while the broadcast goes."""
    quiet = report.latency("quiet", share)
    return report.latency("fair", share) / quiet if quiet else 0.0


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.flood", description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, help="else a new one")
    given = parser.parse_args()
    seed = random.randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    plan = plan_of(seed, given.recipients, given.kills)
    with tempfile.TemporaryDirectory(prefix="tachawor-flood-") as folder:
        report = asyncio.run(flood(Path(folder), plan, teller(time.monotonic())))
    show(report)
    if report.problems:
        print(f"{len(report.problems)} PROBLEMS")
        print("\n".join(report.problems[:60]))
        print(
            f"again: python -m bench.flood --seed {seed} --recipients {given.recipients} "
            f"--kills {given.kills}"
        )
        sys.exit(1)
    print("each recipient once, in one state; nothing inside retry_after, nothing after STOP")


if __name__ == "__main__":
    main()
