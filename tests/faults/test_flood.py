"""A broadcast through bad weather and kills: everybody ends once, nobody is written to when not."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.almanac import night, week
from tests.faults.flood import FloodPlan, Report, flood

#: What proves that one fault is found: a few people, one kind of trouble, no idle waiting.
SMALL = FloodPlan(
    seed=1,
    people=250,
    whatsapp=0,
    early_kills=0,
    kills=0,
    flood_kills=0,
    floods=0,
    stops=0,
    tappers=0,
    talkers=0,
    often=0,
    still=4,
)


def told(report: Report, kind: str) -> list[str]:
    return [problem for problem in report.problems if problem.startswith(f"{kind}: ")]


@pytest.mark.parametrize("seed", [20261122])
async def test_a_broadcast_through_troubles_and_kills_ends_once_for_everybody(
    tmp_path: Path, seed: int
) -> None:
    report = await flood(tmp_path, FloodPlan(seed=seed))
    assert report.problems == [], f"seed {seed}"
    assert report.kills == 3
    assert sum(report.states.values()) > 980
    assert report.of("uncertain") > 10
    assert report.of("failed") > 10
    assert report.outcomes["429"] > 3
    assert report.in_time > 0
    assert report.tapped > 5
    assert report.reported > 50


async def test_nothing_goes_at_night_whatever_happens_in_it(tmp_path: Path) -> None:
    report = await night(tmp_path, 1)
    assert report.problems == []
    assert report.before > 20
    assert report.after > 20
    # Ten who still wait; on a machine that is slow enough nobody may be left who does.
    assert report.in_time == report.stops, report


async def test_nobody_is_invited_more_often_than_a_week_allows(tmp_path: Path) -> None:
    report = await week(tmp_path, 1)
    assert report.problems == []
    assert report.before > 200
    assert report.after > 200


#: A fault, how it is told, words of what is told, and what the trial needs to meet it.
FOUND: tuple[tuple[str, str, tuple[str, ...], dict[str, Any]], ...] = (
    ("takes-silence-for-no", "twice", ("saw it",), {"often": 25, "patience": 0.5}),
    ("sends-again", "twice", ("saw it",), {"people": 300, "kills": 1, "slow": 0.5}),
    ("keeps-claims", "not final", ("'sending'",), {"people": 300, "kills": 1, "slow": 0.5}),
    (
        "forgets-pauses",
        "inside retry_after",
        ("too early",),
        {"flood_kills": 1, "long": 10.0, "still": 10},
    ),
    ("deaf-to-stop", "after STOP", ("",), {"people": 500, "stops": 20, "per_second": 150}),
    ("gathers-twice", "twice", ("saw it", "is 2 recipients"), {}),
    ("believes-the-last-word", "forgotten", ("",), {"whatsapp": 2, "often": 0.01}),
)


@pytest.mark.parametrize(
    ("fault", "kind", "words", "changes"), FOUND, ids=[fault for fault, *_ in FOUND]
)
async def test_a_fault_that_is_put_in_is_found_out(
    tmp_path: Path, fault: str, kind: str, words: tuple[str, ...], changes: dict[str, Any]
) -> None:
    report = await flood(tmp_path, SMALL.but(broken=fault, **changes))
    for word in words:
        assert any(word in problem for problem in told(report, kind)), report.problems[:5]


async def test_writing_at_night_is_found_out(tmp_path: Path) -> None:
    assert told(await night(tmp_path, 2, broken="writes-at-night"), "at night")


async def test_writing_too_often_is_found_out(tmp_path: Path) -> None:
    assert told(await week(tmp_path, 2, people=60, broken="counts-no-week"), "too often")
