"""What the results say of floors, of ballots on paper, of the roll, and of whose votes decided."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from flows.kinds.budget import KIND
from flows.kinds.budget.influence import decided_by
from flows.kinds.budget.papers import Papers, Roll
from flows.kinds.budget.results import cast, outcome_of
from flows.morocco.quarters import Quarter
from flows.statistics.summary import SUPPRESSED, Response, Responses, Summary
from flows.wording import render
from flows.wording.text import LANGUAGES
from tests.flows.kinds.budget.test_definition import project
from tests.flows.kinds.budget.test_results import defined, vote
from tests.flows.kinds.test_kinds import COUNCIL

WHERE = msgspec.structs.replace(COUNCIL, quarters=(Quarter("east", {"en": "Hay East"}),))

THREE = [
    project(1, cost=60),
    project(2, cost=30, quarter="east"),
    project(3, cost=40, gender="one"),
]

VOTES = [vote("p1")] * 50 + [vote("p2")] * 30 + [vote("p3")] * 20


def told(
    votes: list[Response], papers: Papers | None = None, over: bool = True, **changed: Any
) -> Summary:
    made = defined(**{"projects": THREE, "rule": "most_votes", **changed})
    return KIND.summary(made, WHERE, Responses(votes, besides=papers, over=over))


def notes(summary: Summary, language: str = "en") -> str:
    plain = {0xA0: " ", 0x202F: " ", 0x2068: None, 0x2069: None}
    return "\n".join(render(note, language) for note in summary.notes).translate(plain)


WOMEN = {"goes_to": "women", "amount": 40}
EAST = {"goes_to": "quarter", "quarter": "east", "amount": 30}


def test_a_floor_that_changed_something_says_so_and_which_project_it_brought() -> None:
    summary = told(VOTES, floors=[WOMEN])
    assert (
        "Fixed before the vote: at least 40 DH for projects that serve women. The votes alone gave 0 DH; so what most"
        " voted for among these came before the rest: 40 DH." in notes(summary)
    )
    rows = {row[0]: row for row in next(t for t in summary.tables if t.id == "outcome").rows}
    assert render(rows["p3"][3], "en") == "chosen"
    assert "Chosen before the rest" in render(rows["p3"][4], "en")
    assert render(rows["p2"][3], "en") == "not chosen"


def test_a_floor_that_votes_alone_reach_says_so() -> None:
    said = notes(told(VOTES, floors=[EAST]))
    assert "at least 30 DH for projects of Hay East. The votes alone gave 30 DH." in said


def test_a_floor_that_cannot_be_reached_says_so() -> None:
    said = notes(told(VOTES, floors=[{**WOMEN, "amount": 41}]))
    assert "Only 40 DH are reached" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_floors_and_turnout_are_told_in_every_language(language: str) -> None:
    papers = Papers(roll=Roll("Liste 2027", 300))
    for wanted in ([WOMEN, EAST], [{**WOMEN, "amount": 41}]):
        said = notes(told(VOTES, papers, floors=wanted), language)
        assert "budget." not in said
        assert "{" not in said
        assert "Liste 2027" in said


ON_PAPER = Papers(Counter({frozenset({"p2"}): 40}), paper=30, assisted=10, void=3)


def test_ballots_on_paper_count_and_are_shown_apart_with_the_void_ones() -> None:
    summary = told(VOTES, ON_PAPER)
    tables = {table.id: table for table in summary.tables}
    assert {row[0]: row[2] for row in tables["projects"].rows} == {"p1": 50, "p2": 70, "p3": 20}
    assert {row[0]: row[2] for row in tables["ways"].rows} == {
        "chat": 100,
        "paper": 30,
        "assisted": 10,
    }
    # Three are few.
    assert {figure.id: figure.value for figure in summary.figures}["void"] == SUPPRESSED
    assert (
        outcome_of(
            defined(projects=THREE, rule="most_votes"),
            cast(defined(projects=THREE), Responses(VOTES, besides=ON_PAPER)),
        )
        .winners[0]
        .id
        == "p2"
    )


def test_without_papers_no_way_is_told_and_while_it_is_open_neither() -> None:
    assert "ways" not in {table.id for table in told(VOTES).tables}
    assert "ways" not in {table.id for table in told(VOTES, ON_PAPER, over=False).tables}


@pytest.mark.parametrize(
    ("chat", "paper", "void", "numbers", "said"),
    [
        (2, 0, 0, 300, ""),
        (100, 0, 5, 300, "105 of the 300 on the list “Liste 2027” voted: 35%."),
        (5, 0, 5, 20, "10 of the 20 on the list “Liste 2027” voted."),
        (100, 5, 0, 300, "105 of the 300 on the list “Liste 2027” voted: 35%."),
        # Who answered in the chat is told: what is left would be few.
        (100, 0, 4, 300, ""),
        (100, 4, 0, 300, ""),
        # Few of the list did not vote; or none.
        (100, 5, 5, 114, ""),
        (100, 5, 5, 115, "110 of the 115 on the list “Liste 2027” voted: 96%."),
        (100, 5, 5, 110, "110 of the 110 on the list “Liste 2027” voted: 100%."),
    ],
)
def test_the_turnout_names_its_roll_and_counts_void_papers(
    chat: int, paper: int, void: int, numbers: int, said: str
) -> None:
    ballots = Counter({frozenset({"p1"}): paper}) if paper else Counter[frozenset[str]]()
    papers = Papers(ballots, paper=paper, void=void, roll=Roll("Liste 2027", numbers))
    found = notes(told([vote("p1")] * chat, papers))
    assert ("Liste 2027" in found) is bool(said)
    assert said in found


@pytest.mark.parametrize(("void", "told_as"), [(0, 0), (4, SUPPRESSED), (5, 5)])
def test_few_void_papers_are_not_told(void: int, told_as: object) -> None:
    ballots = Counter({frozenset({"p1"}): 10})
    summary = told(VOTES, Papers(ballots, paper=10, void=void))
    assert {figure.id: figure.value for figure in summary.figures}["void"] == told_as


def test_without_a_roll_there_is_no_turnout() -> None:
    assert "voted:" not in notes(told(VOTES, ON_PAPER))


def people(women: int, men: int, unsaid: int = 0) -> list[Response]:
    return (
        [vote("p1", gender="woman")] * women
        + [vote("p2", gender="man")] * men
        + [vote("p3")] * unsaid
    )


@pytest.mark.parametrize(
    ("women", "men", "unsaid", "shown"),
    [
        (30, 30, 0, {"gender.woman", "gender.man"}),
        (29, 31, 0, set()),
        (60, 30, 29, set()),
        (60, 30, 30, {"gender.woman", "gender.man"}),
        (60, 0, 60, set()),
    ],
)
def test_whose_votes_decided_is_told_of_thirty_and_where_no_few_are_left_over(
    women: int, men: int, unsaid: int, shown: set[str]
) -> None:
    summary = told(people(women, men, unsaid))
    rows = [row for table in summary.tables if table.id == "influence" for row in table.rows]
    assert {row[0] for row in rows} == shown


def test_the_share_of_voters_stands_beside_the_share_of_the_money_they_decided_on() -> None:
    summary = told(people(60, 40))
    rows = {
        row[0]: row for table in summary.tables if table.id == "influence" for row in table.rows
    }
    assert rows["gender.woman"][3:] == (Decimal("0.60"), Decimal("0.67"))
    assert rows["gender.man"][3:] == (Decimal("0.40"), Decimal("0.33"))


def test_what_all_voters_decided_over_is_what_is_spent() -> None:
    for rule in ("equal_shares", "most_votes", "one"):
        made = defined(projects=THREE, rule=rule, rest=rule == "equal_shares")
        ballots = cast(made, Responses([*VOTES, vote("p1", "p2")]))
        outcome = outcome_of(made, ballots)
        whole = sum(decided_by(outcome, ballot) * number for ballot, number in ballots.items())
        assert whole == pytest.approx(outcome.spent)


def test_whoever_votes_on_paper_is_among_those_who_did_not_say() -> None:
    few = replace(ON_PAPER, ballots=Counter({frozenset({"p3"}): 10}), paper=10, assisted=0)
    assert "influence" not in {table.id for table in told(people(40, 40), few).tables}
