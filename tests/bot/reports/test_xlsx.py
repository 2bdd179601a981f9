"""XLSX: typed, right to left where the language is, and never a formula."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import Workbook, load_workbook

from bot.reports import xlsx
from bot.reports.rendered import ReportFacts, rendered
from bot.reports.xlsx import reads_right_to_left, sheet_names, write_xlsx
from flows.statistics.summary import Column, Summary, Table
from flows.wording.text import Verbatim
from tests.bot.reports.conftest import HOSTILE


def file_of(summary: Summary, facts: ReportFacts, language: str = "en") -> bytes:
    out = io.BytesIO()
    write_xlsx(summary, language, facts, out)
    return out.getvalue()


def book_of(summary: Summary, facts: ReportFacts, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(file_of(summary, facts, language)))


@pytest.mark.parametrize(
    ("language", "rtl"), [("ar", True), ("ary", True), ("fr", False), ("en", False)]
)
def test_sheets_run_the_way_the_language_does(
    summary: Summary, facts: ReportFacts, language: str, rtl: bool
):
    """Arabic and Darija from right to left, on every sheet."""
    book = book_of(summary, facts, language)
    assert {bool(sheet.sheet_view.rightToLeft) for sheet in book} == {rtl}


def test_there_is_a_sheet_per_table_and_one_that_says_what_this_is(
    summary: Summary, facts: ReportFacts
):
    """The first sheet has consultation, council, time, filters, count, figures and notes."""
    book = book_of(summary, facts)
    assert book.sheetnames == [
        "About this file",
        "1 Quel projet 2027 eau routes",
        "2 Vos mots",
        "3 'History",
    ]
    first = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if row[0].value}
    assert first["Consultation code"] == "OZT-P1"
    assert first["Made at (local time)"] == datetime(2026, 11, 21, 14, 30)  # noqa: DTZ001
    assert first["Responses counted"] == 63
    assert first["Responses taken back"] == "hidden"
    assert any("fewer than 5 people" in str(label) for label in first)


def test_cells_have_types(summary: Summary, facts: ReportFacts):
    """Counts and shares are numbers, days are days, hidden cells and references are texts."""
    book = book_of(summary, facts)
    counts, words = book.worksheets[1], book.worksheets[2]
    assert [c.value for c in counts[4]] == ["Eau", 40, 0.635]
    assert counts["C4"].number_format == "0.0%"
    assert [c.value for c in counts[5]] == ["Routes", "hidden", "hidden"]
    reference, day, _, value = words[4]
    assert (reference.value, reference.data_type) == ("OZT-2026-000000", "s")
    assert reference.alignment.readingOrder == 1
    assert day.is_date
    assert day.value == datetime(2026, 11, 2)  # noqa: DTZ001
    assert value.value == -19.5


def test_no_cell_is_a_formula_or_a_link(summary: Summary, facts: ReportFacts):
    """What people wrote is text, whatever it looks like."""
    content = file_of(summary, facts)
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    words = [row[2] for row in book.worksheets[2].iter_rows(min_row=4)]
    assert all(cell.data_type in ("s", "inlineStr") for cell in words)
    assert [c.value for c in words[:4]] == list(HOSTILE[:4])
    assert words[11].value == HOSTILE[11]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not any(b"<f>" in parts.read(n) or b"<f " in parts.read(n) for n in sheets)


def test_what_no_cell_can_hold_is_left_out_visibly_or_harmlessly(
    summary: Summary, facts: ReportFacts
):
    """A text too long ends with an ellipsis; NUL and half characters go."""
    words = [r[2].value for r in book_of(summary, facts).worksheets[2].iter_rows(min_row=4)]
    assert words[15] == "half a pair  and  nothing "
    assert len(words[16]) == 32_767
    assert words[16].endswith("x…")


def test_the_header_stays_in_sight(summary: Summary, facts: ReportFacts):
    """Title, note and header are frozen above the rows."""
    assert {s.freeze_panes for s in book_of(summary, facts).worksheets[1:]} == {"A4"}


def test_counts_have_a_chart_that_grows_the_way_the_language_is_read(
    summary: Summary, facts: ReportFacts
):
    """One chart, for the counts; its values run from the right in Arabic."""
    for language, orientation in (("ar", b'"maxMin"'), ("fr", b'"minMax"')):
        with zipfile.ZipFile(io.BytesIO(file_of(summary, facts, language))) as parts:
            charts = [n for n in parts.namelist() if n.startswith("xl/charts/chart")]
            assert len(charts) == 1
            values = parts.read(charts[0]).partition(b"<c:valAx>")[2]
            assert b"<c:orientation val=" + orientation in values


def test_names_of_sheets_are_such_as_excel_accepts():
    """At most 31 UTF-16 units, none of []:*?/\\, no apostrophe at the ends, none twice."""
    names = sheet_names(["About", "'a'", "[x]:*?/\\y", "😀" * 40, "long " * 20, "long " * 20, ""])
    assert names[:3] == ["About", "1 'a", "2 x y"]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.strip("'") == name


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(
    summary: Summary, facts: ReportFacts, monkeypatch: pytest.MonkeyPatch
):
    """Excel's limit of rows loses nothing."""
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 13)
    only = replace(summary, tables=(summary.tables[1],))
    book = book_of(only, facts)
    assert book.sheetnames[1:] == ["1 Vos mots", "2 Vos mots"]
    assert sum(sheet.max_row - 3 for sheet in book.worksheets[1:]) == len(HOSTILE)


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("65 سنة", True),
        ("65 ans", False),
        ("\u2068abc\u2069 ماء", True),
        ("12", True),
        ("ⴰⵎⴰⵏ", False),
    ],
)
def test_the_direction_of_a_text_is_that_of_its_first_letter(text: str, rtl: bool):
    """Digits and what stands in isolates do not decide; without a letter the sheet does."""
    assert reads_right_to_left(text, True) == rtl


