"""What is shown of a poll, question by question: the fifth answer, and what would tell of the fourth."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.statistics.disclosure import GATHERED
from flows.statistics.summary import SUPPRESSED, Cell, Column, Responses, Table
from flows.wording.text import Message, msg
from tests.flows.statistics.test_participation import (
    answered,
    counts,
    poll_of,
    question,
    summary_of,
    table,
)

NO = {"question": "q", "any_of": ["no"]}


def shown(given: list[Mapping[str, Any]], asked: dict[str, Any]) -> Table:
    """The table of one question."""
    return table(poll_of(answered(*given), asked), f"q.{asked['key']}")


def said_of(note: object, part: str) -> Any:
    """A value of the note under a table, among its lines."""
    for one in getattr(note, "parts", (note,)):
        if isinstance(one, Message) and one.id == "summary.question_note":
            return one.values[part]
    raise AssertionError(note)


@pytest.mark.parametrize(("people", "held"), [(0, False), (1, True), (4, True), (5, False)])
@pytest.mark.parametrize("type", ["yes_no", "single", "multiple", "rating"])
def test_fewer_than_five_answers_to_a_question_are_not_shown(
    type: str, people: int, held: bool
) -> None:
    """None is no secret, and five are shown."""
    value = {"yes_no": True, "single": "a", "multiple": ["a"], "rating": 3}[type]
    asked = question("q", type, "ab" if type in ("single", "multiple") else "")
    hidden = [cell is SUPPRESSED for cell in counts(shown([{"q": value}] * people, asked)).values()]
    assert all(hidden) is held
    assert any(hidden) is held


@pytest.mark.parametrize(
    ("said", "skipped", "shown_words"), [(4, 0, 0), (5, 0, 5), (1, 4, 1), (1, 3, 0), (4, 1, 4)]
)
def test_words_are_shown_once_five_could_have_written_them(
    said: int, skipped: int, shown_words: int
) -> None:
    """Who skipped could have."""
    given = [{"w": {"text": f"word {n}"}} for n in range(said)] + [{"w": None}] * skipped
    assert len(shown(given, question("w", "text")).rows) == shown_words


def test_words_are_in_no_order_that_anybody_wrote_them_in_and_empty_ones_are_left_out() -> None:
    """Pictures and voices are counted beside them, words without any come last."""
    media = [{"kind": "photo"}]
    given = [
        {"w": {"text": text, "media": files}}
        for text, files in (("b", []), ("", media), ("A", media * 2), ("", []), ("c", []))
    ]
    made = shown(given, question("w", "text"))
    assert made.rows == (("A", 2), ("b", 0), ("c", 0), ("", 1))
    assert [(c.id, c.kind) for c in made.columns] == [("answer", "text"), ("media", "count")]


def test_the_note_counts_who_saw_who_answered_and_who_skipped() -> None:
    """Who is at the question now, and who passed it and is not done, saw it too."""
    given = [{"q": True}] * 6 + [{"q": None}] * 7 + [{}] * 3
    unfinished = [
        *[(frozenset({"q.q"}), "q.r")] * 5,
        *[(frozenset({"q.p"}), "q.q")] * 6,
        *[(frozenset({"q.p"}), "q.p")] * 9,
    ]
    asked = [question("p", "yes_no"), question("q", "yes_no"), question("r", "yes_no")]
    made = summary_of("poll", Responses(answered(*given), 0, unfinished), questions=asked)
    note = table(made, "q.q").note
    assert [said_of(note, part) for part in ("saw", "answered", "skipped")] == [24, 6, 7]


@pytest.mark.parametrize(
    ("answers", "when", "held"),
    [
        # Three said yes: no is hidden with it, and must not be told by who were asked why.
        ([{"q": True}] * 3 + [{"q": False, "n": "a"}] * 30, ["no"], True),
        # All that is hidden is asked on together: its sum is no secret.
        ([{"q": True, "n": "a"}] * 3 + [{"q": False, "n": "a"}] * 30, ["yes", "no"], False),
        # Nothing is hidden.
        ([{"q": True}] * 30 + [{"q": False, "n": "a"}] * 30, ["no"], False),
        ([{"q": True}] * 5 + [{"q": False, "n": "a"}] * 30, ["no"], False),
        ([{"q": True}] * 4 + [{"q": False, "n": "a"}] * 30, ["no"], True),
    ],
)
def test_a_later_question_does_not_tell_a_hidden_answer(
    answers: list[Mapping[str, Any]], when: list[str], held: bool
) -> None:
    """Its number of answers is theirs who gave the earlier one."""
    made = poll_of(
        answered(*answers),
        question("q", "yes_no"),
        question("n", "single", "ab", when={"question": "q", "any_of": when}),
    )
    assert (set(counts(table(made, "q.n")).values()) == {SUPPRESSED}) is held


def test_a_later_question_of_who_gave_an_answer_that_is_shown_is_shown() -> None:
    """Twenty said a, which is there to be read; three and thirty of the others are hidden together."""
    answers = [{"q": "a", "n": True}] * 40 + [{"q": "b"}] * 3 + [{"q": "c"}] * 30
    made = poll_of(
        answered(*answers),
        question("q", "single", "abc"),
        question("n", "yes_no", when={"question": "q", "any_of": ["a"]}),
    )
    assert counts(table(made, "q.q")) == {"a": 40, "b": SUPPRESSED, "c": SUPPRESSED}
    assert counts(table(made, "q.n"))["yes"] == 40


def test_what_follows_a_held_question_is_held_too() -> None:
    """A third question of those who answered the second; and only then."""
    answers = [{"q": False, "n": "a", "m": True}] * 30
    asked = [
        question("q", "yes_no"),
        question("n", "single", "ab", when=NO),
        question("m", "yes_no", when={"question": "n", "any_of": ["a"]}),
    ]
    for others, held in (([{"q": True}] * 3, True), ([{"q": True}] * 30, False)):
        made = poll_of(answered(*others, *answers), *asked)
        assert (set(counts(table(made, "q.m")).values()) == {SUPPRESSED}) is held


@pytest.mark.parametrize(
    ("neither", "both", "held"),
    [
        (0, 0, False),
        (1, 0, True),
        (4, 0, True),
        (5, 0, False),
        (0, 1, True),
        (0, 4, True),
        (0, 5, False),
    ],
)
def test_of_several_ticks_a_later_question_tells_neither_who_ticked_none_nor_who_ticked_both(
    neither: int, both: int, held: bool
) -> None:
    """Of one to four people its number would tell; of none or five it may."""
    answers = [
        *[{"m": ["p"], "f": True}] * 20,
        *[{"m": ["q"], "f": True}] * 20,
        *[{"m": ["p", "q"], "f": True}] * both,
        *[{"m": ["r"]}] * neither,
        *[{"m": ["p", "r"], "f": True}] * 10,
        *[{}] * 7,
    ]
    made = poll_of(
        answered(*answers),
        question("m", "multiple", "pqr"),
        question("f", "yes_no", when={"question": "m", "any_of": ["p", "q"]}),
    )
    assert SUPPRESSED not in counts(table(made, "q.m")).values()
    assert (set(counts(table(made, "q.f")).values()) == {SUPPRESSED}) is held


@pytest.mark.parametrize(("only", "held"), [(4, True), (5, False), (6, False)])
def test_who_ticked_one_of_two_alone_is_not_told_by_a_later_question(only: int, held: bool) -> None:
    """All but them ticked the other: the number asked less the other's count is theirs."""
    answers = [
        *[{"m": ["p", "q"], "f": True}] * 20,
        *[{"m": ["p"], "f": True}] * only,
        *[{"m": ["q"], "f": True}] * 9,
        *[{"m": ["r"]}] * 9,
    ]
    made = poll_of(
        answered(*answers),
        question("m", "multiple", "pqr"),
        question("f", "yes_no", when={"question": "m", "any_of": ["p", "q"]}),
    )
    assert (set(counts(table(made, "q.f")).values()) == {SUPPRESSED}) is held


