"""Summaries that took long to make are remembered for pages: looking again costs a count by an index.

    what stands -> `Mark` -> as before: the summary that was made then
                          -> more answers, nothing else: that one for a while, made anew beside the chat
                          -> words hidden, somebody erased, ...: made anew before anything is shown

What takes less than `SLOW` is made anew every time. Only the first rows of a long list are kept. Files are never made of this: they
say what stands when they are made.
"""

import asyncio
import time
from dataclasses import dataclass, field, replace

from bot.core.councils import Register
from bot.core.localtime import local_day, now_ms
from bot.results import summaries
from bot.results.brief import with_brief
from flows.dialog.facts import Council
from flows.statistics.summary import Summary
from storage.database import Storage, Transaction
from storage.rows import StoredConsultation
from storage.rows.responses import SummaryMark

#: Seconds from which making a summary is slow.
SLOW = 0.25

#: A summary that took a second to make is shown for a minute, and none for longer than ten while answers come in; seconds.
PATIENCE = 60.0
LONGEST = 600.0

#: One that nothing has changed, as far as is counted, is shown for an hour; seconds.
UNCHANGED = 3600.0

#: Rows of a table of a page, and how many summaries are remembered.
MOST_ROWS = 100
MOST_KEPT = 32


@dataclass(frozen=True, slots=True)
class Mark:
    """What a summary was made of, as far as it is counted. `strict`: where it differs nothing older is shown."""

    strict: tuple[object, ...]
    council: Council
    loose: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Made:
    """A summary with how many contributions stand, when it was made (ms; by the steady clock, s) and how long that took (s)."""

    summary: Summary
    standing: int
    mark: Mark
    at: int
    since: float
    took: float

    def serves(self, mark: Mark) -> bool:
        """Whether it may still be shown where `mark` stands now."""
        age = time.monotonic() - self.since
        if self.took < SLOW or (self.mark.strict, self.mark.council) != (mark.strict, mark.council):
            return False
        return age < (UNCHANGED if self.mark.loose == mark.loose else self.freshness)

    @property
    def freshness(self) -> float:
        """Seconds for which it need not be made anew while answers come in."""
        return min(PATIENCE * self.took, LONGEST)


@dataclass(slots=True)
class Remembered:
    """The summaries of this process."""

    _kept: dict[tuple[int, bool], Made] = field(default_factory=dict)
    _locks: dict[tuple[int, bool], asyncio.Lock] = field(default_factory=dict)

    async def summary(
        self, storage: Storage, register: Register, row: StoredConsultation, *, briefed: bool
    ) -> Made:
        """The summary of a consultation as a page shows it: its lists have `MOST_ROWS` rows at most."""
        key = row.id, briefed
        found = await self._still(storage, register, row, key)
        if found is not None:
            return found
        # Who comes meanwhile waits for the one that is being made.
        async with self._locks.setdefault(key, asyncio.Lock()):
            found = await self._still(storage, register, row, key)
            return found or await self._make(storage, register, row, key)

    async def _still(
        self,
        storage: Storage,
        register: Register,
        row: StoredConsultation,
        key: tuple[int, bool],
    ) -> Made | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        async with storage.reading() as tx:
            mark = await _mark(tx, register, row)
        return kept if kept.serves(mark) else None

    async def _make(
        self,
        storage: Storage,
        register: Register,
        row: StoredConsultation,
        key: tuple[int, bool],
    ) -> Made:
        began = time.monotonic()
        async with storage.reading() as tx:
            mark = await _mark(tx, register, row)
            summary, responses = await summaries.summary_of(register, tx, row)
            if key[1]:
                summary = await with_brief(register, tx, row, summary, responses)
        made = Made(
            first_rows(summary),
            len(responses.standing),
            mark,
            now_ms(),
            began,
            time.monotonic() - began,
        )
        self._kept.pop(key, None)
        if made.took >= SLOW:
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        else:
            self._locks.pop(key, None)
        return made


async def _mark(tx: Transaction, register: Register, row: StoredConsultation) -> Mark:
    counted = await tx.row(SummaryMark, consultation_id=row.id)
    if counted is None:
        raise LookupError(row.code)
    # Deadlines are counted from today.
    day = local_day(now_ms())
    strict = (
        row.state, row.version, row.definition, day, counted.withdrawn, counted.hidden, counted.lifted,
        counted.heard, counted.versions, counted.decided, counted.decided_at, counted.decisions,
        counted.erased,
    )  # fmt: skip
    council = register.council(row.council_id)
    # What a kind reads besides is not counted: it is as if answers had come in.
    besides = register.besides.get(row.kind) is not None
    loose = (-1, now_ms()) if besides else (counted.stored, counted.latest)
    return Mark(strict, council, loose)


def first_rows(summary: Summary) -> Summary:
    """The same with the first rows of each table that is a list; it says how many there are besides."""
    return replace(
        summary,
        tables=tuple(
            replace(one, rows=one.rows[:MOST_ROWS], more=len(one.rows) - MOST_ROWS)
            if one.chart is None and len(one.rows) > MOST_ROWS
            else one
            for one in summary.tables
        ),
    )
