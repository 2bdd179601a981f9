"""Lines that would be read wrongly in silence: each is named instead.

A separator inside a cell, headings in the middle, letters that are question marks, a day where a text was.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.core.foreign.tables import Column, Row, Table
from flows.understanding.names.headings import column
from flows.wording.text import Code, Text, msg

#: Columns of words: what was meant cannot be told from what a spreadsheet made of it.
WORDS: Final = frozenset({"name", "given", "family", "address"})

_SIGNS: Final = {"\t": "⇥"}

#: Letters that a program could not save: "????", "R?sidence", "?mile".
_QUESTION_MARKS: Final = re.compile(r"\?\?|\w\?\w|(?<![\w(])\?\w")


def wrong(row: Row, table: Table, columns: Sequence[Column], width: int) -> Text | None:
    """Why the cells of a line cannot be told, if so. `width` is how many headings there are, 0 without."""
    if is_headings(row, columns):
        return msg("import.headings_again")
    if table.separator and width and (any(row.cells[width:]) or _spaced(row, columns)):
        # A separator in a cell without quotes: what stands behind it is under another heading.
        return msg("import.shifted", sign=Code(_SIGNS.get(table.separator, table.separator)))
    words = [place for place, one in enumerate(columns) if one.meant in WORDS]
    if any(place in row.turned for place in words):
        return msg("import.turned", example=Code("12/3"))
    said = [row.cells[place] for place in words if place < len(row.cells)]
    if any(_QUESTION_MARKS.search(cell) for cell in said):
        return msg("import.spoiled")
    return None


def _spaced(row: Row, columns: Sequence[Column]) -> bool:
    """Whether a cell goes on with the one before it: "rue 5, n 12" in a file of "a,b,c"."""
    return any(
        place in row.spaced and columns[place - 1].meant in WORDS
        for place in range(1, min(len(columns), len(row.cells)))
    )


def is_headings(row: Row, columns: Sequence[Column]) -> bool:
    """Whether a line below the headings holds headings again: the same, or others."""
    known = {at for at, cell in enumerate(row.cells) if cell and column(cell) is not None}
    filled = [cell for cell in row.cells if cell]
    if len(known) > 1 and len(known) * 2 > len(filled):
        return True
    again = [at for at, one in enumerate(columns) if one.meant and at in known and _same(row.cells[at], one)]  # fmt: skip
    return len(again) > 1 or (bool(again) and len(filled) == 1)


def _same(cell: str, one: Column) -> bool:
    return bool(one.heading) and column(cell) == column(one.heading)


def are_others(row: Row, columns: Sequence[Column]) -> bool:
    """Whether headings in the middle say something else of the lines below them than the first did."""
    cells = [*row.cells, *[""] * (len(columns) - len(row.cells))]
    before = [one.heading for one in columns] + [""] * (len(cells) - len(columns))
    told = [(column(was), column(cell)) for was, cell in zip(before, cells, strict=True)]
    return sum(1 for _, now in told if now) > 1 and any(was != now for was, now in told)
