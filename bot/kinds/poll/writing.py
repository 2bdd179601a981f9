"""Polls that organizers write in their own chat: who may, whom it reaches, and its publication.

    flows.kinds.poll.writing.conversation -> "organizer", "reach" -> PublishPoll -> consultation, broadcast or plan, audit

Who may is looked up when the conversation begins and again in the transaction that publishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bot.consultations import definitions, plans
from bot.consultations.previewing import Previewer
from bot.conversation.context import Context, Values, staff_here
from bot.core import audit
from bot.core.contact import Conversation
from bot.core.councils import Register
from bot.core.localtime import local, moment, now_ms
from bot.core.numbers import next_number
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, schedule
from bot.staff import approvals
from bot.staff.plans import agreed_of
from flows.dialog.dialog import Json
from flows.dialog.outreach import Audience, When
from flows.kinds import check
from flows.kinds.poll.writing.answers import shown_moment
from flows.kinds.poll.writing.conversation import PublishPoll
from flows.wording.text import LANGUAGES, Code, Text, Verbatim, lines, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.staff import StaffInChat

#: Roles that may ask citizens something.
ROLES = frozenset({"admin", "organizer"})

#: How long after its time an invitation still goes out, because its organizer was writing; ms.
LATE_MS = 60 * 60 * 1000

#: What the audit calls this conversation.
FLOW = "new_poll"


async def organizer_of(context: Context, council: str = "") -> StaffInChat | None:
    """The member of staff whose chat this is, if their role lets them ask citizens something.

    `council` is the code of the one they must belong to. Without it, who works for several councils
    speaks for the one that the chat is with, else for the first.
    """
    register, person = context.register, context.person
    rows = await staff_here(context)
    able = [row for row in rows if row.role in ROLES]
    if council:
        return next((r for r in able if register.council(r.council_id).code == council), None)
    own = person.council_id or register.default_id
    return next((row for row in able if row.council_id == own), next(iter(able), None))


async def offers(context: Context) -> Sequence[Json]:
    """Who may write a poll finds it in the menu."""
    return [{"flow": FLOW}] if await organizer_of(context) is not None else []


async def organizer(context: Context, conversation: Conversation, values: Values) -> Json:
    """Whom the chat's organizer speaks for, None if it is nobody's; that is recorded."""
    member = await organizer_of(context)
    if member is None:
        await _refused(context)
        return None
    council = context.register.council(member.council_id)
    return {
        "council": {"code": council.code, "name": council.name, "example": council.example},
        "languages": list(LANGUAGES),
        "now": local(context.at).replace(tzinfo=None).isoformat(timespec="minutes"),
    }


async def reach(context: Context, conversation: Conversation, values: Values) -> Json:
    """How many people an invitation to an audience would reach now, by channel."""
    member = await organizer_of(context, str(values["council"]))
    if member is None:
        return None
    audience = msgspec.convert(values["audience"], Audience)
    found = await broadcasts.reach(
        context.tx,
        context.register,
        member.council_id,
        "invitation",
        audience,
        None,
        context.at,
    )
    return {
        "people": found.people,
        "channels": dict(sorted(found.channels.items())),
        "outside": found.outside,
    }


async def publish(context: Context, conversation: Conversation, effect: PublishPoll) -> None:
    """Store the poll, and with `publish` open it and invite people."""
    await context.save_newcomer()
    for text in await _publish(context, effect):
        context.texts.tell(text)


async def _publish(context: Context, effect: PublishPoll) -> list[Text]:
    tx, register = context.tx, context.register
    member = await organizer_of(context, effect.council)
    if member is None:
        await _refused(context)
        return [effect.refused]
    council = register.council(member.council_id)
    code = await _free_code(tx, register, council.prefix)
    raw = {**effect.definition, "code": code, "council": council.code}
    head, problems = check(raw, council)
    if head is None or problems:
        said = "; ".join(map(str, problems))
        await audit.note(tx, member.council_id, member.name, "refused", code, said, context.at)
        return [lines(msg("authoring.broken"), *(Verbatim(str(p)) for p in problems))]
    await definitions.add(tx, register, msgspec.to_builtins(head), head)
    row = await register.by_code(tx, code)
    if row is None:
        raise LookupError(code)
    if not effect.publish:
        await audit.note(tx, member.council_id, member.name, "draft", code, FLOW, context.at)
        return [msg(effect.drafted.id, code=Code(code))]
    opens = datetime.fromisoformat(effect.at) if effect.at else None
    if opens is not None and moment(opens) + LATE_MS <= now_ms():
        return await _too_late(context, effect, member, code)
    try:
        await definitions.open_consultation(tx, row, made_by=member.name)
    except NotAllowed:
        return await _too_late(context, effect, member, code)
    audience = msgspec.convert(effect.audience, Audience)
    told = await _invite(context, effect, member, row, audience, opens)
    links = register.links(code)
    if not links:
        return [told]
    return [told, lines(msg("authoring.links"), *(Verbatim(link) for link in links))]


async def _invite(
    context: Context,
    effect: PublishPoll,
    member: StaffInChat,
    row: StoredConsultation,
    audience: Audience,
    opens: datetime | None,
) -> Text:
    """Begin the broadcast, or plan it. Returns what is told of it."""
    tx, council_id = context.tx, row.council_id
    found = await broadcasts.reach(tx, context.register, council_id, "invitation", audience, row)
    code = Code(row.code)
    asker = Asker(member.id, council_id)
    when = When(on=opens) if opens is not None and moment(opens) > now_ms() else None
    previewer = Previewer(context.register, context.vault, {})
    plan = plans.of_message(
        previewer, council_id, "invitation", audience, row, found.people, when=when
    )
    council = context.register.council(council_id)
    if not await approvals.goes_alone(tx, council, council_id, plan.people, plan.day):
        return await _waits(context, asker, member, row, audience, found.people)
    if opens is not None and when is not None:
        await schedule.add(
            tx,
            council_id,
            "invitation",
            when,
            made_by=member.name,
            consultation=row,
            audience=audience,
            agreed=agreed_of(plan, alone=True),
        )
        await audit.note(
            tx, member.council_id, member.name, "plan", row.code, f"{effect.at}, {FLOW}", context.at
        )
        values: Mapping[str, Any] = {"code": code, "moment": shown_moment(opens)}
        return msg(effect.planned.id, count=found.people, **values)
    id = await broadcasts.draft(
        tx,
        council_id,
        "invitation",
        audience,
        made_by=member.name,
        consultation_id=row.id,
    )
    await broadcasts.start(tx, id)
    await audit.note(
        tx,
        member.council_id,
        member.name,
        "send",
        row.code,
        f"{found.people} people, {FLOW}",
        context.at,
    )
    return msg(effect.sent.id, count=found.people, code=code)


async def _waits(
    context: Context,
    asker: "Asker",
    member: StaffInChat,
    row: StoredConsultation,
    audience: Audience,
    people: int,
) -> Text:
    """So many people need a second member of staff: the invitation waits as a draft."""
    id = await broadcasts.draft(
        context.tx,
        asker.council_id,
        "invitation",
        audience,
        made_by=member.name,
        consultation_id=row.id,
    )
    reason = f"invitation {row.code} → {people}"
    # It goes later, from its page, as it stands there.
    plan = plans.of_message(
        Previewer(context.register, context.vault, {}),
        asker.council_id,
        "invitation",
        audience,
        row,
        people,
    )
    await approvals.ask(context.tx, asker, "broadcast", str(id), reason, plan)
    await audit.note(
        context.tx,
        member.council_id,
        member.name,
        "ask approval",
        f"broadcast {id}",
        FLOW,
        context.at,
    )
    return msg("authoring.second_person", count=people, code=Code(row.code))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a second person."""

    id: int
    council_id: int


async def _too_late(
    context: Context, effect: PublishPoll, member: StaffInChat, code: str
) -> list[Text]:
    await audit.note(
        context.tx, member.council_id, member.name, "draft", code, f"too late, {FLOW}", context.at
    )
    return [msg(effect.late.id, code=Code(code))]


async def _free_code(tx: Transaction, register: Register, prefix: str) -> str:
    """The next code such as OZT-P12 that no consultation has."""
    while True:
        code = f"{prefix}-P{await next_number(tx, f'{prefix}-P')}"
        if await register.by_code(tx, code) is None:
            return code


async def _refused(context: Context) -> None:
    """Record that somebody wanted to write a poll who may not; a citizen stays unnamed."""
    rows = await staff_here(context)
    council_id = context.person.council_id or context.register.default_id
    member = next(iter(rows), None)
    said = f"in a chat on {context.contact.channel}"
    await audit.note(
        context.tx,
        member.council_id if member is not None else council_id,
        member.name if member is not None else "somebody",
        "refused",
        FLOW,
        said,
        context.at,
    )
