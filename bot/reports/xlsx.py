"""XLSX: a first sheet that says what this is, then one sheet per table.

Sheets run from right to left where the language does. Cells have types: numbers, shares and days can
be sorted and added up, identifiers are texts that read from left to right. Texts are always written
as texts, so that nothing a citizen writes becomes a formula or a link.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil
from typing import Any, BinaryIO

import xlsxwriter

from bot.reports.rendered import Heading, Item, Rendered, ReportFacts, Sheet, Shown, rendered
from flows.statistics.summary import Summary, Suppressed
from flows.understanding.scripts import utf16_length

#: Excel's own limits: UTF-16 units in a sheet's name and in a cell, and rows in a sheet.
NAME_LENGTH, CELL_LENGTH, SHEET_ROWS = 31, 32_767, 1_048_576

#: Title, note and header stand above the rows of a table.
_ABOVE = 3
_NARROWEST, _WIDEST = 10, 60
#: Characters side by side that can still be read on A4: at 70 percent of their size.
_UPRIGHT, _LYING = 125, 190
_ISOLATES = "\u2066\u2067\u2068\u2069\u200e\u200f"
#: A chart of more bars than this cannot be read.
_MOST_BARS = 60


def write_xlsx(summary: Summary, language: str, facts: ReportFacts, out: BinaryIO) -> None:
    """Write `summary` in `language` to `out`."""
    report = rendered(summary, language, facts)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        made = facts.made_at.astimezone(UTC) if facts.made_at.tzinfo else facts.made_at
        council = next((str(i.value) for i in report.about if i.id == "council"), "")
        book.set_properties({"title": report.title, "company": council, "created": made})
        writer = _Writer(book, report)
        pages = [page for sheet in report.sheets for page in _pages(sheet)]
        names = sheet_names([report.words["about"], *(page.title for page in pages)])
        writer.front(names[0], pages, names[1:])
        for name, page in zip(names[1:], pages, strict=True):
            writer.table(name, page)


def sheet_names(titles: Sequence[str]) -> list[str]:
    """A name that Excel accepts for each title: numbered, so that no two are the same."""
    return [_name(f"{number} {title}" if number else title) for number, title in enumerate(titles)]


def _name(title: str) -> str:
    # Excel refuses these; isolates would be counted and never seen.
    kept = "".join(" " if c in "[]:*?/\\\n\r\t" else c for c in title if c not in _ISOLATES)
    name = " ".join(kept.split()).strip("'")
    while utf16_length(name) > NAME_LENGTH:
        name = name[:-1]
    return name.strip("' ")


def _pages(sheet: Sheet) -> list[Sheet]:
    """The table in as many parts as Excel's sheets need."""
    most = SHEET_ROWS - _ABOVE
    if len(sheet.rows) <= most:
        return [sheet]
    return [
        Sheet(
            sheet.id, sheet.title, sheet.columns, sheet.rows[i : i + most], None, sheet.note, None
        )
        for i in range(0, len(sheet.rows), most)
    ]