def test_days_of_few_are_gathered_in_one_row() -> None:
    """The name of the row alone would tell that somebody chose it."""
    days = ["2026-12-01"] * 9 + ["2026-12-02"] * 3 + ["2026-12-03"] * 3
    made = shown([{"d": day} for day in days], question("d", "date"))
    assert made.columns[1] == Column("day", msg("summary.answer"), "date")
    assert made.rows[0][:3] == ("2026-12-01", date(2026, 12, 1), 9)
    assert made.rows[1][:3] == (GATHERED, msg("summary.other_dates"), 6)
    assert len(made.rows) == 2


def ranked(*orders: tuple[str, int]) -> dict[str, tuple[Cell, Cell]]:
    """First places and points of each choice."""
    given = [{"r": list(order)} for order, times in orders for _ in range(times)]
    made = shown(given, question("r", "ranking", "".join(sorted(orders[0][0]))))
    assert made.columns[4] == Column("points", msg("summary.points"), "count")
    return {str(row[0]): (row[2], row[4]) for row in made.rows}


def test_a_first_place_of_four_has_three_points_and_the_last_none() -> None:
    """Added up over everybody."""
    assert ranked(("abcd", 10), ("bacd", 6)) == {
        "a": (10, 10 * 3 + 6 * 2),
        "b": (6, 10 * 2 + 6 * 3),
        "c": (0, 16),
        "d": (0, 0),
    }


