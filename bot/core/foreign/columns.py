"""What the lines of a table mean: which of them are people, and what stands where.

    Table -> title, headings, lines (column -> text) and bad lines, and all that is shown before anything is entered

Each line that is no heading and no title is among `lines` or among `bad`: nobody vanishes.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.core.foreign import suspect, tables
from bot.core.foreign.tables import BadFile, Column, Row, Table
from flows.understanding import identity, scripts
from flows.understanding.names.headings import column, is_one_word
from flows.wording.text import Code, Lines, Text, Verbatim, lines, msg

#: Among so many lines headings are looked for: a title stands above them.
HEADED: Final = 40

#: How many lines tell what a column holds.
LOOKED_AT: Final = 50

#: How many lines are shown as they were understood.
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not good, and why."""

    line: int
    text: Text


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown of a file before anything is entered.

    `count` is how many lines of people there are, `first` the first of them: number, and cells by `shown`, the
    columns that are used. `title` are lines above the headings, which stand in `heading_line` (0: there are none).
    """

    letters: str
    separator: str
    sheet: str
    unread: tuple[tuple[str, int], ...]
    title: tuple[tuple[int, str], ...]
    heading_line: int
    columns: tuple[Column, ...]
    count: int
    shown: tuple[str, ...]
    first: tuple[tuple[int, tuple[str, ...]], ...]
    #: Letters of columns that have no heading, and something below it.
    headless: tuple[str, ...] = ()

    @property
    def unused(self) -> tuple[str, ...]:
        """The headings of columns that are not used."""
        return tuple(one.heading for one in self.columns if not one.meant and one.heading)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of somebody: its number, and column -> what stands there."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was understood."""

    seen: Seen
    lines: tuple[Line, ...]
    bad: tuple[BadLine, ...]


def read_sheets(
    content: bytes,
    fields: Sequence[str],
    needed: Sequence[str],
    letters: str = "",
    *,
    once: Collection[str] = (),
) -> tuple[Sheet, ...]:
    """A file as it is understood, several times where its letters may be read in several ways. Raises BadFile."""
    alone = needed[0] if len(needed) == 1 else ""
    found: list[Sheet] = []
    refused: BadFile | None = None
    for table in tables.read(content, letters):
        try:
            found.append(understood(table, fields, needed, alone=alone, once=once))
        except BadFile as error:
            refused = refused or error
    if not found and refused is not None:
        raise refused
    return tuple(found)


def understood(
    table: Table,
    fields: Collection[str],
    needed: Collection[str],
    *,
    alone: str = "",
    once: Collection[str] = (),
) -> Sheet:
    """What a table says about `fields`, of which the `needed` ones must be there. Raises BadFile.

    `alone` is a field that may stand without any heading. A field has one column if it is among `once`; another that
    has two is taken from the first in which something stands.
    """
    at, columns = _headings(table.rows, fields, needed, once, alone)
    # A line of somebody above the headings is no title: the sheet was sorted with them.
    above = [row for row in table.rows[: max(at, 0)] if _somebody(row, columns, needed)]
    body = table.rows[at + 1 :] if at >= 0 else table.rows
    width = len(table.rows[at].cells) if at >= 0 else 0
    used = [(place, one.meant) for place, one in enumerate(columns) if one.meant]
    halves = ("given", "family")
    shown = tuple(dict.fromkeys("name" if meant in halves else meant for _, meant in used))
    kept: list[Line] = []
    bad = [BadLine(row.number, msg("import.above")) for row in above]
    first: list[tuple[int, tuple[str, ...]]] = []
    others = 0
    for row in body:
        cells: dict[str, str] = {}
        for place, meant in used:
            if place < len(row.cells) and row.cells[place] and not cells.get(meant):
                cells[meant] = row.cells[place]
        cells = _whole_name(cells)
        if len(first) < SHOWN:
            first.append((row.number, tuple(cells.get(meant, "") for meant in shown)))
        wrong = row.wrong or suspect.wrong(row, table, columns, width)
        if wrong is None and _half_named(cells, columns):
            wrong = msg("import.half_name")
        if others:
            wrong = msg("import.below_others", line=others)
        elif at >= 0 and suspect.is_headings(row, columns) and suspect.are_others(row, columns):
            others = row.number
        if wrong is None:
            kept.append(Line(row.number, cells))
        else:
            bad.append(BadLine(row.number, wrong))
    title = tuple(
        (row.number, " ".join(filter(None, row.cells))[:120])
        for row in table.rows[: max(at, 0)]
        if row not in above
    )
    seen = Seen(
        table.letters,
        table.separator,
        table.sheet,
        table.unread,
        title,
        table.rows[at].number if at >= 0 else 0,
        tuple(columns),
        len(above) + len(body),
        shown,
        tuple(first),
        _headless(body, columns, table) if at >= 0 else (),
    )
    return Sheet(seen, tuple(kept), tuple(bad))


