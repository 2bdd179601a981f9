"""How is a long text cut, and how are choices written as text? The same for every provider.

Telegram and WhatsApp count a message in UTF-16 code units: most letters are one, an emoji two.
"""

import unicodedata
from collections.abc import Iterator

from bot.channels.port import Button

#: Where a text may be cut, the best place first.
_BORDERS = ("\n\n", "\n", " ")

#: Joiners and variation selectors: they belong to the sign before them.
_GLUE = "\u200c\u200d\ufe0e\ufe0f"


def units(text: str) -> int:
    """The length in UTF-16 code units, as the providers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units, none of them blank.

    A part ends at a paragraph, else at a line, else at a word; only a word longer than `limit` is
    cut, and then not between a letter and its marks. White space at a cut is dropped.
    """
    return list(_parts(text.strip(), limit))


def numbered(text: str, buttons: tuple[Button, ...]) -> str:
    """The text with its choices below it, a line each: what remains when no buttons can be shown.

    A choice can then be typed by its number or by its words.
    """
    lines = "\n".join(button.full for button in buttons)
    return f"{text}\n\n{lines}" if text and lines else text or lines


def _parts(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        end = _fitting(text, limit)
        cut = _border(text, end) or _between_signs(text, end)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into `limit` units."""
    used = 0
    for index, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _border(text: str, end: int) -> int | None:
    """The last good place to cut at or before `end`, None in the middle of one long word.

    A paragraph or line that would leave a part less than half full is not worth its cut.
    """
    for border in _BORDERS:
        place = text.rfind(border, 0, end + len(border))
        if place > (end // 2 if border != " " else 0):
            return place
    return None


def _between_signs(text: str, end: int) -> int:
    """The last place at or before `end` that does not part a letter from its marks."""
    cut = end
    while cut > 1 and (
        unicodedata.combining(text[cut])
        or text[cut] in _GLUE
        or text[cut - 1] == "\u200d"
        or unicodedata.category(text[cut]) in ("Me", "Sk")
    ):
        cut -= 1
    return cut if cut > 1 else end
