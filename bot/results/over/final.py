"""The final result of a consultation: a file for everyone, whose SHA-256 the ledger has.

    closed -> due -> the summary as everyone may see it -> kept as a file -> entry "result" with its SHA-256

The file is kept as it was made, so what is served is what was hashed, byte for byte. Nobody's own words are in it, so
an erasure takes nothing out of it. It is made anew, with another entry, when a clerk decides about a group of
contributions that looked like a machine's, and when what was opened again has closed again. Voice notes that staff hear
only after the end are in none of them.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.core import ledger
from bot.core.councils import Register, head_of
from bot.core.localtime import now_ms
from bot.reports.json import canonical, cell_of
from bot.results import summaries
from bot.results.public_record import ISOLATES, moment_text
from bot.services import Services
from flows.dialog.facts import Texts
from flows.kinds import kinds
from flows.statistics.summary import Cell, Summary, Suppressed, Table
from flows.wording import render
from flows.wording.text import LANGUAGES, Code, Text, Verbatim
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.public import DueResults, FinalResult, KeepFinal

#: The version of the form of the file; docs/public-data.md describes it.
FORM = 1


def for_everyone(summary: Summary, kind: str) -> Sequence[Table]:
    """The tables of a summary that everyone may see: counts. Own words are for the council."""
    told = kinds()[kind].publicity.tables
    return [one for one in summary.tables if one.chart == "bar" or one.id in told]


async def enter_due(services: Services) -> None:
    """Make the final result of what has closed, and enter it into the ledger."""
    async with services.storage.reading() as tx:
        due = await tx.rows(DueResults)
    for one in due:
        async with services.storage.reading() as tx:
            row = await services.register.by_id(tx, one.id)
            # What staff hear after the end is in the results, and never in what the ledger has.
            summary, _ = await summaries.summary_of(
                services.register, tx, row, heard_until=one.closed_at or None
            )
        # Of many tables in five languages a while; the chat goes on meanwhile.
        body = await asyncio.to_thread(file_of, services.register, row, one.closed_at, summary)
        async with services.storage.transaction() as tx:
            await _keep(tx, row, one.closed_at, body)


async def _keep(tx: Transaction, row: StoredConsultation, closed_at: int, body: str) -> None:
    digest = hashlib.sha256(body.encode()).hexdigest()
    kept = await tx.row(
        KeepFinal, id=row.id, closed_at=closed_at, digest=digest, body=body, at=now_ms()
    )
    # Nothing comes back where another process was faster, or it was opened again meanwhile.
    if kept is not None:
        entry = {"what": "result", "code": row.code, "sha256": digest}
        await ledger.append(tx, row.council_id, entry, now_ms())


async def kept(tx: Transaction, row: StoredConsultation) -> FinalResult | None:
    """The file of a consultation that is over, None before it is made."""
    if row.state not in ("closed", "archived"):
        return None
    return await tx.row(FinalResult, consultation_id=row.id)


def file_of(register: Register, row: StoredConsultation, closed_at: int, summary: Summary) -> str:
    """The file: JSON in one line, with every text in every language."""
    council = register.council(row.council_id)

    def said(text: Text) -> Texts:
        return {
            code: render(text, code, council.language).translate(ISOLATES) for code in LANGUAGES
        }

    def cell(value: Cell) -> dict[str, Any]:
        match value:
            case Code() | Verbatim():
                return cell_of(value.text)
            case Suppressed() | Decimal() | date() | str() | int() | float() | None:
                return cell_of(value)
            case _:
                return {"texts": said(value)}

    def table(one: Table) -> dict[str, Any]:
        return {
            "id": one.id,
            "title": said(one.title),
            "columns": [
                {"id": column.id, "title": said(column.title), "kind": column.kind}
                for column in one.columns
            ],
            "rows": [[cell(value) for value in line] for line in one.rows],
            "note": None if one.note is None else said(one.note),
        }

    payload = {
        "form": FORM,
        "result": row.code,
        "council": council.code,
        "kind": row.kind,
        "title": head_of(row).title,
        "closed_at": moment_text(closed_at) if closed_at else None,
        "figures": [
            {"id": one.id, "title": said(one.title), **cell(one.value)} for one in summary.figures
        ],
        "tables": [table(one) for one in for_everyone(summary, row.kind)],
        "notes": [said(note) for note in summary.notes],
    }
    return canonical(payload).decode() + "\n"