class _Writer:
    """Writes sheets in one workbook; rows from top to bottom, which keeps memory small."""

    def __init__(self, book: Any, report: Rendered) -> None:
        self._book = book
        self._report = report
        self._formats = formats(book, report.right_to_left)
        self._title, self._head, self._note = (
            self._formats[name] for name in ("title", "head", "note")
        )

    def front(self, name: str, pages: Sequence[Sheet], names: Sequence[str]) -> None:
        """What this is, the figures, the notes, and which table is on which sheet."""
        report = self._report
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 70)
        print_set_up(sheet, (34, 70))
        row = 0
        sheet.write_string(row, 0, cut(report.title), self._title)
        row = self._items(sheet, row + 2, report.words["about"], report.about)
        row = self._items(sheet, row + 1, report.words["figures"], report.figures)
        if report.notes:
            sheet.write_string(row + 1, 0, report.words["notes"], self._head)
            sheet.write_blank(row + 1, 1, None, self._head)
            for note in report.notes:
                self._merged(sheet, row + 2, 1, note, 104)
                row += 1
            row += 2
        sheet.write_string(row + 1, 0, report.words["sheet"], self._head)
        sheet.write_string(row + 1, 1, report.words["title"], self._head)
        for number, (page, page_name) in enumerate(zip(pages, names, strict=True), row + 2):
            sheet.write_string(number, 0, page_name, self._note)
            sheet.write_string(
                number,
                1,
                cut(page.title),
                direction(page.title, report.right_to_left, self._formats),
            )

    def _items(self, sheet: Any, row: int, title: str, items: Sequence[Item]) -> int:
        sheet.write_string(row, 0, title, self._head)
        sheet.write_blank(row, 1, None, self._head)
        for number, item in enumerate(items, row + 1):
            sheet.write_string(number, 0, item.title, self._formats["label"])
            self._cell(sheet, number, 1, item.value, item.kind)
        return row + 1 + len(items)

    def table(self, name: str, page: Sheet) -> None:
        """One table: title, note, header, rows, and a chart beside them."""
        sheet = self._sheet(name)
        widths = [_width(page, number, self._report) for number in range(len(page.columns))]
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        last = max(len(page.columns) - 1, 0)
        sheet.write_string(0, 0, cut(page.title), self._title)
        if page.note:
            self._merged(sheet, 1, last, page.note.replace("\n", " "), sum(widths))
        for number, column in enumerate(page.columns):
            sheet.write_string(2, number, column.title, self._head)
        for number, row in enumerate(page.rows, _ABOVE):
            lines = max(
                (_lines(v, w) for v, w in zip(row, widths, strict=True) if isinstance(v, str)),
                default=1,
            )
            if lines > 1:
                sheet.set_row(number, min(15 * lines, 409))
            for place, (value, column) in enumerate(zip(row, page.columns, strict=True)):
                self._cell(sheet, number, place, value, column.kind)
        sheet.freeze_panes(_ABOVE, 0)
        if page.rows:
            sheet.autofilter(2, 0, _ABOVE + len(page.rows) - 1, last)
        print_set_up(sheet, widths, head=_ABOVE - 1)
        if page.chart == "bar":
            self._chart(sheet, name, page)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        if self._report.right_to_left:
            sheet.right_to_left()
        return sheet

    def _merged(self, sheet: Any, row: int, last: int, text: str, width: float) -> None:
        """A text over several columns, in a row as high as it needs: Excel does not see to that."""
        sheet.set_row(row, min(15 * _lines(text, width) + 3, 409))
        if last:
            sheet.merge_range(row, 0, row, last, "", self._note)
        sheet.write_string(row, 0, cut(text), self._note)

    def _cell(self, sheet: Any, row: int, place: int, value: Shown, kind: str) -> None:
        report = self._report
        write_cell(
            sheet, row, place, value, kind, self._formats, report.hidden, report.right_to_left
        )

    def _chart(self, sheet: Any, name: str, page: Sheet) -> None:
        counts = _first(page.columns, "count")
        if counts is None or len(page.rows) > _MOST_BARS:
            return
        if not any(isinstance(row[counts], int) and row[counts] for row in page.rows):
            return
        chart = self._book.add_chart({"type": "bar"})
        rows = (_ABOVE, _ABOVE + len(page.rows) - 1)
        chart.add_series(
            {
                "categories": [name, rows[0], 0, rows[1], 0],
                "values": [name, rows[0], counts, rows[1], counts],
                "name": page.columns[counts].title,
                "data_labels": {"value": True},
                "gap": 60,
                "fill": {"color": "#2F6F8F"},
            }
        )
        # The first row on top; and bars that grow the way the language is read.
        chart.set_y_axis({"reverse": True, "num_font": {"size": 10}})
        chart.set_x_axis(
            {
                "reverse": self._report.right_to_left,
                "visible": False,
                "major_gridlines": {"visible": False},
            }
        )
        chart.set_title({"none": True})
        chart.set_legend({"none": True})
        chart.set_size({"width": 560, "height": 90 + 28 * len(page.rows)})
        sheet.insert_chart(2, len(page.columns) + 1, chart, {"description": page.title[:255]})


def print_set_up(sheet: Any, widths: Sequence[float], head: int | None = None) -> None:
    """Have a sheet printed so that it can be read: A4, upright or lying, on as many pages side by side as it needs.

    `widths` are those of its columns, in characters. The row `head` stands on every page, and beside
    the first page the first column too.
    """
    whole = sum(widths)
    pages = 1
    if whole > _UPRIGHT:
        sheet.set_landscape()
        pages = ceil(whole / _LYING)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(pages, 0)
    if head is not None:
        sheet.repeat_rows(head)
    if pages > 1:
        sheet.repeat_columns(0)
    sheet.set_footer("&C&P / &N")


