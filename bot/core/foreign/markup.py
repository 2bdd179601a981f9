"""The lines of a table on a web page: what many programs export and call a sheet."""

from collections.abc import Iterator
from typing import Any


def lines(text: str) -> Iterator[tuple[str, ...]]:
    """The lines of the largest table of a page, none if it has none; a cell over several columns is the first of them."""
    # Slow to load, and only such a file needs it.
    from lxml import html  # type: ignore[import-untyped]  # it ships no types

    page = html.document_fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)
    tables = [table.xpath("./tr | ./*/tr") for table in page.iter("table")]
    for line in max(tables, key=len, default=[]):
        yield tuple(cell for one in line.xpath("./td | ./th") for cell in _cells(one))


def _cells(one: Any) -> list[str]:
    span = one.get("colspan", "1")
    empty = min(int(span), 200) - 1 if span.isdecimal() else 0
    return [" ".join(" ".join(one.itertext()).split()), *[""] * empty]
