"""What a conversation about a meeting asks of storage, and does about a place."""

import msgspec

from bot.conversation.context import Context, Values
from bot.core.contact import Conversation
from bot.core.councils import is_open
from bot.core.localtime import moment
from bot.kinds.meeting import grouping, outcomes, photos, reminding, seats
from bot.kinds.meeting.door import ticket
from flows.dialog.dialog import Json, Say, json_of
from flows.kinds import definition_of
from flows.kinds.meeting import following, shown
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.outcome import Outcome
from flows.kinds.meeting.seat import LeaveSeat, Seat, StillComes, TakeSeat
from flows.wording.text import Translated, lines, msg
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.broadcasts import TopicsOf
from storage.rows.responses import ResponseByReference, SingleResponse


async def seat(context: Context, conversation: Conversation, values: Values) -> Json:
    """How this person stands, and whether the meeting is over."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    found = await _stands(context, row)
    return json_of(found)


async def _stands(context: Context, row: StoredConsultation) -> Seat:
    """How this person stands, with the groups that they are told."""
    tx, person = context.tx, context.person.id
    found = await seats.stands(tx, row, person, context.at, context.public_url)
    outcome, public = await outcomes.outcome_of(tx, row.id) if found.over else (Outcome(), False)
    if public:
        names = await photos.public_of(tx, row.id)
        found = msgspec.structs.replace(found, outcome=outcome, photos=names)
    own = await grouping.told_to(tx, row.id, person)
    link, picture = await ticket.given(context, row, found)
    rows = await tx.rows(TopicsOf, person_id=person, council_id=row.council_id)
    followed = {one.topic for one in rows}
    topics = tuple(one for one in following.topics(seats.meeting_of(row)) if one in followed)
    clash = await seats.elsewhere(tx, row, person)
    return msgspec.structs.replace(
        found, groups=own, ticket=link, picture=picture, follows=topics, clash=clash
    )


async def take_seat(context: Context, conversation: Conversation, effect: TakeSeat) -> None:
    """Give a place to who signed up, or a number on the waiting list."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    meeting = seats.meeting_of(row)
    if context.at >= moment(meeting.ends):
        context.texts.tell(msg("meeting.over", title=Translated(meeting.title)))
        return
    signed_up = await context.tx.row(
        SingleResponse, consultation_id=row.id, person_id=context.person.id, phase=""
    )
    if signed_up is None or signed_up.state == "withdrawn" or not is_open(row, context.at):
        # Why not was said when the response was refused.
        return
    if seats.changed(definition_of(conversation.facts, Meeting), meeting):
        # It was changed while they read: what is told last is what holds.
        context.texts.tell(lines(msg("meeting.moved"), shown.when_and_where(meeting), gap=1))
    sending = context.register.council(row.council_id).sending
    reminded = reminding.reminders_by(row, context.at, sending)
    await seats.take(context.tx, row, context.person.id, context.at, reminded)
    await grouping.join(context.tx, row, context.person.id)
    found = await _stands(context, row)
    how = shown.standing(seats.meeting_of(row), found)
    if how is not None:
        context.texts.tell(how)
    if found.ticket:
        context.texts.say([Say(shown.ticket(found), shown.picture(found))])


async def still_comes(context: Context, conversation: Conversation, effect: StillComes) -> None:
    """Note that somebody comes all the same."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    await seats.still_comes(context.tx, row.id, context.person.id)
    found = await _stands(context, row)
    how = shown.standing(seats.meeting_of(row), found)
    context.texts.tell(how if how is not None else msg("meeting.later"))


async def leave_seat(context: Context, conversation: Conversation, effect: LeaveSeat) -> None:
    """Take a place back from who cannot come."""
    row = await context.register.by_id(context.tx, conversation.consultation_id)
    await seats.leave(context.tx, row.id, context.person.id, context.at)
    context.texts.tell(msg("meeting.given_back"))


async def withdrawn(tx: Transaction, found: ResponseByReference, at: int) -> None:
    """Who takes back that they come gives their place back too."""
    if found.person_id is not None:
        await seats.leave(tx, found.consultation_id, found.person_id, at)
