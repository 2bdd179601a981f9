"""One mutant, one process: forked off one that has imported the program and its tests, it puts the
fault in and runs the tests of the faulty lines until one fails.
"""

import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from bench.mutants.faults import Fault
from bench.mutants.grafting import Program

#: Asserts stay plain: it is enough that a test is red, and they are read faster.
OPTIONS = (
    "-x",
    "-q",
    "--assert=plain",
    "-p",
    "no:randomly",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
)

#: Seconds that a mutant has beyond three times what its tests take.
PATIENCE = 12.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fault: killed, slow, survived; uncovered; or no fault at all (same, broken)."""

    key: str
    line: int
    how: str
    by: str = ""
    seconds: float = 0.0

    @property
    def noticed(self) -> bool:
        """Whether a test was red, or did not end."""
        return self.how in ("killed", "slow")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module with the fault in it."""

    def __init__(self, path: Path, root: Path, source: str) -> None:
        parts = path.relative_to(root).with_suffix("").parts
        self._package = parts[-1] == "__init__"
        self._name = ".".join(parts[:-1] if self._package else parts)
        self._path, self._source = path, source
        self.failed = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The faulty module, and no other."""
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(
            name,
            self._path,
            loader=self,
            submodule_search_locations=[str(self._path.parent)] if self._package else None,
        )

    def exec_module(self, module: types.ModuleType) -> None:
        """Run it."""
        try:
            exec(compile(self._source, str(self._path), "exec"), module.__dict__)  # noqa: S102
        except Exception:
            self.failed = True
            raise


class _First:
    """Remembers the first test that was red."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at it."""
        if report.failed and not self.name:
            self.name = report.nodeid


def prepare(root: Path) -> Program:
    """Import all that a trial needs, so that no trial has to."""
    program = Program.imported(root, OPTIONS)
    gc.collect()
    gc.freeze()
    return program


def _try(program: Program, root: Path, fault: Fault, tests: Sequence[str], folder: Path) -> Outcome:
    source = fault.source()
    line = fault.lines.start
    if source is None:
        return Outcome("", line, "same")
    key = fault.key(source)
    if not tests:
        return Outcome(key, line, "uncovered")
    changed = _Changed(root / fault.path, root, source)
    if not program.graft(fault.path, fault.module.code, source):
        program.forget(fault.path)
        sys.meta_path.insert(0, changed)
    first = _First()
    code = pytest.main([*OPTIONS, f"--basetemp={folder}/t", *tests], plugins=[first])
    if code == pytest.ExitCode.USAGE_ERROR and not changed.failed:
        # A test's parameters are named after what was changed.
        whole = dict.fromkeys(test.partition("[")[0] for test in tests)
        code = pytest.main([*OPTIONS, f"--basetemp={folder}/t", *whole], plugins=[first])
    if changed.failed or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return Outcome(key, line, "broken")
    return Outcome(key, line, "survived" if code == 0 else "killed", first.name)


def trials(
    program: Program,
    root: Path,
    work: Sequence[tuple[Fault, Sequence[str], float]],
    folder: Path,
    at_once: int,
    tell: Callable[[int, Outcome], None],
) -> list[Outcome]:
    """Try every fault with its tests and the seconds they take; the outcomes in the same order.

    What did not end is tried once more when all others have been: the machine may have been busy.
    """
    outcomes: dict[int, Outcome] = {}
    for _ in range(2):
        for number, outcome in _round(program, root, work, outcomes, folder, at_once):
            if outcome.how != "slow" or number in outcomes:
                tell(number, outcome)
            outcomes[number] = outcome
    return [outcomes[number] for number in range(len(work))]


def _round(
    program: Program,
    root: Path,
    work: Sequence[tuple[Fault, Sequence[str], float]],
    known: Mapping[int, Outcome],
    folder: Path,
    at_once: int,
) -> Iterator[tuple[int, Outcome]]:
    """Try those of which nothing is known yet, or that did not end."""
    running: dict[int, tuple[int, float, float]] = {}
    waiting = iter(
        [
            number
            for number in range(len(work))
            if number not in known or known[number].how == "slow"
        ]
    )
    try:
        while True:
            while len(running) < at_once and (number := next(waiting, None)) is not None:
                fault, tests, expected = work[number]
                pid = _begin(program, root, number, fault, tests, folder)
                now = time.monotonic()
                running[pid] = (number, now, now + PATIENCE + 3 * expected)
            if not running:
                return
            yield from _over(running, work, folder)
            time.sleep(0.01)
    finally:
        for pid in running:
            _end(pid)


def _begin(
    program: Program, root: Path, number: int, fault: Fault, tests: Sequence[str], folder: Path
) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    own = folder / f"{number}"
    own.mkdir(exist_ok=True)
    said = os.open(own / "said", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    for number_of_file in (1, 2):
        os.dup2(said, number_of_file)
    try:
        outcome = _try(program, root, fault, tests, own)
        (own / "outcome").write_text(json.dumps(asdict(outcome)), "utf-8")
    finally:
        sys.stdout.flush()
        os._exit(0)


def _over(
    running: dict[int, tuple[int, float, float]],
    work: Sequence[tuple[Fault, Sequence[str], float]],
    folder: Path,
) -> Iterator[tuple[int, Outcome]]:
    """Those that ended, or whose time is over."""
    for pid, (number, since, until) in list(running.items()):
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if not ended and time.monotonic() < until:
            continue
        _end(pid, waited=bool(ended))
        del running[pid]
        own = folder / f"{number}"
        spent = round(time.monotonic() - since, 2)
        if (own / "outcome").exists():
            told = json.loads((own / "outcome").read_text("utf-8"))
            yield number, Outcome(**{**told, "seconds": spent})
        else:
            fault = work[number][0]
            said = (own / "said").read_text("utf-8", errors="replace") if ended else ""
            if ended and "\nFAILED " not in said:
                raise RuntimeError(f"a trial of {fault.path} ended by itself:\n{said[-3000:]}")
            # What died once a test was red was noticed by that test.
            how = "killed" if ended else "slow"
            key = fault.key(fault.source() or "")
            yield number, Outcome(key, fault.lines.start, how, seconds=spent)
        shutil.rmtree(own, ignore_errors=True)


def _end(pid: int, *, waited: bool = False) -> None:
    """End a trial and every process that it began."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if not waited:
        os.waitpid(pid, 0)
