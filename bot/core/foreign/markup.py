"""The lines of a table on a web page: what many programs export and call a sheet."""

from collections.abc import Iterator
from typing import Any


def lines(text: str) -> tuple[list[tuple[str, ...]], list[int]]:
    """The lines of the largest table of a page, none if it has none; and how many lines its other tables have.

    A cell over several columns or lines is the first of them.
    """
    # Slow to load, and only such a file needs it.
    from lxml import html  # type: ignore[import-untyped]  # it ships no types

    page = html.document_fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    tables = [table.xpath("./tr | ./*/tr") for table in page.iter("table")]
    largest: list[Any] = max(tables, key=len, default=[])
    others = [len(table) for table in tables if table is not largest and any(map(_filled, table))]
    return list(_cells(largest)), others


def _cells(table: list[Any]) -> Iterator[tuple[str, ...]]:
    #: Column -> how many of the next lines a cell from above reaches into.
    reaching: dict[int, int] = {}
    for line in table:
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


def _filled(line: Any) -> bool:
    return bool(_text(line)) and not line.xpath(".//table")


def _span(one: Any, name: str) -> int:
    span = one.get(name, "1")
    return max(1, min(int(span), 200)) if span.isdecimal() else 1


def _text(one: Any) -> str:
    return " ".join(" ".join(one.itertext()).split())
