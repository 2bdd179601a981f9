"""The workbook, read by two programs that did not write it."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bot.reports.rendered import Item
from bot.reports.rows.table import RowData
from bot.reports.rows.text import answers_csv, codebook_csv
from bot.reports.rows.workbook import write_workbook
from tests.bot.reports.rows.population import data_of, people, poll, read_csv

ABOUT = [Item("what", "Contenu", "Une ligne par réponse"), Item("rows", "Lignes", 300, "count")]


def written(data: RowData, language: str = "fr", values: str = "labels") -> bytes:
    out = io.BytesIO()
    write_workbook(data, ABOUT, language, values, out)
    return out.getvalue()


def book_of(data: RowData, language: str = "fr", values: str = "labels") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(data, language, values)))


def test_answers_and_code_book_are_tables_of_excel() -> None:
    """With filters, a head that stays, and every row in it."""
    sheets = book_of(data_of(people(60))).worksheets
    assert [list(sheet.tables) for sheet in sheets] == [["answers"], ["codebook"], []]
    answers = sheets[0].tables["answers"]
    assert answers.autoFilter is not None
    assert answers.ref.endswith("61")
    heads = [cell.value for cell in sheets[0][1]]
    assert [column.name for column in answers.tableColumns] == heads
    assert [sheet.freeze_panes for sheet in sheets[:2]] == ["A2", "A2"]


def test_the_sheets_are_called_by_what_is_in_them() -> None:
    """There are always the same three: no number stands before their names."""
    data = data_of(people(60))
    assert book_of(data, "en").sheetnames == ["Answers", "Code book", "About"]


@pytest.mark.parametrize("values", ["labels", "codes"])
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_another_program_reads_the_same_as_the_csv(values: str, language: str) -> None:
    """Days are days and numbers are numbers; a text that looks like a formula is one."""
    data = data_of(people(60))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(written(data, language, values)))
    head, *rows = sheet.get_sheet_by_index(0).to_python()
    told = read_csv(answers_csv(data, language, values))
    assert head == list(told[0])
    assert [[_text(cell) for cell in row] for row in rows] == [
        [cell.removeprefix("'") for cell in row.values()] for row in told
    ]
    assert any(isinstance(cell, date) for cell in rows[0])
    book = sheet.get_sheet_by_index(1).to_python()
    assert len(book) == len(read_csv(codebook_csv(data, language))) + 1


def _text(cell: Any) -> str:
    match cell:
        case datetime():
            return cell.date().isoformat()
        case float():
            return f"{cell:g}"
        case _:
            return str(cell)


def test_it_runs_and_is_printed_so_that_it_can_be_read() -> None:
    """From right to left in Arabic; lying, on more than one page side by side, the head on each."""
    for language in ("ar", "fr"):
        answers = book_of(data_of(people(60)), language).worksheets[0]
        assert bool(answers.sheet_view.rightToLeft) is (language == "ar")
        assert answers.page_setup.orientation == "landscape"
        assert answers.page_setup.paperSize == 9
        assert answers.page_setup.fitToWidth >= 1
        assert answers.page_setup.fitToHeight == 0
        assert answers.print_title_rows == "$1:$1"
        widths = [column.width for column in answers.column_dimensions.values()]
        assert sum(widths) / answers.page_setup.fitToWidth <= 195
        assert min(widths) >= 9


def test_heads_are_ones_that_excel_takes() -> None:
    """Alike in any case, with line breaks, of three hundred letters: told apart, in one line, cut."""
    questions = [
        {"key": "a", "type": "number", "text": {"fr": "Et\nvous ?"}},
        {"key": "b", "type": "number", "text": {"fr": "ET VOUS ?"}},
        {"key": "c", "type": "number", "text": {"fr": "x" * 300}},
        {"key": "d", "type": "number", "text": {"fr": "X" * 300}},
    ]
    sheet = book_of(data_of(people(60, a="1"), "each", poll(questions=questions))).worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    assert len({head.casefold() for head in heads}) == len(heads)
    assert all(len(head) <= 255 and "\n" not in head for head in heads)


def test_more_rows_than_a_workbook_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of Excel is written from memory."""
    monkeypatch.setattr("bot.reports.rows.workbook.MOST_ROWS", 59)
    with pytest.raises(ValueError, match="60 rows; a workbook has 59 at most"):
        written(data_of(people(60)))
    monkeypatch.setattr("bot.reports.rows.workbook.MOST_ROWS", 60)
    assert written(data_of(people(60)))
