"""Polls that organizers write in their own chat: who may, whom it reaches, and its publication.

    flows.conversations.authoring.conversation -> "organizer", "reach" -> PublishPoll -> consultation, broadcast or plan, audit

Who may is looked up when the conversation begins and again in the transaction that publishes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from bot.consultations import definitions
from bot.core.contact import Party
from bot.core.councils import Register
from bot.core.localtime import local, moment, now_ms
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, schedule
from bot.staff import approvals
from flows.conversations.authoring.answers import shown_moment
from flows.dialog import effects as fx
from flows.dialog.dialog import Json
from flows.dialog.outreach import Audience, When
from flows.kinds import check
from flows.wording.text import LANGUAGES, Code, Text, Verbatim, lines, msg
from storage.database import Row, Transaction
from storage.ids import new_id

if TYPE_CHECKING:
    from bot.conversation.effects import Scene
    from bot.conversation.lookups import Question

#: Roles that may ask citizens something.
ROLES = frozenset({"admin", "organizer"})

#: How long after its time an invitation still goes out, because its organizer was writing; ms.
LATE_MS = 60 * 60 * 1000

#: What the audit calls this conversation.
FLOW = "new_poll"


async def organizer_of(
    tx: Transaction, register: Register, party: Party, council: str = ""
) -> Row | None:
    """The member of staff whose chat this is, if their role lets them ask citizens something.

    `council` is the code of the one they must belong to. Without it, who works for several councils
    speaks for the one that the chat is with, else for the first.
    """
    if party.new:
        return None
    rows = await tx.rows("staff_in_chat", person_id=party.person.id)
    able = [row for row in rows if row["role"] in ROLES]
    if council:
        return next((r for r in able if register.council(r["council_id"]).code == council), None)
    own = party.person.council_id or register.default_id
    return next((row for row in able if row["council_id"] == own), next(iter(able), None))


async def organizer(q: "Question") -> Json:
    """Whom the chat's organizer speaks for, None if it is nobody's; that is recorded."""
    member = await organizer_of(q.tx, q.register, q.party)
    if member is None:
        await _refused(q.tx, q.register, q.party, q.at)
        return None
    council = q.register.council(member["council_id"])
    return {
        "council": {"code": council.code, "name": council.name, "example": council.example},
        "languages": list(LANGUAGES),
        "now": local(q.at).replace(tzinfo=None).isoformat(timespec="minutes"),
    }


async def reach(q: "Question") -> Json:
    """How many people an invitation to an audience would reach now, by channel."""
    member = await organizer_of(q.tx, q.register, q.party, str(q.values["council"]))
    if member is None:
        return None
    audience = msgspec.convert(q.values["audience"], Audience)
    found = await broadcasts.reach(
        q.tx, q.register, member["council_id"], "invitation", audience, None, q.at
    )
    return {
        "people": found.people,
        "channels": dict(sorted(found.channels.items())),
        "outside": found.outside,
    }


async def publish(scene: "Scene", effect: fx.PublishPoll) -> list[Text]:
    """Store the poll, and with `publish` open it and invite people. Returns what is told."""
    tx, register = scene.tx, scene.register
    member = await organizer_of(tx, register, scene.party, effect.council)
    if member is None:
        await _refused(tx, register, scene.party, scene.at)
        return [effect.refused]
    council = register.council(member["council_id"])
    code = await _free_code(tx, register, council.prefix)
    raw = {**effect.definition, "code": code, "council": council.code}
    head, problems = check(raw, council)
    if head is None or problems:
        said = "; ".join(map(str, problems))
        await _audit(tx, member, "refused", code, said, scene.at)
        return [lines(msg("authoring.broken"), *(Verbatim(str(p)) for p in problems))]
    await definitions.add(tx, register, msgspec.to_builtins(head), head)
    row = await register.by_code(tx, code)
    if row is None:
        raise LookupError(code)
    if not effect.publish:
        await _audit(tx, member, "draft", code, FLOW, scene.at)
        return [msg(effect.drafted.id, code=Code(code))]
    opens = datetime.fromisoformat(effect.at) if effect.at else None
    if opens is not None and moment(opens) + LATE_MS <= now_ms():
        return await _too_late(scene, effect, member, code)
    try:
        await definitions.open_consultation(tx, row, made_by=member["name"])
    except NotAllowed:
        return await _too_late(scene, effect, member, code)
    audience = msgspec.convert(effect.audience, Audience)
    told = await _invite(scene, effect, member, row, audience, opens)
    links = register.links(code)
    if not links:
        return [told]
    return [told, lines(msg("authoring.links"), *(Verbatim(link) for link in links))]


async def _invite(
    scene: "Scene",
    effect: fx.PublishPoll,
    member: Row,
    row: Row,
    audience: Audience,
    opens: datetime | None,
) -> Text:
    """Begin the broadcast, or plan it. Returns what is told of it."""
    tx, council_id = scene.tx, row["council_id"]
    found = await broadcasts.reach(tx, scene.register, council_id, "invitation", audience, row)
    code = Code(row["code"])
    asker = Asker(member["id"], council_id)
    if approvals.needed(scene.register.council(council_id), found.people):
        return await _waits(scene, asker, member, row, audience, found.people)
    if opens is not None and moment(opens) > now_ms():
        await schedule.add(
            tx,
            council_id,
            "invitation",
            When(on=opens),
            made_by=member["name"],
            consultation=row,
            audience=audience,
        )
        await _audit(tx, member, "plan", row["code"], f"{effect.at}, {FLOW}", scene.at)
        values: Mapping[str, Any] = {"code": code, "moment": shown_moment(opens)}
        return msg(effect.planned.id, count=found.people, **values)
    id = await broadcasts.draft(
        tx,
        council_id,
        "invitation",
        audience,
        made_by=member["name"],
        consultation_id=row["id"],
    )
    await broadcasts.start(tx, id)
    await _audit(tx, member, "send", row["code"], f"{found.people} people, {FLOW}", scene.at)
    return msg(effect.sent.id, count=found.people, code=code)


async def _waits(
    scene: "Scene", asker: "Asker", member: Row, row: Row, audience: Audience, people: int
) -> Text:
    """So many people need a second member of staff: the invitation waits as a draft."""
    id = await broadcasts.draft(
        scene.tx,
        asker.council_id,
        "invitation",
        audience,
        made_by=member["name"],
        consultation_id=row["id"],
    )
    reason = f"invitation {row['code']} → {people}"
    await approvals.ask(scene.tx, asker, "broadcast", str(id), reason)
    await _audit(scene.tx, member, "ask approval", f"broadcast {id}", FLOW, scene.at)
    return msg("authoring.second_person", count=people, code=Code(row["code"]))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a second person."""

    id: int
    council_id: int


