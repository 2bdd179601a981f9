"""How a text, a number and a share look on a set page.

Pictures, reports and papers are made of these, so that all of them say the same alike. A text is an
object of its `lines` and its direction (`rtl`), which templates/common.typ sets as `words`.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.reports.rendered import Sheet, Shown
from bot.reports.typeset import LONGEST_WORD, settable
from bot.reports.xlsx import reads_right_to_left

#: The longest label or title that is shown in full, in characters.
LONGEST = 300

# A phone number or one with spaces, a pin's two numbers, then dates, codes and amounts.
_FLIPS = re.compile(
    r"(?<![\w+])(?:(?:\+|00?)\d[\d .\-]{6,}\d|-?\d+\.\d+, -?\d+\.\d+"
    r"|[A-Z0-9]+(?:[.,:/\-\u00a0\u202f][A-Z0-9]+)+(?: \d\d:\d\d)?)(?!\w)"
)

NO_BREAK = "\N{NO-BREAK SPACE}"


class Print:
    """Texts of one document, which runs from right to left or the other way."""

    def __init__(self, right_to_left: bool) -> None:
        self._right_to_left = right_to_left

    def text(self, text: str, longest: int = LONGEST) -> dict[str, Any]:
        """A text in one line that fits: what is too long ends with an ellipsis."""
        # A label of nothing but letters that no font has still names its bar.
        return self.lines(shortened(text, longest).replace("\n", " "), otherwise="–")

    def lines(
        self, text: str, otherwise: str = "", longest_word: int = LONGEST_WORD
    ) -> dict[str, Any]:
        """A text with the line breaks it has; `otherwise` stands for one without any glyph.

        Words of more than `longest_word` characters may be broken anywhere.
        """
        shown = settable(text, longest_word).strip("\n")
        shown = shown or (otherwise if text else "")
        # What has digits and no letters is a phone number, a pin or an amount.
        bare = any(c.isdecimal() for c in shown)
        rtl = reads_right_to_left(shown, self._right_to_left and not bare)
        return {"lines": (together(shown) if rtl else shown).split("\n"), "rtl": rtl}


def together(text: str) -> str:
    """`text` with isolates round phone numbers, pins, dates and codes, which would flip in Arabic."""
    return _FLIPS.sub(lambda met: f"\u2066{met[0]}\u2069", text)


def shortened(text: str, longest: int) -> str:
    """`text`, or its beginning and an ellipsis: together at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def number(value: Shown) -> str | None:
    """A number, day or time as it is read in Morocco; None for a text or what is hidden."""
    match value:
        case datetime():
            return value.strftime(f"%d/%m/%Y{NO_BREAK}%H:%M")
        case date():
            return value.strftime("%d/%m/%Y")
        case int() | float() | Decimal():
            return f"{value:,}".replace(",", NO_BREAK).replace(".", ",")
        case _:
            return None


def whole_percent(part: Decimal, language: str) -> str:
    """A share in whole per cent, in which neither few become none nor nearly all become all."""
    whole = int((part * 100).to_integral_value(ROUND_HALF_UP))
    sign = _sign(language)
    if part > 0 and whole == 0:
        return f"<1{sign}"
    if part < 1 and whole == 100:
        return f">99{sign}"
    return f"{whole}{sign}"


def percent(part: Decimal, language: str) -> str:
    """A share in tenths of a per cent, as tables have it."""
    return f"{part * 100:.1f}".replace(".", ",") + _sign(language)


def _sign(language: str) -> str:
    return f"{NO_BREAK}%" if language in ("fr", "zgh") else "%"


def can_be_drawn(sheet: Sheet) -> bool:
    """Whether bars can show this table."""
    counted = any(column.kind == "count" for column in sheet.columns)
    return sheet.chart == "bar" and counted and bool(sheet.rows)


def persons(cell: Shown) -> int:
    """A count; a hidden one is drawn as none."""
    return cell if isinstance(cell, int) else 0


def largest(rows: Sequence[Sequence[Shown]], count: int, most: int) -> Sequence[Sequence[Shown]]:
    """The `most` rows with the most persons in column `count`, in the order of the table."""
    order = sorted(range(len(rows)), key=lambda n: persons(rows[n][count]), reverse=True)
    return [rows[n] for n in sorted(order[:most])]
