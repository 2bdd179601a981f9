"""How wide is each column of a printed table, and does the table need the page on its side?

Numbers, days and codes get the room they need, because they cannot be broken. Words share what is
left by how much of them there is. Widths are in letters of middle width, about half their height.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

from bot.reports.rendered import Heading, Sheet, Shown
from bot.reports.typeset import LONGEST_WORD

#: Letters in a line of a table on a page that stands, and on one that lies on its side.
STANDING, LYING = 96, 150

#: More columns than this need the page on its side.
MOST_STANDING = 6

#: Room beside the text of a cell, in letters.
GAP = 2

#: The longest text that still makes its column wider, and the least that a bar needs.
_WIDEST, _BAR = 60, 18

_WORD = re.compile(r"\S+")

#: How a value of a kind will be read.
Reading = Callable[[Shown, str], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of each column and of the bars (0 without bars); `wide` lays the page on its side."""

    columns: tuple[int, ...]
    bar: int
    wide: bool


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column cannot do without, and what it would like."""

    least: int
    liked: int


def laid_out(sheet: Sheet, bars: bool, reading: Reading) -> Layout:
    """The widths of a table's columns."""
    needs = [
        _need(column, [row[n] for row in sheet.rows], reading)
        for n, column in enumerate(sheet.columns)
    ]
    least = sum(need.least for need in needs) + (_BAR if bars else 0)
    wide = least > STANDING or len(needs) > MOST_STANDING
    left = max(0, (LYING if wide else STANDING) - least)
    wishes = [need.liked - need.least for need in needs]
    if bars:
        wishes.append(2 * _BAR)
    wished = sum(wishes)
    given = [left * wish // wished if wished else 0 for wish in wishes]
    columns = tuple(need.least + more for need, more in zip(needs, given, strict=False))
    return Layout(columns, _BAR + given[-1] if bars else 0, wide)


def _need(column: Heading, values: Iterable[Shown], reading: Reading) -> _Need:
    texts = [reading(value, column.kind) for value in values if value is not None]
    # A heading of many words takes two lines, not one for each word.
    heading = min(max(_longest_word([column.title]), ceil(len(column.title) / 2)), LONGEST_WORD)
    if column.kind != "text":
        room = max([heading, *map(len, texts)]) + GAP
        return _Need(room, room)
    least = max(heading, min(_longest_word(texts), LONGEST_WORD)) + GAP
    lengths = sorted(map(len, texts))
    # One very long answer shall not take the room of all the others.
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    return _Need(least, max(least, min(usual + GAP, _WIDEST)))


def _longest_word(texts: Iterable[str]) -> int:
    return max((len(word) for text in texts for word in _WORD.findall(text)), default=0)
