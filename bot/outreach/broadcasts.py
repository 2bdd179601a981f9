"""Broadcasts: who receives what; begun once, paused, resumed, cancelled; how far they are.

    draft -> running <-> paused, until done; cancelled at any time before

A broadcast's recipients are rows of the outbox (`bot.outreach.sender` writes and sends them). What it says
is kept as `body`; the words come from the catalogues when a message goes, in each citizen's
language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bot.core.councils import Register, head_of
from bot.core.localtime import now_ms
from bot.outreach.audiences import ASKING, Reach, reach_of, values_of
from flows.dialog.outreach import Audience
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredBroadcast, StoredConsultation
from storage.rows.broadcasts import (
    Broadcast,
    BroadcastsOf,
    CancelBroadcast,
    EffectOf,
    MoveBroadcast,
    ProgressOf,
    RunningAbout,
    StartBroadcast,
)
from storage.rows.consultations import ConsultationById

#: What a broadcast may be.
WHAT = ("invitation", "reminder", "last", "result", "decision", "change", "notice", "news")

#: States of a recipient, in the order in which they are told.
STATES = (
    "queued",
    "sending",
    "sent",
    "delivered",
    "read",
    "uncertain",
    "failed",
    "dropped",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: people by state; why some failed, were dropped or wait."""

    id: int
    code: str | None
    what: str
    state: str
    made_by: str
    started_at: int | None
    ended_at: int | None
    gathering: bool
    states: Mapping[str, int]
    channels: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    answered: int = 0
    declined: int = 0
    opted_out: int = 0

    @property
    def people(self) -> int:
        """Recipients in all."""
        return sum(self.states.values())

    @property
    def over(self) -> int:
        """Recipients in a final state."""
        return self.people - self.states.get("queued", 0) - self.states.get("sending", 0)


async def reach(
    tx: Transaction,
    register: Register,
    council_id: int,
    what: str,
    audience: Audience,
    consultation: StoredConsultation | None,
    at: int | None = None,
) -> Reach:
    """How many people a broadcast would reach now. Raises WrongAudience."""
    theme = head_of(consultation).theme if consultation is not None else ""
    values = await values_of(tx, register, council_id, what, audience, consultation, theme)
    return await reach_of(tx, values, at if at is not None else now_ms())


async def draft(
    tx: Transaction,
    council_id: int,
    what: str,
    audience: Audience,
    *,
    made_by: str,
    consultation_id: int | None = None,
    body: Mapping[str, Any] | None = None,
    spread_ms: int = 0,
    person_id: int | None = None,
) -> int:
    """A broadcast that waits for `start`. Returns its id; starting it twice starts it once."""
    if what not in WHAT:
        raise ValueError(f"a broadcast is no {what!r}; it is one of: {', '.join(WHAT)}")
    id = new_id()
    await tx.run(
        "add_broadcast",
        id=id,
        council_id=council_id,
        consultation_id=consultation_id,
        what=what,
        body=msgspec.json.encode(body or {}).decode(),
        audience=msgspec.json.encode(audience).decode(),
        state="draft",
        spread_ms=spread_ms if what in ASKING or what == "notice" else 0,
        made_by=made_by,
        person_id=person_id,
        at=now_ms(),
    )
    return id


async def begin(
    tx: Transaction,
    council_id: int,
    what: str,
    audience: Audience,
    *,
    made_by: str,
    consultation_id: int | None = None,
    body: Mapping[str, Any] | None = None,
    spread_ms: int = 0,
) -> int:
    """A broadcast that needs nobody's look first: drafted and started. Returns its id."""
    id = await draft(
        tx,
        council_id,
        what,
        audience,
        made_by=made_by,
        consultation_id=consultation_id,
        body=body,
        spread_ms=spread_ms,
    )
    await start(tx, id)
    return id


async def supersede(tx: Transaction, consultation_id: int, what: str) -> None:
    """What is still on its way about a consultation is no longer so: whoever waits gets what comes next."""
    for row in await tx.rows(RunningAbout, consultation_id=consultation_id, what=what):
        await cancel(tx, row.id)


