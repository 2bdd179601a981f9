"""What is due when: invitations, reminders, recurring messages, closings. The database is the truth.

    prompt (a rule and its next wall time) -> due -> one occurrence, noted -> a broadcast

An occurrence is noted under (prompt, moment) in the transaction that begins its broadcast, so it
happens once however many processes look. APScheduler only wakes us (`bot.app.serving`).
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.core.councils import dates_of, is_open
from bot.core.localtime import local, local_day, moment, now_ms, wall_text
from bot.outreach import agreed, broadcasts, held
from bot.outreach.audiences import ASKING
from bot.outreach.recurrence import ON_TIME_MS, Span, joined_day, next_after
from flows.dialog.outreach import Audience, When
from storage.database import Storage, Transaction, Unavailable
from storage.ids import new_id
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById, Consultations
from storage.rows.prompts import ActivePrompts, AdvancePrompt, DuePrompts, NoteRun

log = logging.getLogger("tachawor.schedule")

#: Why what staff planned does not go: the consultation says something else by now.
CHANGED = "changed since it was agreed"

#: Most missed occurrences that are noted one by one.
MOST_MISSED = 400

#: Makes the body of a result, from the consultation's id: figures and pictures take a while.
BodyOf = Callable[[int], Awaitable[Mapping[str, Any]]]


class InThePast(Exception):
    """A moment that has passed; the message says which, and when it would come next."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one occurrence."""

    prompt_id: int
    outcome: str
    reason: str
    broadcast_id: int | None


def span_of(row: StoredConsultation | DuePrompts | None, opens: int | None = None) -> Span:
    """When the consultation of a row opens (`opens` where it says nothing) and closes; its own dates."""
    if row is None:
        return Span()
    begins = row.opens_at if row.opens_at is not None else opens
    dates = dates_of(row) if isinstance(row, StoredConsultation) else {}
    return Span(begins, row.closes_at, dates)


def minute_of(at: int) -> datetime:
    """The wall time of a moment; stored wall times know no seconds."""
    return local(at).replace(tzinfo=None, second=0, microsecond=0)


async def add(
    tx: Transaction,
    council_id: int,
    what: str,
    when: When,
    *,
    made_by: str,
    consultation: StoredConsultation | None = None,
    audience: Audience | None = None,
    body: Mapping[str, Any] | None = None,
    late: str = "run",
    spread_ms: int = 0,
    at: int | None = None,
    or_now: bool = False,
    agreed: str = "",
) -> int:
    """Plan something. Returns its id. `agreed` is to what staff agreed who planned it (`agreed`).

    Raises InThePast if no occurrence is left; with `or_now`, it is due at once instead.
    """
    now = at if at is not None else now_ms()
    wall = next_after(when, now, span_of(consultation))
    if wall is None:
        if not or_now:
            raise InThePast(_past(when, span_of(consultation)))
        wall = minute_of(now)
    id = new_id()
    await tx.run(
        "add_prompt",
        id=id,
        council_id=council_id,
        consultation_id=consultation.id if consultation is not None else None,
        what=what,
        rule=msgspec.json.encode(when).decode(),
        late=late,
        audience=msgspec.json.encode(audience or Audience()).decode(),
        body=msgspec.json.encode(body or {}).decode(),
        spread_ms=spread_ms,
        next_at=moment(wall),
        next_local=wall_text(wall),
        made_by=made_by,
        agreed=agreed,
        at=now,
    )
    return id


def _past(when: When, span: Span) -> str:
    first = next_after(when, 0, span)
    if first is None:
        return "this never comes: look at its days, and at the consultation's beginning and end"
    if when.until is not None:
        return f"{when.until} is past; choose a later last day"
    return f"{wall_text(first)} is past; choose a later time, or send now"