def formats(book: Any, right_to_left: bool) -> dict[str, Any]:
    """How cells look, by the kind of column or by what they are for."""
    # Our own texts say their direction: Excel guesses from the first letter.
    align = {"valign": "top", "align": "right" if right_to_left else "left"}
    side = {**align, "reading_order": 2 if right_to_left else 1}
    # Words may be in any language: their direction is their own, their side that of the report.
    own = {**align, "text_wrap": True}
    looks: dict[str, dict[str, Any]] = {
        "ltr": {**own, "reading_order": 1},
        "rtl": {**own, "reading_order": 2},
        "title": {**side, "bold": True, "font_size": 14},
        "head": {**side, "bold": True, "text_wrap": True, "bg_color": "#E8EEF4", "bottom": 1},
        "note": {**side, "text_wrap": True, "font_color": "#555555"},
        "label": {**side, "bold": True},
        "code": {**align, "reading_order": 1},
        "count": {"valign": "top", "num_format": "#,##0"},
        "share": {"valign": "top", "num_format": "0.0%"},
        "number": {"valign": "top", "num_format": "#,##0.0"},
        "date": {**align, "num_format": "yyyy-mm-dd"},
        "moment": {**align, "num_format": "yyyy-mm-dd hh:mm"},
        "hidden": {**side, "italic": True, "font_color": "#777777"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def direction(text: str, right_to_left: bool, looks: Mapping[str, Any]) -> Any:
    """The format for a text: that of its own direction, else of the report's."""
    return looks["rtl" if reads_right_to_left(text, right_to_left) else "ltr"]


def write_cell(
    sheet: Any,
    row: int,
    place: int,
    value: Shown,
    kind: str,
    looks: Mapping[str, Any],
    hidden: str,
    right_to_left: bool,
) -> None:
    """Write a cell of a column of a kind as the type it has; `hidden` is the word for what is."""
    match value:
        case None:
            return
        case Suppressed():
            sheet.write_string(row, place, hidden, looks["hidden"])
        case str():
            look = looks["code"] if kind == "code" else direction(value, right_to_left, looks)
            sheet.write_string(row, place, cut(value), look)
        case datetime():
            sheet.write_datetime(row, place, value.replace(tzinfo=None), looks["moment"])
        case date():
            sheet.write_datetime(row, place, value, looks["date"])
        case int() | float() | Decimal():
            known = kind if kind in ("count", "share", "number") else "number"
            sheet.write_number(row, place, value, looks[known])


def _first(columns: Sequence[Heading], kind: str) -> int | None:
    return next((number for number, column in enumerate(columns) if column.kind == kind), None)


def _width(page: Sheet, number: int, report: Rendered) -> int:
    """A width for a column, in characters, from what stands in it."""
    longest = len(page.columns[number].title) + 4
    for row in page.rows:
        value = report.shown(row[number])
        text = value if isinstance(value, str) else str(value)[:12]
        longest = max(longest, *(len(line) for line in text.split("\n")))
        if longest >= _WIDEST:
            return _WIDEST
    return max(_NARROWEST, longest + 2)


def reads_right_to_left(text: str, otherwise: bool) -> bool:
    """The direction of the first letter outside isolates; `otherwise` where there is no letter.

    Spreadsheets differ in how they guess it, for instance where a text begins with a number.
    """
    depth = 0
    for c in text:
        kind = unicodedata.bidirectional(c)
        if kind in ("LRI", "RLI", "FSI"):
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return kind != "L"
    return otherwise


def _lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column: not every program works that out itself."""
    return sum(
        1 if len(line) < width else ceil(len(line) * 1.15 / width) for line in text.split("\n")
    )


def cut(text: str) -> str:
    """The text as far as a cell of Excel holds it; a longer one would be left out without a word."""
    if utf16_length(text) <= CELL_LENGTH:
        return text
    text = text[: CELL_LENGTH - 1]
    while utf16_length(text) >= CELL_LENGTH:
        text = text[:-1]
    return text + "…"
