"""What is wrong with a budget is said, at the edge of each limit."""

from typing import Any

import pytest

from flows.kinds import check
from tests.flows.kinds.test_kinds import COUNCIL


def project(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"p{number}", "text": {"fr": f"Projet {number}"}, "cost": 10, **more}


def budget(**changed: Any) -> dict[str, Any]:
    """A vote in which all is right, but for what is changed."""
    return {
        "kind": "budget",
        "code": "TRM-VOTE",
        "council": "tarmigt",
        "title": {"fr": "Un budget"},
        "amount": 100,
        "projects": [project(1), project(2)],
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "keys"),
    [
        ({}, []),
        ({"amount": 0}, ["amount", "projects[0].cost", "projects[1].cost"]),
        ({"amount": 10}, []),
        ({"amount": 10_000_000_000}, []),
        ({"amount": 10_000_000_001}, ["amount"]),
        ({"most": 0}, ["most"]),
        ({"most": 1}, []),
        ({"most": 5}, []),
        ({"most": 6}, ["most"]),
        ({"projects": [project(1)]}, ["projects"]),
        ({"projects": [project(n) for n in range(60)]}, []),
        ({"projects": [project(n) for n in range(61)]}, ["projects"]),
        ({"projects": [project(1, cost=0), project(2)]}, ["projects[0].cost"]),
        ({"projects": [project(1, cost=1), project(2)]}, []),
        ({"projects": [project(1, cost=100), project(2)]}, []),
        ({"projects": [project(1, cost=101), project(2)]}, ["projects[0].cost"]),
        ({"projects": [project(1), project(2, id="p1")]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, id="~b")]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, id="a,b")]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, id="a\u200bb")]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, id="a\nb")]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, id="a-b_1")]}, []),
        ({"projects": [project(1), project(2, id="a" * 40)]}, []),
        ({"projects": [project(1), project(2, id="a" * 41)]}, ["projects[1].id"]),
        ({"projects": [project(1), project(2, text={"fr": "Projet 1"})]}, ["projects[1].text"]),
        ({"projects": [project(1), project(2, text={"fr": "é" * 60})]}, []),
        ({"projects": [project(1), project(2, text={"fr": "é" * 61})]}, ["projects[1].text.fr"]),
        ({"projects": [project(1), project(2, about={"fr": "é" * 600})]}, []),
        ({"projects": [project(1), project(2, about={"fr": "é" * 601})]}, ["projects[1].about.fr"]),
        ({"rule": "knapsack"}, ["rule"]),
    ],
)
def test_what_is_wrong_with_a_budget_is_said(changed: dict[str, Any], keys: list[str]) -> None:
    assert [problem.key for problem in check(budget(**changed), COUNCIL)[1]] == keys
