"""Which tests are run for a fault: those that run its lines, the nearest and the quickest first."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import zip_longest
from pathlib import Path

import coverage

from bench.mutants.faults import Fault

#: How many tests are run for one fault in any case, on however slow a machine; what none of them notices
#: counts as unnoticed.
LEAST = 15

#: Seconds beyond which a test is dear: at most half of the time is for such.
DEAR = 0.8

#: So many of its folders' names the name of a module is worth: what test_backup tries of commands/backups.py
#: comes before what is tried of other commands.
OWN_NAME = 3


class Cover:
    """Line -> tests, and how long each takes."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = root
        self._times: dict[str, float] = {}
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._uses: dict[str, set[tuple[str, int]]] | None = None
        self._imports: dict[str, set[str]] = defaultdict(set)
        for run in sorted(folder.glob("run-*")):
            self._read(run)
        there = {name for name in self._times if (root / name.partition("::")[0]).exists()}
        self._times = {name: t for name, t in self._times.items() if name in there}

    def _read(self, run: Path) -> None:
        """What one run of tests adds; what an earlier one knew of their files is forgotten."""
        again = tuple(json.loads((run / "of.json").read_text("utf-8")))
        self._times = {name: t for name, t in self._times.items() if not name.startswith(again)}
        own: set[str] = set()
        for file in run.glob("gw*.json"):
            times = json.loads(file.read_text("utf-8"))
            self._times.update(times)
            own |= times.keys()
        for file in run.glob("*.coverage"):
            data = coverage.CoverageData(str(file))
            data.read()
            for name in sorted(data.measured_files()):
                if not name.endswith(".py"):
                    continue
                into = self._lines[name]
                for line, tests in data.contexts_by_lineno(name).items():
                    into[line].update(test for test in tests if test in own)

    def tests(self, fault: Fault, most: float) -> tuple[list[str], float]:
        """The tests for a fault in their order, and the seconds they take: at most so many."""
        found = self._on(fault.path, fault.lines) or self._on(fault.path, fault.around)
        at_import = not found
        if at_import:
            # What runs while it is imported belongs to every test of the module.
            found = set().union(*self._lines[fault.path].values())
        if fault.binds:
            # Those that run a line with its name.
            found = set()
            for path, line in self._lines_with(fault.path, fault.binds):
                found |= self._lines[path].get(line, set())
        if fault.binds or at_import or len(found) < LEAST:
            # What is computed once is run by the first test that needs it, and matters to others; what stands
            # there since it was imported is read by tests that run no line of it.
            found |= self._about(Path(fault.path))
        chosen, spent, dear = [], 0.0, 0.0
        for test in self._nearest_first(fault.path, found & self._times.keys()):
            seconds = self._times[test]
            if spent + seconds > most and (len(chosen) >= LEAST or (chosen and seconds > most)):
                continue
            if seconds > DEAR and chosen and dear + seconds > most / 2:
                # A few slow tests would leave no time for many quick ones.
                continue
            chosen.append(test)
            spent += seconds
            dear += seconds if seconds > DEAR else 0
        return chosen, spent

    def _about(self, module: Path) -> set[str]:
        """The tests in files or folders that are called like a module, or like its folder if it is all."""
        own = _own_words(module)
        return {test for test in self._times if own <= _words(test.partition("::")[0])}

    def _on(self, path: str, lines: range) -> set[str]:
        return set().union(*(self._lines[path].get(line, set()) for line in lines))

    def _nearest_first(self, path: str, tests: Iterable[str]) -> list[str]:
        """Tests in files that are called like the module, then like its folders; one row of each, then others."""
        near: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        own = _own_words(Path(path))
        # Pages are tried as whole pages.
        words = _words(path) | ({"system"} if path.startswith("bot/web/") else set())
        for test in sorted(tests, key=lambda test: (self._times[test], test)):
            there = _words(test.partition("::")[0])
            like = len(words & there) + (OWN_NAME if own <= there else 0)
            near[like][test.partition("[")[0]].append(test)
        ordered = []
        for _, functions in sorted(near.items(), reverse=True):
            for turn in zip_longest(*functions.values()):
                ordered += [test for test in turn if test is not None]
        return ordered

    def _lines_with(self, module: str, names: frozenset[str]) -> set[tuple[str, int]]:
        """Where a name that is bound outside every function is used: in its module, and where that is imported.

        Many modules have a MOST of their own.
        """
        if self._uses is None:
            self._uses = defaultdict(set)
            for path in list(self._lines):
                for node in ast.walk(ast.parse((self._root / path).read_text("utf-8"))):
                    if isinstance(node, ast.Name | ast.Attribute):
                        name = node.id if isinstance(node, ast.Name) else node.attr
                        self._uses[name].add((path, node.lineno))
                    elif isinstance(node, ast.Import | ast.ImportFrom):
                        self._imports[path].update(_imported(node))
        own = ".".join(Path(module).with_suffix("").parts).removesuffix(".__init__")
        used = set().union(*(self._uses.get(name, set()) for name in names))
        return {(path, line) for path, line in used if path == module or own in self._imports[path]}


@cache
def _words(path: str) -> frozenset[str]:
    """What a module or a file of tests is called, in words: bot/web/cases -> bot, web, case."""
    parts = path.removesuffix(".py").replace("/test_", "/").replace("_", "/").split("/")
    return frozenset(part.rstrip("s") for part in parts)


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The modules that a line may import: "from a.b import c" is one of a.b, or a.b.c itself."""
    if isinstance(node, ast.Import):
        return {one.name for one in node.names}
    return {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}


def _own_words(module: Path) -> frozenset[str]:
    """What a module itself is called; of a folder's own one, the folder."""
    name = module.parent.name if module.stem == "__init__" else module.stem
    return _words(f"{name}.py")


def cover(root: Path, folder: Path, processes: int) -> Cover:
    """Run the tests with coverage; of what was run for the same program, only those that changed."""
    now = {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for name in ("bot", "flows", "storage", "tests")
        for file in sorted((root / name).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    known = folder / "of.json"
    before = json.loads(known.read_text("utf-8")) if known.exists() else {}
    stale = {name for name in now.keys() & before.keys() if now[name] != before[name]}
    fresh = sorted(name for name in now if before.get(name) != now[name] and _is_test(name))
    if not all(map(_is_test, stale)) or not before:
        shutil.rmtree(folder, ignore_errors=True)
        fresh = ["tests"]
    if fresh:
        own = folder / f"run-{len(list(folder.glob('run-*'))):03d}"
        own.mkdir(parents=True)
        (own / "of.json").write_text(json.dumps(fresh), "utf-8")
        told = subprocess.run(
            [sys.executable, "-m", "pytest", *fresh, "-q", "-p", "bench.mutants.covering",
             "-p", "no:cacheprovider", f"--numprocesses={processes}", "--dist=worksteal"],
            cwd=root, env={**os.environ, "TACHAWOR_COVERING": str(own)},
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            print("\n".join(told.stdout.splitlines()[-20:]))
            print("tests are red without any fault in them; they are left out")
        known.write_text(json.dumps(now), "utf-8")
    return Cover(root, folder)


def _is_test(name: str) -> bool:
    """Whether a file has tests only; what stands in others may change what every test does."""
    return name.startswith("tests/") and Path(name).match("test_*.py")
