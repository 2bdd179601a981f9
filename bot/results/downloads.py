"""Files that staff take away: made one after another beside the chat, row by row, with progress.

    ask -> waiting -> running (done of whole) -> done with its checksum | failed with a sentence
                                              -> gone, a day later

What is about totals comes from the kinds' summaries; what is a row each is streamed, so a million
rows take no more memory than a thousand.
"""

import asyncio
import contextlib
import hashlib
import io
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.channels.port import OutMedia
from bot.core.councils import Register, head_of
from bot.core.localtime import local, now_ms
from bot.core.vault import Vault
from bot.kinds.need import files
from bot.kinds.petition import signatories
from bot.outbox.media_files import MediaFiles
from bot.outreach.organizers import StaffChats
from bot.reports import flow_results
from bot.reports.streams import open_stream
from bot.results import council_record, requests, summaries
from bot.results.summaries import WRITERS
from flows.wording import render
from flows.wording.text import Code, msg
from storage.database import Storage, Transaction
from storage.rows import StoredConsultation, StoredDownload
from storage.rows.cases import CasesPage, CountCases
from storage.rows.consultations import ConsultationByCode
from storage.rows.downloads import (
    NeedsCounted,
    NeedsStream,
    OldDownloads,
    ResponsesPage,
    Signatories,
    TakeDownload,
)
from storage.rows.responses import CountStanding
from storage.rows.staff import StaffById

log = logging.getLogger("tachawor.downloads")

#: How long a file is kept, ms.
KEPT_MS = 24 * 3_600_000

#: A maker that was not heard of for so long is gone; ms.
LOST_MS = 60_000

#: Rows taken from the database at a time, and the longest rest after them in seconds.
PAGE = 200
LONGEST_REST = 0.05

#: Seconds between two looks for work, and between two words on how far it is.
LOOK_SECONDS = 2.0
TELL_SECONDS = 0.7


#: Rows that are read a page at a time, by their id.
Paged = TypeVar("Paged", NeedsStream, Signatories, ResponsesPage)


class CannotMake(Exception):
    """A file that cannot be made; the message is an entry of the staff catalogue."""


