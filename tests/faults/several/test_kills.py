"""Servers are killed while citizens write to all of them: nothing is lost, done twice or said out of order."""

from pathlib import Path

import pytest

from tests.faults.judging.checker import Verdict
from tests.faults.server import DATABASE
from tests.faults.several.kills import Plan, kills


def told(verdict: Verdict, *kinds: str) -> list[str]:
    return [problem for problem in verdict.problems if problem.startswith(kinds)]


@pytest.mark.parametrize(("processes", "seed"), [(2, 20261126), (3, 20261127)])
async def test_any_of_several_servers_is_killed_and_every_promise_is_kept(
    tmp_path: Path, fresh_postgresql: str, processes: int, seed: int
) -> None:
    verdict = await kills(tmp_path, fresh_postgresql, Plan(seed, processes, kills=2))
    assert verdict.problems == [], f"seed {seed}"
    assert verdict.disturbed == 2
    assert verdict.acknowledged == 12 * 12 + 6 * 12
    assert verdict.repeated < verdict.heard / 4


async def test_the_only_server_of_an_embedded_database_is_killed_too(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/{DATABASE}"
    verdict = await kills(tmp_path, database, Plan(20261128, processes=1, kills=1, others=2))
    assert verdict.problems == []
    assert verdict.disturbed == 1


async def test_two_who_handle_one_chat_at_once_are_found_out(
    tmp_path: Path, fresh_postgresql: str
) -> None:
    """Each writes over what the other has written."""
    plan = Plan(3, processes=2, kills=0, others=0, broken="locks-nobody")
    verdict = await kills(tmp_path, fresh_postgresql, plan)
    assert told(verdict, "wrong: ", "twice: ", "put aside: ")
