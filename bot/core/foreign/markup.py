"""The lines of a table on a web page: what many programs export and call a sheet."""

from collections.abc import Iterator
from typing import Any


def lines(text: str) -> Iterator[tuple[str, ...]]:
    """The lines of the largest table of a page, none if it has none; a cell over several columns or lines is the
    first of them.
    """
    # Slow to load, and only such a file needs it.
    from lxml import html  # type: ignore[import-untyped]  # it ships no types

    page = html.document_fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    tables = [table.xpath("./tr | ./*/tr") for table in page.iter("table")]
    #: Column -> how many of the next lines a cell from above reaches into.
    reaching: dict[int, int] = {}
    for line in max(tables, key=len, default=[]):
        cells: list[str] = []
        below = {place: left - 1 for place, left in reaching.items() if left > 1}
        for one in line.xpath("./td | ./th"):
            while len(cells) in reaching:
                cells.append("")
            if (left := _span(one, "rowspan") - 1) > 0:
                below |= {len(cells) + at: left for at in range(_span(one, "colspan"))}
            cells += [_text(one), *[""] * (_span(one, "colspan") - 1)]
        reaching = below
        yield tuple(cells)


def _span(one: Any, name: str) -> int:
    span = one.get(name, "1")
    return max(1, min(int(span), 200)) if span.isdecimal() else 1


def _text(one: Any) -> str:
    return " ".join(" ".join(one.itertext()).split())
