"""`python -m bench.mutants`: puts small faults in, one at a time, and counts those that tests notice.

Ends with 1 where a group is under what is wanted or could not be tried, or the list of equivalent faults has
one that is none.
"""

import argparse
import hashlib
import os
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

from bench.mutants.faults import Fault, faults_in
from bench.mutants.groups import ELSEWHERE, GROUPS, SAMPLE, SEED, Group
from bench.mutants.tests_of import Cover, cover
from bench.mutants.trials import Outcome, prepare, trials

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.txt")

#: The largest share of a group that may not be tried, for no module imports with such a fault: more is a
#: fault of the trials themselves, and nothing would be known of the tests.
BROKEN = 0.15

#: Group -> seconds of tests for each of its faults.
SECONDS = {group.name: group.seconds for group in (*GROUPS, ELSEWHERE)}

#: Coverage of the tests, and what became of each fault.
BUILD = ROOT / "build" / "mutants"
OUTCOMES = BUILD / "outcomes.txt"


def modules() -> list[str]:
    """Every module that faults are put into."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "flows").rglob("*.py")]
    return sorted(str(file.relative_to(ROOT)) for file in files)


def group_of(path: str, inside: str) -> Group:
    """Whose faults those of a function are."""
    return next((group for group in GROUPS if group.holds(path, inside)), ELSEWHERE)


def _places(path: str) -> list[tuple[str, str, str, int]]:
    """Where the faults of a module are: group, path, function, number."""
    faults = faults_in(ROOT, path)
    return [(group_of(path, one.inside).name, path, one.inside, one.number) for one in faults]


def chosen(sample: int) -> list[tuple[str, str, str, int]]:
    """All places of the groups, and a sample of those elsewhere."""
    with get_context("fork").Pool() as pool:
        places = [place for found in pool.map(_places, modules(), 8) for place in found]
    for group in GROUPS:
        for pattern in group.patterns:
            one = Group(group.name, (pattern,))
            if not any(one.holds(path, inside) for _, path, inside, _ in places):
                sys.exit(f"groups.py: nothing is {pattern!r} any more")
    elsewhere = [place for place in places if place[0] == ELSEWHERE.name]

    def drawn(place: tuple[str, str, str, int]) -> str:
        return hashlib.sha256(repr((SEED, *place)).encode()).hexdigest()

    return [place for place in places if place[0] != ELSEWHERE.name] + sorted(
        sorted(elsewhere, key=drawn)[:sample]
    )


def equivalent() -> dict[str, str]:
    """The faults that change nothing: their key, and why."""
    lines = [line for line in EQUIVALENT.read_text("utf-8").splitlines() if line.strip()]
    pairs = [line.rpartition("  # ") for line in lines if not line.startswith("#")]
    return {key.strip(): why.strip() for key, _, why in pairs}


def left_over() -> set[str]:
    """The keys of what the last run left unnoticed."""
    lines = [line.split(" ", 2) for line in OUTCOMES.read_text("utf-8").splitlines()]
    return {key.rpartition(" [")[0] for how, _, key in lines if how in ("survived", "uncovered")}


def report(groups: dict[str, list[Outcome]], known: dict[str, str], whole: bool) -> int:
    """Print what came of it. Returns the exit code."""
    code = 0
    tried = {outcome.key for outcomes in groups.values() for outcome in outcomes}
    noticed = {o.key for outcomes in groups.values() for o in outcomes if o.noticed}
    for group in (*GROUPS, ELSEWHERE):
        made = [o for o in groups.get(group.name, ()) if o.how != "same"]
        counted = [o for o in made if o.how != "broken"]
        same = [o for o in counted if not o.noticed and o.key in known]
        killed = [o for o in counted if o.noticed]
        left = [o for o in counted if not o.noticed and o.key not in known]
        for outcome in left:
            print(f"  {outcome.how}: {outcome.key}  [line {outcome.line}]")
        if len(made) - len(counted) > BROKEN * len(made):
            print(f"{group.name}: {len(made) - len(counted)} of {len(made)} could not be tried")
            code = 1
        if not counted:
            continue
        share = 100 * len(killed) / max(len(killed) + len(left), 1)
        short = share < group.wanted
        print(
            f"{group.name}: {len(killed)} noticed, {len(left)} not, {len(same)} equivalent:"
            f" {share:.1f}% of {group.wanted:.0f}%{' TOO FEW' if short else ''}",
            flush=True,
        )
        code = code or int(short)
    if whole:
        for key in known:
            if key in noticed or (key not in tried and not _may_be_left_out(key)):
                why = "a test notices it" if key in noticed else "there is no such fault"
                print(f"{EQUIVALENT.name}: {why}: {key}")
                code = 1
    return code


def _may_be_left_out(key: str) -> bool:
    """Whether a fault is one of many, of which another change of the code may draw others."""
    path, _, rest = key.partition(" ")
    there = (ROOT / path).is_file()
    return there and group_of(path, rest.partition(":")[0].removesuffix("module")) is ELSEWHERE


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="a pattern in the group, path or function")
    parser.add_argument("--left", action="store_true", help="only what the last run left unnoticed")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="so many faults elsewhere")
    parser.add_argument("--tests", nargs="+", help="these tests, instead of those of each line")
    parser.add_argument("--seconds", type=float, help="of tests for one fault, in every group")
    # One more than there are cores: a fault that makes something hang costs no core while it is waited for.
    parser.add_argument("--processes", type=int, default=(os.cpu_count() or 2) + 1)
    given = parser.parse_args()
    os.chdir(ROOT)
    begun = time.monotonic()
    BUILD.mkdir(parents=True, exist_ok=True)
    covered = None if given.tests else cover(ROOT, BUILD / "covered", os.cpu_count() or 2)
    print(f"coverage of the tests: {time.monotonic() - begun:.0f} s", flush=True)
    places = [
        place for place in chosen(given.sample) if re.search(given.only, " ".join(map(str, place)))
    ]
    work = _work(places, covered, given.tests, given.seconds)
    if given.left:
        left = left_over()
        work = [one for one in work if one[1].key(one[1].source() or "") in left]
    print(f"{len(work)} faults", flush=True)
    groups: dict[str, list[Outcome]] = defaultdict(list)
    program = prepare(ROOT)
    print(f"all is imported: {time.monotonic() - begun:.0f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="tachawor-mutants-") as folder:
        some = [one[1:] for one in work]
        outcomes = trials(program, ROOT, some, Path(folder), given.processes, _say(len(some)))
    with OUTCOMES.open("w", encoding="utf-8") as file:
        for (name, *_), outcome in zip(work, outcomes, strict=True):
            groups[name].append(outcome)
            file.write(f"{outcome.how} {outcome.seconds} {outcome.key} [{outcome.by}]\n")
    whole = not given.only and not given.left and given.sample == SAMPLE
    code = report(groups, equivalent(), whole)
    worked = sum(os.times()[:4])
    print(
        f"{time.monotonic() - begun:.0f} s in all, {worked:.0f} s of them at work on {os.cpu_count()} cores"
    )
    sys.exit(code)


def _say(number: int) -> Callable[[int, Outcome], None]:
    """Say what nobody noticed, at once, and how far it is, now and then."""
    done = 0

    def say(_: int, outcome: Outcome) -> None:
        nonlocal done
        done += 1
        if outcome.how in ("survived", "uncovered"):
            print(f"  {outcome.how}: {outcome.key}  [line {outcome.line}]", flush=True)
        if done % 100 == 0:
            print(f"{done} of {number}", flush=True)

    return say


def _work(
    places: Sequence[tuple[str, str, str, int]],
    covered: Cover | None,
    tests: list[str] | None,
    seconds: float | None,
) -> list[tuple[str, Fault, Sequence[str], float]]:
    """Each fault with its group, its tests and the seconds they take."""
    by_path: dict[str, dict[tuple[str, int], str]] = defaultdict(dict)
    for group, path, inside, number in places:
        by_path[path][inside, number] = group
    work = []
    for path, wanted in by_path.items():
        for fault in faults_in(ROOT, path):
            group = wanted.get((fault.inside, fault.number))
            if group is None:
                continue
            most = seconds or SECONDS[group]
            found, spent = (tests or [], 60.0) if covered is None else covered.tests(fault, most)
            work.append((group, fault, found, spent))
    return work


if __name__ == "__main__":
    main()
