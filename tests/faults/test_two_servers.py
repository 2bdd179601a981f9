"""Two servers on one PostgreSQL, of which one is killed: nothing is lost, and every chat keeps its order."""

from pathlib import Path

import pytest

from tests.faults.two_servers import two_servers


@pytest.mark.parametrize("seed", [20261126])
async def test_one_of_two_servers_is_killed_and_every_answer_arrives(
    tmp_path: Path, fresh_postgresql: str, seed: int
) -> None:
    report = await two_servers(tmp_path, fresh_postgresql, seed)
    assert report.problems == [], f"seed {seed}"
    assert report.acknowledged == 200
    assert report.repeated < report.heard / 4
