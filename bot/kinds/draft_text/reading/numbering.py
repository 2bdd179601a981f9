"""Numbers that a word processor writes by itself: "Article 3", "2.1", which stand in no paragraph's text."""

from collections.abc import Sequence
from typing import Any, Final

#: The name space of the format, as lxml writes it.
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

#: Levels of one list.
LEVELS: Final = 9

#: Formats that show no number.
_NONE = frozenset({"none", "bullet"})

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class Numbering:
    """Counts the numbered paragraphs of a document, asked for each in their order."""

    def __init__(self, document: Any) -> None:
        try:
            part = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            part = None
        self._abstract: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        self._counts: dict[str, list[int]] = {}
        if part is not None:
            for one in part.iter(f"{W}abstractNum"):
                self._abstract[one.get(f"{W}abstractNumId")] = one
            for one in part.iter(f"{W}num"):
                named = one.find(f"{W}abstractNumId")
                if named is not None:
                    self._lists[one.get(f"{W}numId")] = named.get(f"{W}val")

    def of(self, paragraph: Any, styles: Sequence[Any]) -> str:
        """What stands before a paragraph, "" if nothing does; it counts as seen from here on."""
        id, level = self._place(paragraph, styles)
        abstract = self._lists.get(id)
        levels = self._levels(abstract)
        if abstract is None or level not in levels:
            return ""
        # Paragraphs of lists with one pattern are counted together, as the word processor does.
        counts = self._counts.setdefault(abstract, [0] * LEVELS)
        start = _value(levels[level], "start", 1)
        counts[level] = counts[level] + 1 if counts[level] else start
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        return self._written(levels, level, counts)

    def _place(self, paragraph: Any, styles: Sequence[Any]) -> tuple[str, int]:
        """The list of a paragraph and its level there: its own, else its style's."""
        for holder in (paragraph, *styles):
            found = holder.find(f"{W}pPr/{W}numPr")
            if found is None:
                continue
            named, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
            id = named.get(f"{W}val") if named is not None else ""
            return str(id), _number(level.get(f"{W}val"), 0) if level is not None else 0
        return "", 0

    def _levels(self, abstract: str | None) -> dict[int, Any]:
        found = self._abstract.get(abstract or "")
        if found is None:
            return {}
        each = {_number(one.get(f"{W}ilvl"), -1): one for one in found.iter(f"{W}lvl")}
        return {level: one for level, one in each.items() if 0 <= level < LEVELS}

    @staticmethod
    def _written(levels: dict[int, Any], level: int, counts: Sequence[int]) -> str:
        text = levels[level].find(f"{W}lvlText")
        pattern = str(text.get(f"{W}val") or "") if text is not None else ""
        if _format(levels[level]) in _NONE:
            return "–" if _format(levels[level]) == "bullet" else ""
        for above in range(level + 1):
            if above in levels:
                shown = _shown(counts[above] or 1, _format(levels[above]))
                pattern = pattern.replace(f"%{above + 1}", shown)
        return pattern


def _format(level: Any) -> str:
    found = level.find(f"{W}numFmt")
    return str(found.get(f"{W}val")) if found is not None else "decimal"


def _value(level: Any, name: str, default: int) -> int:
    found = level.find(f"{W}{name}")
    return _number(found.get(f"{W}val"), default) if found is not None else default


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default


def _shown(number: int, format: str) -> str:
    """A number as a list shows it; in digits where it would be letters that we do not count in."""
    match format:
        case "lowerLetter" | "upperLetter" if number <= 26:
            letter = chr(ord("a") + number - 1)
            return letter.upper() if format == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            roman = _roman(number)
            return roman.upper() if format == "upperRoman" else roman
        case "decimalZero":
            return f"{number:02}"
        case _:
            return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written