@dataclass(slots=True)
class Progress:
    """How far a file is; its maker counts, the worker tells."""

    done: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is there: its size in bytes and SHA-256."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the files that are waited for, one at a time."""

    storage: Storage
    register: Register
    vault: Vault
    media: MediaFiles
    chats: StaffChats
    #: Set when somebody on the staff wants a file made.
    wanted: asyncio.Event

    async def run(self) -> None:
        """Make files until cancelled. A failure is told on the page, and the next is taken."""
        while True:
            try:
                while await self.make_next():
                    pass
            except Exception:
                log.exception("downloads: a round failed; going on")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.wanted.wait(), LOOK_SECONDS)
            self.wanted.clear()

    async def make_next(self) -> bool:
        """Make one file. False if none is waited for."""
        at = now_ms()
        async with self.storage.transaction() as tx:
            row = await tx.row(TakeDownload, at=at, lost_before=at - LOST_MS)
            if row is not None:
                await self.register.learn(tx, row.council_id)
        if row is None:
            return False
        progress = Progress()
        work = asyncio.create_task(self._make(row, progress))
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=TELL_SECONDS)
                async with self.storage.transaction() as tx:
                    await tx.run(
                        "download_progress",
                        id=row.id,
                        done=progress.done,
                        whole=max(progress.whole, progress.done),
                        at=now_ms(),
                    )
        except asyncio.CancelledError:
            work.cancel()
            raise
        await self._end(row, progress, work)
        return True

    async def _end(
        self, row: StoredDownload, progress: Progress, work: "asyncio.Task[Made]"
    ) -> None:
        made, error = None, ""
        try:
            made = work.result()
        except CannotMake as refused:
            error = str(refused)
        except Exception:
            log.exception("download %d could not be made", row.id)
            error = "downloads.broken"
        async with self.storage.transaction() as tx:
            await tx.run(
                "end_download",
                id=row.id,
                state="done" if made is not None else "failed",
                file=made.path.name if made is not None else None,
                name=requests.file_name(row) if made is not None else None,
                size=made.size if made is not None else None,
                sha256=made.sha256 if made is not None else None,
                done=progress.done,
                error=error or None,
                at=now_ms(),
            )
        if row.what == "chat":
            await self._send(row, made)

    async def tidy(self) -> None:
        """Remove files that have been there for a day."""
        async with self.storage.reading() as tx:
            old = await tx.rows(OldDownloads, before=now_ms() - KEPT_MS)
        for row in old:
            self.media.unpublish(row.file)
            (self.media.downloads / row.file).unlink(missing_ok=True)
            async with self.storage.transaction() as tx:
                await tx.run("forget_download", id=row.id)

    # ------------------------------------------------------------------ making

    async def _make(self, row: StoredDownload, progress: Progress) -> Made:
        self.media.downloads.mkdir(parents=True, exist_ok=True)
        path = self.media.downloads / f"{secrets.token_urlsafe(18)}.{requests.ending(row.format)}"
        match row.what, row.format:
            case "chat", _:
                return await self._totals(row, path, progress)
            case "needs", "pdf":
                return await self._needs_report(row, path, progress)
            case "needs", _:
                return await self._needs(row, path, progress)
            case "signatures", _:
                return await self._signatures(row, path, progress)
            case "council", _:
                return await self._council(row, path, progress)
            case _, "flow":
                return await self._flow(row, path, progress)
        return await self._summary(row, path, progress)

    async def _summary(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        async with self.storage.reading() as tx:
            consultation = await self._consultation(tx, row)
            counted = await tx.row(CountStanding, consultation_id=consultation.id)
            progress.whole = counted.n if counted else 0
            content = await summaries.make(
                self.register, tx, consultation, row.format, row.language
            )
        progress.done = progress.whole
        return await asyncio.to_thread(_write, path, content)

    async def _totals(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        """A consultation's summary without what citizens wrote: a chat is no place for that."""
        async with self.storage.reading() as tx:
            consultation = await self._consultation(tx, row)
            summary, responses = await summaries.summary_of(self.register, tx, consultation)
        counted = tuple(t for t in summary.tables if t.chart == "bar" or t.id == "census")
        summary = replace(summary, tables=counted)
        progress.whole = progress.done = len(responses.standing)
        facts = summaries.report_facts(self.register, consultation, len(responses.standing))
        out = io.BytesIO()
        writer = WRITERS[row.format]
        await asyncio.to_thread(writer, summary, row.language, facts, out)
        return await asyncio.to_thread(_write, path, out.getvalue())

    async def _send(self, row: StoredDownload, made: Made | None) -> None:
        """Send what was asked for in a chat there; it lies among the published files for a day."""
        async with self.storage.reading() as tx:
            member = await tx.row(StaffById, id=row.staff_id)
        if member is None or member.state != "active":
            return
        if made is None:
            text = msg("downloads.broken")
            await self.chats.tell(row.council_id, member.name, text)
            return
        self.media.publish(made.path.name, made.path.read_bytes())
        file = OutMedia(
            "document", made.path.name, requests.media_type(row.format), requests.file_name(row)
        )
        text = msg("staff_summary.here", code=Code(row.object))
        await self.chats.tell(row.council_id, member.name, text, file=file)

    async def _consultation(self, tx: Transaction, row: StoredDownload) -> StoredConsultation:
        found = await tx.row(ConsultationByCode, code=row.object)
        if found is None or found.council_id != row.council_id:
            raise CannotMake("downloads.gone")
        return found

    async def _needs(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        filters = msgspec.json.decode(row.filters)
        values = {"council_id": row.council_id, **filters["values"]}
        async with self.storage.reading() as tx:
            counted = await tx.row(CountCases, **values)
            written = await files.transcripts(tx, row.council_id)
        progress.whole = counted.n if counted else 0
        table = files.NeedsTable(
            self.register.council(row.council_id),
            row.language,
            written,
            identities=bool(row.identities),
        )
        about = table.about(filters.get("words", ""), local(now_ms()))
        rows = self._rows(NeedsStream, **values)
        return await asyncio.to_thread(
            _stream, path, row, about, table.columns, map(table.row, rows), progress
        )

    async def _needs_report(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        filters = msgspec.json.decode(row.filters)
        values = {"council_id": row.council_id, **filters["values"]}
        council = self.register.council(row.council_id)
        async with self.storage.reading() as tx:
            counted = await tx.rows(NeedsCounted, **values)
            written = await files.transcripts(tx, row.council_id)
            shown = await tx.rows(
                CasesPage, sort="oldest", most=files.MOST_PRINTED, skip=0, **values
            )
        summary, count = files.summary(council, counted, shown, written)
        progress.whole = progress.done = count
        return await self._written(row, path, summary, count, filters.get("words", ""))

    async def _council(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        async with self.storage.reading() as tx:
            summary, count = await council_record.summary(self.register, tx, row.council_id)
        progress.whole = progress.done = count
        return await self._written(row, path, summary, count, "")

    async def _written(
        self, row: StoredDownload, path: Path, summary: Any, count: int, filters: str
    ) -> Made:
        council = self.register.council(row.council_id)
        facts = replace(summaries.facts_about(council, "", count), filters=filters)
        out = io.BytesIO()
        await asyncio.to_thread(WRITERS[row.format], summary, row.language, facts, out)
        return await asyncio.to_thread(_write, path, out.getvalue())

    async def _signatures(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        async with self.storage.reading() as tx:
            consultation = await self._consultation(tx, row)
        council = self.register.council(row.council_id)
        table = signatories.SignatoriesTable(
            self.vault, council, head_of(consultation).title, row.language
        )
        rows = self._rows(Signatories, consultation_id=consultation.id)
        about = table.about(consultation.code, local(now_ms()))
        return await asyncio.to_thread(
            _stream, path, row, about, table.columns, map(table.row, rows), progress
        )

    async def _flow(self, row: StoredDownload, path: Path, progress: Progress) -> Made:
        async with self.storage.reading() as tx:
            consultation = await self._consultation(tx, row)
            counted = await tx.row(CountStanding, consultation_id=consultation.id)
        progress.whole = counted.n if counted else 0
        council = self.register.council(row.council_id)
        rows = self._rows(ResponsesPage, consultation_id=consultation.id)
        hidden = await self._hidden(consultation.id)

        def responses() -> Iterator[Any]:
            for stored in rows:
                progress.done += 1
                if stored.state != "withdrawn":
                    yield summaries.response_of(stored, hidden)

        def write() -> Made:
            with path.open("wb") as out:
                flow_results.write_package(
                    head_of(consultation),
                    council,
                    responses(),
                    row.language,
                    local(now_ms()),
                    out,
                )
            return _made(path)

        try:
            return await asyncio.to_thread(write)
        except flow_results.TooFew:
            path.unlink(missing_ok=True)
            raise CannotMake("downloads.too_few") from None

    async def _hidden(self, consultation_id: int) -> Mapping[int, frozenset[str]]:
        async with self.storage.reading() as tx:
            return await summaries.hidden_of(tx, consultation_id)

    def _rows(self, query: type[Paged], **values: Any) -> Iterator[Paged]:
        """Every row of a query that gives some at a time, for a thread.

        Each page is a reading of its own: one that lasted as long as a large file is made would keep
        the database from tidying its log. What is told meanwhile may be in the file.
        """
        loop = asyncio.get_running_loop()

        async def page(after: int) -> list[Paged]:
            async with self.storage.reading() as tx:
                return await tx.rows(query, after=after, most=PAGE, **values)

        def rows() -> Iterator[Paged]:
            after = 0
            while True:
                began = time.perf_counter()
                found = asyncio.run_coroutine_threadsafe(page(after), loop).result()
                yield from found
                if len(found) < PAGE:
                    return
                after = found[-1].id
                # Whoever talks to the bot comes first: this thread works half of the time.
                time.sleep(min(time.perf_counter() - began, LONGEST_REST))

        return rows()


def _stream(
    path: Path,
    row: StoredDownload,
    about: Any,
    columns: Any,
    rows: Iterator[Any],
    progress: Progress,
) -> Made:
    """Write the rows to a file, some at a time."""
    language = row.language
    note = render(msg("downloads.codebook_note"), language)
    with open_stream(row.format, path, about, columns, language, note) as stream:
        while page := list(islice(rows, PAGE)):
            stream.add(page)
            progress.done += len(page)
        closed = stream.close()
    return Made(closed.path, closed.size, closed.sha256)


def _write(path: Path, content: bytes) -> Made:
    path.write_bytes(content)
    return _made(path)


def _made(path: Path) -> Made:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.chmod(0o600)
    return Made(path, path.stat().st_size, digest)
