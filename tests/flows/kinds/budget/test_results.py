"""What is told of a vote on projects: winners with their reasons, and nothing of fewer than five."""

from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from flows.kinds.budget import KIND
from flows.kinds.budget.definition import Budget
from flows.kinds.budget.results import about
from flows.statistics.summary import SUPPRESSED, Response, Responses, Table
from flows.wording import render
from tests.flows.kinds.budget.test_definition import budget, project
from tests.flows.kinds.test_kinds import COUNCIL


def vote(*ids: str, gender: str | None = None) -> Response:
    return Response(
        "TRM-2026-000001", {"projects": list(ids)}, "received", "web", "fr", None, None, gender,
        None, "A0", date(2026, 11, 20),
    )  # fmt: skip


def defined(**changed: Any) -> Budget:
    return msgspec.convert(budget(**changed), Budget)


def tables(made: Budget, votes: list[Response]) -> dict[str, Table]:
    summary = KIND.summary(made, COUNCIL, Responses(votes))
    return {table.id: table for table in summary.tables}


def why(made: Budget, votes: list[Response], language: str = "en") -> dict[str, tuple[str, str]]:
    """Each project's outcome and its reason."""
    return {
        str(row[0]): (
            render(row[3], language),
            render(row[4], language) if row[4] is not None else "",
        )  # type: ignore[arg-type]
        for row in tables(made, votes)["outcome"].rows
    }


THREE = [project(1, cost=40), project(2, cost=60), project(3, cost=90)]


def test_what_shares_leave_over_is_not_spent_unless_the_council_said_so() -> None:
    """Whoever votes by equal shares votes by them alone: the rest goes to those with most votes only by its word."""
    projects = [project(1, cost=60), project(2, cost=50), project(3, cost=40)]
    votes = [vote("p1")] * 20 + [vote("p2")] * 9 + [vote("p3")] * 6
    shared = [
        id for id, (how, _) in why(defined(projects=projects), votes).items() if how == "chosen"
    ]
    more = why(defined(projects=projects, rest=True), votes)
    assert shared == ["p1"]
    assert [id for id, (how, _) in more.items() if how == "chosen"] == ["p1", "p3"]


def test_the_columns_of_the_outcome_are_called_as_files_and_programs_know_them() -> None:
    outcome = tables(defined(projects=THREE), [vote("p1")] * 20)["outcome"]
    assert [column.id for column in outcome.columns] == ["id", "name", "cost", "outcome", "why"]


def test_each_project_is_told_with_its_reason() -> None:
    made = defined(projects=THREE)
    votes = [vote("p1")] * 20 + [vote("p2")] * 15 + [vote("p3")] * 10
    assert why(made, votes) == {
        "p1": ("chosen", "20 votes. Paid together from their shares."),
        "p2": ("chosen", "15 votes. Paid together from their shares."),
        "p3": ("not chosen", "10 votes. What they had left did not suffice."),
    }
    by_votes = why(defined(projects=THREE, rule="most_votes"), votes)
    assert by_votes["p1"] == ("chosen", "20 votes. The money sufficed.")
    assert by_votes["p3"] == ("not chosen", "10 votes. 0 DH were left; it costs 90 DH.")
    one = why(defined(projects=THREE, rule="one"), votes)
    assert one["p1"] == ("chosen", "20 votes. The most of all.")
    assert one["p2"] == ("not chosen", "15 votes.")


@pytest.mark.parametrize("language", ["ar", "ary", "fr", "zgh", "en"])
def test_reasons_are_told_in_every_language(language: str) -> None:
    votes = [vote("p1")] * 20 + [vote("p2")] * 15 + [vote("p3")] * 10
    for rule in ("equal_shares", "most_votes", "one"):
        for outcome, reason in why(defined(projects=THREE, rule=rule), votes, language).values():
            assert outcome
            assert "{" not in reason
            assert "budget." not in reason


