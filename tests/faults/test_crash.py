"""The server is killed at random moments under load: nothing is lost, nothing is done twice."""

from pathlib import Path

import pytest

from tests.faults.trial import Plan, trial


@pytest.mark.parametrize("seed", [20261121])
async def test_kills_under_load_lose_nothing_and_do_nothing_twice(
    tmp_path: Path, seed: int
) -> None:
    report = await trial(tmp_path, Plan(seed=seed, citizens=40, kills=3))
    assert report.problems == [], f"seed {seed}"
    assert report.answered > 300
    assert report.redelivered > 0


async def test_an_answer_before_the_commit_is_found_out(tmp_path: Path) -> None:
    report = await trial(tmp_path, Plan(1, citizens=20, kills=1, broken="answers-before-commit"))
    assert any(problem.startswith("lost: ") for problem in report.problems)


async def test_an_inbox_that_forgets_is_found_out(tmp_path: Path) -> None:
    report = await trial(tmp_path, Plan(2, citizens=10, kills=0, broken="forgets-what-came"))
    assert any(problem.startswith("twice: update") for problem in report.problems)
    assert any(problem.startswith("wrong: ") for problem in report.problems)


async def test_replies_left_behind_for_good_are_found_out(tmp_path: Path) -> None:
    """Where the kill falls, between two replies or after the last, is chance: one of three falls between."""
    for seed in (3, 4, 5):
        (folder := tmp_path / str(seed)).mkdir()
        report = await trial(folder, Plan(seed, citizens=20, kills=1, broken="loses-its-place"))
        if any("different replies" in problem for problem in report.problems):
            return
    pytest.fail("three kills, and no reply that was left behind was found")
