"""Which faults `make mutants` puts in, and which it does not: only such as somebody could notice."""

from pathlib import Path

from bench.mutants.__main__ import report
from bench.mutants.faults import Fault, faults_in
from bench.mutants.groups import GROUPS, Group
from bench.mutants.trials import Outcome

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


def test_a_group_is_a_module_or_some_of_its_functions() -> None:
    """Also what is within them."""
    group = Group("some", ("a/b.py", "c.py: f, C.g"))
    assert group.holds("a/b.py", "anything")
    assert group.holds("c.py", "f.inner")
    assert group.holds("c.py", "C.g")
    assert not group.holds("c.py", "C.h")
    assert not group.holds("c.py", "")
    assert not group.holds("a/b", "f")
