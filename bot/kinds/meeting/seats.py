"""The places of a meeting: taken, waited for, offered, given back, found at the door.

Whoever changes them locks the meeting first, so that however many sign up at once, and at however many
processes, no place is given away twice.
"""

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.councils import ConsultationRow, head_of
from bot.core.localtime import local, moment, wall_text
from bot.core.refusals import refused
from bot.kinds.meeting.rows import (
    CodesOf,
    FirstWaiting,
    LateOffer,
    OthersAt,
    OtherSeatsOf,
    SeatByCode,
    SeatOf,
    SeatsByState,
    ToldOf,
    ToTellOn,
)
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.results import Seats
from flows.kinds.meeting.seat import OFFERED_HOURS, Clash, Seat
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Figures of a code that is shown at the door, and tries for one that nobody has yet.
CODE_DIGITS = 5
TRIES = 40

OFFERED_MS = OFFERED_HOURS * 3_600_000


def meeting_of(row: ConsultationRow) -> Meeting:
    """The definition. Raises TypeError where the consultation is of another kind."""
    head = head_of(row)
    if not isinstance(head, Meeting):
        raise TypeError(f"{row.code} is no meeting")
    return head


async def stands(
    tx: Transaction, row: StoredConsultation, person_id: int, at: int, public_url: str
) -> Seat:
    """How somebody stands, as the conversation asks for it."""
    meeting = meeting_of(row)
    known = await tx.row(SeatOf, consultation_id=row.id, person_id=person_id)
    counts = await _counts(tx, row.id)
    late = known is not None and known.state == "offered" and known.until <= at
    taken = counts["seat"] + counts["offered"] - late
    full = bool(meeting.seats) and (taken >= meeting.seats or counts["waiting"] > 0)
    free = 0 if full else max(meeting.seats - taken, 0)
    begun, over = moment(meeting.starts) <= at, moment(meeting.ends) <= at
    calendar = f"{public_url}/calendar/{row.code}.ics"
    if known is None:
        return Seat(full=full, free=free, begun=begun, over=over, calendar=calendar)
    return Seat(
        state="passed" if late else known.state,
        code=known.code,
        rank=known.before + 1 if known.state == "waiting" else 0,
        until=until_text(known.until) if known.state == "offered" else "",
        full=full,
        free=free,
        begun=begun,
        over=over,
        calendar=calendar,
        unsure=bool(known.unsure),
    )


async def take(
    tx: Transaction, row: StoredConsultation, person_id: int, at: int, reminded: int
) -> None:
    """Have a place if one is free and nobody waits for it, or it was offered to them; else wait for one.

    `reminded`: so many reminders have gone by; who signs up an hour before needs nobody to remind them.
    """
    meeting = meeting_of(row)
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    await tx.run("pass_offers", consultation_id=row.id, at=at)
    moves = await count_moves(tx, row)
    known = await tx.row(SeatOf, consultation_id=row.id, person_id=person_id)
    state = known.state if known is not None else ""
    if state in ("seat", "waiting"):
        return
    counts = await _counts(tx, row.id)
    free = not meeting.seats or counts["seat"] + counts["offered"] < meeting.seats
    has = state == "offered" or (free and not counts["waiting"])
    await _put(tx, row, person_id, moves, reminded, has=has, since=at)


async def have_again(
    tx: Transaction, row: StoredConsultation, seat: ToTellOn, moves: int, reminded: int
) -> str | None:
    """Give back a place that went with a meeting that was called off. The meeting is locked by the caller.

    Returns the code at the door; None where they wait again, as before or for there are fewer places now.
    """
    most = meeting_of(row).seats
    counts = await _counts(tx, row.id)
    free = not most or counts["seat"] + counts["offered"] < most
    has = seat.state == "off" and free
    if not has:
        await tx.run("leave_groups", seat_id=seat.id)
    return await _put(tx, row, seat.person_id, moves, reminded, has=has, since=seat.since)


