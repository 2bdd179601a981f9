"""A code book: what each column of a file means, and what may stand in it.

It is a table like others, so that every format can carry it as one more: as a sheet of a workbook, a
part of a CSV or JSON, or, with `write_codebook`, a CSV file of its own.
"""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from bot.reports.csv import written
from bot.reports.rendered import Heading, sheet_of
from flows.morocco import census
from flows.statistics.asked import Asked
from flows.statistics.participation import ASSURANCE, CHANNELS
from flows.statistics.summary import SMALLEST, Cell, Column, Summary, Table
from flows.wording import render
from flows.wording.text import LANGUAGES, Code, Lines, Message, Text, Translated, Verbatim, msg

#: Kinds of columns that have a sentence; another kind stands as it is.
KINDS = frozenset({"id", "text", "code", "count", "share", "number", "date"})

#: Columns that mean the same in every table and have a sentence for it.
KNOWN = frozenset(
    {
        "id", "name", "count", "share", "points", "voices", "participants", "census", "difference",
        "reference", "day", "theme", "commune", "place", "pin", "words", "media", "state", "answer",
        "value", "figure", "question", "province", "signatures", "needed", "channel", "language",
        "age_band", "gender", "disability", "assurance", "pledge", "transcript", "written", "heard", "said", "status",
        "status_code", "nature", "due", "answered", "address", "consultation",
    }
)  # fmt: skip

#: More values than this are not listed one by one.
MOST_VALUES = 100

_COUNTED = frozenset({"count", "share", "number"})

#: Values with their labels, by id.
Values = Mapping[str, Text]

_ISOLATES = re.compile("[\u2066-\u2069]")
_TEXTS = (Message, Translated, Verbatim, Code, Lines)


def codebook(
    described: Summary | Sequence[Heading], asked: Sequence[Asked], language: str
) -> Table:
    """What the columns mean of a summary's tables, or of a file that is written row by row.

    Values are labelled in `language`, one of `flows.wording.text.LANGUAGES`; write the table in the same.

    Columns of such a file are known by their ids: those of `KNOWN`, and those of the questions `asked`,
    with or without `q.` before them.
    """
    questions = {question.id: question for question in asked}
    if isinstance(described, Summary):
        rows = [row for table in described.tables for row in _of_table(table, questions, language)]
    else:
        rows = [_of_heading(heading, questions, language) for heading in described]
    columns = (
        Column("table", msg("codebook.table")),
        Column("column", msg("codebook.column"), "code"),
        Column("heading", msg("codebook.heading")),
        Column("kind", msg("codebook.kind")),
        Column("meaning", msg("codebook.meaning")),
        Column("values", msg("codebook.values")),
        Column("hidden", msg("codebook.hidden")),
        Column("missing", msg("codebook.missing")),
    )
    return Table("codebook", msg("codebook.name"), columns, tuple(rows))


def write_codebook(book: Table, language: str, out: BinaryIO) -> None:
    """Write a code book to `out` as a CSV file like `bot.reports.csv` writes them."""
    sheet = sheet_of(book, language)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([written(column.title) for column in sheet.columns])
    # Nothing in a code book is kept back: it says nothing about persons.
    writer.writerows([written(str(cell)) if cell else "" for cell in row] for row in sheet.rows)
    out.write(BOM_UTF8 + text.getvalue().encode())


def _of_table(
    table: Table, questions: Mapping[str, Asked], language: str
) -> Iterator[tuple[Cell, ...]]:
    # Tables of single responses show them as they are; all others count persons.
    listed = any(column.id in ("reference", "answer") for column in table.columns)
    for place, column in enumerate(table.columns):
        counted = column.kind in _COUNTED
        yield (
            table.title,
            f"{table.id}.{column.id}",
            column.title,
            _kind(column.kind),
            _meaning(column.id, column.kind),
            _listing(_names(table) if place == 1 else _values(column.id, questions), language),
            msg("codebook.rule", smallest=SMALLEST) if counted and not listed else None,
            _missing(column.kind, listed),
        )


def _of_heading(
    heading: Heading, questions: Mapping[str, Asked], language: str
) -> tuple[Cell, ...]:
    question = questions.get(_key(heading.id))
    meaning = _meaning(heading.id, heading.kind)
    # An organizer may call a question "place" too.
    if question is not None and isinstance(question.text, Translated) and heading.id != "pledge":
        meaning = msg("codebook.question")
    return (
        None,
        heading.id,
        Verbatim(heading.title),
        _kind(heading.kind),
        meaning,
        _listing(_values(heading.id, questions), language) or _limits(question),
        None,
        msg("codebook.unanswered"),
    )


def _key(id: str) -> str:
    return id.removeprefix("q.")


def _kind(kind: str) -> Text:
    return msg(f"codebook.kind.{kind}") if kind in KINDS else Code(kind)


def _meaning(id: str, kind: str) -> Text:
    return msg(f"codebook.column.{id}") if id in KNOWN else _kind(kind)


def _missing(kind: str, listed: bool) -> Text | None:
    if listed:
        return msg("codebook.unanswered")
    return msg("codebook.nobody") if kind in ("share", "number") else None


def _names(table: Table) -> Values:
    """The rows of a table that has ids for them."""
    if table.columns[0].kind != "id":
        return {}
    named = {str(row[0]): row[1] for row in table.rows}
    return {id: name for id, name in named.items() if isinstance(name, _TEXTS)}


def _values(id: str, questions: Mapping[str, Asked]) -> Values:
    """What may stand in a column of single responses."""
    if _key(id) in questions:
        return questions[_key(id)].choices
    match id:
        case "channel":
            return {name: msg(f"channel.{name}") for name in CHANNELS}
        case "language":
            return {code: msg(f"language.name.{code}") for code in LANGUAGES}
        case "age_band":
            return {band: msg(f"age.{band}") for band in census.AGE_BANDS}
        case "gender":
            return {gender: msg(f"gender.{gender}") for gender in census.GENDERS}
        case "disability":
            return {answer: msg(f"disability.{answer}") for answer in ("yes", "no")}
        case "assurance":
            return {level: msg(f"assurance.{level}") for level in ASSURANCE}
        case _:
            return {}


def _listing(values: Values, language: str) -> str | None:
    """A line for each value, without the isolates that programs would read as part of it."""
    if not values or len(values) > MOST_VALUES:
        return None
    labels = {id: render(label, language) for id, label in values.items()}
    lines = (f"{id}: {_ISOLATES.sub('', label)}" for id, label in labels.items())
    return "\n".join(lines)


def _limits(question: Asked | None) -> Text | None:
    if question is None or question.limits is None:
        return None
    lowest, highest = question.limits
    return msg("codebook.range", lowest=lowest, highest=highest)
