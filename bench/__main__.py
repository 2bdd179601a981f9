"""`python -m bench`: the three candidates side by side, in one run, as a table.

CPU time is that of the candidate's process (user and system, all its threads), which has a core
for itself; the load and the stand-in for Telegram have the other. Rounds are interleaved, figures
are medians over the rounds. Loopback only; nothing is kept.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import uvloop

from bench.candidate import HOST
from bench.crowd import Crowd, Run
from bench.provider import Provider

#: What is compared: module -> the name in the table.
CANDIDATES = {
    "ours": "Tachawor",
    "ptb_application": "python-telegram-bot",
    "floor": "floor",
}

CITIZENS = 200

#: Steps under way at once.
AT_ONCE = (1, 32)

#: The provider that is far away: its delay in seconds, and what must be reached.
FAR = 0.05
STEPS_PER_SECOND = 1000

#: Microseconds of CPU for a step of ours at 32 at once.
TARGET = 1000


@dataclass(frozen=True, slots=True)
class Length:
    """How long it all takes, in seconds; `runs` has one length for each of AT_ONCE."""

    rounds: int
    runs: tuple[float, float]
    far: float


FULL = Length(5, (2.5, 3.5), 8)
QUICK = Length(3, (0.7, 0.9), 3)


@dataclass(slots=True)
class Candidate:
    """A process under measurement, and what was found: AT_ONCE -> (CPU us, steps/s) per round."""

    name: str
    process: subprocess.Popen[bytes]
    provider: Provider
    crowd: Crowd
    found: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    def cpu(self) -> int:
        """Nanoseconds of CPU its process has taken, in all threads."""
        return cpu_of(self.process)

    async def measure(self, seconds: float, at_once: int) -> None:
        """One round."""
        before = self.cpu()
        run = await self.crowd.run(seconds, at_once)
        spent = (self.cpu() - before) / 1000 / run.steps
        self.found.setdefault(at_once, []).append((spent, run.steps / run.seconds))

    def us(self, at_once: int) -> float:
        """CPU of a step in microseconds."""
        return median(cpu for cpu, _ in self.found[at_once])

    def rate(self, at_once: int) -> float:
        """Steps a second."""
        return median(rate for _, rate in self.found[at_once])


def cores() -> tuple[int | None, int | None]:
    """A core for the candidates and one for us; None where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        print("only one core: load and candidates share it", file=sys.stderr)
        return None, None
    return usable[0], usable[1]


@contextlib.asynccontextmanager
async def started(
    name: str, folder: Path, core: int | None, *, profile: bool = False
) -> AsyncIterator[Candidate]:
    """A candidate in a process of its own, ended afterwards."""
    provider = Provider()
    await provider.start()
    port = free_port()
    (folder / name).mkdir()
    command = [sys.executable, "-m", f"bench.{name}", "--port", str(port)]
    command += ["--provider", provider.address, "--folder", str(folder / name)]
    command += ["--core", str(core)] if core is not None else []
    command += ["--profile"] if profile else []
    process = spawned(command)
    try:
        await _listening(process, port)
        yield Candidate(name, process, provider, Crowd(provider, port, CITIZENS))
    finally:
        process.terminate()
        process.wait(20)
        provider.stop()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
    return port


def cpu_of(process: subprocess.Popen[bytes]) -> int:
    """Nanoseconds of CPU that a process has taken, in all threads."""
    # Linux: the clock id of a process is made from its number (clock_getcpuclockid(3)).
    return time.clock_gettime_ns((~process.pid << 3) | 2)


def spawned(command: list[str]) -> subprocess.Popen[bytes]:
    """A process under measurement, begun outside the event loop's rules."""
    return subprocess.Popen(command)


async def _listening(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"a candidate ended with {process.returncode}")
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise SystemExit("a candidate does not listen after 30 s")