async def _put(
    tx: Transaction,
    row: StoredConsultation,
    person_id: int,
    moves: int,
    reminded: int,
    *,
    has: bool,
    since: int,
) -> str | None:
    """Somebody has a place, or waits for one. Returns the code of who has one."""
    starts_at = moment(meeting_of(row).starts)
    code = await _fresh_code(tx, row.id) if has else None
    await tx.run(
        "put_seat",
        id=new_id(),
        consultation_id=row.id,
        person_id=person_id,
        state="seat" if has else "waiting",
        code=code,
        since=since,
        until=0,
        starts_at=starts_at,
        moves=moves,
        reminded=reminded,
    )
    return code


async def leave(tx: Transaction, consultation_id: int, person_id: int, at: int) -> None:
    """Give a place back, or wait no longer."""
    await tx.run("lock_meeting", consultation_id=consultation_id, at=at)
    known = await tx.row(SeatOf, consultation_id=consultation_id, person_id=person_id)
    if known is not None:
        await tx.run("leave_groups", seat_id=known.id)
        await tx.run(
            "put_seat",
            id=known.id,
            consultation_id=consultation_id,
            person_id=person_id,
            state="left",
            code=None,
            since=at,
            until=0,
            starts_at=0,
            moves=0,
            reminded=0,
        )


async def still_comes(tx: Transaction, consultation_id: int, person_id: int) -> None:
    """Somebody says that they come all the same, after a change."""
    await tx.run("still_comes", consultation_id=consultation_id, person_id=person_id)


def _told(meeting: Meeting) -> dict[str, Any]:
    return {
        "starts": wall_text(meeting.starts),
        "ends": wall_text(meeting.ends),
        "place": dict(meeting.place),
        "pin": meeting.pin,
    }


