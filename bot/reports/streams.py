"""A table of a million rows as a file, without ever holding it in memory.

    stream = open_stream("csv", path, about, columns, "ar", note)
    for batch in batches:
        stream.add(batch)
    closed = stream.close()

Cells look as in `bot.reports.csv`, `xlsx` and `json`. The number of rows is known last, so it stands
after them; what the file is, and its filters, stand first. The file gets its name when it is whole:
until then it is `.NAME.….part` beside it, and it is removed where something goes wrong.
A Stream is not for several threads at once; one call after another from different ones is fine.
"""

import csv
import hashlib
import io
import os
import secrets
import tempfile
from abc import ABC, abstractmethod
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import xlsxwriter

from bot.reports.csv import short, written
from bot.reports.json import canonical, cell_of, column_of, item_of
from bot.reports.rendered import Heading, Item, Shown, printable
from bot.reports.xlsx import cut, formats, print_set_up, sheet_names, write_cell
from flows.statistics.summary import Suppressed
from flows.wording import render
from flows.wording.text import RIGHT_TO_LEFT, msg

#: Rows of one sheet of a workbook; those after it go on a further sheet. Excel's own limit is
#: 1,048,576 with the header.
SHEET_ROWS = 1_048_000

#: Goes up when a reader of the last one would misread a JSON file.
SCHEMA = 1

_BLOCK = 1 << 20

Row = Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Closed:
    """A whole file: `size` in bytes, `sha256` of its content in hexadecimal, `rows` of the table."""

    path: Path
    size: int
    sha256: str
    rows: int


class Stream(ABC):
    """A file that is being written.

    As a context manager it is aborted by whatever is raised inside, and closed else.
    """

    def __init__(
        self,
        path: Path,
        about: Sequence[Item],
        columns: Sequence[Heading],
        language: str,
        note: str | None,
    ) -> None:
        self.path = path
        self.rows = 0
        self._about, self._columns, self._language, self._note = about, columns, language, note
        self._right_to_left = language in RIGHT_TO_LEFT
        self._hidden = render(msg("report.hidden"), language)
        self._part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        self._closed: Closed | None = None
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.abort()
        else:
            self.close()

    def add(self, rows: Iterable[Row]) -> None:
        """Write further rows, each with a cell for every column.

        Raises ValueError for a row of another length or a stream that is over, and OSError where the
        disk is full; the part that was written is then gone.
        """
        if self._over:
            raise ValueError(f"{self.path.name} is closed; open another stream for further rows")
        try:
            for row in rows:
                self._check(row)
                self._write([printable(v) if isinstance(v, str) else v for v in row])
                self.rows += 1
        except BaseException:
            self.abort()
            raise

    def _check(self, row: Row) -> None:
        if len(row) != len(self._columns):
            raise ValueError(f"a row of {len(row)} cells for {len(self._columns)} columns")

    def close(self) -> Closed:
        """End the file and give it its name, in the place of one that had it. Again is harmless."""
        if self._closed is not None:
            return self._closed
        if self._over:
            raise ValueError(f"{self.path.name} was given up; there is nothing to close")
        try:
            self._end()
            size, digest = _measured(self._part)
            os.replace(self._part, self.path)
        except BaseException:
            self.abort()
            raise
        self._over = True
        self._closed = Closed(self.path, size, digest, self.rows)
        return self._closed

    def abort(self) -> None:
        """Give up: no file is left, and one that had the name before stays as it was."""
        if self._over:
            return
        self._over = True
        try:
            self._drop()
        finally:
            self._part.unlink(missing_ok=True)

    def _shown(self, value: Shown) -> str | int | float | Decimal | date | None:
        return self._hidden if isinstance(value, Suppressed) else value

    def _word(self, id: str) -> str:
        return render(msg(id), self._language)

    @abstractmethod
    def _begin(self) -> None:
        """Open the part and write what comes before the rows."""

    @abstractmethod
    def _write(self, row: Row) -> None:
        """Write one row."""

    @abstractmethod
    def _end(self) -> None:
        """Write what comes after the rows, and close the part."""

    @abstractmethod
    def _drop(self) -> None:
        """Let go of the part, whatever state it is in."""


class _Csv(Stream):
    """First what the file is, an empty line, the header and the rows, then how many there were."""

    _text: io.TextIOWrapper | None = None

    def _begin(self) -> None:
        file = self._part.open("wb")
        self._text = io.TextIOWrapper(file, "utf-8", newline="")
        file.write(BOM_UTF8)
        self._lines = csv.writer(
            self._text, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n"
        )
        self._kinds = [column.kind for column in self._columns]
        self._lines.writerow([written(self._word("report.about"))])
        for item in self._about:
            value = self._shown(item.value)
            self._lines.writerow([written(item.title), written(value, item.kind)])
        for line in short(self._note or "", self._right_to_left):
            self._lines.writerow([written(line)])
        self._lines.writerow([])
        self._lines.writerow([written(column.title) for column in self._columns])

    def _write(self, row: Row) -> None:
        cells = zip(row, self._kinds, strict=True)
        self._lines.writerow([written(self._shown(value), kind) for value, kind in cells])

    def _end(self) -> None:
        self._lines.writerow([])
        self._lines.writerow([written(self._word("report.rows")), written(self.rows)])
        self._drop()

    def _drop(self) -> None:
        if self._text is not None:
            self._text.close()


