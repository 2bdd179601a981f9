"""Which faults `make mutants` puts in, and which it does not: only such as somebody could notice."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from prometheus_client import Counter

from bench.mutants import trials
from bench.mutants.__main__ import report
from bench.mutants.faults import Fault, faults_in
from bench.mutants.grafting import Program, unregister
from bench.mutants.groups import GROUPS, Group
from bench.mutants.tests_of import Cover
from bench.mutants.trials import Outcome, _over

SOURCE = '''"""Seats of a hall."""

import logging

log = logging.getLogger("hall")

MOST: int = 40


def book(wanted: int | None, *, state: str = "open") -> int:
    """Book so many. Raises ValueError."""
    if wanted is None or wanted > MOST:
        raise ValueError("too many: at most 40")
    log.info("booked %d", wanted)
    keep(wanted, state=state)
    return wanted
'''


def made(tmp_path: Path, source: str) -> dict[str, Fault]:
    """Each fault of a module by its key."""
    (tmp_path / "hall.py").write_text(source, "utf-8")
    found = {}
    for fault in faults_in(tmp_path, "hall.py"):
        changed = fault.source()
        if changed is not None:
            found[fault.key(changed)] = fault
    return found


def test_limits_guards_steps_and_words_are_changed_and_nothing_that_nobody_notices(
    tmp_path: Path,
) -> None:
    """No docstring, type, log line or error's words."""
    assert sorted(made(tmp_path, SOURCE)) == [
        'hall.py book: def book(wanted: int | None, *, state: str = "open") -> int: -> '
        'def book(wanted: int | None, *, state: str = "XXopenXX") -> int:',
        "hall.py book: if wanted is None or wanted > MOST: -> if False:",
        "hall.py book: if wanted is None or wanted > MOST: -> if True:",
        "hall.py book: if wanted is None or wanted > MOST: -> if wanted is None and wanted > MOST:",
        "hall.py book: if wanted is None or wanted > MOST: -> if wanted is None or wanted >= MOST:",
        "hall.py book: if wanted is None or wanted > MOST: -> "
        "if wanted is not None or wanted > MOST:",
        "hall.py book: keep(wanted, state=state) -> keep(wanted, )",
        "hall.py book: keep(wanted, state=state) -> pass",
        "hall.py module: MOST: int = 40 -> MOST: int = 41",
    ]


def test_a_fault_keeps_its_key_when_its_line_moves(tmp_path: Path) -> None:
    """So that what was judged stays judged."""
    moved = SOURCE.replace("MOST: int = 40\n", "#: Most seats.\nMOST: int = 40\n\nLEAST = 1\n")
    assert set(made(tmp_path, SOURCE)) < set(made(tmp_path, moved))


def test_a_limit_knows_its_name_and_a_guard_its_lines(tmp_path: Path) -> None:
    """By which their tests are found."""
    faults = made(tmp_path, SOURCE)
    limit = faults["hall.py module: MOST: int = 40 -> MOST: int = 41"]
    guard = faults["hall.py book: if wanted is None or wanted > MOST: -> if False:"]
    assert (limit.binds, limit.lines) == ({"MOST"}, range(7, 8))
    assert (guard.binds, guard.lines, guard.around) == (set(), range(12, 13), range(10, 17))
    # A default belongs to the function's own lines, not to what stands before it.
    (default,) = [fault for key, fault in faults.items() if "XXopenXX" in key]
    assert (default.lines, default.around) == (range(10, 11), range(10, 17))


def test_a_group_that_is_noticed_too_seldom_fails_unless_it_could_not_be_noticed() -> None:
    """And what was judged wrongly fails too."""
    name = GROUPS[0].name

    def outcomes(killed: int, survived: int) -> dict[str, list[Outcome]]:
        return {
            name: [Outcome(f"killed {n}", 1, "killed") for n in range(killed)]
            + [Outcome(f"left {n}", 1, "survived") for n in range(survived)]
            + [Outcome("", 1, "same"), Outcome("b", 1, "broken")]
        }

    assert report(outcomes(95, 5), {}, whole=True) == 0
    assert report(outcomes(94, 6), {}, whole=True) == 1
    assert report(outcomes(95, 6), {}, whole=True) == 1
    assert report(outcomes(95, 6), {"left 0": "no difference"}, whole=True) == 0
    assert report(outcomes(100, 0), {"killed 1": "no difference"}, whole=True) == 1
    assert report(outcomes(100, 0), {"gone": "no difference"}, whole=True) == 1
    assert report(outcomes(100, 0), {"gone": "no difference"}, whole=False) == 0
    # Elsewhere only a sample is tried: what was judged there need not be in it.
    for path, code in (("bot/core/qr.py", 0), ("bot/outbox/rate_limit.py", 1), ("bot/no.py", 1)):
        known = {f"{path} a: x -> y": "no difference"}
        assert report(outcomes(100, 0), known, whole=True) == code


def test_what_could_not_be_tried_is_no_success() -> None:
    """Once every trial failed before its first test, and the whole run was taken for a good one."""
    name = GROUPS[0].name
    for broken, code in ((15, 0), (16, 1), (100, 1)):
        some = [Outcome("broken", 1, "broken")] * broken
        good = [Outcome(f"killed {n}", 1, "killed") for n in range(100 - broken)]
        assert report({name: some + good}, {}, whole=False) == code


def test_a_group_is_a_module_or_some_of_its_functions() -> None:
    """Also what is within them."""
    group = Group("some", ("a/b.py", "c.py: f, C.g"))
    assert group.holds("a/b.py", "anything")
    assert group.holds("c.py", "f.inner")
    assert group.holds("c.py", "C.g")
    assert not group.holds("c.py", "C.h")
    assert not group.holds("c.py", "")
    assert not group.holds("a/b", "f")


