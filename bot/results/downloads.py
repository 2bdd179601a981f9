"""Files that staff take away: made one after another beside the chat, row by row, with progress.

    ask -> waiting -> running (done of whole) -> done with its checksum | failed with a sentence
                                              -> gone, a day later

What is about totals comes from the kinds' summaries; what is a row each is streamed, so a million
rows take no more memory than a thousand.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.channels.port import OutMedia
from bot.core.councils import Register, head_of
from bot.core.localtime import local, now_ms
from bot.core.vault import Vault
from bot.outbox.media_files import MediaFiles
from bot.outreach.organizers import StaffChats
from bot.reports import flow_results
from bot.results import council_record, crossing, requests, summaries
from bot.results.case_files import CASES
from bot.results.making import CannotMake, FileKind, Made, Making, Progress, made, written
from bot.results.row_data import ROWS, too_early
from bot.results.shown import releases
from bot.staff.open_answers import heard
from flows.dialog.effects import ROWS_SINCE
from flows.kinds import kinds
from flows.statistics.summary import Response
from flows.wording.text import Code, msg
from storage.database import Storage, Unavailable
from storage.rows import StoredDownload
from storage.rows.downloads import AgreedResponsesPage, EndDownload, OldDownloads, TakeDownload
from storage.rows.responses import CountStanding
from storage.rows.staff import StaffById

log = logging.getLogger("tachawor.downloads")

#: How long a file is kept, ms.
KEPT_MS = 24 * 3_600_000

#: A maker that was not heard of for so long is gone; ms.
LOST_MS = 60_000


#: Seconds between two looks for work, and between two words on how far it is.
LOOK_SECONDS = 2.0
TELL_SECONDS = 0.7


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the files that are waited for, one at a time."""

    storage: Storage
    register: Register
    vault: Vault
    media: MediaFiles
    chats: StaffChats
    #: What there is, by name.
    kinds: Mapping[str, FileKind]
    #: Set when somebody on the staff wants a file made.
    wanted: asyncio.Event

    async def run(self) -> None:
        """Make files until cancelled. A failure is told on the page, and the next is taken."""
        while True:
            try:
                while await self.make_next():
                    pass
            except Unavailable as error:
                log.warning("downloads: %s; going on", error)
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
            ended = await tx.row(
                EndDownload,
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
        if ended is None:
            # Somebody was erased meanwhile: it is made again without what they said.
            if made is not None:
                made.path.unlink(missing_ok=True)
            return
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
        folder = self.media.downloads
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{secrets.token_urlsafe(18)}.{requests.ending(row.what, row.format)}"
        making = Making(self.storage, self.register, self.vault, row, path, progress)
        return await self.kinds[row.what].make(making)

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
            "document",
            made.path.name,
            requests.media_type(row.what, row.format),
            requests.file_name(row),
        )
        text = msg("staff_summary.here", code=Code(row.object))
        await self.chats.tell(row.council_id, member.name, text, file=file)


async def _consultation(making: Making) -> Made:
    if making.row.format == "flow":
        return await _flow(making)
    if making.row.format == "cross":
        return await _crossed(making)
    row, progress = making.row, making.progress
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
        counted = await tx.row(CountStanding, consultation_id=consultation.id)
        progress.whole = counted.n if counted else 0
    content = await releases.file_of(
        making.storage, making.register, consultation, row.format, row.language
    )
    progress.done = progress.whole
    return await asyncio.to_thread(written, making.path, content)


async def _crossed(making: Making) -> Made:
    """Each question by gender, age, place and round, a sheet each."""
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
        summary, count = await crossing.crossed(making.register, tx, consultation)
    making.progress.whole = making.progress.done = count
    facts = summaries.report_facts(making.register, consultation, count)
    return await making.rendered(summary, facts, format="xlsx")


async def _totals(making: Making) -> Made:
    """A consultation's summary without what citizens wrote: a chat is no place for that."""
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
    shown = await releases.shown(making.storage, making.register, consultation)
    counted = tuple(t for t in shown.summary.tables if t.chart == "bar" or t.id == "census")
    making.progress.whole = making.progress.done = shown.count
    facts = summaries.report_facts(making.register, consultation, shown.count)
    return await making.rendered(replace(shown.summary, tables=counted, brief=None), facts)


async def _council(making: Making) -> Made:
    async with making.storage.reading() as tx:
        summary, count = await council_record.summary(making.register, tx, making.row.council_id)
    making.progress.whole = making.progress.done = count
    return await making.rendered(summary, summaries.facts_about(making.council, "", count))


async def _flow(making: Making) -> Made:
    row, progress = making.row, making.progress
    async with making.storage.reading() as tx:
        consultation = await making.consultation(tx)
        counted = await tx.row(CountStanding, consultation_id=consultation.id)
        hidden = await summaries.hidden_of(tx, consultation.id)
        entered = await heard.entries(tx, consultation.id)
    if too_early(consultation):
        raise CannotMake("rows.open")
    progress.whole = counted.n if counted else 0
    head = head_of(consultation)
    kind = kinds()[consultation.kind]
    own_words, heard_in = kind.own_words(head), kind.heard(head)
    rows = making.rows(AgreedResponsesPage, consultation_id=consultation.id, since=ROWS_SINCE)

    def responses() -> Iterator[Response]:
        for stored in rows:
            progress.done += 1
            yield summaries.response_of(heard.laid(stored, heard_in, entered), own_words, hidden)

    def write() -> Made:
        with making.path.open("wb") as out:
            flow_results.write_package(
                head, making.council, responses(), row.language, local(now_ms()), out
            )
        return made(making.path)

    try:
        return await asyncio.to_thread(write)
    except flow_results.TooFew:
        making.path.unlink(missing_ok=True)
        raise CannotMake("downloads.too_few") from None


#: What there is whatever the kinds. "chat" is asked for in a chat only.
SHARED = (
    FileKind(
        "consultation",
        ("pdf", "xlsx", "csv", "json", "png", "cross", "flow"),
        _consultation,
        single=frozenset({"flow"}),
    ),
    FileKind("council", ("pdf", "xlsx", "csv", "json"), _council),
    FileKind("chat", (), _totals),
    CASES,
    ROWS,
)
