"""Numbers in digits, with the separators of every locale: what "1 250", "1.250" and "1,250" may be worth.

A group of three digits after a space, "٬" or an apostrophe is thousands everywhere; so is one after a
dot where the number must be whole (in Morocco and France), and groups after several dots or commas. After
one comma three digits are thousands to some and decimals to others: both readings are given.
"""

import re
from decimal import Decimal

from flows.understanding.numbers import NOTHING, Reading, certain, doubtful

#: More digits are no number that somebody counts; int() refuses thousands of them with an error.
MOST_DIGITS = 18

#: Whatever looks like one number: groups, decimals, a decimal sign at its head.
NUMERAL = r"(?:\d{1,3}(?: \d{3})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫'’٬]\d+)*|[.,٫]\d+)"

_GROUPED = re.compile(
    r"[1-9]\d{0,2}(?:(?: \d{3})+(?:[.,٫]\d+)?|(?:['’٬]\d{3})+(?:[.,٫]\d+)?"
    r"|(?:\.\d{3})+[,٫]\d+|(?:,\d{3})+[.٫]\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})"
)
_EITHER = re.compile(r"[1-9]\d{0,2}[.,٫]\d{3}")
_PLAIN = re.compile(r"\d+(?:[.,٫]\d+)?|[.,٫]\d+")
_PHONE = re.compile(r"0\d{8,}|212[5-8]\d{8}")
#: Nine digits of a telephone without its 0; nobody counts so many one by one.
_BARE_PHONE = re.compile(r"[67]\d{8}")


def worth(written: str, *, decimals: bool) -> Reading[int | Decimal]:
    """What digits may be worth; nothing where they are no number.

    `decimals`: whether decimals fit; without them a value that is not whole is none, but that there
    is another reading keeps the first in doubt. A telephone number is no number here.
    """
    if sum(map(str.isdecimal, written)) > MOST_DIGITS or _PHONE.fullmatch(written):
        return NOTHING
    if _EITHER.fullmatch(written):
        thousands = int(re.sub(r"\D", "", written))
        if "." in written and not decimals:
            return certain(thousands)
        readings: tuple[int | Decimal, ...] = (thousands, _decimal(written))
        if "٫" in written:
            readings = readings[::-1]
    elif _GROUPED.fullmatch(written):
        separator = next(sign for sign in written if not sign.isdecimal())
        readings = (_decimal(written.replace(separator, "").replace("’", "").replace("'", "")),)
    elif _PLAIN.fullmatch(written):
        readings = (_decimal(written),)
    else:
        return NOTHING
    values = [_whole_if_so(value) for value in readings]
    fitting = [value for value in values if decimals or isinstance(value, int)]
    sure = fitting and len(values) == 1 and not _BARE_PHONE.fullmatch(written)
    return certain(fitting[0]) if sure else doubtful(*fitting)


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ".").replace("٫", "."))


def _whole_if_so(value: int | Decimal) -> int | Decimal:
    return int(value) if value == int(value) else value
