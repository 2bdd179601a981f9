"""Row data as CSV for programs: commas, points, UTF-8 without a mark, and nothing above or below the table."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from bot.reports.csv import defused
from bot.reports.rendered import Item, Shown
from bot.reports.rows import book
from bot.reports.rows.table import RowData, Value, written
from bot.reports.rows.variables import Words, headings


def answers_csv(data: RowData, language: str, values: str) -> bytes:
    """The rows. `values` is "labels" in the language, or "codes" under names for machines."""
    words = Words(language)
    labels = values == "labels"
    head = headings(data.variables, words) if labels else [v.name for v in data.variables]
    rows = (written(row, data.variables, words if labels else None) for row in data.rows)
    return table_csv(head, rows)


def codebook_csv(data: RowData, language: str) -> bytes:
    """The code book."""
    return table_csv(book.columns(), book.lines(data.variables, language))


def about_csv(about: Sequence[Item]) -> bytes:
    """What the file is, and what was left out of it."""
    return table_csv(["id", "title", "value"], ([i.id, i.title, i.value] for i in about))


def table_csv(head: Sequence[str], rows: Iterable[Sequence[Value | Shown]]) -> bytes:
    """One table, as RFC 4180 has it. A text that a spreadsheet takes for a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(title) for title in head])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue().encode()


def _cell(value: Value | Shown) -> str:
    match value:
        case None:
            return ""
        case str():
            return defused(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
