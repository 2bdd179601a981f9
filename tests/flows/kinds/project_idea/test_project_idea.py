"""Calls for ideas: what is asked, in which order, and what is told of them."""

from datetime import date
from typing import Any

import msgspec
import pytest

from flows.dialog.dialog import Reply
from flows.dialog.facts import Consultation, Facts, Own, Shared
from flows.dialog.replay import Journal, run
from flows.kinds import check
from flows.kinds.project_idea import KIND
from flows.kinds.project_idea.definition import ProjectIdeas
from flows.statistics.summary import Response, Responses
from flows.wording import render
from tests.flows.kinds.test_kinds import COUNCIL


def ideas(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "project_idea",
        "code": "TRM-IDEAS",
        "council": "tarmigt",
        "title": {"fr": "Vos idées"},
        **changed,
    }


@pytest.mark.parametrize(
    ("amount", "wrong"), [(-1, True), (0, False), (10_000_000_000, False), (10_000_000_001, True)]
)
def test_the_sum_of_a_call_for_ideas_has_an_end(amount: int, wrong: bool) -> None:
    keys = [problem.key for problem in check(ideas(amount=amount), COUNCIL)[1]]
    assert keys == (["amount"] if wrong else [])


@pytest.mark.parametrize(("amount", "told"), [(0, False), (400_000, True)])
def test_what_money_there_is_stands_before_the_question(amount: int, told: bool) -> None:
    facts = Facts(
        Shared(
            date(2026, 11, 20),
            COUNCIL,
            Consultation(1, "TRM-IDEAS", "project_idea", ideas(amount=amount)),
        ),
        Own(),
    )
    turn = run(lambda: KIND.conversation(facts), Journal({}, None))
    assert turn.asked is not None
    said = render(turn.asked.prompt, "en")
    assert ("400 000 DH" in said.replace("\u202f", " ").replace("\u00a0", " ")) is told
    assert "What would you like done" in said
    assert "✍️" in said
    assert turn.asked.answer.read(Reply("Un jardin")).text == "Un jardin"


def idea(state: str = "received", text: str = "Un jardin") -> Response:
    body = {"commune": None, "place": {"text": "Tabounte"}, "words": {"text": text, "media": []}}
    return Response(
        "TRM-2026-000001",
        body,
        state,
        "web",
        "fr",
        None,
        None,
        None,
        None,
        "A0",
        date(2026, 11, 20),
    )


def test_how_many_ideas_are_possible_is_told_whatever_the_vote_said_of_them() -> None:
    made = msgspec.convert(ideas(), ProjectIdeas)
    told = [idea()] * 3 + [idea("feasible"), idea("chosen"), idea("not_chosen"), idea("refused")]
    headline = render(KIND.headline(made, COUNCIL, Responses(told)), "en")
    assert headline == "7 ideas were told.\n3 of them are possible."
    tables = {table.id: table for table in KIND.summary(made, COUNCIL, Responses(told)).tables}
    states = {row[0]: row[2] for row in tables["states"].rows}
    assert (states["received"], states["refused"]) == (3, 1)
    assert [row[3] for row in tables["ideas"].rows] == ["Tabounte"] * 7


def test_an_erased_idea_keeps_its_place_in_the_totals_and_no_words() -> None:
    left = KIND.stripped(idea().body)
    assert left == {"commune": None, "place": None, "words": {"text": "", "media": []}}
