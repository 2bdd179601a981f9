"""CSV that opens right in the spreadsheets of Moroccan offices.

Excel and LibreOffice set to French or Arabic of Morocco part columns at `;` and decimals at `,`; the
byte order mark tells Excel that this is UTF-8, without which Arabic turns to rubbish. (A first line
`sep=;` would make Excel forget the mark.) Programs should read the JSON, whose numbers are the same
everywhere.

One file holds what the report is, the figures, and every table, parted by empty lines. Shares are
percentages, days are 2026-11-21, quoting is that of RFC 4180. A text that a spreadsheet could take
for a formula gets an apostrophe in front; numbers do not.
"""

import csv
import io
import textwrap
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from bot.reports.rendered import Rendered, ReportFacts, Shown, rendered
from flows.statistics.summary import Summary, Suppressed

# The full-width forms are formulas too where East Asian settings are in force.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Spreadsheets may drop what is not seen, and then look at what comes next.
_UNSEEN = " \u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def write_csv(summary: Summary, language: str, facts: ReportFacts, out: BinaryIO) -> None:
    """Write `summary` in `language` to `out`."""
    report = rendered(summary, language, facts)
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    out.write(BOM_UTF8)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    try:
        writer.writerows(_lines(report))
    finally:
        # Else `out` would be closed together with the wrapper around it.
        text.detach()


def _lines(report: Rendered) -> Iterator[Sequence[str]]:
    def cell(value: Shown, kind: str = "text") -> str:
        # Asked here and not by `report.shown`: a large table has a million cells.
        return written(report.hidden if isinstance(value, Suppressed) else value, kind)

    yield [cell(report.words["about"])]
    for item in report.about:
        yield [cell(item.title), cell(item.value, item.kind)]
    yield []
    yield [cell(report.words["figures"])]
    for item in report.figures:
        yield [cell(item.title), cell(item.value, item.kind)]
    for sheet in report.sheets:
        yield []
        yield [cell(sheet.title)]
        for line in short(sheet.note or "", report.right_to_left):
            yield [cell(line)]
        yield [cell(column.title) for column in sheet.columns]
        for row in sheet.rows:
            yield [cell(v, c.kind) for v, c in zip(row, sheet.columns, strict=True)]
    if report.notes:
        yield []
        yield [cell(report.words["notes"])]
        for note in report.notes:
            for line in short(note, report.right_to_left):
                yield [cell(line)]


def short(note: str, right_to_left: bool) -> list[str]:
    """A note in lines: LibreOffice makes the first column as wide as the longest text in it."""
    # CSV has no direction: this mark keeps the full stop at the end of an Arabic line.
    end = "\u200f" if right_to_left else ""
    return [part + end for line in note.split("\n") for part in textwrap.wrap(line, 70)]


def written(value: str | int | float | Decimal | date | None, kind: str = "text") -> str:
    """A cell as it stands in the file, before quoting. `kind` is the column's."""
    match value:
        case None:
            return ""
        case str():
            return defused(value)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case _ if kind == "share":
            return f"{Decimal(str(value)) * 100:.1f}%".replace(".", ",")
        case _:
            return f"{Decimal(str(value)).normalize():f}".replace(".", ",")


def defused(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet could take it for a formula."""
    return f"'{text}" if text.lstrip(_UNSEEN).startswith(_FORMULA) else text
