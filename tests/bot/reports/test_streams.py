"""Files that are written row by row: the same cells as elsewhere, and memory that does not grow."""

import csv
import gc
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.reports import streams
from bot.reports.json import verify
from bot.reports.rendered import Heading, Item, Shown
from bot.reports.streams import FORMATS, Closed, open_stream
from flows.statistics.summary import SUPPRESSED
from tests.bot.reports.conftest import HOSTILE

ABOUT = (
    Item("what", "Contenu", "Réponses : =Priorités 2027"),
    Item("made_at", "Établi le", datetime(2026, 11, 21, 14, 30), "date"),  # noqa: DTZ001 (a wall time)
    Item("filters", "Filtres", "Tiznit, femmes"),
)
COLUMNS = (
    Heading("reference", "Référence", "code"),
    Heading("day", "Jour", "date"),
    Heading("words", "Message", "text"),
    Heading("voices", "Voix", "count"),
    Heading("share", "Part", "share"),
)
ROWS: tuple[tuple[Shown, ...], ...] = (
    ("OZT-2026-000001", date(2026, 11, 2), "لا ماء", 4, Decimal("0.635")),
    ("OZT-2026-000002", date(2026, 11, 3), "=1+1", SUPPRESSED, None),
)
#: Growth of memory that ten thousand more rows may cause, in bytes; merely held, they take 4.8 million.
MOST = 2_000_000


def filled(format: str, path: Path, *batches: Any, language: str = "fr") -> Closed:
    stream = open_stream(format, path, ABOUT, COLUMNS, language, "Une remarque.")
    for batch in batches:
        stream.add(batch)
    return stream.close()


def batches(rows: int, size: int = 1000) -> Iterator[list[tuple[Shown, ...]]]:
    """So many rows, none of which is alike."""
    for start in range(0, rows, size):
        yield [
            (f"OZT-2026-{n:06d}", date(2026, 11, 1 + n % 28), f"ماء {n} " * 5, n, Decimal(n) / rows)
            for n in range(start, min(start + size, rows))
        ]


def test_csv_says_what_it_is_then_the_rows_then_how_many(tmp_path: Path):
    """As other CSV of ours: mark, semicolons, decimal comma, no formulas."""
    path = tmp_path / "rows.csv"
    filled("csv", path, ROWS[:1], ROWS[1:])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\xef\xbb\xbf") == 1
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read == [
        ["À propos de ce fichier"],
        ["Contenu", "Réponses : =Priorités 2027"],
        ["Établi le", "2026-11-21 14:30"],
        ["Filtres", "Tiznit, femmes"],
        ["Une remarque."],
        [],
        ["Référence", "Jour", "Message", "Voix", "Part"],
        ["OZT-2026-000001", "2026-11-02", "لا ماء", "4", "63,5%"],
        ["OZT-2026-000002", "2026-11-03", "'=1+1", "masqué", ""],
        [],
        ["Lignes", "2"],
    ]


def test_json_is_one_document_with_a_checksum(tmp_path: Path):
    """Cells as in other JSON of ours; the number of rows stands after them."""
    path = tmp_path / "rows.json"
    filled("json", path, ROWS[:1], ROWS[1:])
    read = json.loads(path.read_bytes())
    payload = read["payload"]
    assert verify(path.read_bytes())
    assert payload["about"]["filters"] == {"title": "Filtres", "value": "Tiznit, femmes"}
    assert payload["columns"][3] == {"id": "voices", "title": "Voix", "kind": "count"}
    assert payload["rows"][1] == [
        {"value": "OZT-2026-000002"},
        {"value": "2026-11-03"},
        {"value": "=1+1"},
        {"value": None, "suppressed": True},
        {"value": None},
    ]
    assert (payload["total"], payload["language"], payload["note"]) == (2, "fr", "Une remarque.")


def test_no_rows_are_a_whole_file_too(tmp_path: Path):
    """With headings and the number nought."""
    for format in FORMATS:
        assert filled(format, tmp_path / f"none.{format}").rows == 0
    assert json.loads((tmp_path / "none.json").read_bytes())["payload"]["rows"] == []
    assert load_workbook(tmp_path / "none.xlsx").worksheets[1]["A1"].value == "Référence"


