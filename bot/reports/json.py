"""JSON for programs: ids that stay, numbers that are numbers, and a checksum.

    {"schema": 1, "sha256": "...", "payload": {...}}

`sha256` is that of the payload written with sorted keys, no spaces and letters as they are (UTF-8):
`json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`. A cell is
`{"value": ...}`; one that is kept back is `{"value": null, "suppressed": true}`. Shares are fractions
of 1, days `2026-11-21`. `row_ids` name the rows of a table, where they have names: choices as the
definition has them, census codes, and `~unsaid`, `~nowhere`, `~other`, `~gathered` for our own.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from bot.reports.rendered import (
    FirstPage,
    Heading,
    Item,
    ReportFacts,
    Sheet,
    Shown,
    checksum,
    rendered,
)
from flows.statistics.summary import Summary, Suppressed

#: Goes up when a reader of the last one would misread a file.
SCHEMA = 1


def write_json(summary: Summary, language: str, facts: ReportFacts, out: BinaryIO) -> None:
    """Write `summary`, its texts in `language`, to `out`."""
    report = rendered(summary, language, facts)
    payload = {
        "language": report.language,
        "title": report.title,
        "about": {item.id: item_of(item) for item in report.about},
        "figures": [{"id": item.id, **item_of(item)} for item in report.figures],
        "tables": [_table(sheet) for sheet in report.sheets],
        "notes": list(report.notes),
        "findings": None if report.brief is None else _findings(report.brief),
    }
    body = canonical(payload)
    out.write(b'{"schema":%d,"sha256":"%s","payload":' % (SCHEMA, checksum(body).encode()))
    out.write(body)
    out.write(b"}\n")


def verify(content: bytes) -> bool:
    """Whether the payload of a file is the one that its checksum was made from."""
    read = json.loads(content)
    return bool(checksum(canonical(read["payload"])) == read["sha256"])


def canonical(payload: Any) -> bytes:
    """JSON in the one form that a checksum is made from. Raises ValueError for what is no number."""
    dumped = json.dumps(
        payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return dumped.encode()


def item_of(item: Item) -> dict[str, Any]:
    """A figure, or a line of what a file says about itself."""
    return {"title": item.title, **cell_of(item.value)}


def _findings(brief: FirstPage) -> dict[str, Any]:
    return {
        "said": list(brief.said),
        "unsaid": list(brief.unsaid),
        "owed": list(brief.owed),
        "credit": brief.credit,
        "heard": [
            {
                "title": one.title,
                "note": one.note,
                "groups": [{"answers": number, "words": words} for number, words in one.groups],
                "words": [{"answers": number, "word": word} for number, word in one.words],
            }
            for one in brief.heard
        ],
    }


def _table(sheet: Sheet) -> dict[str, Any]:
    return {
        "id": sheet.id,
        "title": sheet.title,
        "columns": [column_of(column) for column in sheet.columns],
        "row_ids": None if sheet.ids is None else list(sheet.ids),
        "rows": [[cell_of(cell) for cell in row] for row in sheet.rows],
        "note": sheet.note,
        "chart": sheet.chart,
    }


def column_of(column: Heading) -> dict[str, str]:
    """A column: what names it for machines, for people, and what its cells are."""
    return {"id": column.id, "title": column.title, "kind": column.kind}


def cell_of(value: Shown) -> dict[str, Any]:
    """A cell, which says itself whether it is kept back."""
    match value:
        case Suppressed():
            return {"value": None, "suppressed": True}
        case Decimal():
            return {"value": float(value)}
        case date():
            return {"value": value.isoformat()}
        case _:
            return {"value": value}
