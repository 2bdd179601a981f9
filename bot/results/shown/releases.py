"""The results of a consultation as they are shown: exact once it is over; while it is open one release a day.

    what stands -> summary -> over: shown. open: the release of the day, made by whoever looks first -> shown

The rule and its reason are in `flows.statistics.release`. Kinds that tell openly how many there are (needs), or
live what came of them (petitions), have no releases.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.core.councils import Register
from bot.core.localtime import local, local_day, now_ms
from bot.results import summaries
from bot.results.brief import with_brief
from bot.results.shown.remembered import Remembered
from flows.kinds import kinds
from flows.statistics import release
from flows.statistics.summary import SMALLEST, Responses, Summary
from flows.wording.text import Text
from storage.database import Storage, Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import Consultations
from storage.rows.public import ReleaseOf

#: Of nothing.
NONE = Responses(())


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown, how many responses that is about, and (ms) when it was made; None: it is exact.

    `responses` are all that stand now: for what is computed of them once it is over. `counted_at` (ms) is of when exact
    counts are where they may be older than the page, else None.
    """

    summary: Summary
    count: int
    responses: Responses = NONE
    made_at: int | None = None
    counted_at: int | None = None


def frozen(row: StoredConsultation | Consultations) -> bool:
    """Whether the results of a consultation are told once a day only."""
    publicity = kinds()[row.kind].publicity
    return row.state == "open" and not publicity.openly and not publicity.live


def so_many(row: StoredConsultation | Consultations, responses: int) -> int:
    """How many took part, as it is told beside the results: in fives while those are."""
    return release.in_steps(responses) if frozen(row) and responses >= SMALLEST else responses


async def shown(
    storage: Storage, register: Register, row: StoredConsultation, *, briefed: bool = False
) -> Shown:
    """The results as they may be shown now, with the first page if `briefed`."""
    async with storage.reading() as tx:
        summary, responses = await summaries.summary_of(register, tx, row)
        standing = len(responses.standing)
        kept, due = await _release(tx, row, standing)
        if briefed or due:
            summary = await with_brief(register, tx, row, summary, responses)
    if due:
        kept = await _kept(storage, row.id, summary)
    if kept is None:
        return Shown(summary, standing, responses)
    of_the_day = await _of_the_day(kept, summary)
    return Shown(of_the_day, release.in_steps(standing), responses, kept.made_at)


async def seen(
    remembered: Remembered,
    storage: Storage,
    register: Register,
    row: StoredConsultation,
    *,
    briefed: bool,
) -> Shown:
    """The same for a page, which is looked at again and again: without the responses, and of many not always the
    latest (`counted_at`).
    """
    made = await remembered.summary(storage, register, row, briefed=briefed)
    async with storage.reading() as tx:
        kept, due = await _release(tx, row, made.standing)
    if due and briefed and not any(one.more for one in made.summary.tables if not one.words):
        kept = await _kept(storage, row.id, made.summary)
    elif due:
        # Made of all of it.
        return await shown(storage, register, row, briefed=briefed)
    if kept is None:
        return Shown(made.summary, made.standing, counted_at=made.at)
    of_the_day = await _of_the_day(kept, made.summary)
    return Shown(of_the_day, release.in_steps(made.standing), made_at=kept.made_at)


async def _release(
    tx: Transaction, row: StoredConsultation, standing: int
) -> tuple[ReleaseOf | None, bool]:
    """The release of the day, and whether it is due."""
    if not frozen(row):
        return None, False
    kept = await tx.row(ReleaseOf, consultation_id=row.id, day=local_day(now_ms()).isoformat())
    # About fewer than five nothing is shown anyway, and so the day need not pass without a count.
    return kept, kept is None and standing >= SMALLEST


async def _of_the_day(kept: ReleaseOf, live: Summary) -> Summary:
    body: dict[str, Any] = msgspec.json.decode(kept.body)
    return await asyncio.to_thread(release.unpacked, body, live, _made(kept.made_at))


def said_of(now: Shown) -> Text | None:
    """Of when the counts are, None where they are exact."""
    return None if now.made_at is None else _made(now.made_at)


def _made(at: int) -> Text:
    day = local(at)
    return release.made_at(f"{day:%d/%m/%Y}", f"{day:%H:%M}")


async def _kept(storage: Storage, id: int, live: Summary) -> ReleaseOf:
    """Keep the release of the day; of all who look at once the first one's stands."""
    day = local_day(now_ms()).isoformat()
    body = msgspec.json.encode(release.packed(release.rounded(live))).decode()
    async with storage.transaction() as tx:
        await tx.run("keep_release", consultation_id=id, day=day, made_at=now_ms(), body=body)
        await tx.run("drop_releases", consultation_id=id, day=day)
        found = await tx.row(ReleaseOf, consultation_id=id, day=day)
    if found is None:
        raise LookupError(id)
    return found


async def file_of(
    storage: Storage, register: Register, row: StoredConsultation, format: str, language: str
) -> bytes:
    """The results as a file: what is shown, and no more."""
    now = await shown(storage, register, row, briefed=format in summaries.BRIEFED)
    return await summaries.written(register, row, now.summary, now.count, format, language)