def test_the_same_summary_makes_the_same_file(summary: Summary, facts: ReportFacts):
    """So that a checksum beside it means something."""
    assert file_of(summary, facts) == file_of(summary, facts)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_table_has_its_title_its_headings_and_a_line_on_the_first_sheet(
    summary: Summary, facts: ReportFacts, language: str
):
    """The title on top, the headings over the rows; the first sheet says what is where."""
    book = book_of(summary, facts, language)
    shown = rendered(summary, language, facts)
    first = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if row[0].value}
    assert book.worksheets[0]["A1"].value == shown.title
    for sheet, page in zip(book.worksheets[1:], shown.sheets, strict=True):
        assert first[sheet.title] == page.title
        assert sheet["A1"].value == page.title
        assert [cell.value for cell in sheet[3]][: len(page.columns)] == [
            column.title for column in page.columns
        ]


def test_a_chart_has_no_title_and_no_legend_of_its_own(summary: Summary, facts: ReportFacts):
    """What it is about stands above the table beside it."""
    with zipfile.ZipFile(io.BytesIO(file_of(summary, facts))) as files:
        charts = [files.read(name).decode() for name in files.namelist() if "/charts/" in name]
    assert charts
    for chart in charts:
        assert '<c:autoTitleDeleted val="1"/>' in chart
        assert "<c:legend>" not in chart


@pytest.mark.parametrize(
    ("columns", "lying", "pages"), [(3, False, 1), (6, True, 1), (18, True, 2)]
)
def test_a_sheet_is_printed_so_that_it_can_be_read(
    facts: ReportFacts, columns: int, lying: bool, pages: int
):
    """Eighteen columns on one upright page would be letters of a millimetre."""
    heads = tuple(Column(f"c{n}", Verbatim("A heading of a column")) for n in range(columns))
    row = tuple(f"cell {n}" for n in range(columns))
    wide = Summary(Verbatim("Wide"), (), (Table("wide", Verbatim("Wide"), heads, (row,)),), ())
    about, sheet = book_of(wide, facts).worksheets
    for one in (about, sheet):
        assert one.page_setup.paperSize == 9
        assert one.page_setup.fitToHeight == 0
        assert "&P" in str(one.oddFooter.center.text)
    assert sheet.page_setup.orientation == ("landscape" if lying else "portrait")
    assert int(sheet.page_setup.fitToWidth or 1) >= pages
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.print_title_cols == "$A:$A") is (pages > 1)
