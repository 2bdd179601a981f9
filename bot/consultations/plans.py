"""What a message will do, put together for the second person who agrees to it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.consultations.previewing import Previewer, spoken
from bot.core.localtime import local_day, moment, now_ms
from bot.outreach import templates
from bot.outreach.agreed import digest_of_text
from bot.outreach.recurrence import next_after
from bot.outreach.schedule import span_of
from bot.staff.plans import Plan
from flows.dialog.outreach import Audience, When
from storage.rows import StoredBroadcast, StoredConsultation


def of_message(
    previewer: Previewer,
    council_id: int,
    what: str,
    audience: Audience,
    consultation: StoredConsultation | None,
    people: int,
    *,
    body: Mapping[str, Any] | None = None,
    when: When | None = None,
    late: str = "run",
    spread_ms: int = 0,
) -> Plan:
    """A message of a council: now, or (`when`) at a moment or by a rule."""
    now = now_ms()
    row = StoredBroadcast(
        1,
        council_id,
        consultation.id if consultation is not None else None,
        what,
        msgspec.json.encode(body or {}).decode(),
        "{}",
        "draft",
        spread_ms,
        None,
        "",
        None,
        now,
        None,
    )
    first = next_after(when, now, span_of(consultation)) if when is not None else None
    begins = moment(first) if first is not None else now
    rule = {**msgspec.to_builtins(when), "late": late} if when is not None else {}
    return Plan(
        what=what,
        code=consultation.code if consultation is not None else "",
        audience=msgspec.to_builtins(audience),
        source=source_of(consultation, row.body),
        when={**rule, **({"spread_hours": spread_ms / 3_600_000} if spread_ms else {})},
        template=templates.NAMES.get(what, ""),
        day=local_day(begins).isoformat(),
        people=people,
        shown={
            code: previewer.broadcast(row, consultation, code).message.text
            for code in spoken(row, consultation)
        },
    )


def of_broadcast(
    previewer: Previewer,
    row: StoredBroadcast,
    consultation: StoredConsultation | None,
    people: int,
) -> Plan:
    """A message that is written down as a draft."""
    return of_message(
        previewer,
        row.council_id,
        row.what,
        msgspec.json.decode(row.audience, type=Audience),
        consultation,
        people,
        body=msgspec.json.decode(row.body),
        spread_ms=row.spread_ms,
    )


def source_of(consultation: StoredConsultation | None, body: str) -> dict[str, Any]:
    """What a message's words, times and media come from: any change of it is another message."""
    found: dict[str, Any] = {"body": msgspec.json.decode(body)}
    if consultation is not None:
        found["definition"] = digest_of_text(consultation.definition)
        found["closes"] = consultation.closes_local or ""
    return found