@pytest.mark.parametrize(("few", "hidden"), [(4, True), (5, False), (6, False)])
def test_of_three_choices_a_place_that_few_gave_hides_points_and_first_places(
    few: int, hidden: bool
) -> None:
    """Four who put c in the middle would be told by its points."""
    made = ranked(("abc", 20), ("bac", 20), ("cab", 20), ("acb", few))
    assert (SUPPRESSED in {cell for row in made.values() for cell in row}) is hidden


def test_of_four_choices_places_are_not_told_by_points() -> None:
    """So one who orders otherwise hides nothing."""
    made = ranked(("abcd", 20), ("bcda", 20), ("cdab", 20), ("dabc", 20), ("abdc", 1))
    assert SUPPRESSED not in {cell for row in made.values() for cell in row}


@pytest.mark.parametrize(("few", "told"), [(4, False), (5, True), (0, True)])
def test_the_points_of_what_nearly_all_put_last_tell_of_no_few(few: int, told: bool) -> None:
    """One point from each of those who put it before the last."""
    made = ranked(("abcd", 37), ("abdc", few))
    assert (made["d"][1] == few) is told


@pytest.mark.parametrize(("people", "held"), [(4, True), (5, False)])
def test_a_ranking_of_few_is_held_with_its_points(people: int, held: bool) -> None:
    """Both columns."""
    made = ranked(("abcd", people))
    assert ({cell for row in made.values() for cell in row} == {SUPPRESSED}) is held


@pytest.mark.parametrize(
    ("numbers", "median", "mean"),
    [
        ("1 2 3 4 10", "3", "4.00"),
        ("10 4 1 2 3", "3", "4.00"),
        ("1 2 3 5 10 12", "4", "5.50"),
        ("1 1 1 1 1 2", "1", "1.17"),
    ],
)
def test_of_numbers_the_median_and_the_mean_are_told(numbers: str, median: str, mean: str) -> None:
    """Of an even number the middle of the two in the middle; never the largest or the smallest."""
    given = [{"n": number} for number in numbers.split()]
    made = shown(given, question("n", "number"))
    assert [row[1] for row in made.rows] == [len(given), Decimal(median), Decimal(mean)]
    assert made.columns[1].kind == "number"


def test_of_no_numbers_nothing_is_told() -> None:
    """Nobody answered: that is no secret."""
    assert [row[1] for row in shown([{}] * 9, question("n", "number")).rows] == [0, None, None]


@pytest.mark.parametrize(("people", "held"), [(1, True), (4, True), (5, False)])
def test_numbers_of_one_to_four_are_not_told(people: int, held: bool) -> None:
    """Nor how many they were."""
    made = shown([{"n": "3"}] * people, question("n", "number"))
    assert ({row[1] for row in made.rows} == {SUPPRESSED}) is held


@pytest.mark.parametrize("type", ["ranking", "number", "text", "yes_no", "date"])
def test_a_held_question_of_any_type_says_so_and_nothing_else(type: str) -> None:
    """Thirty were asked; that they were thirty would tell of the three."""
    value: Any = {
        "ranking": list("abcd"), "number": "3", "text": {"text": "x"}, "yes_no": True,
        "date": "2026-12-01",
    }[type]  # fmt: skip
    made = poll_of(
        answered(*[{"q": True}] * 3, *[{"q": False, "n": value}] * 30),
        question("q", "yes_no"),
        question("n", type, "abcd" if type == "ranking" else "", when=NO),
    )
    found = table(made, "q.n")
    note = getattr(found.note, "parts", (found.note,))
    assert msg("summary.held_back") in note
    assert 30 not in [cell for row in found.rows for cell in row]
    assert all(row[-1] is SUPPRESSED for row in found.rows)


def test_four_in_one_place_of_four_choices_are_not_told_by_points_and_hide_nothing() -> None:
    """Twenty and more are first with each; only with three choices do points tell the places."""
    made = ranked(("abcd", 20), ("badc", 20), ("acbd", 4))
    assert SUPPRESSED not in {cell for row in made.values() for cell in row}


VOICE = {"text": "", "media": [{"kind": "voice", "name": "v.ogg"}]}