async def start(tx: Transaction, id: int) -> bool:
    """Begin a draft. False if it has begun before: a second press changes nothing."""
    return await tx.row(StartBroadcast, id=id, at=now_ms()) is not None


async def pause(tx: Transaction, id: int) -> bool:
    """Send no more for now. False if it was not running."""
    return await tx.row(MoveBroadcast, id=id, before="running", after="paused") is not None


async def resume(tx: Transaction, id: int) -> bool:
    """Go on. False if it was not paused."""
    return await tx.row(MoveBroadcast, id=id, before="paused", after="running") is not None


async def cancel(tx: Transaction, id: int) -> bool:
    """End it; whoever waits gets nothing. False if it had ended."""
    if await tx.row(CancelBroadcast, id=id, at=now_ms()) is None:
        return False
    await tx.run("drop_cancelled")
    return True


async def progress(tx: Transaction, id: int) -> Progress | None:
    """How far it is, None if there is no such broadcast."""
    row = await tx.row(Broadcast, id=id)
    if row is None:
        return None
    states: dict[str, int] = {}
    channels: dict[str, dict[str, int]] = {}
    reasons: dict[str, dict[str, int]] = {}
    for part in await tx.rows(ProgressOf, broadcast_id=id):
        state, n = part.state, part.n
        states[state] = states.get(state, 0) + n
        counts = channels.setdefault(part.channel, {})
        counts[state] = counts.get(state, 0) + n
        why = part.error or ("cancelled" if state == "dropped" else "")
        if why and state in ("failed", "dropped", "uncertain", "queued"):
            told = reasons.setdefault(state, {})
            told[why] = told.get(why, 0) + n
    effect = await tx.row(EffectOf, broadcast_id=id)
    return Progress(
        id,
        row.code,
        row.what,
        row.state,
        row.made_by,
        row.started_at,
        row.ended_at,
        row.state in ("running", "paused") and row.gathered_to != -1,
        {state: states[state] for state in STATES if state in states},
        channels,
        reasons,
        effect.answered if effect and row.what in ASKING else 0,
        effect.declined if effect and row.what in ASKING else 0,
        effect.opted_out if effect else 0,
    )


# --------------------------------------------------------------------------- looked up


async def broadcast(tx: Transaction, council_id: int, id: int) -> Broadcast | None:
    """A council's broadcast. None if it is another council's, or there is none."""
    row = await tx.row(Broadcast, id=id)
    return row if row is not None and row.council_id == council_id else None


async def consultation_of(tx: Transaction, row: StoredBroadcast) -> StoredConsultation | None:
    """What a broadcast is about, None where it is about no consultation."""
    if row.consultation_id is None:
        return None
    return await tx.row(ConsultationById, id=row.consultation_id)


async def sent(tx: Transaction, council_id: int, most: int) -> list[Progress]:
    """A council's last broadcasts with how far each is, newest first."""
    rows = await tx.rows(BroadcastsOf, council_id=council_id, most=most)
    return await _progress_of(tx, rows)


async def sent_about(
    tx: Transaction, consultation: StoredConsultation, most: int
) -> list[Progress]:
    """Those about one consultation, among its council's last `most`."""
    rows = await tx.rows(BroadcastsOf, council_id=consultation.council_id, most=most)
    return await _progress_of(tx, [row for row in rows if row.consultation_id == consultation.id])


async def running(tx: Transaction, council_id: int, most: int) -> list[Progress]:
    """Those that are on their way or paused, among a council's last `most`."""
    rows = await tx.rows(BroadcastsOf, council_id=council_id, most=most)
    return await _progress_of(tx, [row for row in rows if row.state in ("running", "paused")])


async def _progress_of(tx: Transaction, rows: Iterable[BroadcastsOf]) -> list[Progress]:
    found = [await progress(tx, row.id) for row in rows]
    return [one for one in found if one is not None]
