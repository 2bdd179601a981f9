"""A consultation's stored responses -> its summary -> a file."""

import asyncio
import io
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import BinaryIO

import msgspec

from bot.app import App
from bot.councils import head_of
from bot.localtime import local, local_day, now_ms
from bot.reports.csv import write_csv
from bot.reports.json import write_json
from bot.reports.picture import write_picture
from bot.reports.rendered import ReportFacts
from bot.reports.xlsx import write_xlsx
from flows.kinds import kinds
from flows.summary import Response, Responses, Summary
from storage.database import Row, Transaction

WRITERS: Mapping[str, Callable[[Summary, str, ReportFacts, BinaryIO], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "png": write_picture,
}

#: Media types of the downloads.
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "png": "image/png",
}


async def responses_of(tx: Transaction, row: Row) -> Responses:
    """Everything stored about one consultation, as its summary sees it."""
    stored = await tx.rows("all_responses", consultation_id=row["id"])
    unfinished = await tx.rows("unfinished_answers", consultation_id=row["id"])
    signatures = await tx.rows("signatures_of", consultation_id=row["id"])
    return Responses(
        standing=[_response(r) for r in stored if r["state"] != "withdrawn"],
        withdrawn=sum(1 for r in stored if r["state"] == "withdrawn"),
        unfinished=[
            (frozenset(msgspec.json.decode(u["answers"])), u["awaited"]) for u in unfinished
        ],
        signatures=len(signatures),
        signature_places=Counter(s["commune"] for s in signatures if s["commune"]),
    )


def _response(row: Row) -> Response:
    return Response(
        reference=row["reference"],
        body=msgspec.json.decode(row["body"]),
        state=row["state"],
        channel=row["channel"],
        language=row["language"],
        commune=row["commune"],
        age_band=row["age_band"],
        gender=row["gender"],
        disability=row["disability"],
        assurance=row["assurance"],
        day=local_day(row["created_at"]),
        voices=row["voices"],
    )


async def summary_of(app: App, tx: Transaction, row: Row) -> tuple[Summary, Responses]:
    """The summary of a consultation, and what it was made from."""
    responses = await responses_of(tx, row)
    council = app.register.council(row["council_id"])
    summary: Summary = kinds()[row["kind"]].summary(head_of(row), council, responses)
    return summary, responses


def report_facts(app: App, row: Row, responses: int) -> ReportFacts:
    """What a report says about itself."""
    return ReportFacts(
        code=row["code"],
        council=app.register.council(row["council_id"]).name,
        made_at=local(now_ms()),
        responses=responses,
        version=metadata.version("tachawor"),
    )


async def make(app: App, tx: Transaction, row: Row, format: str, language: str) -> bytes:
    """A download of a consultation's summary."""
    summary, responses = await summary_of(app, tx, row)
    facts = report_facts(app, row, len(responses.standing))
    out = io.BytesIO()
    # A workbook of many responses takes a while to write; the chat goes on meanwhile.
    await asyncio.to_thread(WRITERS[format], summary, language, facts, out)
    return out.getvalue()
