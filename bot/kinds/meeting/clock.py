"""What is done for a meeting by itself: free places offered, who has one reminded two days and two hours before."""

import logging
from typing import Final

from bot.core.councils import is_open
from bot.core.localtime import moment, now_ms
from bot.kinds import telling
from bot.kinds.meeting import grouping, outcomes, photos, reminding, seats
from bot.kinds.meeting.door import ticket
from bot.kinds.meeting.rows import (
    MeetingsOn,
    ToldOf,
    ToRemind,
    ToTellGroups,
    ToTellMoved,
    ToTellOff,
    ToTellOn,
    ToTellOutcome,
    WalkInDue,
)
from bot.kinds.telling import Told
from bot.outreach import held, quiet_hours
from bot.services import Services
from flows.dialog.outreach import Sending
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.following import came
from flows.wording.text import Code, Text, lines, msg
from storage.database import Transaction, Unavailable
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById
from storage.rows.inbox import StandingHold

log = logging.getLogger("tachawor.meetings")

#: Most messages of one meeting in one round.
AT_ONCE: Final = 50


async def look(services: Services) -> None:
    """One round over all meetings that somebody has signed up to; none while a restored database is held."""
    at = now_ms()
    async with services.storage.reading() as tx:
        if await held.since(tx):
            return
        ids = [row.id for row in await tx.rows(MeetingsOn)]
        named = await tx.row(WalkInDue, at=at) is not None and await tx.row(StandingHold) is None
    if named:
        async with services.storage.transaction() as tx:
            await tx.run("forget_walk_ins", at=at)
    await ticket.sweep(services, at)
    for id in ids:
        try:
            await _see_to(services, id, at)
        except Unavailable:
            raise
        except Exception:
            log.exception("meeting %d could not be seen to; it is tried again", id)


async def _see_to(services: Services, id: int, at: int) -> None:
    async with services.storage.reading() as tx:
        row = await tx.row(ConsultationById, id=id)
        if row is None:
            return
        await services.register.learn(tx, row.council_id)
        sending = services.register.council(row.council_id).sending
        if not await _waits(tx, row, at, sending):
            return
    async with services.storage.transaction() as tx:
        row = await tx.row(ConsultationById, id=id)
        if row is None:
            return
        await services.register.learn(tx, row.council_id)
        sending = services.register.council(row.council_id).sending
        if quiet_hours.allowed_from(at, sending) > at:
            return
        await tx.run("lock_meeting", consultation_id=id, at=at)
        if at >= moment(seats.meeting_of(row).starts):
            people = await _came(tx, row)
        elif is_open(row, at):
            stage = reminding.reminders_by(row, at, sending)
            people = await _on_again(tx, row, stage)
            people += [*await _moved(tx, row), *await _offers(tx, row, at)]
            people += await _reminders(tx, row, stage, services.config.public_url)
            people += await _grouped(tx, row)
        else:
            people = await _called_off(tx, row)
        going = await telling.queued(services, tx, row, people, "meeting", at)
    telling.go(services, going)


async def _waits(tx: Transaction, row: StoredConsultation, at: int, sending: Sending) -> bool:
    """Whether there is something to do: looking costs nobody a write."""
    starts_at = moment(seats.meeting_of(row).starts)
    if at >= starts_at:
        return await tx.row(ToTellOutcome, consultation_id=row.id, most=1) is not None
    if not is_open(row, at):
        return await tx.row(ToTellOff, consultation_id=row.id, most=1) is not None
    stage = reminding.reminders_by(row, at, sending)
    moves, _ = await seats.moves_of(tx, row)
    known = await tx.row(ToldOf, consultation_id=row.id)
    if known is not None and '"starts"' not in known.told:
        # Somebody signed up before it was written down what they were told.
        return True
    moved = await tx.row(ToTellMoved, consultation_id=row.id, moves=moves, most=1)
    return (
        moved is not None
        or await tx.row(ToTellOn, consultation_id=row.id, most=1) is not None
        or await tx.row(ToRemind, consultation_id=row.id, reminded=stage, most=1) is not None
        or await tx.row(ToTellGroups, consultation_id=row.id, most=1) is not None
        or await seats.can_offer(tx, row, at)
    )


async def _offers(tx: Transaction, row: StoredConsultation, at: int) -> list[Told]:
    """Free places, to who has waited longest."""
    meeting = seats.meeting_of(row)
    until = seats.offered_until(meeting, at)
    text = lines(
        msg("meeting.free", code=Code(row.code), until=Code(seats.until_text(until))),
        shown.when_and_where(meeting),
        gap=1,
    )
    return [(person, text) for person in await seats.offer(tx, row, at, AT_ONCE)]