def say(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


async def compare(length: Length, folder: Path) -> None:
    """Measure, and print the table."""
    theirs, mine = cores()
    if mine is not None:
        os.sched_setaffinity(0, {mine})
    async with contextlib.AsyncExitStack() as stack:
        all_: list[Candidate] = []
        for name in CANDIDATES:
            say(f"starting {name}")
            all_.append(await stack.enter_async_context(started(name, folder, theirs)))
        ours = all_[0]
        say(f"{CITIZENS} citizens meet the bot for the first time")
        await ours.crowd.meets()
        for candidate in all_:
            await candidate.crowd.run(1, AT_ONCE[-1])
        for number in range(length.rounds):
            say(f"round {number + 1} of {length.rounds}")
            for candidate in all_:
                for at_once, seconds in zip(AT_ONCE, length.runs, strict=True):
                    await candidate.measure(seconds, at_once)
        say(f"the provider moves {FAR * 1000:.0f} ms away")
        ours.provider.delay = FAR
        far = await ours.crowd.run(length.far, CITIZENS // 2)
        paced = await ours.crowd.paced(length.far, STEPS_PER_SECOND)
        theirs_far = all_[1]
        theirs_far.provider.delay = FAR
        ptb = await theirs_far.crowd.run(min(length.far, 3), 32)
    print(table(all_))
    print(far_table(far, paced, ptb))
    print(verdict(ours, far))


def table(all_: Sequence[Candidate]) -> str:
    """CPU and speed of each candidate."""
    lines = [
        "",
        f"{'one conversation step':<22}" + "".join(f"{f'{n} at once':>28}" for n in AT_ONCE),
    ]
    lines.append(f"{'':<22}" + f"{'CPU us':>14}{'steps/s':>14}" * len(AT_ONCE))
    for one in all_:
        cells = "".join(f"{one.us(n):>14,.0f}{one.rate(n):>14,.0f}" for n in AT_ONCE)
        lines.append(f"{CANDIDATES[one.name]:<22}{cells}")
    ours, ptb, floor = all_
    for label, above, below in (("ours / floor", ours, floor), ("PTB / ours", ptb, ours)):
        cells = "".join(f"{above.us(n) / below.us(n):>13.1f}x{'':>14}" for n in AT_ONCE)
        lines.append(f"{label:<22}{cells}")
    return "\n".join(lines)


def far_table(far: Run, paced: Run, ptb: Run) -> str:
    """How it goes with a provider that is far away."""
    lines = [
        "",
        f"{f'provider {FAR * 1000:.0f} ms away':<42}{'steps/s':>10}{'webhook 200: p50':>20}{'p99':>10}",
    ]
    for label, run in (
        (f"Tachawor, {CITIZENS // 2} at once", far),
        (f"Tachawor, {STEPS_PER_SECOND:,} a second begun evenly", paced),
        ("python-telegram-bot, 32 at once", ptb),
    ):
        rate = run.steps / run.seconds
        waits = f"{run.percentile(50):>17.1f} ms{run.percentile(99):>7.1f} ms"
        lines.append(f"{label:<42}{rate:>10,.0f}{waits}")
    return "\n".join(lines)


def verdict(ours: Candidate, far: Run) -> str:
    """Whether the targets are met."""
    spent, rate = ours.us(AT_ONCE[-1]), far.steps / far.seconds
    met = {True: "met", False: "MISSED"}
    return (
        f"\ntarget {TARGET:,} us of CPU a step: {spent:,.0f}, {met[spent <= TARGET]}; "
        f"target {STEPS_PER_SECOND:,} steps/s: {rate:,.0f}, {met[rate >= STEPS_PER_SECOND]}"
    )


async def profile(seconds: float, folder: Path) -> None:
    """Where the time of ours goes; the profiler itself takes about as much again."""
    theirs, mine = cores()
    if mine is not None:
        os.sched_setaffinity(0, {mine})
    async with started("ours", folder, theirs, profile=True) as ours:
        await ours.crowd.meets()
        await ours.measure(seconds, AT_ONCE[-1])
    say(f"{ours.us(AT_ONCE[-1]):,.0f} us of CPU a step, the profiler's included")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about 30 s instead of two minutes")
    parser.add_argument("--profile", action="store_true", help="only ours, under cProfile")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tachawor-bench-") as folder:
        length = QUICK if given.quick else FULL
        if given.profile:
            uvloop.run(profile(length.far, Path(folder)))
        else:
            uvloop.run(compare(length, Path(folder)))


if __name__ == "__main__":
    main()