@pytest.mark.parametrize(("language", "rtl"), [("ary", True), ("fr", False)])
def test_a_workbook_has_types_and_runs_as_the_language_does(
    tmp_path: Path, language: str, rtl: bool
):
    """The first sheet says what it is and how many rows there are."""
    path = tmp_path / "rows.xlsx"
    filled("xlsx", path, ROWS, language=language)
    book = load_workbook(path)
    assert {bool(sheet.sheet_view.rightToLeft) for sheet in book} == {rtl}
    front, table = book.worksheets
    about = {row[0].value: row[1].value for row in front.iter_rows() if row[0].value}
    assert about["Filtres"] == "Tiznit, femmes"
    assert about["الأسطر" if rtl else "Lignes"] == 2
    first, second = ([cell.value for cell in row] for row in table.iter_rows(min_row=2))
    assert first == ["OZT-2026-000001", datetime(2026, 11, 2), "لا ماء", 4, 0.635]  # noqa: DTZ001
    assert second[2:4] == ["=1+1", "محجوب" if rtl else "masqué"]
    assert table["C3"].data_type == "s"


def test_what_does_not_fit_on_a_sheet_goes_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With the header again; the first sheet counts all."""
    monkeypatch.setattr(streams, "SHEET_ROWS", 100)
    path = tmp_path / "rows.xlsx"
    assert filled("xlsx", path, *batches(250, 30)).rows == 250
    book = load_workbook(path)
    assert book.sheetnames == ["À propos de ce fichier", "1 Lignes", "2 Lignes", "3 Lignes"]
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [101, 101, 51]
    assert book.worksheets[3]["A1"].value == "Référence"
    assert book.worksheets[3]["A2"].value == "OZT-2026-000200"


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_size_and_checksum_are_those_of_the_file(tmp_path: Path, format: str):
    """Closing again tells the same; nothing else is left in the folder."""
    path = tmp_path / f"rows.{format}"
    stream = open_stream(format, path, ABOUT, COLUMNS, "ar")
    stream.add(ROWS)
    assert not path.exists()
    closed = stream.close()
    content = path.read_bytes()
    assert closed == Closed(path, len(content), hashlib.sha256(content).hexdigest(), 2)
    assert stream.close() == closed
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(ValueError, match="is closed"):
        stream.add(ROWS)


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_what_goes_wrong_leaves_no_file(tmp_path: Path, format: str):
    """And one that was there before is still there."""
    path = tmp_path / f"rows.{format}"
    path.write_text("before")

    def failing() -> Iterator[tuple[Shown, ...]]:
        yield from ROWS
        raise OSError("no room")

    with (
        pytest.raises(OSError, match="no room"),
        open_stream(format, path, ABOUT, COLUMNS, "fr") as s,
    ):
        s.add(failing())
    with pytest.raises(ValueError, match="a row of 1 cells for 5 columns"):
        filled(format, path, [("one",)])
    stream = open_stream(format, path, ABOUT, COLUMNS, "fr")
    stream.abort()
    with pytest.raises(ValueError, match="was given up"):
        stream.close()
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "before"


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_a_folder_that_is_missing_is_told_at_once(tmp_path: Path, format: str):
    """Before a million rows are read."""
    with pytest.raises(OSError, match="missing"):
        open_stream(format, tmp_path / "missing" / "rows", ABOUT, COLUMNS, "fr")


def test_an_unknown_format_is_refused(tmp_path: Path):
    """With the ones there are."""
    with pytest.raises(ValueError, match="'ods' is no format; it is one of: csv, json, xlsx"):
        open_stream("ods", tmp_path / "rows", ABOUT, COLUMNS, "fr")


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_whatever_people_wrote_can_be_written(tmp_path: Path, format: str):
    """What no spreadsheet can hold is taken out on the way."""
    rows = [("R", date(2026, 1, 1), text, 1, None) for text in HOSTILE]
    closed = filled(format, tmp_path / f"rows.{format}", rows)
    assert closed.rows == len(HOSTILE)
    if format == "xlsx":
        assert zipfile.is_zipfile(closed.path)


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, format: str):
    """However long the table, a batch of it is held, and no more."""
    few, many = (peak(format, tmp_path / f"{rows}", rows) for rows in (2_000, 12_000))
    assert many - few < MOST


def peak(format: str, path: Path, rows: int) -> int:
    """The most memory that a table of so many rows takes, in bytes."""
    gc.collect()
    stream = open_stream(format, path, ABOUT, COLUMNS, "ar")
    tracemalloc.start()
    try:
        for batch in batches(rows, 250):
            stream.add(batch)
        assert stream.close().rows == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_table_of_many_columns_is_printed_so_that_it_can_be_read(tmp_path: Path):
    """Lying, on several pages side by side, the head on each page and the first column too."""
    columns = [Heading(f"c{n}", f"Column {n}", "code") for n in range(18)]
    path = tmp_path / "wide.xlsx"
    stream = open_stream("xlsx", path, ABOUT, columns, "fr", None)
    stream.add([["x"] * 18])
    stream.close()
    sheet = load_workbook(path).worksheets[1]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.fitToWidth) == 2
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
