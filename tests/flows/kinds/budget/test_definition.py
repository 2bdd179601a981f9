"""What is wrong with a budget is said, at the edge of each limit."""

from typing import Any

import msgspec
import pytest

from flows.kinds import check
from flows.kinds.budget import KIND
from flows.kinds.budget.definition import Budget
from flows.morocco.quarters import Quarter
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


def marker(number: int) -> dict[str, Any]:
    return {"id": f"m{number}", "text": {"fr": f"Marqueur {number}"}}


#: A council's own gender markers.
MARKERS = [{"id": "girls", "text": {"fr": "Pour les filles"}, "serves": True}]


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
        ({"projects": []}, []),
        ({"projects": [project(1, gender="main")]}, []),
        ({"projects": [project(1, gender="both")]}, ["projects[0].gender"]),
        ({"projects": [project(1, gender="main")], "markers": MARKERS}, ["projects[0].gender"]),
        ({"projects": [project(1, gender="girls")], "markers": MARKERS}, []),
        ({"projects": [project(1, quarter="nowhere")]}, ["projects[0].quarter"]),
        ({"projects": [project(1, place={"fr": "é" * 120})]}, []),
        ({"projects": [project(1, place={"fr": "é" * 121})]}, ["projects[0].place.fr"]),
        ({"markers": [marker(n) for n in range(8)]}, []),
        ({"markers": [marker(n) for n in range(9)]}, ["markers"]),
        ({"markers": [marker(1), marker(1)]}, ["markers[1].id"]),
        ({"markers": [{"id": "unexamined", "text": {"fr": "À voir"}}]}, ["markers[0].id"]),
        ({"floors": [{"goes_to": "women", "amount": 100}]}, []),
        ({"floors": [{"goes_to": "women", "amount": 0}]}, ["floors[0].amount"]),
        ({"floors": [{"goes_to": "women", "amount": 101}]}, ["floors"]),
        ({"floors": [{"goes_to": "women", "amount": 10}] * 2}, ["floors[1].goes_to"]),
        ({"floors": [{"goes_to": "quarter", "amount": 10}]}, ["floors[0].quarter"]),
        ({"floors": [{"goes_to": "women", "amount": 10}], "rule": "one"}, ["floors"]),
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


@pytest.mark.parametrize(("projects", "opens"), [(0, False), (1, False), (2, True)])
def test_a_vote_has_two_projects_or_more_when_it_opens(projects: int, opens: bool) -> None:
    made = msgspec.convert(budget(projects=[project(n) for n in range(projects)]), Budget)
    assert (KIND.unready(made) is None) is opens


def test_which_projects_serve_women_is_said_by_the_usual_markers_or_by_the_councils_own() -> None:
    marked = [
        project(n, gender=mark) for n, mark in enumerate(("main", "one", "none", "unexamined"))
    ]
    assert msgspec.convert(budget(projects=marked), Budget).serving() == {"p0", "p1"}
    own = [project(1, gender="girls"), project(2)]
    assert msgspec.convert(budget(projects=own, markers=MARKERS), Budget).serving() == {"p1"}


def test_there_are_twenty_floors_at_most() -> None:
    quarters = tuple(Quarter(f"q{n}", {"fr": f"Quartier {n}"}) for n in range(21))
    council = msgspec.structs.replace(COUNCIL, quarters=quarters)
    for number, wrong in ((20, []), (21, ["floors"])):
        floors = [{"goes_to": "quarter", "quarter": f"q{n}", "amount": 1} for n in range(number)]
        assert [one.key for one in check(budget(floors=floors), council)[1]] == wrong