def spoken(heard: Any = None, *, unclear: bool = False) -> Mapping[str, Any]:
    """A voice note in the place of a choice: heard, or nobody could understand it, or it waits."""
    if unclear:
        return {"q": {**VOICE, "unclear": True}}
    return {"q": VOICE if heard is None else {**VOICE, "heard": heard}}


def notes_of(note: object) -> dict[str, Any]:
    """What a note says of voice notes: which, and how many."""
    return {
        one.id.removeprefix("summary.voices_"): one.values["number"]
        for part in getattr(note, "parts", (note,))
        for one in getattr(part, "parts", (part,))
        if isinstance(one, Message) and one.id.startswith("summary.voices_")
    }


@pytest.mark.parametrize("type", ["yes_no", "single", "multiple", "rating"])
def test_only_what_was_heard_is_counted_and_the_rest_is_told_in_words(type: str) -> None:
    """What waits, and what nobody understood, changes no count and no share."""
    value = {"yes_no": True, "single": "a", "multiple": ["a"], "rating": "3"}[type]
    asked = question("q", type, "ab" if type in ("single", "multiple") else "", spoken=True)
    given = [{"q": value}] * 30 + [spoken(value)] * 10
    more = [spoken()] * 6 + [spoken(unclear=True)] * 5 + [{"q": {"text": "", "media": []}}]
    made, plain = shown([*given, *more], asked), shown([{"q": value}] * 40, asked)
    assert {row[0]: row[2:4] for row in made.rows} == {row[0]: row[2:4] for row in plain.rows}
    assert notes_of(made.note) == {"heard": 10, "waiting": 6, "unclear": 5}
    assert notes_of(plain.note) == {}
    assert "summary.question_note" in str(made.note)
    said = str(made.note)
    assert "'saw': 51" in said
    assert "'answered': 40" in said


def test_few_voice_notes_are_not_spelled_out() -> None:
    """Nor told at all where the question is held back."""
    asked = question("q", "yes_no", spoken=True)
    few = msg("summary.few", smallest=5)
    made = shown([{"q": True}] * 20 + [spoken()] * 4 + [spoken(True)], asked)
    assert notes_of(made.note) == {"waiting": few, "heard": few}
    held = shown([{"q": True}] * 3 + [spoken()] * 20, asked)
    assert notes_of(held.note) == {}
    assert set(counts(held).values()) == {SUPPRESSED}


@pytest.mark.parametrize(
    ("tapped", "said", "column"),
    [
        # yes, no: how many tapped and how many were heard -> the column.
        ((20, 20), (10, 10), (10, 10)),
        ((20, 20), (10, 4), (SUPPRESSED, SUPPRESSED)),
        ((20, 20), (10, 0), (10, 0)),
        # All but four of a row: who tapped could be counted.
        ((4, 20), (10, 10), (SUPPRESSED, SUPPRESSED)),
        ((5, 20), (10, 10), (10, 10)),
        ((0, 20), (10, 10), (10, 10)),
        # The row itself is kept back.
        ((2, 20), (2, 10), (SUPPRESSED, SUPPRESSED)),
    ],
)
def test_a_column_tells_how_many_were_heard_by_staff_and_never_few(
    tapped: tuple[int, int], said: tuple[int, int], column: tuple[Cell, Cell]
) -> None:
    """Neither those who spoke nor those who tapped are fewer than five in a row that is shown."""
    given = [
        *[{"q": True}] * tapped[0], *[{"q": False}] * tapped[1],
        *[spoken(True)] * said[0], *[spoken(False)] * said[1],
    ]  # fmt: skip
    made = shown(given, question("q", "yes_no", spoken=True))
    assert made.columns[-1].id == "heard"
    assert tuple(row[-1] for row in made.rows) == column


def test_a_choice_that_was_taken_out_has_its_voice_notes_too() -> None:
    """In the row of what is no longer on offer."""
    given = [{"q": "a"}] * 10 + [{"q": "gone"}] * 5 + [spoken("gone")] * 6 + [spoken("b")] * 5
    made = shown(given, question("q", "single", "ab", spoken=True))
    assert {row[0]: (row[2], row[-1]) for row in made.rows} == {
        "a": (10, 0), "b": (5, 5), "~other": (11, 6),
    }  # fmt: skip


def test_nothing_is_told_of_voices_where_none_was_heard() -> None:
    made = shown([{"q": True}] * 9 + [spoken()] * 9, question("q", "yes_no", spoken=True))
    assert [c.id for c in made.columns] == ["id", "name", "count", "share"]
    assert notes_of(made.note) == {"waiting": 9}
