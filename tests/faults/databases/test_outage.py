"""A database that is away for a second or two: nothing is lost, put aside, done twice or said out of order."""

from pathlib import Path

import pytest

from tests.faults.databases.outage import Plan, outage

#: `make faults` has every kind, for longer.
SHORT = ("restart", "freeze", "cut")


@pytest.mark.parametrize("kind", SHORT)
async def test_a_database_that_is_away_for_a_moment_costs_nobody_an_answer(
    tmp_path: Path, kind: str
) -> None:
    verdict = await outage(
        tmp_path, kind, Plan(seed=5, seconds=1.0, citizens=4, others=2, rounds=4)
    )
    assert verdict.problems == []
    assert verdict.acknowledged == 4 * 12 + 2 * 8


async def test_a_message_that_is_taken_while_the_database_is_away_is_found_out(
    tmp_path: Path,
) -> None:
    plan = Plan(seed=6, seconds=1.0, citizens=4, others=2, rounds=4, broken="refuses-nothing")
    verdict = await outage(tmp_path, "cut", plan)
    assert any(problem.startswith("lost: ") for problem in verdict.problems)