async def _too_late(scene: "Scene", effect: fx.PublishPoll, member: Row, code: str) -> list[Text]:
    await _audit(scene.tx, member, "draft", code, f"too late, {FLOW}", scene.at)
    return [msg(effect.late.id, code=Code(code))]


async def _free_code(tx: Transaction, register: Register, prefix: str) -> str:
    """The next code such as OZT-P12 that no consultation has."""
    while True:
        row = await tx.row("next_number", name=f"{prefix}-P")
        code = f"{prefix}-P{row['value'] if row else new_id()}"
        if await register.by_code(tx, code) is None:
            return code


async def _refused(tx: Transaction, register: Register, party: Party, at: int) -> None:
    """Record that somebody wanted to write a poll who may not; a citizen stays unnamed."""
    rows = [] if party.new else await tx.rows("staff_in_chat", person_id=party.person.id)
    council_id = party.person.council_id or register.default_id
    member = next(iter(rows), {"council_id": council_id, "name": "somebody"})
    await _audit(tx, member, "refused", FLOW, f"in a chat on {party.channel}", at)


async def _audit(
    tx: Transaction, member: Row | Mapping[str, Any], action: str, object: str, detail: str, at: int
) -> None:
    await tx.run(
        "add_audit",
        id=new_id(),
        council_id=member["council_id"],
        actor=member["name"],
        action=action,
        object=object,
        detail=detail[:1000],
        at=at,
    )