class Schedule:
    """Runs what is due."""

    def __init__(
        self, storage: Storage, result_body: BodyOf, clock: Callable[[], int] = now_ms
    ) -> None:
        self._storage = storage
        self._result_body = result_body
        self._clock = clock

    async def run_due(self) -> list[Ran]:
        """Run what is due now; each occurrence once, whoever else looks at the same time."""
        async with self._storage.reading() as tx:
            if await held.since(tx):
                return []
        return await self._run_each()

    async def skip_due(self) -> list[Ran]:
        """Leave out what is due now, as if it had been missed: it may have gone before a restore."""
        return await self._run_each(skipped="missed")

    async def _run_each(self, skipped: str = "") -> list[Ran]:
        async with self._storage.reading() as tx:
            due = await tx.rows(DuePrompts, at=self._clock())
        ran: list[Ran] = []
        for row in due:
            try:
                ran += await self._run(row, skipped)
            except Unavailable:
                raise
            except Exception:
                log.exception("prompt %d could not be run; it is tried again", row.id)
        return ran

    async def _run(self, row: DuePrompts, skipped: str = "") -> list[Ran]:
        now = self._clock()
        when = msgspec.json.decode(row.rule, type=When)
        missed, following = _missed(when, row, now)
        body = msgspec.json.decode(row.body)
        if row.what == "result" and row.consultation_id is not None:
            body = {**body, **await self._result_body(row.consultation_id)}
        ran = []
        async with self._storage.transaction() as tx:
            consultation = None
            if row.consultation_id is not None:
                consultation = await tx.row(ConsultationById, id=row.consultation_id)
            over = _over(row, consultation)
            moved = await tx.row(
                AdvancePrompt,
                id=row.id,
                before=row.next_at,
                next_at=moment(following) if following else None,
                next_local=wall_text(following) if following else None,
                state="active" if following and not over else "ended",
            )
            if moved is None:
                return []
            for wall in missed:
                newest = wall == missed[-1] or when.after_joining is not None
                reason = skipped or _why_not(row, consultation, wall, now, newest=newest)
                if not reason and agreed.changed(row.agreed, consultation):
                    reason = CHANGED
                outcome = "skipped" if reason else _outcome(wall, now)
                broadcast_id = None
                if not reason:
                    broadcast_id = await self._begin(tx, row, when, wall, body)
                    await _count(tx, row, now)
                noted = await tx.row(
                    NoteRun,
                    prompt_id=row.id,
                    occurrence=moment(wall),
                    occurrence_local=wall_text(wall),
                    outcome=outcome,
                    reason=reason,
                    broadcast_id=broadcast_id,
                    at=now,
                )
                if noted is None:
                    raise RuntimeError(f"prompt {row.id} ran at {wall} before")
                ran.append(Ran(row.id, outcome, reason, broadcast_id))
        return ran

    @staticmethod
    async def _begin(
        tx: Transaction, row: DuePrompts, when: When, wall: datetime, body: Mapping[str, Any]
    ) -> int:
        audience = msgspec.json.decode(row.audience, type=Audience)
        if when.after_joining is not None:
            day = joined_day(moment(wall), when.after_joining)
            audience = msgspec.structs.replace(audience, joined_on=day)
        return await broadcasts.begin(
            tx,
            row.council_id,
            row.what,
            audience,
            made_by=row.made_by,
            consultation_id=row.consultation_id,
            body=body,
            spread_ms=row.spread_ms,
        )

    async def reclock(self) -> int:
        """Compute moments anew from wall times: the rules of local time may have changed.

        Returns how many planned moments moved.
        """
        moved = 0
        async with self._storage.transaction() as tx:
            for row in await tx.rows(Consultations):
                opens, closes = _moment_of(row.opens_local), _moment_of(row.closes_local)
                if _differ(opens, row.opens_at) or _differ(closes, row.closes_at):
                    await tx.run("move_times", id=row.id, opens_at=opens, closes_at=closes)
            for planned in await tx.rows(ActivePrompts):
                at = _moment_of(planned.next_local)
                if _differ(at, planned.next_at):
                    moved += 1
                    await tx.run(
                        "move_prompt",
                        id=planned.id,
                        next_at=at,
                        next_local=planned.next_local,
                        state="active",
                    )
        return moved


async def _count(tx: Transaction, row: DuePrompts, now: int) -> None:
    """Count what goes without a second person on a later day than the one it was planned for."""
    if not row.agreed:
        return
    to, day = agreed.read(row.agreed), local_day(now).isoformat()
    if to.alone and to.day != day:
        await tx.run("add_sent_alone", council_id=row.council_id, day=day, people=to.people, at=now)


def _moment_of(wall: str | None) -> int | None:
    """The moment of a stored wall time ("2026-12-15 18:00 Africa/Casablanca")."""
    return moment(datetime.fromisoformat(wall.rpartition(" ")[0])) if wall else None


def _differ(computed: int | None, stored: int | None) -> bool:
    """Whether two moments are another wall time; within a minute they are the same."""
    return computed is not None and stored is not None and abs(computed - stored) >= 60_000


def _missed(when: When, row: DuePrompts, now: int) -> tuple[list[datetime], datetime | None]:
    """The occurrences up to now, the due one first, and the one after."""
    span = span_of(row)
    found = [datetime.fromisoformat(row.next_local.rpartition(" ")[0])]
    following = next_after(when, row.next_at, span) if when.recurs else None
    while following is not None and moment(following) <= now and len(found) < MOST_MISSED:
        found.append(following)
        following = next_after(when, moment(following), span)
    return found, following


def _over(row: DuePrompts, consultation: StoredConsultation | None) -> bool:
    """Whether nothing can come of this prompt any more."""
    return (
        row.what in ASKING
        and consultation is not None
        and consultation.state in ("closed", "archived")
    )


def _why_not(
    row: DuePrompts,
    consultation: StoredConsultation | None,
    wall: datetime,
    now: int,
    *,
    newest: bool,
) -> str:
    """Why an occurrence is left out; empty if it is not."""
    if not newest:
        return "a later one was due as well"
    late = now - moment(wall) > ON_TIME_MS
    if late and row.late == "skip":
        return "missed"
    if row.what in ASKING and (consultation is None or not is_open(consultation, now)):
        return "the consultation is not open"
    return ""


def _outcome(wall: datetime, now: int) -> str:
    return "late" if now - moment(wall) > ON_TIME_MS else "ran"
