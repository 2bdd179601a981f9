"""Meetings on a council's public page: when, where and with what programme; who comes stands nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.councils import called_off
from bot.core.localtime import moment
from bot.kinds.meeting import outcomes, photos
from bot.kinds.meeting.calendar import PATH
from bot.kinds.meeting.seats import meeting_of
from bot.results.public_record import Said, Section, Seen, moment_text
from flows.dialog.facts import Texts
from flows.kinds.meeting import shown
from flows.kinds.meeting.outcome import Outcome, told
from flows.wording.text import Text
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """One meeting; `off`: it was called off; `to_come`: neither that, nor has it ended."""

    code: str
    title: Texts
    state: str
    starts: datetime
    ends: datetime
    place: Texts
    seats: int
    about: Text
    programme: Text | None
    to_come: bool
    off: bool
    came: Text | None
    photos: Sequence[str]

    @property
    def calendar(self) -> str:
        """The address of its calendar file on this server."""
        return PATH.replace("{code}", self.code)


async def _read(tx: Transaction, council_id: int) -> Mapping[str, tuple[Outcome, Sequence[str]]]:
    """What came of those that are over, as far as it is told, with its photos."""
    found = await outcomes.told_of(tx, council_id)
    return {
        code: (outcome, await photos.public_of(tx, id)) for code, (id, outcome) in found.items()
    }


def _item(seen: Seen) -> PublicMeeting:
    meeting = meeting_of(seen.row)
    came: Outcome | None
    came, shown_photos = seen.read.get(seen.row.code, (None, ()))
    return PublicMeeting(
        seen.row.code,
        meeting.title,
        seen.row.state,
        meeting.starts,
        meeting.ends,
        meeting.place,
        meeting.seats,
        shown.when_and_where(meeting, titled=False),
        shown.programme(meeting, titled=False) if meeting.items else None,
        seen.row.state == "open" and seen.at < moment(meeting.ends),
        seen.closed_at is not None and called_off(seen.row, seen.closed_at),
        told(meeting, came, titled=False) if came is not None else None,
        shown_photos,
    )


def _plain(one: PublicMeeting, said: Said) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "state": one.state,
        "called_off": one.off,
        "starts": moment_text(moment(one.starts)),
        "ends": moment_text(moment(one.ends)),
        "place": one.place,
        "seats": one.seats or None,
        "calendar": one.calendar,
    }


SECTION = Section(
    kind="meeting",
    key="meetings",
    title="meeting.public",
    template="public_meetings.html",
    read=_read,
    item=_item,
    plain=_plain,
    place=3,
)