HALL = '''
LIMIT = 3


def opened():
    return LIMIT


class Hall:
    """Seats."""

    def book(self, n, most=LIMIT):
        def fits(m):
            return m <= most

        return fits(n)


def decorated(function):
    def inner(*given):
        return function(*given)

    return inner


@decorated
def seats(n):
    return n + 1


SEATS = opened()
'''


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Program, ModuleType]]:
    """A module that is imported, and the program that it is all of."""
    (tmp_path / "hall_of_tests.py").write_text(HALL, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("hall_of_tests")
    ran = {(module.opened.__code__.co_filename, "opened", module.opened.__code__.co_firstlineno)}
    yield Program(tmp_path, ran), module
    del sys.modules["hall_of_tests"]


@pytest.mark.parametrize(
    ("old", "new", "done"),
    [
        ("m <= most", "m < most", True),
        ("return n + 1", "return n + 2", True),
        # Kept somewhere since it was imported: a limit, a default, what a call at that time gave.
        ("LIMIT = 3", "LIMIT = 4", False),
        ("most=LIMIT", "most=None", False),
        ("return LIMIT", "return LIMIT + 1", False),
    ],
)
def test_a_fault_in_a_function_is_put_in_place_and_one_that_was_kept_is_not(
    hall: tuple[Program, ModuleType], old: str, new: str, done: bool
) -> None:
    """Who holds the function already, runs the fault; else the module must be imported again."""
    program, module = hall
    held, book = module.seats, module.Hall().book
    assert program.graft("hall_of_tests.py", HALL, HALL.replace(old, new)) is done
    assert held(1) == (3 if "n + 2" in new else 2)
    assert book(3) is ("<=" in new or "<" not in new)
    # Without a fault there is nothing to put in.
    assert not program.graft("hall_of_tests.py", HALL, HALL)


@pytest.mark.parametrize(("said", "how"), [("\nFAILED tests/a.py::b\n", "killed"), ("", "")])
def test_a_trial_that_dies_was_noticed_if_a_test_was_red(
    tmp_path: Path, said: str, how: str
) -> None:
    """Before, one such ended the whole run after half an hour; without a red test nothing is known."""
    fault = next(iter(made(tmp_path, SOURCE).values()))
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "said").write_text(said, "utf-8")
    pid = os.posix_spawnp("true", ["true"], os.environ, setsid=True)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    over = _over({pid: (0, 0.0, 1e12)}, [(fault, [], 1.0)], tmp_path)
    if how:
        ((number, outcome),) = over
        assert (number, outcome.how) == (0, how)
    else:
        with pytest.raises(RuntimeError, match="ended by itself"):
            list(over)


def test_a_module_that_is_imported_again_may_count_again() -> None:
    """The registry of a process refuses the same figure twice; a name for the same one is no second one."""
    module = ModuleType("figures")
    for _ in range(2):
        module.SEATS = module.CHAIRS = Counter("seats_of_tests", "Seats.")  # type: ignore[attr-defined]
        unregister(module)


@pytest.mark.parametrize(("again", "how"), [("slow", "slow"), ("survived", "survived")])
def test_what_did_not_end_is_tried_once_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, again: str, how: str
) -> None:
    """A machine that was busy has noticed no fault."""
    rounds = [{0: "slow", 1: "killed"}, {0: again}]

    def tried(*given: object) -> Iterator[tuple[int, Outcome]]:
        for number, said in rounds.pop(0).items():
            yield number, Outcome(f"{number}", 1, said)

    monkeypatch.setattr(trials, "_round", tried)
    told: list[tuple[int, str]] = []
    none: list[str] = []
    work = [(Fault.__new__(Fault), none, 1.0)] * 2
    found = trials.trials(
        Program(tmp_path, set()), tmp_path, work, tmp_path, 1, lambda n, o: told.append((n, o.how))
    )
    assert [one.how for one in found] == [how, "killed"]
    assert told == [(1, "killed"), (0, how)]


def test_tests_that_are_called_like_the_module_come_before_those_called_like_its_folders(
    tmp_path: Path,
) -> None:
    """And a limit is tried where it is used, not where another one of its name is."""
    commands = tmp_path / "bot" / "commands"
    commands.mkdir(parents=True)
    (commands / "backups.py").write_text(
        "MOST = 3\n\n\ndef save():\n    return MOST + 1\n", "utf-8"
    )
    (commands / "rolls.py").write_text("MOST = 9\nprint(MOST)\n", "utf-8")
    (commands / "shown.py").write_text("from bot.commands.backups import MOST\nprint(MOST)\n")
    own, near, other, shown = (
        "tests/system/test_backup.py::test_a",
        "tests/bot/commands/test_list.py::test_b",
        "tests/bot/commands/test_rolls.py::test_c",
        "tests/bot/test_shown.py::test_d",
    )
    cover = Cover(tmp_path, tmp_path / "none")
    cover._times = dict.fromkeys((near, other, own, shown), 0.1)
    cover._lines["bot/commands/backups.py"][5] = {near, own}
    cover._lines["bot/commands/rolls.py"][2] = {other}
    cover._lines["bot/commands/shown.py"][2] = {shown}
    faults = {
        one.binds or one.inside: one for one in faults_in(tmp_path, "bot/commands/backups.py")
    }
    assert cover.tests(faults["save"], 6.0)[0] == [own, near]
    assert set(cover.tests(faults[frozenset({"MOST"})], 6.0)[0]) == {own, near, shown}
