"""What a consultation's definition asks for, planned: the invitation, one to each phase, reminders."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.core.councils import head_of, phases_of
from bot.core.localtime import moment, now_ms, wall_text
from bot.outreach.audiences import ASKING
from bot.outreach.recurrence import next_after
from bot.outreach.schedule import add, minute_of, span_of
from flows.dialog.outreach import Outreach, When
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.prompts import PromptsAbout

#: Marks what a definition asked for; what was planned by hand has no such mark.
BY_DEFINITION = {"by": "definition"}


async def plan(
    tx: Transaction, row: StoredConsultation, made_by: str, at: int | None = None
) -> None:
    """Plan what an opened consultation's definition asks for; an invitation only once."""
    head = head_of(row)
    outreach, now = head.outreach, at if at is not None else now_ms()
    spread_ms = outreach.spread_hours * 3_600_000
    span = span_of(row, now)
    before = await tx.rows(PromptsAbout, consultation_id=row.id)
    invited = any(
        p.what == "invitation" and _by_definition(p) and _phase_of(p) is None for p in before
    )
    if outreach.invite and not invited:
        opening = minute_of(max(row.opens_at or now, now))
        await add(
            tx,
            row.council_id,
            "invitation",
            When(on=opening),
            made_by=made_by,
            consultation=row,
            audience=outreach.audience,
            body=BY_DEFINITION,
            late=outreach.late,
            spread_ms=spread_ms,
            at=now,
            or_now=True,
        )
    if outreach.invite:
        await _invite_again(tx, row, outreach, before, made_by=made_by, at=now)
    walls = [next_after(reminder, 0, span) for reminder in outreach.reminders]
    end = row.closes_at
    coming = [w for w in walls if w is not None and now < moment(w) < (end or moment(w) + 1)]
    final = max(coming, default=None)
    seen: set[datetime] = set()
    for reminder, wall in zip(outreach.reminders, walls, strict=True):
        if wall in coming and wall is not None and wall not in seen:
            seen.add(wall)
            await add(
                tx,
                row.council_id,
                "last" if wall == final else "reminder",
                When(on=wall)
                if reminder.after_opening is not None or reminder.before
                else reminder,
                made_by=made_by,
                consultation=row,
                audience=outreach.audience,
                body=BY_DEFINITION,
                late=outreach.late,
                at=now,
            )


async def _invite_again(
    tx: Transaction,
    row: StoredConsultation,
    outreach: Outreach,
    before: Sequence[PromptsAbout],
    *,
    made_by: str,
    at: int,
) -> None:
    """Plan an invitation to each phase after the first that has none yet."""
    known = {_phase_of(p) for p in before if p.what == "invitation"}
    for phase in phases_of(row)[1:]:
        if phase.name in known or moment(phase.opens) <= at:
            continue
        await add(
            tx,
            row.council_id,
            "invitation",
            When(on=phase.opens),
            made_by=made_by,
            consultation=row,
            audience=outreach.audience,
            body={**BY_DEFINITION, "phase": phase.name},
            late=outreach.late,
            spread_ms=outreach.spread_hours * 3_600_000,
            at=at,
        )


def _phase_of(row: PromptsAbout) -> str | None:
    phase: str | None = msgspec.json.decode(row.body).get("phase")
    return phase


async def replan(
    tx: Transaction, consultation: StoredConsultation, made_by: str, at: int | None = None
) -> None:
    """A beginning, an end or the outreach changed: so does what hangs on it and is still to come.

    What the definition asks for is planned anew; what was planned by hand moves along.
    """
    now = at if at is not None else now_ms()
    for row in await tx.rows(PromptsAbout, consultation_id=consultation.id):
        if row.state != "active" or row.what not in ASKING:
            continue
        if _by_definition(row):
            await tx.run("drop_prompt", id=row.id)
            continue
        when = msgspec.json.decode(row.rule, type=When)
        if when.before_closing is None and when.after_opening is None:
            continue
        wall = next_after(when, now, span_of(consultation))
        await tx.run(
            "move_prompt",
            id=row.id,
            next_at=moment(wall) if wall else None,
            next_local=wall_text(wall) if wall else None,
            state="active" if wall else "ended",
        )
    await plan(tx, consultation, made_by, now)


def _by_definition(row: PromptsAbout) -> bool:
    body = msgspec.json.decode(row.body)
    return bool({**body, "phase": ""} == {**BY_DEFINITION, "phase": ""})