def _headless(body: Sequence[Row], columns: Sequence[Column], table: Table) -> tuple[str, ...]:
    """Columns without a heading that hold something. Raises BadFile where one goes on with a name or an address."""
    count: Counter[int] = Counter()
    for row in body:
        # In a text a line with more cells than headings is bad by itself.
        cells = row.cells[: len(columns)] if table.separator else row.cells
        count.update(
            at
            for at, cell in enumerate(cells)
            if cell and (at >= len(columns) or not columns[at].heading)
        )
    for at in sorted(count):
        if 0 < at <= len(columns) and columns[at - 1].meant in suspect.WORDS:
            raise BadFile(msg("import.headless", column=Code(_letter(at)), number=count[at]))
    return tuple(_letter(at) for at in sorted(count))


def _letter(place: int) -> str:
    """What a spreadsheet calls a column: A, B, ... Z, AA."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _half_named(cells: Mapping[str, str], columns: Sequence[Column]) -> bool:
    """Whether a name that stands in two columns has one half only: "EL FASSI" is no first and family name."""
    halves = [half for half in ("given", "family") if any(one.meant == half for one in columns)]
    return len(halves) == 2 and sum(1 for half in halves if cells.get(half)) == 1


def _somebody(row: Row, columns: Sequence[Column], needed: Collection[str]) -> bool:
    """Whether all that is needed stands in a line, and is what it should be."""
    cells = _whole_name(
        {
            one.meant: cell
            for one, cell in zip(columns, row.cells, strict=False)
            if one.meant and cell
        }
    )
    return (
        cells.keys() >= {*needed}
        and ("cin" not in needed or identity.cin(cells["cin"]) is not None)
        and ("phone" not in needed or bool(telephone(cells["phone"])[0]))
    )


# --------------------------------------------------------------------------- headings


def _headings(
    rows: Sequence[Row],
    fields: Collection[str],
    needed: Collection[str],
    once: Collection[str],
    alone: str,
) -> tuple[int, list[Column]]:
    """Which of the rows has the headings (-1 for none), and the columns. Raises BadFile."""
    best, most = -1, 0
    for at, row in enumerate(rows[:HEADED]):
        meant = _meant(row.cells, fields)
        if alone and alone not in meant and "number" in map(column, row.cells):
            meant = _numbered(rows, at, meant, alone)
        known = {*meant} - {""}
        if {"given", "family"} <= known:
            known.add("name")
        if known.issuperset(needed):
            if _side_by_side(row.cells):
                raise BadFile(msg("import.side_by_side"))
            return at, _columns(row.cells, meant, once)
        if len(known) > most:
            best, most = at, len(known)
    if alone:
        place = _alone(rows[0].cells)
        if place is not None:
            count = max(len(row.cells) for row in rows[:LOOKED_AT])
            return -1, [Column("", alone if n == place else "") for n in range(count)]
    raise BadFile(_missing(rows[max(best, 0)], fields, needed, once, alone))


def _side_by_side(cells: Sequence[str]) -> bool:
    """Whether the same headings come once more: two tables on one sheet, and no second telephone of somebody."""
    known = [one for cell in cells if (one := column(cell))]
    return any(
        len({*known[:part]}) > 1 and known == known[:part] * (len(known) // part)
        for part in range(2, len(known) // 2 + 1)
    )


def _missing(
    row: Row, fields: Collection[str], needed: Collection[str], once: Collection[str], alone: str
) -> Text:
    if alone:
        return msg("import.columns", found=Verbatim(", ".join(filter(None, row.cells))[:200]))
    meant = _meant(row.cells, fields)
    unknown = [cell for cell, one in zip(row.cells, meant, strict=True) if cell and column(cell) is None]  # fmt: skip
    parts: list[Text] = [
        msg("pdesk.column_unknown", found=Verbatim(cell[:60])) for cell in unknown[:SHOWN]
    ]
    parts += _double(meant, once)
    parts += [msg("pdesk.column_missing", column=msg(f"pdesk.field.{one}")) for one in needed if one not in meant]  # fmt: skip
    return _wrong_columns(parts)


def _wrong_columns(parts: Sequence[Text]) -> Lines:
    return lines(msg("pdesk.columns_wrong"), *parts)


def _double(meant: Sequence[str], once: Collection[str]) -> list[Text]:
    count = Counter(meant)
    return [
        msg("pdesk.column_double", column=msg(f"pdesk.field.{one}"))
        for one in once
        if count[one] > 1
    ]


def _columns(cells: Sequence[str], meant: Sequence[str], once: Collection[str]) -> list[Column]:
    double = _double(meant, once)
    if double:
        raise BadFile(_wrong_columns(double))
    return [
        Column(cell, one, spare=bool(one) and one in meant[:at])
        for at, (cell, one) in enumerate(zip(cells, meant, strict=True))
    ]


def _meant(cells: Sequence[str], fields: Collection[str]) -> list[str]:
    """What each column means, "" for one that is not used.

    A name may stand in two columns. Beside one half "nom" is the other one.
    """
    meant = [column(cell) or "" for cell in cells]
    halves = {"given", "family"} & {*meant}
    if "name" in fields and halves:
        if len(halves) == 1 and "name" in meant:
            other = "family" if "given" in halves else "given"
            # "Nom et prénom" is whole beside "Prénom" too, "Nom" is the family's.
            parts = [
                one == "name" and is_one_word(cell) for one, cell in zip(meant, cells, strict=True)
            ]
            if not any(parts):
                return [one if one in fields and one not in halves else "" for one in meant]
            meant = [other if part else one for one, part in zip(meant, parts, strict=True)]
        if {"given", "family"} <= {*meant}:
            # The first stands for both: `_whole_name` puts them together.
            meant = ["" if one == "name" else one for one in meant]
    return [one if one in fields or ("name" in fields and one in ("given", "family")) else "" for one in meant]  # fmt: skip


def _numbered(rows: Sequence[Row], at: int, meant: list[str], alone: str) -> list[str]:
    """The same, where a column that is called "number" holds phones, and no count of the lines."""
    place = [column(cell) for cell in rows[at].cells].index("number")
    cells = [row.cells[place] for row in rows[at + 1 : at + LOOKED_AT] if place < len(row.cells)]
    if any(identity.phone(cell) is not None for cell in cells):
        return [alone if n == place else one for n, one in enumerate(meant)]
    return meant


def _alone(cells: Sequence[str]) -> int | None:
    found = [place for place, cell in enumerate(cells) if identity.phone(cell) is not None]
    return found[0] if len(found) == 1 else None


def _whole_name(cells: dict[str, str]) -> dict[str, str]:
    halves = [cells[half] for half in ("given", "family") if cells.get(half)]
    return {**cells, "name": " ".join(halves)} if halves else cells


# --------------------------------------------------------------------------- telephones

_POWER: Final = re.compile(r"\d(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
#: What is a number of a sheet and none of a telephone.
_NO_PHONE: Final = re.compile(r"-\d+|\d?[.,]\d{7,}")
_WHOLE: Final = re.compile(r"(\+?\d{7,})[.,]0+")
_SEVERAL: Final = re.compile(r"[/;,\n|]|\s(?:ou|et|or|and|أو|و)\s")


def telephone(cell: str) -> tuple[str, Text | None]:
    """A telephone's number (E.164) as a spreadsheet may have left it, or "" and why it is none.

    What is certain is mended (212612345678.0, 2.12612345678E+11); digits that are lost are never guessed.
    """
    plain = scripts.digits(cell).strip()
    power = _POWER.fullmatch(plain.replace(" ", ""))
    if power is not None:
        if len(power[1] or "") != int(power[2]):
            return "", msg("import.shortened", value=Verbatim(plain[:40]))
        plain = str(int(Decimal(plain.replace(" ", "").replace(",", "."))))
    whole = _WHOLE.fullmatch(plain)
    plain = whole[1] if whole is not None else plain
    if _NO_PHONE.fullmatch(plain):
        return "", msg("import.number", value=Verbatim(plain[:40]), example=Code("0612345678"))
    parts = [identity.phone(part) for part in _SEVERAL.split(plain)]
    if len([part for part in parts if part]) > 1:
        return "", msg("import.two_numbers", value=Verbatim(plain[:60]))
    number = identity.phone(plain)
    if number is None:
        return "", msg("import.number", value=Verbatim(plain[:40]), example=Code("0612345678"))
    return number, None
