"""The checker finds each broken promise in a history that has it, and nothing in one that has none."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.judging.checker import Stored, StoredAnswer, StoredArrival, judge
from tests.faults.judging.history import (
    Acknowledged,
    Any,
    Disturbed,
    Heard,
    History,
    Posted,
    Refused,
    Restored,
    read,
)

#: Two updates of one chat, one after the other, each answered.
GOOD: tuple[Any, ...] = (
    Posted(1, 7, 1),
    Acknowledged(2, 7, 1),
    Heard(3, 7, 1, "a"),
    Posted(4, 7, 2),
    Refused(4.5, 7, 2, 503),
    Acknowledged(5, 7, 2),
    Heard(6, 7, 2, "b"),
)
ARRIVALS = (StoredArrival(1, "done"), StoredArrival(2, "done"))
ANSWERS = (StoredAnswer(11, 7, 1, "sent"), StoredAnswer(12, 7, 2, "sent"))


def problems(
    events: Sequence[Any] = GOOD,
    arrivals: tuple[StoredArrival, ...] = ARRIVALS,
    answers: tuple[StoredAnswer, ...] = ANSWERS,
    aside: Sequence[int] = (),
) -> list[str]:
    return judge(events, Stored(arrivals, answers), aside).problems


def without(kind: type, update: int) -> list[Any]:
    return [event for event in GOOD if not (isinstance(event, kind) and event.update == update)]


def test_a_history_in_which_all_is_kept_has_no_problem() -> None:
    verdict = judge(GOOD, Stored(ARRIVALS, ANSWERS))
    assert verdict.problems == []
    assert (verdict.acknowledged, verdict.heard, verdict.repeated, verdict.refused) == (2, 2, 0, 1)


def test_what_was_never_acknowledged_may_be_there_or_not() -> None:
    assert problems([*GOOD, Posted(7, 7, 3)]) == []
    events = [*GOOD, Posted(7, 7, 3), Heard(8, 7, 3, "c")]
    there = (*ARRIVALS, StoredArrival(3, "done")), (*ANSWERS, StoredAnswer(13, 7, 3, "sent"))
    assert problems(events, *there) == []


#: What is wrong, how it begins to be told, and the history and rows that have it.
BROKEN: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("lost", "lost: update 2", {"arrivals": ARRIVALS[:1], "answers": ANSWERS[:1]}),
    ("twice", "twice: update 2", {"arrivals": (*ARRIVALS, ARRIVALS[1])}),
    ("invented", "invented: update 9", {"arrivals": (*ARRIVALS, StoredArrival(9, "done"))}),
    ("aside", "put aside: update 2", {"arrivals": (ARRIVALS[0], StoredArrival(2, "quarantined"))}),
    ("waiting", "not handled: update 2", {"arrivals": (ARRIVALS[0], StoredArrival(2, "waiting"))}),
    ("poison", "not put aside: update 2", {"aside": [2]}),
    ("silence", "answered nothing: update 2", {"answers": ANSWERS[:1]}),
    (
        "effect twice",
        "answered twice",
        {"answers": (*ANSWERS, StoredAnswer(13, 7, 2, "sent"))},
    ),
    ("unheard", "never heard: the answer to 2", {"events": without(Heard, 2)}),
    (
        "stuck",
        "still waiting: the answer to 2",
        {"answers": (ANSWERS[0], StoredAnswer(12, 7, 2, "sending"))},
    ),
    (
        "denied",
        "said otherwise: the answer to 2",
        {"answers": (ANSWERS[0], StoredAnswer(12, 7, 2, "failed", "Refused"))},
    ),
    (
        "folded away",
        "never heard: the answer to 2 was folded",
        {
            "events": without(Heard, 2),
            "answers": (ANSWERS[0], StoredAnswer(12, 7, 2, "dropped", "folded")),
        },
    ),
    ("too soon", "said too soon: update 2", {"arrivals": ARRIVALS[:1], "answers": ANSWERS[:1]}),
    ("elsewhere", "said elsewhere: the answer to 2", {"events": [*GOOD, Heard(6, 8, 2, "b")]}),
    ("again", "said twice: the answer to 2", {"events": [*GOOD, Heard(7, 7, 2, "b")]}),
    (
        "again, long before anything happened",
        "said twice: the answer to 1",
        {"events": [*GOOD, Heard(7, 7, 1, "a"), Disturbed(8, "server 1")]},
    ),
    (
        "made and heard in another order",
        "out of order: in chat 7",
        {"answers": (StoredAnswer(11, 7, 2, "sent"), StoredAnswer(12, 7, 1, "sent"))},
    ),
    (
        "brought and made in another order",
        "out of order: 2 was brought after 1",
        {
            "events": [*without(Heard, 1), Heard(9, 7, 1, "a")],
            "answers": (StoredAnswer(11, 7, 2, "sent"), StoredAnswer(12, 7, 1, "sent")),
        },
    ),
)


@pytest.mark.parametrize(
    ("told", "given"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_promise_is_told(told: str, given: dict[str, Any]) -> None:
    found = problems(**given)  # type: ignore[arg-type]
    assert any(problem.startswith(told) for problem in found), found


def test_an_answer_may_come_again_where_something_was_taken_away_in_between() -> None:
    events = [*GOOD, Disturbed(6.5, "server 1"), Restored(7, "server 1"), Heard(8, 7, 2, "b")]
    assert problems(events) == []


def test_an_answer_that_another_stands_for_need_not_be_heard() -> None:
    answers = (StoredAnswer(11, 7, 1, "dropped", "folded"), ANSWERS[1])
    assert problems(without(Heard, 1), answers=answers) == []


def test_two_that_were_on_their_way_together_may_be_answered_either_way_round() -> None:
    events = (
        Posted(1, 7, 1),
        Posted(1, 7, 2),
        Acknowledged(2, 7, 2),
        Acknowledged(3, 7, 1),
        Heard(4, 7, 2, "b"),
        Heard(5, 7, 1, "a"),
    )
    answers = (StoredAnswer(11, 7, 2, "sent"), StoredAnswer(12, 7, 1, "sent"))
    assert problems(events, answers=answers) == []


def test_a_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    for event in (*GOOD, Disturbed(8, "line"), Restored(9, "line")):
        history.note(event)
    history.heard(7, "Done\n⟨12⟩")
    history.heard(7, "Good morning")
    history.close()
    found = list(read(history.path))
    assert found[:-2] == [*GOOD, Disturbed(8, "line"), Restored(9, "line")]
    assert [event.update for event in found[-2:]] == [12, 0]  # type: ignore[union-attr]