async def _moved(tx: Transaction, row: StoredConsultation) -> list[Told]:
    """Another time or place, to everybody who was told the one before: do they still come?"""
    meeting = seats.meeting_of(row)
    starts_at, moves = moment(meeting.starts), await seats.count_moves(tx, row)
    found = await tx.rows(ToTellMoved, consultation_id=row.id, moves=moves, most=AT_ONCE)
    for one in found:
        await tx.run("note_moved", id=one.id, starts_at=starts_at, moves=moves)
    when = shown.when_and_where(meeting)
    return [
        (
            one.person_id,
            lines(
                msg("meeting.moved"), when, msg(_STANDS[one.state], meeting=Code(row.code)), gap=1
            ),
        )
        for one in found
    ]


#: What holds for whom after another time: only who has a place reads that it stays theirs.
_STANDS: Final = {
    "seat": "meeting.moved_no",
    "waiting": "meeting.moved_waiting",
    "offered": "meeting.moved_offered",
}


async def _called_off(tx: Transaction, row: StoredConsultation) -> list[Told]:
    """A meeting that is closed before it began will not be: who counted on it is told."""
    found = await tx.rows(ToTellOff, consultation_id=row.id, most=AT_ONCE)
    for one in found:
        await tx.run("call_off_seat", id=one.id)
    text = lines(msg("meeting.off"), shown.when_and_where(seats.meeting_of(row)), gap=1)
    return [(one.person_id, text) for one in found]


async def _on_again(tx: Transaction, row: StoredConsultation, stage: int) -> list[Told]:
    """What was called off and is open again will be: who counted on it has the place again, and is told."""
    when = shown.when_and_where(seats.meeting_of(row))
    people: list[Told] = []
    found = await tx.rows(ToTellOn, consultation_id=row.id, most=AT_ONCE)
    moves = await seats.count_moves(tx, row) if found else 0
    for one in found:
        code = await seats.have_again(tx, row, one, moves, stage)
        stands = (
            msg("meeting.on_again_seat", code=Code(code), meeting=Code(row.code))
            if code
            else msg("meeting.moved_waiting")
        )
        people.append((one.person_id, lines(msg("meeting.on_again"), when, stands, gap=1)))
    return people


async def _reminders(
    tx: Transaction, row: StoredConsultation, stage: int, public_url: str
) -> list[Told]:
    """Who is to be reminded now; each time is told once, and one that was missed is not made up for."""
    meeting = seats.meeting_of(row)
    found = await tx.rows(ToRemind, consultation_id=row.id, reminded=stage, most=AT_ONCE)
    for one in found:
        await tx.run("note_reminded", id=one.id, reminded=stage)
    people: list[Told] = []
    for one in found:
        own = await grouping.told_to(tx, row.id, one.person_id)
        if own:
            await tx.run("note_groups_told", seat_id=one.id)
        link = f"{public_url}/ticket/{row.code}/{one.code}-{one.ticket}" if one.ticket else ""
        text = _reminder(row, meeting, one.code, link, shown.groups(meeting, own))
        people.append((one.person_id, text))
    return people


async def _came(tx: Transaction, row: StoredConsultation) -> list[Told]:
    """What came of it, once, to who was there."""
    found = await tx.rows(ToTellOutcome, consultation_id=row.id, most=AT_ONCE)
    for one in found:
        await tx.run("note_outcome_told", id=one.id)
    outcome, _ = await outcomes.outcome_of(tx, row.id)
    text = came(seats.meeting_of(row), outcome, len(await photos.public_of(tx, row.id)))
    return [(one.person_id, text) for one in found]


async def _grouped(tx: Transaction, row: StoredConsultation) -> list[Told]:
    """Their group, to who was told none yet or another one."""
    meeting = seats.meeting_of(row)
    people: list[Told] = []
    for one in await tx.rows(ToTellGroups, consultation_id=row.id, most=AT_ONCE):
        own = await grouping.told_to(tx, row.id, one.person_id)
        await tx.run("note_groups_told", seat_id=one.id)
        people.append((one.person_id, shown.your_group(meeting, own)))
    return people


def _reminder(
    row: StoredConsultation, meeting: Meeting, code: str, link: str, group: Text | None
) -> Text:
    return lines(
        msg("meeting.reminder"),
        shown.when_and_where(meeting),
        shown.directions(meeting) if meeting.how or meeting.point is not None else None,
        group,
        msg("meeting.reminder_code", code=Code(code), meeting=Code(row.code)),
        msg("meeting.ticket", code=Code(code), link=Code(link)) if link else None,
        gap=1,
    )