@pytest.mark.parametrize(("voters", "told"), [(4, False), (5, True)])
def test_under_five_ballots_nothing_is_told(voters: int, told: bool) -> None:
    made = defined()
    found = tables(made, [vote("p1")] * voters)
    assert ("outcome" in found) is told
    headline = render(KIND.headline(made, COUNCIL, Responses([vote("p1")] * voters)), "en")
    assert ("Projet 1" in headline) is told


def test_where_the_shares_pay_for_nothing_or_all_are_alike_it_is_said() -> None:
    """Five voters want five things that each cost all there is; nobody's share goes round."""
    five = [project(n, cost=100) for n in range(1, 6)]
    made = defined(projects=five, most=1)
    votes = [vote(f"p{n}") for n in range(1, 6) for _ in range(5)]
    assert {said for said, _ in why(made, votes).values()} == {"not chosen"}
    headline = render(KIND.headline(made, COUNCIL, Responses(votes)), "en")
    assert "The money sufficed for no project." in headline
    by_votes = why(defined(projects=five, most=1, rule="most_votes"), votes)
    assert [said for said, _ in by_votes.values()] == ["chosen", *["not chosen"] * 4]


def test_where_few_chose_something_no_reason_and_no_share_is_told() -> None:
    """What the others paid, and what each had, would tell how many they were."""
    made = defined(projects=THREE)
    votes = [vote("p1")] * 30 + [vote("p2")] * 4
    counts = {row[0]: row[2] for row in tables(made, votes)["projects"].rows}
    assert counts["p2"] is SUPPRESSED
    assert {reason for _, reason in why(made, votes).values()} == {""}
    notes = [render(note, "en") for note in KIND.summary(made, COUNCIL, Responses(votes)).notes]
    assert not any("The share of each" in note for note in notes)


@pytest.mark.parametrize(("votes", "sums"), [(29, False), (30, True)])
def test_sums_are_told_of_what_thirty_chose_and_to_two_figures(votes: int, sums: bool) -> None:
    made = defined(projects=[project(1, cost=5001), project(2, cost=9000)], amount=10_000)
    found = why(made, [vote("p1")] * votes + [vote("p2")] * votes)
    paid = f"{votes} votes. Each paid about 170 DH at most of their share."
    assert (found["p1"][1] == paid) is sums


def test_while_it_is_open_no_outcome_is_told() -> None:
    """One ballot more would tell by what it changes what it was."""
    made = defined()
    open_still = Responses([vote("p1")] * 40, over=False)
    assert [t.id for t in KIND.summary(made, COUNCIL, open_still).tables if t.id == "outcome"] == []
    assert "Projet 1" not in render(KIND.headline(made, COUNCIL, open_still), "en")


@pytest.mark.parametrize(
    ("women", "men", "told"), [(30, 30, True), (29, 30, False), (30, 29, False)]
)
def test_what_women_and_men_alone_would_choose_is_told_from_thirty_of_both(
    women: int, men: int, told: bool
) -> None:
    made = defined(projects=[project(1, cost=100), project(2, cost=100)])
    votes = [vote("p1", gender="woman")] * women + [vote("p2", gender="man")] * men
    found = tables(made, [*votes, *[vote("p2")] * 5])
    assert ("alone" in found) is told
    if told:
        rows = [[render(cell, "en") for cell in row[2:]] for row in found["alone"].rows]  # type: ignore[arg-type]
        chose = [["chosen" in cell for cell in row] for row in rows]
        assert chose == [[False, True, False], [True, False, True]]


def test_a_project_that_was_taken_out_is_no_longer_counted() -> None:
    made = defined()
    votes = [vote("p1", "gone")] * 6
    assert why(made, votes)["p1"][0] == "chosen"
    less = replace(votes[0], body={})
    assert tables(made, [*votes, less])["projects"].rows[0][2] is not None


@pytest.mark.parametrize(
    ("money", "told"),
    [(7.4, 7), (99.4, 99), (345.45, 350), (344.9, 340), (995.5, 1000), (4283, 4300)],
)
def test_a_sum_is_told_by_its_nearest_two_figures(money: float, told: int) -> None:
    """345.45 was rounded twice, and told as 340."""
    assert about(money) == told
