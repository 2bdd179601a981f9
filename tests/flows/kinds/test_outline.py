"""What other pages have made by kinds: a right definition for each purpose, whichever kind that is."""

from datetime import date, datetime, time

import pytest

from flows.kinds import begun, kinds
from flows.kinds.outline import COMMENT, FOLLOW, GATHER, PROPOSE, RATE, Outline, Point
from flows.kinds.poll.beginning import MOST_CHOSEN
from tests.flows.kinds.test_kinds import COUNCIL

POINTS = [
    Point(f"p{n}", {"fr": f"Sujet {n}"}, {"fr": f"Que proposez-vous ({n}) ?"}, number=str(n))
    for n in range(1, 6)
]

OUTLINE = Outline(
    "OZT-MADE",
    {"fr": "Un essai"},
    points=POINTS,
    opens=datetime.combine(date(2027, 2, 1), time()),
    closes=datetime.combine(date(2027, 2, 8), time()),
    choose={"fr": "Lesquels ?"},
    besides={"fr": "Autre chose ?"},
    owner="Service de l’eau",
    due=date(2029, 5, 2),
    indicator={"fr": "Dix citernes"},
    reference="2027-05-03",
)


@pytest.mark.parametrize("purpose", [PROPOSE, COMMENT, FOLLOW, RATE, GATHER])
def test_each_purpose_has_one_kind_and_what_it_makes_is_right(purpose: str) -> None:
    assert len([kind for kind in kinds().values() if purpose in kind.begun]) == 1
    raw, head, problems = begun(purpose, OUTLINE, COUNCIL)
    assert problems == []
    assert head is not None
    assert (head.code, head.title, head.council) == ("OZT-MADE", {"fr": "Un essai"}, COUNCIL.code)
    assert head.kind == raw["kind"]


def test_a_purpose_that_no_kind_has_is_an_error() -> None:
    with pytest.raises(LookupError, match="'burn'"):
        begun("burn", OUTLINE, COUNCIL)


def test_who_is_asked_about_many_points_chooses_three() -> None:
    raw, _, _ = begun(PROPOSE, OUTLINE, COUNCIL)
    assert raw["questions"][0]["most"] == MOST_CHOSEN == 3
    assert len(raw["questions"]) == 7


def test_a_long_title_is_cut_to_fit_a_choice() -> None:
    long = Point("long", {"fr": "mot " * 20 + "fin"}, {"fr": "?"})
    raw, _, problems = begun(
        PROPOSE,
        Outline("OZT-MADE", {"fr": "X"}, points=[*POINTS, long], choose={"fr": "?"}),
        COUNCIL,
    )
    assert problems == []
    text = raw["questions"][0]["choices"][-1]["text"]["fr"]
    assert len(text) <= 60
    assert text.endswith("…")


def test_a_choice_that_is_counted_begins_with_its_number() -> None:
    raw, _, _ = begun(RATE, OUTLINE, COUNCIL)
    assert raw["questions"][0]["choices"][0]["text"] == {"fr": "1. Sujet 1"}
    assert [one["type"] for one in raw["questions"]] == ["multiple", *["rating"] * 5, "text"]


def test_a_draft_has_an_article_for_each_point_and_a_promise_its_day() -> None:
    raw, _, _ = begun(COMMENT, OUTLINE, COUNCIL)
    assert [one["key"] for one in raw["articles"]] == ["p1", "p2", "p3", "p4", "p5"]
    raw, _, _ = begun(FOLLOW, OUTLINE, COUNCIL)
    assert (raw["due"], raw["source"]) == ("2029-05-02", "project")
