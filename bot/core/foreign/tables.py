"""The lines of a table that somebody else's program wrote: XLSX, XLS, ODS, a web page, or text with any separator.

    bytes -> sheets of lines, each with its number as a spreadsheet shows it

What a file says of itself (its ending, the size of its sheet) is not believed. To be called in the process for
foreign files (`worker`). `columns` says what the lines mean.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from zipfile import BadZipFile, ZipFile

from bot.core.foreign import letters, markup
from bot.core.foreign.letters import Letters
from flows.understanding.names.headings import column
from flows.wording import render
from flows.wording.text import Text, msg

#: Most lines of a file, and most bytes.
MOST_LINES: Final = 200_000
MOST_BYTES: Final = 20_000_000

#: Most bytes of a workbook once it is unpacked, and most columns: more is no list.
MOST_UNPACKED: Final = 60_000_000
MOST_COLUMNS: Final = 200

#: Separators that programs write.
SEPARATORS: Final = (";", ",", "\t", "|")

#: Over so many lines one cell goes on at the most, in a text in which some quotation mark is not closed.
LONGEST_CELL: Final = 6

#: Characters by which the separator is found.
SAMPLE: Final = 8_000

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


class BadFile(Exception):
    """A file that is not what it should be; `text` says what is wrong and what would be right."""

    def __init__(self, text: Text) -> None:
        super().__init__(render(text, "en"))
        self.text = text


@dataclass(frozen=True, slots=True)
class Row:
    """A line that holds anything: its number from 1, its cells, and why it cannot be read, if so.

    `turned` are the places of cells that a spreadsheet took for a day or for true or false, `spaced` those
    that begin with a space in a text in which few do.
    """

    number: int
    cells: tuple[str, ...]
    wrong: Text | None = None
    turned: frozenset[int] = frozenset()
    spaced: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what it means ("" if it is not used), whether another one comes first."""

    heading: str
    meant: str
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, or a text. `letters` and `separator` are "" in a workbook, `sheet` in a text.

    `unread` are the other sheets that hold anything, with how many lines.
    """

    rows: tuple[Row, ...]
    letters: str = ""
    separator: str = ""
    sheet: str = ""
    unread: tuple[tuple[str, int], ...] = ()


def read(content: bytes, wanted: str = "") -> tuple[Table, ...]:
    """The table of a file; several where its letters may be read in several ways. Raises BadFile.

    `wanted` is the way that somebody chose. Of several sheets the first with headings that we know is meant, or the first.
    """
    if len(content) > MOST_BYTES:
        raise BadFile(msg("import.large", limit=MOST_BYTES // 1_000_000))
    if content.startswith((_ZIP, _OLE)):
        return (_workbook(content),)
    if content.startswith(b"%PDF"):
        raise BadFile(msg("import.format"))
    # The end of a file of DOS is no part of it.
    found = letters.read(content.removesuffix(b"\x1a\0").removesuffix(b"\x1a"), wanted)
    if not found or any(_binary(one.text) for one in found):
        raise BadFile(msg("import.format"))
    tables = tuple(_page(one) if one.text.lstrip()[:1] == "<" else _text(one) for one in found)
    if not tables[0].rows:
        raise BadFile(msg("import.empty"))
    return tables


def _binary(text: str) -> bool:
    return re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:100_000]) is not None


def _page(one: Letters) -> Table:
    lines, others = markup.lines(one.text.strip())
    unread = tuple((f"<table> {at}", count) for at, count in enumerate(others, 2))
    return Table(tuple(_rows(lines)), one.name, "<td>", unread=unread)


# --------------------------------------------------------------------------- text


def _text(one: Letters) -> Table:
    text = one.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").rstrip("\n")
    told = re.match(r"sep=(.)(?:\n|$)", text, re.IGNORECASE)
    if told is not None:
        # What a spreadsheet writes for itself, and does not count.
        text = text[told.end() :]
    separator = told[1] if told is not None else _separator(text[:SAMPLE])
    rows: list[Row] = []
    for number, line, whole in _records(text, separator):
        cells = tuple(map(_plain, line))
        if any(cells):
            if len(rows) == MOST_LINES:
                raise BadFile(msg("import.long", limit=MOST_LINES))
            wrong = None if whole else msg("import.quotes")
            if any(map(one.spoils, cells)):
                wrong = msg("import.spoiled")
            spaced = frozenset(at for at, cell in enumerate(line) if at and cell[:1] == " ")
            rows.append(Row(number, cells, wrong, spaced=spaced))
    if 2 * sum(1 for row in rows if row.spaced) > len(rows):
        # A space behind each separator is this program's way.
        rows = [replace(row, spaced=frozenset()) for row in rows]
    return Table(tuple(rows), one.name, separator)


def _separator(sample: str) -> str:
    """The separator: what makes headings of a line, else what makes the cells of each column alike; "" for none."""
    best, most = "", 1
    for separator in SEPARATORS:
        lines = islice(csv.reader(io.StringIO(sample), delimiter=separator), 50)
        known = max((len({*map(column, line)} - {None}) for line in _safe(lines)), default=0)
        if known > most:
            best, most = separator, known
    if best:
        return best
    # Slow to load, and only such a file needs it.
    from clevercsv.detect import Detector
    from clevercsv.exceptions import NoDetectionResult

    try:
        found = Detector().detect(sample, delimiters=list(SEPARATORS))
    except NoDetectionResult:
        return ""
    return found.delimiter or "" if found is not None else ""


def _safe(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from lines
    except csv.Error:
        return


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str], bool]]:
    """Number, cells and whether the quotes are whole, of each line as a spreadsheet counts them.

    A quote that is not closed would swallow the lines behind it: then every line is read by itself, with as many
    of the next ones as one of its cells goes on in.
    """
    delimiter = separator or "\x1f"
    if _whole(text, delimiter):
        every = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        for number, line in enumerate(every, 1):
            yield number, line, True
        return
    raw = text.split("\n")
    number = at = 0
    while at < len(raw):
        number += 1
        line, count = _record(raw[at : at + LONGEST_CELL], delimiter)
        yield number, line or raw[at].split(separator or None), bool(count)
        at += count or 1


def _record(raw: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """A line with those that belong to it, and how many they are; 0 where its quotes are not whole."""
    for count in range(1, len(raw) + 1):
        try:
            told = io.StringIO("\n".join(raw[:count]))
            lines = list(csv.reader(told, delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        line = lines[0] if lines else []
        # Another line's quote may close it: then it has swallowed what stands between.
        return ([], 0) if _swallowed(line, delimiter) else (line, count)
    return [], 0


def _whole(text: str, delimiter: str) -> bool:
    try:
        every = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        return not any(_swallowed(line, delimiter) for line in every)
    except csv.Error:
        return False


def _swallowed(line: Sequence[str], separator: str) -> bool:
    """Whether a cell holds a line that is one itself."""
    return any(
        part.count(separator) >= max(1, len(line) - 1)
        for cell in line
        if "\n" in cell
        for part in cell.split("\n")
    )


def _plain(cell: str) -> str:
    """A cell without what a program puts around it: ="06…", '06…."""
    cell = cell.strip()
    met = re.fullmatch(r'="?(.*?)"?', cell, re.DOTALL) if cell.startswith('="') else None
    return met[1].strip() if met is not None else cell.removeprefix("'")


