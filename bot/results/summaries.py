"""A consultation's stored responses -> its summary -> a file."""

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from sys import intern
from typing import Any, BinaryIO

import msgspec

from bot.core.councils import Register, head_of
from bot.core.localtime import local, local_day, now_ms
from bot.reports.codebook import codebook
from bot.reports.csv import write_csv
from bot.reports.json import write_json
from bot.reports.pdf import write_pdf
from bot.reports.picture import write_picture
from bot.reports.rendered import ReportFacts
from bot.reports.xlsx import write_xlsx
from bot.staff import confirmed, crowds
from bot.staff.open_answers import heard
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.statistics.asked import OwnWords
from flows.statistics.summary import Response, Responses, Summary
from flows.understanding.moderation import HIDDEN, masked
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.downloads import ResponsesPage
from storage.rows.public import PublicConsultations
from storage.rows.responses import HidingsOf, UnfinishedAnswers

#: Responses read at a time.
PAGE = 2000

#: Different bodies that are remembered while responses are read: most answers to a poll are alike.
ALIKE = 5000

WRITERS: Mapping[str, Callable[[Summary, str, ReportFacts, BinaryIO], None]] = {
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "csv": write_csv,
    "json": write_json,
    "png": write_picture,
}

#: Formats that carry a code book as one more table.
EXPLAINED = frozenset({"csv", "xlsx", "json"})


#: Formats that begin with what is read in two minutes.
BRIEFED = frozenset({"pdf", "png", "json"})

#: Media types of the downloads.
TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "png": "image/png",
}


async def responses_of(
    register: Register,
    tx: Transaction,
    row: StoredConsultation | PublicConsultations,
    heard_until: int | None = None,
) -> Responses:
    """Everything stored about one consultation, as its summary sees it.

    Of its voice notes, what staff have entered; with `heard_until` (ms) only what they had entered by then.
    """
    unfinished = await tx.rows(UnfinishedAnswers, consultation_id=row.id)
    besides = register.besides.get(row.kind)
    more = await besides(tx, row.id) if besides is not None else None
    hidden = await hidden_of(tx, row.id)
    entered = await heard.entries(tx, row.id, heard_until)
    kind, head = kinds()[row.kind], head_of(row)
    own_words, heard_in = kind.own_words(head), kind.heard(head)
    read = _Read(own_words, heard_in, hidden, entered)
    after = 0
    while True:
        page = await tx.rows(ResponsesPage, consultation_id=row.id, after=after, most=PAGE)
        # Of hundreds of thousands it takes long; the chat goes on meanwhile.
        await asyncio.to_thread(read.take, page)
        if len(page) < PAGE:
            break
        after = page[-1].id
    return Responses(
        standing=read.standing,
        withdrawn=read.withdrawn,
        unfinished=[(frozenset(msgspec.json.decode(u.answers)), u.awaited) for u in unfinished],
        besides=more,
        awaiting=await crowds.awaiting(tx, row.id),
        unconfirmed=await confirmed.unconfirmed(tx, row.id),
        over=row.state in ("closed", "archived"),
    )


class _Read:
    """What has been read of the responses to one consultation."""

    def __init__(
        self,
        own_words: Sequence[OwnWords],
        heard_in: Sequence[OwnWords],
        hidden: Mapping[int, frozenset[str]],
        entered: heard.Entries,
    ) -> None:
        self.standing: list[Response] = []
        self.withdrawn = 0
        self._own_words, self._heard_in = own_words, heard_in
        self._hidden, self._entered = hidden, entered
        self._bodies: dict[str, Any] = {}

    def take(self, page: Sequence[ResponsesPage]) -> None:
        """Read some more."""
        for stored in page:
            if stored.state == "withdrawn":
                # What is set aside nobody took back.
                self.withdrawn += stored.kept_state in (None, "withdrawn")
            else:
                told = heard.laid(stored, self._heard_in, self._entered)
                one = response_of(told, self._own_words, self._hidden, self._bodies)
                self.standing.append(one)


