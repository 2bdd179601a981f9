"""What came of a poll: question by question, and in one sentence."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flows.dialog.definition import shortened
from flows.dialog.facts import Council
from flows.kinds.kind import headlined
from flows.kinds.poll.conversation import Poll
from flows.kinds.questions import Question, When, as_ids, labels_of
from flows.kinds.spoken import chosen, is_spoken, waits
from flows.statistics.disclosure import (
    hidden_ids,
    is_small,
    percent_of,
    protected,
    with_part,
    words,
)
from flows.statistics.participation import NO_VOICES, Voices, participation, question_note
from flows.statistics.summary import SMALLEST, SUPPRESSED, Cell, Column, Responses, Summary, Table
from flows.wording.text import Message, Text, Translated, Value, msg


def summary(poll: Poll, council: Council, responses: Responses) -> Summary:
    """Results question by question, and who took part."""
    base = participation(poll, council, responses)
    asked = {question.key: question for question in poll.questions}
    results: dict[str, Table] = {}
    held: set[str] = set()
    for question in poll.questions:
        when = question.when
        if when and (
            when.question in held
            or _tells_too_much(asked[when.question], results[when.question], when, responses)
        ):
            held.add(question.key)
        results[question.key] = _results(question, responses, question.key in held)
    return Summary(base.title, base.figures, (*results.values(), *base.tables), base.notes)


def _tells_too_much(earlier: Question, shown: Table, when: When, responses: Responses) -> bool:
    """Whether the number who were asked a question gives away kept-back answers to an earlier one.

    "Why not?" is asked of those who said no, so its total is their number.
    """
    chosen, hidden = set(when.any_of), hidden_ids(shown)
    if earlier.type != "multiple":
        # All kept-back answers together are a number that anyone can work out.
        return bool(hidden & chosen) and not hidden <= chosen
    if hidden & chosen:
        return True
    given = [as_ids(r.body.get("answers", {}).get(earlier.key)) for r in responses.standing]
    given = [ticks for ticks in given if ticks]
    union = sum(1 for ticks in given if ticks & chosen)
    without_one = (union - sum(1 for ticks in given if one in ticks) for one in chosen)
    more_than_one = sum(len(ticks & chosen) for ticks in given) - union
    groups = (len(given) - union, more_than_one, *without_one)
    return any(0 < group < SMALLEST for group in groups)


def _results(question: Question, responses: Responses, held: bool) -> Table:
    values = [r.body.get("answers", {}) for r in responses.standing]
    every = [v[question.key] for v in values if v.get(question.key) is not None]
    voices = _voices(question, every)
    # What nobody has heard yet, or could understand, is no answer that counts.
    given = every if question.type == "text" else [v for v in every if chosen(v) is not None]
    skipped = sum(1 for v in values if question.key in v and v[question.key] is None)
    key = f"q.{question.key}"
    unfinished = sum(
        1 for answered, shown_now in responses.unfinished if key in answered or key == shown_now
    )
    if question.type == "text":
        # Words are given to be read, so it is enough that five people could have written them.
        held = held or len(given) + skipped < SMALLEST
    else:
        held = held or 0 < len(given) < SMALLEST
    note = question_note(len(given), skipped, unfinished, voices, held=held)
    if question.type == "text":
        asked = len(given) + skipped
        return words(key, Translated(question.text), given, asked, note, held=held)
    if question.type == "ranking":
        return _ranking(key, question, given, note, held)
    if question.type == "number":
        return _numbers(key, question, [Decimal(v) for v in given], note, held)
    counts: Counter[str] = Counter()
    for value in given:
        counts.update(as_ids(value))
    dates = question.type == "date"
    table = protected(
        key,
        Translated(question.text),
        Column("day", msg("summary.answer"), "date") if dates else msg("summary.answer"),
        [(day, date.fromisoformat(day), counts[day]) for day in sorted(counts)]
        if dates
        else [(name, label, counts[name]) for name, label in labels_of(question).items()],
        len(given),
        note,
        exclusive=question.type != "multiple",
        gather=msg("summary.other_dates") if dates else None,
        held=held,
    )
    if not voices.heard:
        return table
    heard: Counter[str] = Counter()
    for value in given:
        if is_spoken(value):
            heard.update(as_ids(value))
    column = Column("heard", msg("summary.heard"), "count")
    return with_part(table, column, heard, voices.heard, exclusive=question.type != "multiple")


def _voices(question: Question, given: Sequence[Any]) -> Voices:
    """What became of the voice notes in answer to a question."""
    if question.type == "text":
        return NO_VOICES
    return Voices(
        sum(1 for v in given if is_spoken(v) and chosen(v) is not None),
        sum(1 for v in given if waits(v)),
        sum(1 for v in given if isinstance(v, dict) and v.get("unclear")),
    )


def _ranking(
    key: str, question: Question, given: Sequence[list[str]], note: Text, held: bool
) -> Table:
    """Borda points: with n choices, n-1 points for a first place, none for the last."""
    points: Counter[str] = Counter()
    places: Counter[tuple[str, int]] = Counter()
    for order in given:
        for place, tick in enumerate(order):
            places[tick, place] += 1
            points[tick] += len(order) - 1 - place
    last = len(question.choices) - 1
    if last == 2:
        # Of three choices, first places and points together tell how many put one second or last.
        risky = {tick for (tick, _), count in places.items() if count < SMALLEST}
    else:
        # What nearly all put last has about as many points as there are others.
        risky = {i.id for i in question.choices if is_small(len(given) - places[i.id, last])}
    return protected(
        key,
        Translated(question.text),
        msg("summary.first_choice"),
        [(i.id, Translated(i.text), places[i.id, 0]) for i in question.choices],
        len(given),
        note,
        extra=(
            Column("points", msg("summary.points"), "count"),
            {i.id: points[i.id] for i in question.choices},
        ),
        risky=risky,
        held=held,
    )


def _numbers(
    key: str, question: Question, given: Sequence[Decimal], note: Text, held: bool
) -> Table:
    """Median and mean; the extremes could be one person's, so they are not shown."""
    ordered = sorted(given)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2 if ordered else None
    mean = (sum(ordered, Decimal(0)) / count).quantize(Decimal("0.01")) if ordered else None
    columns = (
        Column("figure", msg("summary.figure")),
        Column("value", msg("summary.value"), "number"),
    )
    figures: tuple[tuple[Text, Cell], ...] = (
        (msg("summary.answered"), count),
        (msg("summary.median"), middle),
        (msg("summary.mean"), mean),
    )
    rows = tuple((name, SUPPRESSED if held else value) for name, value in figures)
    return Table(key, Translated(question.text), columns, rows, note)


