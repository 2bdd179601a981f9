"""Which test runs which line? A plugin of pytest: `pytest -p bench.mutants.covering`.

Each process of the run writes what its tests covered, and how long each of them took, into the
folder that TACHAWOR_COVERING names. Tests that need a browser, PostgreSQL or processes of their own
are left out: a mutant lives in one process, and a database of its own costs more than it tells.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parents[2]

#: Whole folders of tests whose program runs in other processes, or which read no program at all.
APART = ("tests/faults/", "tests/docs/", "tests/storage/")


def worth_it(item: pytest.Item) -> bool:
    """Whether a test tells something about a mutant within its own process."""
    if item.nodeid.startswith(APART) or item.get_closest_marker("browser"):
        return False
    call = getattr(item, "callspec", None)
    needs_server = "fresh_postgresql" in getattr(item, "fixturenames", ())
    return not needs_server and (call is None or "postgresql" not in call.params.values())


class Covering:
    """Notes the lines and the time of each test."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._worker = worker
        self._times: dict[str, float] = {}
        self._passed: set[str] = set()
        self._failed: set[str] = set()
        self._folder = folder
        self._coverage = coverage.Coverage(
            data_file=str(folder / f"{worker}.coverage"),
            source=[str(ROOT / name) for name in ("bot", "flows")],
            messages=False,
            config_file=False,
        )
        # Lines are found again wherever the folder lies.
        self._coverage.set_option("run:relative_files", True)
        self._coverage.start()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what tells nothing."""
        items[:] = [item for item in items if worth_it(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Name the test to whom the next lines belong."""
        self._coverage.switch_context(item.nodeid)
        begun = time.process_time()
        result = yield
        # At work, not waiting: the same on a busy machine.
        self._times[item.nodeid] = time.process_time() - begun
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember whether it can be relied on."""
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self._passed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        self._coverage.stop()
        self._coverage.save()
        good = self._passed - self._failed
        times = {name: round(spent, 3) for name, spent in self._times.items() if name in good}
        (self._folder / f"{self._worker}.json").write_text(json.dumps(times), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Begin, in each process that runs tests."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker or not getattr(config.option, "numprocesses", None):
        folder = Path(os.environ["TACHAWOR_COVERING"])
        config.pluginmanager.register(Covering(folder, worker or "alone"))