class _Json(Stream):
    """One document, written piece by piece; `bot.reports.json.verify` reads its checksum.

    The payload is `{"about", "columns", "language", "note", "rows", "total"}`.
    """

    _file: BinaryIO | None = None

    def _begin(self) -> None:
        self._file = self._part.open("wb")
        self._digest = hashlib.sha256()
        self._file.write(b'{"schema":%d,"payload":' % SCHEMA)
        head = canonical(
            {
                "about": {item.id: item_of(item) for item in self._about},
                "columns": [column_of(column) for column in self._columns],
                "language": self._language,
                "note": self._note,
            }
        )
        # Keys are sorted, and what is known last comes last: so far the object is left open.
        self._put(head[:-1] + b',"rows":[')

    def _put(self, piece: bytes) -> None:
        if self._file is not None:
            self._digest.update(piece)
            self._file.write(piece)

    def _write(self, row: Row) -> None:
        comma = b"," if self.rows else b""
        self._put(comma + canonical([cell_of(value) for value in row]))

    def _end(self) -> None:
        self._put(b'],"total":%d}' % self.rows)
        if self._file is not None:
            self._file.write(b',"sha256":"%s"}\n' % self._digest.hexdigest().encode())
        self._drop()

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()


class _Xlsx(Stream):
    """The table on as many sheets as it needs, and before them a sheet that says what this is."""

    _book: Any = None
    _scratch: tempfile.TemporaryDirectory[str] | None = None

    def _begin(self) -> None:
        # The sheets' rows lie in files of their own until the end; those go with this folder.
        self._scratch = tempfile.TemporaryDirectory(prefix="sheets-", dir=self._part.parent)
        self._book = xlsxwriter.Workbook(
            str(self._part),
            {
                "constant_memory": True,
                "tmpdir": self._scratch.name,
                "use_zip64": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._formats = formats(self._book, self._right_to_left)
        # Added first, so that it stands first; written last, when the number of rows is known.
        self._titles = [self._word("report.about")]
        self._front = self._new_sheet()
        self._next_sheet()

    def _new_sheet(self) -> Any:
        sheet = self._book.add_worksheet(sheet_names(self._titles)[-1])
        if self._right_to_left:
            sheet.right_to_left()
        return sheet

    def _next_sheet(self) -> None:
        self._titles.append(self._word("report.rows"))
        self._sheet = self._new_sheet()
        self._sheet.freeze_panes(1, 0)
        widths = [40 if column.kind == "text" else 18 for column in self._columns]
        print_set_up(self._sheet, widths, head=0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, widths[place])
            self._sheet.write_string(0, place, column.title, self._formats["head"])
        self._row = 1

    def _write(self, row: Row) -> None:
        if self._row > SHEET_ROWS:
            self._next_sheet()
        for place, (value, column) in enumerate(zip(row, self._columns, strict=True)):
            self._cell(self._sheet, self._row, place, value, column.kind)
        self._row += 1

    def _cell(self, sheet: Any, row: int, place: int, value: Shown, kind: str) -> None:
        write_cell(sheet, row, place, value, kind, self._formats, self._hidden, self._right_to_left)

    def _end(self) -> None:
        front, looks = self._front, self._formats
        front.set_column(0, 0, 34)
        front.set_column(1, 1, 70)
        print_set_up(front, (34, 70))
        front.write_string(0, 0, self._word("report.about"), looks["head"])
        rows = Item("rows", self._word("report.rows"), self.rows, "count")
        for place, item in enumerate((*self._about, rows), 1):
            front.write_string(place, 0, item.title, looks["label"])
            self._cell(front, place, 1, item.value, item.kind)
        if self._note:
            front.write_string(len(self._about) + 3, 1, cut(self._note), looks["note"])
        made = next((i.value for i in self._about if isinstance(i.value, datetime)), None)
        if made is not None:
            self._book.set_properties({"created": made.astimezone(UTC) if made.tzinfo else made})
        self._book.close()
        self._drop()

    def _drop(self) -> None:
        if self._book is not None:
            # A workbook cannot be given up: else it would write itself when it is forgotten.
            self._book.fileclosed = True
            for sheet in self._book.worksheets():
                if sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()
        if self._scratch is not None:
            self._scratch.cleanup()


_STREAMS: Final[dict[str, type[Stream]]] = {"csv": _Csv, "xlsx": _Xlsx, "json": _Json}

#: The formats of `open_stream`.
FORMATS = frozenset(_STREAMS)


def open_stream(
    format: str,
    path: Path,
    about: Sequence[Item],
    columns: Sequence[Heading],
    language: str,
    note: str | None = None,
) -> Stream:
    """A file at `path` to which rows can be added, in one of `FORMATS`.

    `about` says what the file is, when it was made, and what was left out; titles and `note` are in
    `language`, one of `flows.wording.text.LANGUAGES`. Nothing is seen at `path` before the stream is closed.
    Raises ValueError for another format, and OSError where the folder cannot be written to.
    """
    if format not in _STREAMS:
        raise ValueError(f"{format!r} is no format; it is one of: {', '.join(sorted(_STREAMS))}")
    stream = _STREAMS[format](path, about, columns, language, note)
    try:
        stream._begin()
    except BaseException:
        stream.abort()
        raise
    return stream


def _measured(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file that is safely on the disk."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while block := file.read(_BLOCK):
            digest.update(block)
        return file.tell(), digest.hexdigest()