#: Types of question whose answers have a most frequent one.
_COUNTED = frozenset({"yes_no", "single", "multiple", "rating"})


def headline(poll: Poll, council: Council, responses: Responses) -> Text:
    """How many took part, and the most frequent answer to the first question with choices."""
    counted = msg("headline.people", count=len(responses.standing))
    asked = next((q for q in poll.questions if _heads(q)), None)
    if asked is None:
        return headlined(counted)
    tables = {table.id: table for table in summary(poll, council, responses).tables}
    return headlined(counted, _most_frequent(asked, tables[f"q.{asked.key}"]))


def _heads(question: Question) -> bool:
    """Whether an answer may stand for the whole poll: everyone was asked, of nothing protected."""
    return question.type in _COUNTED and question.when is None and not question.sensitive


def _most_frequent(question: Question, results: Table) -> Text | None:
    """The one answer that most gave; None if two are level or what is kept back may be more."""
    shown_rows = [row for row in results.rows if isinstance(row[2], int) and row[2] > 0]
    if not shown_rows:
        return None
    first, *others = sorted(shown_rows, key=lambda row: -_number(row[2]))
    labels = labels_of(question)
    if str(first[0]) not in labels or (others and others[0][2] == first[2]):
        return None
    # Beside kept-back answers only a majority is surely the most, and of several ticks not even that.
    share = first[3] if isinstance(first[3], Decimal) else None
    if hidden_ids(results) and (
        question.type == "multiple" or share is None or share <= Decimal("0.5")
    ):
        return None
    about: dict[str, Value] = {
        "question": shortened(question.text),
        "answer": labels[str(first[0])],
    }
    if share is None:
        return Message("headline.answer_few", about)
    return Message("headline.answer", {**about, "share": percent_of(share)})


def _number(cell: Cell) -> Decimal:
    return Decimal(cell) if isinstance(cell, int | Decimal) else Decimal(0)