def _differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether who was told the one would go wrong with the other.

    A text in one more language says the same; so does a wall time whose moment is another one since the
    country's clock was changed.
    """
    old, new = before["place"], now["place"]
    places = any(new[code] != old[code] for code in old.keys() & new.keys())
    same = all(before.get(key, now[key]) == now[key] for key in ("starts", "ends", "pin"))
    return places or not same or not old.keys() & new.keys()


async def moves_of(tx: Transaction, row: StoredConsultation) -> tuple[int, str]:
    """How often its times or place have changed since the first sign-up, and what is told of it now (JSON)."""
    now = _told(meeting_of(row))
    text = msgspec.json.encode(now).decode()
    known = await tx.row(ToldOf, consultation_id=row.id)
    if known is None:
        return 0, text
    return known.moves + bool(known.told and _differs(msgspec.json.decode(known.told), now)), text


async def count_moves(tx: Transaction, row: StoredConsultation) -> int:
    """The same, written down. The meeting is locked by the caller."""
    moves, text = await moves_of(tx, row)
    await tx.run("note_told", consultation_id=row.id, told=text, moves=moves)
    return moves


def changed(before: Meeting, now: Meeting) -> bool:
    """Whether who read the one has to be told the other."""
    return _differs(_told(before), _told(now))


async def elsewhere(tx: Transaction, row: StoredConsultation, person_id: int) -> tuple[Clash, ...]:
    """Other meetings at the same time at which somebody has a place, or waits for one."""
    meeting = meeting_of(row)
    others = await tx.rows(OtherSeatsOf, person_id=person_id, consultation_id=row.id)
    found = ((one.code, meeting_of(one)) for one in others)
    return tuple(
        Clash(code, other.title, other.starts, other.ends)
        for code, other in found
        if other.starts < meeting.ends and meeting.starts < other.ends
    )


async def room_for_all(tx: Transaction, row: StoredConsultation, meeting: Meeting) -> None:
    """Raises NotAllowed where a change leaves fewer places than people have. The meeting is locked."""
    if not meeting.seats or row.state != "open":
        return
    await tx.run("lock_meeting", consultation_id=row.id, at=row.created_at)
    counts = await _counts(tx, row.id)
    taken = counts["seat"] + counts["offered"]
    if meeting.seats < taken:
        raise refused("meeting_desk.seats_taken", seats=meeting.seats, count=taken)


def offered_until(meeting: Meeting, at: int) -> int:
    """Until when a place is kept that is offered now; ms. Nothing is kept once it has begun."""
    return min(at + OFFERED_MS, moment(meeting.starts))


def until_text(until: int) -> str:
    """That moment in local words."""
    return f"{local(until):%d/%m %H:%M}"


async def can_offer(tx: Transaction, row: StoredConsultation, at: int) -> bool:
    """Whether somebody waits for a place that is free, or soon will be: one that was offered too long ago."""
    most = meeting_of(row).seats
    counts = await _counts(tx, row.id)
    late = await tx.row(LateOffer, consultation_id=row.id, at=at)
    if late is not None:
        return True
    free = not most or counts["seat"] + counts["offered"] < most
    return free and await tx.row(FirstWaiting, consultation_id=row.id) is not None


async def offer(tx: Transaction, row: StoredConsultation, at: int, most: int) -> list[int]:
    """Offer free places to who has waited longest, for some hours. Returns the people who are to be told.

    Nothing is offered once it has begun. The meeting is locked by the caller.
    """
    meeting = meeting_of(row)
    starts = moment(meeting.starts)
    await tx.run("pass_offers", consultation_id=row.id, at=at)
    if at >= starts:
        return []
    counts = await _counts(tx, row.id)
    free = meeting.seats - counts["seat"] - counts["offered"] if meeting.seats else most
    told: list[int] = []
    while len(told) < min(free, most):
        first = await tx.row(FirstWaiting, consultation_id=row.id)
        if first is None:
            break
        await tx.run("offer_seat", id=first.id, until=offered_until(meeting, at))
        told.append(first.person_id)
    return told


async def present(tx: Transaction, consultation_id: int, code: str, at: int) -> bool:
    """Note that whoever has this code is there, once. False if nobody has it."""
    found = await tx.row(SeatByCode, consultation_id=consultation_id, code=code)
    if found is None:
        return False
    await tx.run("mark_present", id=found.id, at=at)
    return True


async def absent(tx: Transaction, consultation_id: int, code: str) -> bool:
    """Take back that whoever has this code is there. False if nobody has it."""
    found = await tx.row(SeatByCode, consultation_id=consultation_id, code=code)
    if found is None:
        return False
    await tx.run("mark_absent", id=found.id)
    return True


async def note_others(tx: Transaction, consultation_id: int, others: int, at: int) -> None:
    """How many came who had not signed up."""
    await tx.run("set_others", consultation_id=consultation_id, others=others, at=at)


async def codes_of(tx: Transaction, consultation_id: int) -> list[str]:
    """The codes of all who have a place, for the sheet at the door."""
    return [row.code for row in await tx.rows(CodesOf, consultation_id=consultation_id)]


async def counted(tx: Transaction, consultation_id: int) -> Seats:
    """How the places stand."""
    rows = await tx.rows(SeatsByState, consultation_id=consultation_id)
    others = await tx.row(OthersAt, consultation_id=consultation_id)
    counts = {row.state: row.n for row in rows}
    return Seats(
        had=counts.get("seat", 0),
        waiting=counts.get("waiting", 0) + counts.get("offered", 0),
        present=sum(row.present for row in rows),
        others=others.others if others is not None else 0,
        noted=others.noted if others is not None else 0,
        unsure=sum(row.unsure for row in rows if row.state == "seat"),
    )


async def _counts(tx: Transaction, consultation_id: int) -> dict[str, int]:
    rows = await tx.rows(SeatsByState, consultation_id=consultation_id)
    return dict.fromkeys(("seat", "offered", "waiting"), 0) | {row.state: row.n for row in rows}


async def _fresh_code(tx: Transaction, consultation_id: int) -> str:
    """A code that nobody has at this meeting. It begins with no nought, which people leave out."""
    for _ in range(TRIES):
        code = str(secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)) + 10 ** (CODE_DIGITS - 1))
        if await tx.row(SeatByCode, consultation_id=consultation_id, code=code) is None:
            return code
    raise RuntimeError("no code is free")
