"""A report to print: A4, its first page for who has two minutes, then every table.

The first page says what this is, how many took part, what they answered most, and how they differ
from the people of the place. Nothing in it needs colour. Pages run the way the language does; numbers
and codes read from left to right everywhere.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, BinaryIO

from bot.reports.layout import Layout, laid_out
from bot.reports.printed import (
    Print,
    can_be_drawn,
    largest,
    number,
    percent,
    persons,
    shortened,
    whole_percent,
)
from bot.reports.rendered import (
    FirstPage,
    Item,
    Rendered,
    ReportFacts,
    Sheet,
    Shown,
    Voices,
    rendered,
)
from bot.reports.typeset import typeset
from flows.statistics.participation import PARTICIPANTS
from flows.statistics.summary import Summary, Suppressed
from flows.wording import render
from flows.wording.text import msg

#: Bars on the first page; the table has them all.
MOST_BARS = 10

#: Questions on the first page where there are several, and bars of each: they share a page.
MOST_SMALL, SMALL_BARS = 8, 5

#: Rows of one table that are printed. Nobody reads more on paper; the rest is in the other formats.
MOST_ROWS = 1000

#: Characters of one cell that are printed, and of a label beside a bar.
LONGEST_CELL, LONGEST_LABEL = 4000, 120

#: A table of so few rows, with texts no longer than this, is not parted between two pages.
SHORT_TABLE, BRIEF = 15, 100


def write_pdf(summary: Summary, language: str, facts: ReportFacts, out: BinaryIO) -> None:
    """Write `summary` in `language`, one of `flows.wording.text.LANGUAGES`, to `out` as a PDF.

    Title, council and language are in the file's own properties too. The same summary makes the
    same file. A thousand rows of long words take about a second.
    """
    out.write(typeset("report.typ", document_of(summary, language, facts), "pdf"))


def document_of(summary: Summary, language: str, facts: ReportFacts) -> dict[str, Any]:
    """All that the report says, as templates/report.typ reads it.

    A cell is an object with one key: `number` (reads from left to right), `words`, `hidden`, or `bar`
    with its length from 0 to 1 (None where it is hidden); None is an empty cell.
    """
    report = rendered(summary, language, facts)
    words = _Words(report)
    about = {item.id: item for item in report.about}
    matter = [s for s in report.sheets if s.id not in PARTICIPANTS]
    drawn = [s for s in matter if can_be_drawn(s)]
    sheet = next(iter(drawn), None)
    alone = report.brief is None or len(drawn) < 2
    made = facts.made_at
    return {
        # Typst knows no Darija; it needs the language only to shape letters.
        "lang": "ar" if report.right_to_left else language,
        "rtl": report.right_to_left,
        "title": words.text(report.title),
        "council": words.text(str(about["council"].value)),
        "made": [made.year, made.month, made.day, made.hour, made.minute],
        "code": words.text(str(about["consultation"].value) if "consultation" in about else ""),
        "about": [words.item(i) for i in report.about if i.id not in ("what", "council")],
        "figures": [words.item(i) for i in report.figures if _is_short(i.value)],
        "facts": [words.item(i) for i in report.figures if not _is_short(i.value)],
        "chart": words.chart(sheet, MOST_BARS) if alone and sheet is not None else None,
        "brief": words.brief(report.brief, matter, small=not alone)
        if report.brief is not None
        else None,
        "notes": [words.lines(note) for note in report.notes],
        "hidden": words.text(report.hidden),
        "tables": [words.table(s) for s in report.sheets],
    }


def _is_figures(sheet: Sheet) -> bool:
    return [column.id for column in sheet.columns] == ["figure", "value"]


def _is_short(value: Shown) -> bool:
    return isinstance(value, Suppressed) or number(value) is not None


def _is_brief(value: Shown) -> bool:
    return not isinstance(value, str) or len(value) <= BRIEF


class _Words(Print):
    """What stands in one report."""

    def __init__(self, report: Rendered) -> None:
        super().__init__(report.right_to_left)
        self._report = report

    def item(self, item: Item) -> dict[str, Any]:
        """A figure, or a line of what the report says about itself."""
        if item.kind == "code":
            value: Any = {"number": str(item.value)}
        elif isinstance(item.value, str):
            value = {"words": self.lines(item.value)}
        else:
            value = self._cell(item.value, item.kind)
        return {"title": self.text(item.title), "value": value}

    def brief(self, page: FirstPage, matter: Sequence[Sheet], *, small: bool) -> dict[str, Any]:
        """What is read in two minutes: findings, every question small, voices, what is to do."""
        named = self._report.words
        drawn = [sheet for sheet in matter if can_be_drawn(sheet)] if small else []
        more = len(drawn) - MOST_SMALL
        return {
            "title": self.text(named["brief"]),
            "said": [self.lines(text) for text in page.said],
            "unsaid": [self.lines(text) for text in page.unsaid],
            "credit": self.text(page.credit) if page.credit else None,
            "every": self.text(named["every_question"]),
            "charts": [self.chart(sheet, SMALL_BARS) for sheet in drawn[:MOST_SMALL]],
            "numbers": [self._figures(sheet) for sheet in matter if _is_figures(sheet)][
                :MOST_SMALL
            ],
            "more": self._said("report.more_questions", number=more) if more > 0 else None,
            "heard": [self._voices(one) for one in page.heard],
            "to_do": self.text(named["owed"]),
            "owed": [self.lines(text) for text in page.owed or (named["nothing_owed"],)],
        }

    def _figures(self, sheet: Sheet) -> dict[str, Any]:
        """Median and the like of a question that is answered with a number."""
        value = _place(sheet, "number") or 1
        rows = [
            {"title": self.text(str(row[0])), "value": self._cell(row[value], "number")}
            for row in sheet.rows
        ]
        return {"title": self.text(sheet.title), "rows": rows}

    def _voices(self, one: Voices) -> dict[str, Any]:
        return {
            "title": self.lines(one.title),
            "note": self.lines(one.note),
            "rows": [
                {"count": number(count), "words": self.text(text)}
                for count, text in (*one.groups, *one.words)
            ],
        }

    def chart(self, sheet: Sheet, most_bars: int) -> dict[str, Any]:
        """The rows with the most persons, as bars."""
        count, share = _place(sheet, "count"), _place(sheet, "share")
        rows = largest(sheet.rows, count or 0, most_bars)
        most = max(persons(row[count or 0]) for row in rows)
        more = len(sheet.rows) - len(rows)
        return {
            "title": self.text(sheet.title),
            "rows": [
                {
                    "label": self._label(row[0]),
                    "bar": _length(row, count, share, most),
                    "count": number(row[count or 0]),
                    "share": self._percent(row[share] if share is not None else None),
                }
                for row in rows
            ],
            "more": self._said("report.more_bars", number=more) if more else None,
            "note": self.lines(sheet.note) if sheet.note else None,
        }

    def _label(self, value: Shown) -> dict[str, Any]:
        return self.text(number(value) or str(self._report.shown(value) or ""), LONGEST_LABEL)

    def _percent(self, part: Shown) -> str:
        return whole_percent(part, self._report.language) if isinstance(part, Decimal) else ""

    def table(self, sheet: Sheet) -> dict[str, Any]:
        """A table, as many of its rows as are printed, and where the others are."""
        printed = replace(sheet, rows=sheet.rows[:MOST_ROWS])
        bars = can_be_drawn(sheet)
        layout = laid_out(printed, bars, self._as_read)
        count, share = _place(sheet, "count"), _place(sheet, "share")
        most = max((persons(row[count]) for row in sheet.rows), default=0) if count else 0
        rows = []
        for row in printed.rows:
            cells = self._row(row, sheet, layout)
            if bars:
                cells.append({"bar": _length(row, count, share, most)})
            rows.append(cells)
        rest = len(sheet.rows) - len(printed.rows)
        return {
            "title": self.text(sheet.title),
            "note": self.lines(sheet.note) if sheet.note else None,
            "columns": [
                {
                    "title": self.lines(column.title, longest_word=room),
                    "width": room,
                    "numeric": column.kind in ("count", "share", "number"),
                }
                for column, room in zip(sheet.columns, layout.columns, strict=True)
            ],
            "bar": layout.bar,
            "wide": layout.wide,
            "apart": sheet.apart,
            "whole": len(rows) <= SHORT_TABLE
            and all(_is_brief(v) for r in printed.rows for v in r),
            "rows": rows,
            "rest": self._said("report.rest", shown=len(printed.rows), number=len(sheet.rows))
            if rest
            else None,
            "empty": None if rows else self._said("report.no_rows"),
        }

    def _row(self, row: Sequence[Shown], sheet: Sheet, layout: Layout) -> list[Any]:
        return [
            self._cell(value, column.kind, room)
            for value, column, room in zip(row, sheet.columns, layout.columns, strict=True)
        ]

    def _cell(self, value: Shown, kind: str, room: int = 24) -> dict[str, Any] | None:
        if value is None:
            return None
        if isinstance(value, Suppressed):
            return {"hidden": True}
        if isinstance(value, str) and kind != "code":
            text = shortened(value, LONGEST_CELL)
            return {"words": self.lines(text, otherwise="–" if text else "", longest_word=room)}
        return {"number": self._as_read(value, kind)}

    def _as_read(self, value: Shown, kind: str) -> str:
        """A cell as it will stand in the table, however it may be broken."""
        if kind == "share" and isinstance(value, Decimal):
            return percent(value, self._report.language)
        if isinstance(value, Decimal | float):
            # Two places are enough to read; the other formats have all of them.
            value = round(Decimal(str(value)), 2).normalize() + 0
            value = int(value) if value == int(value) else value
        return number(value) or str(self._report.shown(value) or "")

    def _said(self, id: str, **values: int) -> dict[str, Any]:
        return self.text(render(msg(id, **values), self._report.language))


def _place(sheet: Sheet, kind: str) -> int | None:
    return next((n for n, column in enumerate(sheet.columns) if column.kind == kind), None)


def _length(row: Sequence[Shown], count: int | None, share: int | None, most: int) -> float | None:
    """The length of a row's bar, None where it is hidden: its share, else its part of the most."""
    counted = row[count] if count is not None else None
    part = row[share] if share is not None else None
    if isinstance(counted, Suppressed) or isinstance(part, Suppressed):
        return None
    if isinstance(part, Decimal):
        return float(part)
    return persons(counted) / most if most else 0.0