# --------------------------------------------------------------------------- workbooks


def _workbook(content: bytes) -> Table:
    if content.startswith(_ZIP):
        try:
            with ZipFile(io.BytesIO(content)) as packed:
                size = sum(part.file_size for part in packed.infolist())
        except (BadZipFile, ValueError, NotImplementedError):
            raise BadFile(msg("import.format")) from None
        if size > MOST_UNPACKED:
            raise BadFile(msg("import.large", limit=MOST_UNPACKED // 1_000_000))
    sheets = list(_sheets(content))
    if not sheets:
        raise BadFile(msg("import.empty"))
    known = [sum(_known(row) for row in rows[:50]) for _, rows in sheets]
    chosen = next((at for at, found in enumerate(known) if found), 0)
    name, rows = sheets[chosen]
    unread = tuple((name, len(rows)) for at, (name, rows) in enumerate(sheets) if at != chosen)
    return Table(tuple(rows), sheet=name, unread=unread)


def _known(row: Row) -> bool:
    return len({*map(column, row.cells)} - {None}) > 1


def _sheets(content: bytes) -> Iterator[tuple[str, list[Row]]]:
    """The sheets that hold anything, those that are hidden last."""
    # Slow to load, and only a workbook needs it.
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        kept = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        kept.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
        for one in kept:
            rows = _rows(book.get_sheet_by_name(one.name).iter_rows())
            if rows:
                yield one.name, rows
    except PasswordError:
        raise BadFile(msg("import.password")) from None
    except CalamineError:
        raise BadFile(msg("import.format")) from None


def _rows(lines: Iterable[Sequence[object]]) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        cells = tuple(map(_cell, line))
        if any(cells[MOST_COLUMNS:]):
            raise BadFile(msg("import.format"))
        if any(cells):
            if len(rows) == MOST_LINES:
                raise BadFile(msg("import.long", limit=MOST_LINES))
            turned = frozenset(at for at, cell in enumerate(line) if _is_turned(cell))
            rows.append(Row(number, cells[:MOST_COLUMNS], turned=turned))
    return rows


def _is_turned(value: object) -> bool:
    return isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta)


def _cell(value: object) -> str:
    # A phone number that the sheet took for a number has lost nothing but its sign.
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return _plain(str(value))
