"""What came of a meeting: written by staff, looked at, then public and told to who was there."""

import hashlib
from collections.abc import Mapping

import msgspec

from bot.core.localtime import moment
from bot.core.refusals import refused
from bot.kinds.meeting import photos, seats
from bot.kinds.meeting.rows import ChatsThere, OutcomeOf, OutcomesTold
from bot.outreach import broadcasts
from bot.outreach.audiences import NEWS
from flows.dialog.outreach import Audience
from flows.kinds.meeting.following import news, topics
from flows.kinds.meeting.outcome import Outcome, problems
from flows.wording import render
from flows.wording.text import LANGUAGES
from storage.database import Transaction, batch
from storage.ids import new_id
from storage.rows import StoredConsultation


async def outcome_of(tx: Transaction, consultation_id: int) -> tuple[Outcome, bool]:
    """What was written, and whether it is public."""
    row = await tx.row(OutcomeOf, consultation_id=consultation_id)
    if row is None:
        return Outcome(), False
    return msgspec.json.decode(row.body, type=Outcome), row.told_at is not None


async def told_of(tx: Transaction, council_id: int) -> Mapping[str, tuple[int, Outcome]]:
    """What is public of a council's meetings, by code, with the meeting's id."""
    rows = await tx.rows(OutcomesTold, council_id=council_id)
    return {row.code: (row.id, msgspec.json.decode(row.body, type=Outcome)) for row in rows}


async def keep(
    tx: Transaction, row: StoredConsultation, outcome: Outcome, made_by: str, at: int
) -> None:
    """Keep what staff wrote; what is public already changes with it, and is not emptied. Raises NotAllowed."""
    if list(problems(outcome)):
        raise refused("meeting_desk.outcome_long")
    if outcome.empty and (await outcome_of(tx, row.id))[1]:
        raise refused("meeting_desk.outcome_emptied")
    body = msgspec.json.encode(outcome).decode()
    await tx.run("put_outcome", consultation_id=row.id, body=body, made_by=made_by, at=at)


async def tell(
    tx: Transaction, row: StoredConsultation, digest: str, made_by: str, at: int
) -> None:
    """Make it public, have who was there and who follows it told. Raises NotAllowed where it has not begun, or it is not what was looked at."""
    if at < moment(seats.meeting_of(row).starts):
        raise refused("meeting_desk.not_begun")
    outcome, public = await outcome_of(tx, row.id)
    if outcome.empty or digest_of(outcome) != digest:
        raise refused("meeting_desk.outcome_changed")
    await tx.run("tell_outcome", consultation_id=row.id, at=at)
    if not public:
        await _tell_followers(tx, row, outcome, made_by, at)


async def _tell_followers(
    tx: Transaction, row: StoredConsultation, outcome: Outcome, made_by: str, at: int
) -> None:
    """Have who follows it told, but who was there: they are told of their own accord, and nobody twice."""
    meeting = seats.meeting_of(row)
    text = news(meeting, outcome, len(await photos.public_of(tx, row.id)))
    id = await broadcasts.begin(
        tx,
        row.council_id,
        NEWS,
        Audience(topics=topics(meeting)),
        made_by=made_by,
        consultation_id=row.id,
        body={"texts": {language: render(text, language) for language in LANGUAGES}},
    )
    there = await tx.rows(ChatsThere, consultation_id=row.id)
    rows = [
        {
            "id": new_id(),
            "broadcast_id": id,
            "person_id": one.person_id,
            "channel": one.channel,
            "account": one.account,
            "address": one.address,
            "at": at,
        }
        for one in there
    ]
    if rows:
        await tx.run("leave_out", rows=batch(rows))


def digest_of(outcome: Outcome) -> str:
    """Stands for what was written."""
    return hashlib.sha256(msgspec.json.encode(outcome, order="sorted")).hexdigest()[:16]