async def hidden_of(tx: Transaction, consultation_id: int) -> Mapping[int, frozenset[str]]:
    """Which words are not shown: response -> the names of their fields."""
    found: dict[int, set[str]] = {}
    for row in await tx.rows(HidingsOf, consultation_id=consultation_id):
        found.setdefault(row.response_id, set()).add(row.field)
    return {id: frozenset(fields) for id, fields in found.items()}


def response_of(
    row: ResponsesPage,
    own_words: Sequence[OwnWords],
    hidden: Mapping[int, frozenset[str]],
    bodies: dict[str, Any] | None = None,
) -> Response:
    """A stored response as summaries and files see it.

    `bodies` remembers what was read before: equal bodies are one, and must not be changed.
    """
    text = row.body
    body = bodies.get(text) if bodies is not None else None
    if body is None:
        body = unnamed(msgspec.json.decode(text))
        if bodies is not None and len(bodies) < ALIKE:
            bodies[text] = body
    if row.id in hidden:
        body = without(own_words, body, hidden[row.id])
    return Response(
        reference=row.reference,
        body=body,
        # Each of these has few values: of a million answers they would take more room than all else.
        state=intern(row.state),
        channel=intern(row.channel),
        language=intern(row.language),
        commune=row.commune and intern(row.commune),
        age_band=row.age_band and intern(row.age_band),
        gender=row.gender and intern(row.gender),
        disability=row.disability and intern(row.disability),
        assurance=intern(row.assurance),
        day=local_day(row.created_at),
        voices=row.voices,
        phase=row.phase,
        person=row.person_id or 0,
    )


def unnamed(stored: Any) -> Any:
    """A body without the numbers and addresses that somebody wrote into a text of it and that could say
    whose it is: totals and files are passed on. The desk shows them to who answers.
    """
    if not isinstance(stored, dict):
        return stored
    found = {key: unnamed(value) for key, value in stored.items()}
    if isinstance(found.get("text"), str):
        found["text"] = masked(found["text"])
    return found


def without(
    own_words: Sequence[OwnWords], body: Mapping[str, Any], fields: frozenset[str]
) -> Mapping[str, Any]:
    """A body with a mark in the place of the words that are not shown, and without their files."""
    for words in own_words:
        said = words.within(body)
        if words.field in fields and isinstance(said, dict) and "text" in said:
            body = words.put(body, {**said, "text": HIDDEN, "media": []})
            for path in words.also:
                beside = OwnWords("", words.title, path)
                if beside.within(body):
                    body = beside.put(body, {"text": HIDDEN})
    return body


async def summary_of(
    register: Register,
    tx: Transaction,
    row: StoredConsultation,
    heard_until: int | None = None,
) -> tuple[Summary, Responses]:
    """The summary of a consultation, and what it was made from (see `responses_of`)."""
    responses = await responses_of(register, tx, row, heard_until)
    council = register.council(row.council_id)
    kind = kinds()[row.kind]
    summary: Summary = await asyncio.to_thread(kind.summary, head_of(row), council, responses)
    return summary, responses


def report_facts(register: Register, row: StoredConsultation, responses: int) -> ReportFacts:
    """What a report about a consultation says about itself."""
    return facts_about(register.council(row.council_id), row.code, responses)


def facts_about(council: Council, code: str, responses: int | None) -> ReportFacts:
    """What any report says about itself."""
    return ReportFacts(
        code=code,
        council=council.name,
        made_at=local(now_ms()),
        responses=responses,
        version=metadata.version("tachawor"),
    )


async def written(
    register: Register,
    row: StoredConsultation,
    summary: Summary,
    count: int,
    format: str,
    language: str,
) -> bytes:
    """A consultation's summary, about `count` responses, as a file."""
    facts = report_facts(register, row, count)
    if format not in BRIEFED:
        summary = replace(summary, brief=None)
    if format in EXPLAINED:
        council = register.council(row.council_id)
        asked = kinds()[row.kind].asked(head_of(row), council)
        book = codebook(summary, asked, language)
        summary = replace(summary, tables=(*summary.tables, book))
    out = io.BytesIO()
    # A workbook of many responses takes a while to write; the chat goes on meanwhile.
    await asyncio.to_thread(WRITERS[format], summary, language, facts, out)
    return out.getvalue()
