"""The desk as a file: every case that its filters find, or a page with totals and the first of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from bot.cases import files
from bot.core.localtime import local, now_ms
from bot.reports.rendered import Heading
from bot.results import summaries
from bot.results.making import FileKind, Made, Making
from flows.dialog.facts import Council
from flows.statistics.asked import Asked
from storage.rows import StoredDownload
from storage.rows.cases import CasesPage, CountCases
from storage.rows.downloads import NeedsCounted, NeedsStream


async def _make(making: Making) -> Made:
    return await (_report(making) if making.row.format == "pdf" else _table(making))


def _filters(making: Making) -> tuple[dict[str, Any], str]:
    """The parameters of the queries, and the filters in words."""
    filters = msgspec.json.decode(making.row.filters)
    # What was asked for before the last release has no `unseen`.
    values = {"council_id": making.row.council_id, "unseen": 1, **filters["values"]}
    return values, filters.get("words", "")


async def _table(making: Making) -> Made:
    values, words = _filters(making)
    row = making.row
    async with making.storage.reading() as tx:
        counted = await tx.row(CountCases, **values)
        written = await files.transcripts(tx, row.council_id)
    making.progress.whole = counted.n if counted else 0
    where = making.vault.uncover if row.identities else None
    table = files.CasesTable(making.council, row.language, written, where)
    about = table.about(words, local(now_ms()))
    rows = making.rows(NeedsStream, **values)
    return await making.streamed(about, table.columns, map(table.row, rows))


async def _report(making: Making) -> Made:
    values, words = _filters(making)
    async with making.storage.reading() as tx:
        counted = await tx.rows(NeedsCounted, **values)
        written = await files.transcripts(tx, making.row.council_id)
        shown = await tx.rows(CasesPage, sort="oldest", most=files.MOST_PRINTED, skip=0, **values)
    summary, count = files.summary(making.council, counted, shown, written)
    making.progress.whole = making.progress.done = count
    facts = replace(summaries.facts_about(making.council, "", count), filters=words)
    return await making.rendered(summary, facts)


def _columns(council: Council, row: StoredDownload) -> tuple[Sequence[Heading], Sequence[Asked]]:
    where = str if row.identities else None
    table = files.CasesTable(council, row.language, {}, where)
    return table.columns, files.asked(council)


CASES = FileKind("needs", ("pdf", "xlsx", "csv", "json"), _make, columns=_columns)
