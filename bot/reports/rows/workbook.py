"""Row data as a workbook: the answers and the code book as tables of Excel, and a sheet that says what this is."""

from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO, Final

import xlsxwriter

from bot.reports.rendered import Item, Shown
from bot.reports.rows import book
from bot.reports.rows.table import RowData, Value, written
from bot.reports.rows.variables import Words, headings
from bot.reports.xlsx import cut, formats, print_set_up, sheet_names, write_cell
from flows.wording.text import RIGHT_TO_LEFT, msg

#: Rows of a workbook: a table of Excel is written from memory.
MOST_ROWS: Final = 50_000

_NARROWEST, _WIDEST = 9, 50


def write_workbook(
    data: RowData, about: Sequence[Item], language: str, values: str, out: BinaryIO
) -> None:
    """Write the rows to `out`; `values` is "labels" in the language, or "codes" under names for machines.

    Raises ValueError for more than `MOST_ROWS`.
    """
    if len(data.rows) > MOST_ROWS:
        raise ValueError(f"{len(data.rows)} rows; a workbook has {MOST_ROWS} at most")
    words = Words(language)
    labels = values == "labels"
    head = headings(data.variables, words) if labels else [v.name for v in data.variables]
    rows = [written(row, data.variables, words if labels else None) for row in data.rows]
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        titles = [words(msg(f"rows.sheet.{name}")) for name in ("answers", "codebook", "about")]
        names = [name.removeprefix(f"{at} ") for at, name in enumerate(sheet_names(titles))]
        writer = _Writer(workbook, language)
        writer.table(names[0], "answers", head, rows)
        lines = list(book.lines(data.variables, language))
        writer.table(names[1], "codebook", book.columns(), lines)
        writer.about(names[2], about)


class _Writer:
    def __init__(self, workbook: Any, language: str) -> None:
        self._book = workbook
        self._right_to_left = language in RIGHT_TO_LEFT
        self._formats = formats(workbook, self._right_to_left)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        if self._right_to_left:
            sheet.right_to_left()
        return sheet

    def table(
        self, name: str, id: str, head: Sequence[str], rows: Sequence[Sequence[Value | Shown]]
    ) -> None:
        """One table of Excel, with filters and a head that stays."""
        sheet = self._sheet(name)
        widths = [_width(head[at], [row[at] for row in rows]) for at in range(len(head))]
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                self._cell(sheet, number, at, value)
        sheet.add_table(
            0,
            0,
            max(len(rows), 1),
            len(head) - 1,
            {
                "name": id,
                "style": "Table Style Light 9",
                "columns": [
                    {"header": title, "header_format": self._formats["head"]} for title in head
                ],
            },
        )
        sheet.freeze_panes(1, 0)
        print_set_up(sheet, widths, head=0)

    def about(self, name: str, about: Sequence[Item]) -> None:
        """What this is, a line each."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        for number, item in enumerate(about):
            sheet.write_string(number, 0, item.title, self._formats["label"])
            write_cell(
                sheet, number, 1, item.value, item.kind, self._formats, "", self._right_to_left
            )
        print_set_up(sheet, [34, 90])

    def _cell(self, sheet: Any, row: int, at: int, value: Value | Shown) -> None:
        match value:
            case None | "":
                return
            case str():
                text = self._formats["rtl" if self._right_to_left else "ltr"]
                sheet.write_string(row, at, cut(value), text)
            case date():
                sheet.write_datetime(row, at, value, self._formats["date"])
            case int() | float():
                sheet.write_number(row, at, value)


def _width(title: str, cells: Sequence[Value | Shown]) -> int:
    """A width in characters that most of a column fits in; its title may take several lines."""
    longest = max((len(str(cell)) for cell in cells[:500] if cell is not None), default=0)
    return max(_NARROWEST, min(max(longest, len(title) // 2) + 3, _WIDEST))
