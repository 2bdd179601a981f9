"""Real files as the programs of others write them: text in any letters, XLSX of two writers, XLS, ODS."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlsxwriter

Rows = Sequence[Sequence[Any]]

#: A sheet of an old spreadsheet, written once: what `SHEET` in the tests says.
XLS = Path(__file__).parent / "files" / "signatures.xls"


def text(
    rows: Rows, letters: str, separator: str = ";", newline: str = "\r\n", **how: Any
) -> bytes:
    """A text as a program saves it."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=newline, **how).writerows(rows)
    mark = {"utf-16-le-marked": "utf-16-le", "utf-16-be-marked": "utf-16-be"}.get(letters)
    return ("\ufeff" + out.getvalue()).encode(mark) if mark else out.getvalue().encode(letters)


def xlsx(rows: Rows, *, lies: bool = False) -> bytes:
    """A workbook of openpyxl; where it `lies`, it says that it has one cell."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return _said_to_be_small(out.getvalue()) if lies else out.getvalue()


def _said_to_be_small(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                head, _, tail = part.partition(b'<dimension ref="')
                part = head + b'<dimension ref="A1' + tail[tail.index(b'"') :]
            new.writestr(name, part)
    return out.getvalue()


def xlsx_of_another(rows: Rows) -> bytes:
    """A workbook of XlsxWriter, with an empty sheet before and another one behind."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Vide")
    sheet = book.add_worksheet("Liste")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    book.add_worksheet("Notes").write(0, 0, "à relire")
    book.close()
    return out.getvalue()


def ods(rows: Rows) -> bytes:
    """A sheet of LibreOffice: empty lines and cells are repeated, not written."""
    body = "".join(map(_ods_row, rows))
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}:office:1.0" '
        f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0" office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{body}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", kind)
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def _ods_row(row: Sequence[Any]) -> str:
    cells = "".join(map(_ods_cell, row)) or "<table:table-cell/>"
    return f"<table:table-row>{cells}</table:table-row>"


def _ods_cell(cell: Any) -> str:
    if cell in ("", None):
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p>'
        "</table:table-cell>"
    )


#: How letters are written: by the name of Python's codec, "marked" with a byte order mark.
LETTERS = (
    "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le-marked", "utf-16-be-marked",
    "cp1252", "cp1256", "mac_roman", "cp850",
)  # fmt: skip

SEPARATORS = (";", ",", "\t", "|")

WORKBOOKS: dict[str, Callable[[Rows], bytes]] = {
    "openpyxl": xlsx,
    "openpyxl that lies": lambda rows: xlsx(rows, lies=True),
    "XlsxWriter": xlsx_of_another,
    "ODS": ods,
    "XLS": lambda rows: XLS.read_bytes(),
}


def texts(rows: Rows) -> Iterator[tuple[str, bytes]]:
    """The rows as text in all letters that have them all, with each separator and each end of a line."""
    for letters in LETTERS:
        for separator in SEPARATORS:
            for newline in ("\r\n", "\n", "\r"):
                try:
                    yield (
                        f"{letters} {separator!r} {newline!r}",
                        text(rows, letters, separator, newline),
                    )
                except UnicodeEncodeError:
                    continue
