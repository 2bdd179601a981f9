"""Who asks for it is told what came of a meeting, or of all about its theme; and reads it once it is closed."""

from collections.abc import Iterator, Sequence
from typing import Final

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Effect, FollowTopics
from flows.dialog.facts import Facts
from flows.kinds import definition_of
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.outcome import Outcome, told
from flows.kinds.meeting.seat import Seat, seat_in
from flows.wording.text import Code, Text, Translated, lines, msg

#: The conversation of who opens a meeting once it is closed.
AFTERWARDS: Final = "afterwards"


def topics(meeting: Meeting) -> tuple[str, ...]:
    """Every topic under which it is followed, its own first."""
    return (meeting.code, f"theme:{meeting.theme}") if meeting.theme else (meeting.code,)


def came(meeting: Meeting, outcome: Outcome, photos: int) -> Text:
    """What who was there is told, and how to see the photos."""
    look = msg("meeting.photos", code=Code(meeting.code)) if photos else None
    return lines(told(meeting, outcome), look, gap=1)


def news(meeting: Meeting, outcome: Outcome, photos: int) -> Text:
    """What whoever follows it is told, and how to hear no more."""
    end = msg("meeting.news_end", code=Code(meeting.code))
    return lines(came(meeting, outcome, photos), end, gap=1)


def option(seat: Seat) -> Option:
    """To be told, or no longer."""
    if seat.follows:
        return Option("unfollow", msg("meeting.unfollow"), "🔕")
    return Option("follow", msg("meeting.follow"), "🔔")


def follow(meeting: Meeting, facts: Facts) -> Flow[Sequence[Effect]]:
    """Be told of this meeting, or of all about its theme."""
    offered = tuple(_what(meeting, facts))
    chosen = "one"
    if len(offered) > 1:
        chosen = yield from ask("follow", Choice(offered), msg("meeting.follow_what"))
    topic = meeting.code if chosen == "one" else f"theme:{meeting.theme}"
    return [FollowTopics((topic,), True, msg("meeting.followed"))]


def no_more(seat: Seat) -> Sequence[Effect]:
    """Be told no more."""
    return [FollowTopics(seat.follows, False, msg("meeting.unfollowed"))]


def _what(meeting: Meeting, facts: Facts) -> Iterator[Option]:
    yield Option("one", msg("meeting.follow_one"), "📅")
    for theme in facts.council.themes:
        if theme.id == meeting.theme:
            name = msg("meeting.follow_theme", theme=Translated(theme.text))
            yield Option("theme", name, theme.emoji or "🏷️")


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Read what came of a meeting that is closed; be told of it, or no more."""
    meeting = definition_of(facts, Meeting)
    seat = seat_in((yield from look_up("seat", "meeting_seat")))
    closed = msg("chat.closed", title=Translated(meeting.title))
    yield from say(closed if seat.outcome.empty else told(meeting, seat.outcome))
    yield from shown.photos(seat)
    if not seat.outcome.empty and not seat.follows:
        return []
    later = Option("later", msg("meeting.not_now"), "👋", also=())
    chosen = yield from ask("do", Choice((option(seat), later)), msg("meeting.what"))
    match chosen:
        case "follow":
            return (yield from follow(meeting, facts))
        case "unfollow":
            return no_more(seat)
    yield from say(msg("meeting.later"))
    return []
