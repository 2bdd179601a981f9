"""Reads what a council shows to everyone, and keeps it for a minute.

What a record says is in `bot.results.public_record`. It is computed once a minute at most, however many ask for
it, and what it takes from all the responses of a consultation only when one of them has changed: anybody
may open the page as often as they like.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import msgspec

from bot.channels.port import PULLED, Channel
from bot.core import ledger
from bot.core.councils import Register, called_off, head_of, is_open
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.results import summaries
from bot.results.public_record import (
    Change,
    Closed,
    Decision,
    Drawn,
    Open,
    Record,
    Section,
    Seen,
    changed_kinds,
)
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.statistics.disclosure import hidden_if_few
from flows.statistics.summary import Responses
from flows.wording.text import Text, msg
from storage.database import Storage, Transaction
from storage.rows.public import (
    Closings,
    FinalDigests,
    PublicAnswered,
    PublicChanges,
    PublicConsultations,
    PublicCounts,
    PublicDecisions,
)

#: Most consultations of a council that are shown: all that is open, then the latest.
MOST = 100

#: Seconds for which a record stands, and how many councils' records are kept.
FRESH = 60.0
COUNCILS = 256

#: How many consultations' drawings are remembered, and the counts that change with their responses.
REMEMBERED = 5000
MARKS = ("stored", "latest", "standing", "voices")

#: Later than any end, in milliseconds.
ENDLESS = 2**62


# --------------------------------------------------------------------------- from all responses


def drawn(head: Head, kind: str, council: Council, responses: Responses, *, tables: bool) -> Drawn:
    """The headline, and where a section shows them the tables of the summary."""
    headline = kinds()[kind].headline(head, council, responses)
    if not tables:
        return Drawn(headline, {})
    summary = kinds()[kind].summary(head, council, responses)
    return Drawn(headline, {table.id: table for table in summary.tables})


# --------------------------------------------------------------------------- the record


class Read(NamedTuple):
    """What was read of a council in one transaction."""

    at: int
    consultations: Sequence[PublicConsultations]
    counts: Mapping[int, PublicCounts]
    answered: Mapping[int, int]
    decisions: Mapping[int, Sequence[Decision]]
    changes: Mapping[int, Sequence[Change]]
    closings: Mapping[str, int]
    digests: Mapping[int, str]


async def _read(tx: Transaction, council_id: int) -> Read:
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for row in await tx.rows(PublicDecisions, council_id=council_id):
        day = date.fromisoformat(row.day) if row.day else None
        texts = msgspec.json.decode(row.texts)
        decisions[row.consultation_id].append(Decision(row.id, texts, day, row.at))
    changes: dict[int, list[Change]] = defaultdict(list)
    for change in await tx.rows(PublicChanges, council_id=council_id):
        changes[change.consultation_id].append(Change(change.at, changed_kinds(change.what)))
    closings: dict[str, int] = {}
    marked = '%"what":"closed"%'
    for closing in await tx.rows(Closings, council_id=council_id, marked=marked):
        entry = msgspec.json.decode(closing.entry)
        # The last one stands: what was opened again has closed again.
        closings[entry["code"]] = entry["at"]
    counts = await tx.rows(PublicCounts, council_id=council_id)
    answered = await tx.rows(PublicAnswered, council_id=council_id)
    digests = await tx.rows(FinalDigests, council_id=council_id)
    return Read(
        now_ms(),
        await tx.rows(PublicConsultations, council_id=council_id, most=MOST),
        {one.id: one for one in counts},
        {one.id: one.answered for one in answered},
        decisions,
        changes,
        closings,
        {one.consultation_id: one.digest for one in digests},
    )


class Published:
    """A record with the pages that were made of it and their ETags, by format and language."""

    def __init__(self, record: Record, until: float) -> None:
        self.record = record
        self.until = until
        self.pages: dict[tuple[str, str], tuple[bytes, str]] = {}


@dataclass(slots=True)
class Records:
    """The record of each council, computed once in `seconds` however many ask for it at a time."""

    storage: Storage
    register: Register
    channels: Mapping[str, Channel]
    sections: Sequence[Section]
    vault: Vault
    seconds: float = FRESH
    #: How often a record was computed.
    computed: int = 0
    _kept: dict[int, Published] = field(default_factory=dict)
    _locks: dict[int, asyncio.Lock] = field(default_factory=dict)
    #: Consultation -> what told its responses apart from others, and what was drawn from them.
    _drawn: dict[int, tuple[tuple[int, ...], Drawn]] = field(default_factory=dict)

    async def of(self, council_id: int) -> Published:
        """What a council shows to everyone, not older than `seconds`."""
        async with self._locks.setdefault(council_id, asyncio.Lock()):
            kept = self._kept.get(council_id)
            if kept is None or kept.until <= time.monotonic():
                # Dropped first: should computing fail, nothing stale is shown in its place.
                self._kept.pop(council_id, None)
                record = await self._compute(council_id)
                self.computed += 1
                kept = Published(record, time.monotonic() + self.seconds)
                if len(self._kept) >= COUNCILS:
                    del self._kept[next(iter(self._kept))]
                self._kept[council_id] = kept
            return kept

    async def _compute(self, council_id: int) -> Record:
        council = self.register.council(council_id)
        async with self.storage.reading() as tx:
            read = await _read(tx, council_id)
            told = {
                row.id: await self._draw(tx, council, row, read.counts[row.id])
                for row in read.consultations
                if self._is_drawn(row)
            }
            own = [(section, await section.read(tx, council_id)) for section in self.sections]
            head = await ledger.signed_head(tx, self.vault, council_id, council.code, read.at)
        sections = tuple(
            (
                section,
                {
                    row.id: section.item(self._seen(row, read, told, more))
                    for row in read.consultations
                    if row.kind == section.kind
                }
                if section.items is None
                else dict(enumerate(section.items(more, read.at))),
            )
            for section, more in own
        )
        headlines = {id: one.headline for id, one in told.items()}
        for section, items in sections:
            if section.headline is not None:
                headlines |= {id: section.headline(item) for id, item in items.items()}
        opened = [self._open(row) for row in read.consultations if is_open(row, read.at)]
        closed = [
            _closed(row, headlines[row.id], read)
            for row in read.consultations
            if row.state == "closed"
        ]
        return Record(
            council_id,
            council.code,
            council.name,
            council.language,
            council.example,
            council.contact,
            # What ends first comes first; what closed last comes first.
            tuple(sorted(opened, key=lambda one: one.closes_at or ENDLESS)),
            tuple((section, _ordered(section, items.values())) for section, items in sections),
            tuple(sorted(closed, key=lambda one: -(one.closed_at or 0))),
            head,
        )

    async def _draw(
        self, tx: Transaction, council: Council, row: PublicConsultations, counts: PublicCounts
    ) -> Drawn:
        mark = (row.version, *(getattr(counts, name) for name in MARKS))
        known = self._drawn.get(row.id)
        if known is not None and known[0] == mark:
            return known[1]
        responses = await summaries.responses_of(self.register, tx, row)
        # Thousands of responses take a while; the chat goes on meanwhile.
        tables = any(section.kind == row.kind for section in self.sections)
        made = await asyncio.to_thread(
            drawn, head_of(row), row.kind, council, responses, tables=tables
        )
        if len(self._drawn) >= REMEMBERED:
            self._drawn.clear()
        self._drawn[row.id] = (mark, made)
        return made

    def _open(self, row: PublicConsultations) -> Open:
        head = head_of(row)
        links = {name: channel.link(row.code) for name, channel in self.channels.items()}
        return Open(
            row.code,
            row.kind,
            kinds()[row.kind].emoji,
            head.title,
            head.minutes,
            row.opens_at or row.created_at,
            row.closes_at,
            row.closes_local,
            {
                name: link
                for name, link in links.items()
                if link and (head.take_part == "A0" or name not in PULLED)
            },
            head.least,
        )

    def _is_drawn(self, row: PublicConsultations) -> bool:
        """Whether something is drawn from its responses: what is open tells nothing yet unless its kind is
        live, and what a section brings its own headline for needs none.
        """
        if any(s.kind == row.kind and s.headline is not None for s in self.sections):
            return False
        return row.state == "closed" or kinds()[row.kind].publicity.live

    def _seen(
        self, row: PublicConsultations, read: Read, told: Mapping[int, Drawn], more: Any
    ) -> Seen:
        return Seen(
            self.register,
            row,
            read.counts[row.id],
            read.answered.get(row.id, 0),
            told.get(row.id),
            read.closings.get(row.code, read.at) if row.state == "closed" else None,
            read.at,
            more,
        )


def _ordered(section: Section, items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(items if section.order is None else sorted(items, key=section.order))


def _closed(row: PublicConsultations, headline: Text, read: Read) -> Closed:
    standing = read.counts[row.id].standing
    closed_at = read.closings.get(row.code)
    if closed_at is not None and called_off(row, closed_at):
        # Those who signed up have taken part in nothing.
        headline = msg("public.called_off")
    return Closed(
        row.code,
        row.kind,
        kinds()[row.kind].emoji,
        head_of(row).title,
        closed_at,
        standing if kinds()[row.kind].publicity.openly else hidden_if_few(standing, standing),
        headline,
        tuple(read.decisions.get(row.id, ())),
        tuple(read.changes.get(row.id, ())),
        head_of(row).least,
        read.digests.get(row.id),
    )
