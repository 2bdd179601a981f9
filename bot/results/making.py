"""A file that staff asked for, while it is made: what there is to make it from, and how far it is.

What a file holds is said by a `FileKind`; `bot.results.downloads` makes one after another.
"""

import asyncio
import hashlib
import io
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from bot.core.councils import Register
from bot.core.vault import Vault
from bot.reports.rendered import Heading, Item, ReportFacts
from bot.reports.streams import Row, open_stream
from bot.results.summaries import WRITERS
from flows.dialog.facts import Council
from flows.statistics.asked import Asked
from flows.statistics.summary import Summary
from flows.wording import render
from flows.wording.text import Text, msg
from storage.database import Storage, Transaction
from storage.rows import Identified, StoredConsultation, StoredDownload
from storage.rows.consultations import ConsultationByCode

#: Rows taken from the database at a time, and the longest rest after them in seconds.
PAGE = 200
LONGEST_REST = 0.05

#: Rows that are read a page at a time, by their id.
Paged = TypeVar("Paged", bound=Identified)


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
class Making:
    """One file that is being made."""

    storage: Storage
    register: Register
    vault: Vault
    row: StoredDownload
    path: Path
    progress: Progress

    @property
    def council(self) -> Council:
        """The council whose file it is."""
        return self.register.council(self.row.council_id)

    async def consultation(self, tx: Transaction) -> StoredConsultation:
        """The consultation that the file is about. Raises CannotMake where the council has none such."""
        found = await tx.row(ConsultationByCode, code=self.row.object)
        if found is None or found.council_id != self.row.council_id:
            raise CannotMake("downloads.gone")
        return found

    async def streamed(
        self, about: Sequence[Item], columns: Sequence[Heading], rows: Iterator[Row]
    ) -> Made:
        """Write rows to the file, some at a time, in a thread."""
        return await asyncio.to_thread(self._stream, about, columns, rows)

    def _stream(
        self, about: Sequence[Item], columns: Sequence[Heading], rows: Iterator[Row]
    ) -> Made:
        language, format = self.row.language, self.row.format
        note = render(msg("downloads.codebook_note"), language)
        with open_stream(format, self.path, about, columns, language, note) as stream:
            while page := list(islice(rows, PAGE)):
                stream.add(page)
                self.progress.done += len(page)
            closed = stream.close()
        return Made(closed.path, closed.size, closed.sha256)

    async def rendered(self, summary: Summary, facts: ReportFacts, format: str = "") -> Made:
        """Write a summary to the file, in the format that was asked for or another."""
        out = io.BytesIO()
        writer = WRITERS[format or self.row.format]
        await asyncio.to_thread(writer, summary, self.row.language, facts, out)
        return await asyncio.to_thread(written, self.path, out.getvalue())

    def rows(self, query: type[Paged], **values: Any) -> Iterator[Paged]:
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


#: The columns of a file that is written row by row, and the questions whose answers stand in them.
Columns = Callable[[Council, StoredDownload], tuple[Sequence[Heading], Sequence[Asked]]]


@dataclass(frozen=True, slots=True)
class FileKind:
    """Something that staff can have as a file: what it is called, its formats, how it is made.

    `of` is the kind of consultation that it is about, one at a time; "" for what is not about one.
    `single` says in which formats it has a row for each person: a second person is asked then.
    `named` says that it can only be had with names, numbers or national ids in it; `title` stands above
    its form where it is a kind's own. What has `columns` has a code book.
    """

    what: str
    formats: tuple[str, ...]
    make: Callable[[Making], Awaitable[Made]]
    of: str = ""
    single: frozenset[str] = frozenset()
    named: bool = False
    title: Text | None = None
    columns: Columns | None = None


def written(path: Path, content: bytes) -> Made:
    """Write a file that is in memory."""
    path.write_bytes(content)
    return made(path)


def made(path: Path) -> Made:
    """A file that has been written: nobody else on the machine may read it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.chmod(0o600)
    return Made(path, path.stat().st_size, digest)
