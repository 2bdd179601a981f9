"""A process ends before and after its COMMITs and calls, and a new one goes on: a sample; `make faults` tries all."""

import ast
from pathlib import Path

import pytest

from tests.faults.points.journey import Journey, travel
from tests.faults.points.sites import _opening, calls, commits, excused
from tests.faults.server import DATABASE

#: One of each sort: a message's own COMMIT, its answer's call, a broadcast's claim.
SAMPLE = (
    ("sqlite", "bot/conversation/inbound.py:Conversations._transact before"),
    ("sqlite", "telegram:sendMessage after"),
    ("postgresql", "bot/conversation/inbound.py:Conversations._transact after"),
    ("postgresql", "bot/outreach/sender.py:Sender._claim after"),
)


@pytest.fixture
def database(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of the engine that a test names."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/{DATABASE}"
    found: str = request.getfixturevalue("fresh_postgresql")
    return found


async def judged(folder: Path, database: str, crash: str = "", broken: str = "") -> Journey:
    return await travel(folder, database, crash, broken)


@pytest.mark.parametrize(("engine", "crash"), SAMPLE)
async def test_a_process_that_ends_at_a_point_is_followed_by_one_that_keeps_every_promise(
    tmp_path: Path, database: str, crash: str
) -> None:
    journey = await judged(tmp_path, database, crash)
    assert journey.verdict.problems == []
    assert journey.ended


async def test_a_point_that_is_neither_passed_nor_excused_is_found_out(tmp_path: Path) -> None:
    """Every COMMIT and call of the source; a new one has to be passed, or be given a reason."""
    journey = await judged(tmp_path, f"sqlite:///{tmp_path}/{DATABASE}")
    assert journey.verdict.problems == []
    passed = {point.rpartition(" ")[0] for point in journey.passed} | ONLY_POSTGRESQL
    known = commits() | calls()
    assert known - passed - excused().keys() == set()
    assert excused().keys() & passed == set(), "passed, and excused all the same"
    assert excused().keys() - known == set(), "excused, and not there any more"
    both = {f"{site} {phase}" for site in passed - ONLY_POSTGRESQL for phase in ("before", "after")}
    assert both - set(journey.passed) == set()


async def test_an_answer_before_the_commit_is_found_out_at_its_point(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/{DATABASE}"
    crash = "bot/conversation/inbound.py:Conversations._transact before"
    journey = await judged(tmp_path, database, crash, "answers-before-commit")
    assert any(problem.startswith("lost: ") for problem in journey.verdict.problems)


#: What a process does only where there may be others.
ONLY_POSTGRESQL = frozenset(
    {
        "bot/app/kept/same_folder.py:check",
        "bot/outbox/owners.py:Owners.beat",
        "bot/outbox/owners.py:Owners.end",
        "bot/outbox/delivery.py:Delivery.take_up",
    }
)


def test_a_new_commit_is_seen_in_the_source() -> None:
    """The reader of the source finds a transaction wherever it is opened."""
    text = """
class Desk:
    async def act(self):
        with x:
            async with a, self.storage.transaction() as tx: pass
        def inner():
            return self.storage.transaction()
def page():
    return [storage.transaction() for _ in x]
"""
    assert sorted(_opening(ast.parse(text), "")) == ["Desk.act", "Desk.act.<locals>.inner", "page"]
