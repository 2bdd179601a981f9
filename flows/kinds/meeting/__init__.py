"""Meetings: a workshop or an open day that citizens sign up to, with a programme, places and a waiting list."""

from flows.kinds.kind import Kind, Publicity
from flows.kinds.meeting import following
from flows.kinds.meeting.conversation import (
    WALKED,
    conversation,
    describe,
    said_at_menu,
    stripped,
)
from flows.kinds.meeting.definition import Meeting, problems
from flows.kinds.meeting.results import headline, summary
from flows.kinds.meeting.rows import asked, given, own_words
from flows.kinds.meeting.stumbling import stumbles
from flows.wording.text import msg

KIND: Kind[Meeting] = Kind(
    name="meeting",
    emoji="📅",
    label=msg("public.kind_meeting"),
    definition=Meeting,
    problems=problems,
    conversation=conversation,
    summary=summary,
    headline=headline,
    describe=describe,
    stripped=stripped,
    asked=asked,
    given=given,
    own_words=own_words,
    publicity=Publicity(tables=("places",)),
    single=True,
    dates=lambda meeting: {"start": meeting.starts},
    held=lambda meeting: (meeting.starts, meeting.ends),
    called_off=lambda meeting, at: at < meeting.starts,
    resumed=False,
    stumbles=stumbles,
    further={following.AFTERWARDS: following.conversation},
    afterwards=following.AFTERWARDS,
    walked={"meeting_seat": WALKED},
    at_menu=said_at_menu(),
)
