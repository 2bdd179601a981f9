"""What citizens read of a meeting: when and where, its programme, how to get there, how they stand."""

from collections.abc import Sequence
from datetime import datetime

from flows.dialog.asked_back import day_in_words
from flows.dialog.dialog import Attachment, Flow, say
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.meeting.definition import Item, Meeting
from flows.kinds.meeting.seat import Clash, Seat
from flows.wording.text import Code, Text, Translated, Verbatim, lines, msg

#: Most photos that a chat shows at once.
MOST_SHOWN = 4

#: Where a point can be looked at on any phone.
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"


def when_and_where(meeting: Meeting, *, titled: bool = True) -> Text:
    """The day, from when to when, and the place; under its title."""
    return lines(
        Translated(meeting.title) if titled else None,
        _hours(meeting.starts, meeting.ends),
        msg("meeting.place", place=Translated(meeting.place)),
    )


def _hours(starts: datetime, ends: datetime) -> Text:
    """The day, or the days, with the hours."""
    start, end = Code(f"{starts:%H:%M}"), Code(f"{ends:%H:%M}")
    first, last = day_in_words(starts.date()), day_in_words(ends.date())
    if starts.date() == ends.date():
        return msg("meeting.day", day=first, start=start, end=end)
    return msg("meeting.days", first=first, start=start, last=last, end=end)


def elsewhere(clashes: Sequence[Clash]) -> Text:
    """That one is at other meetings at that time, and how to give those places back."""
    return lines(
        msg("meeting.clash"),
        *(
            lines(
                Translated(one.title),
                _hours(one.starts, one.ends),
                msg("meeting.clash_back", code=Code(one.code)),
            )
            for one in clashes
        ),
        msg("meeting.clash_sure"),
        gap=1,
    )


def programme(meeting: Meeting, *, titled: bool = True) -> Text:
    """The items in their order, with their times where they have some."""
    heading = msg("meeting.programme") if titled else None
    return lines(heading, *(_item(item) for item in meeting.items))


def _item(item: Item) -> Text:
    text: Text = Translated(item.text)
    if item.pause:
        text = msg("meeting.pause", text=text)
    if item.language != "any":
        text = msg("meeting.spoken", text=text, language=Verbatim(LANGUAGE_NAMES[item.language]))
    if not item.at:
        return msg("review.item", item=text)
    return msg("meeting.item", at=Code(item.at), text=text)


def directions(meeting: Meeting) -> Text:
    """How to get there, and the place on the map."""
    point = meeting.point
    return lines(
        Translated(meeting.how)
        if meeting.how
        else msg("meeting.place", place=Translated(meeting.place)),
        Code(MAP.format(*point)) if point is not None else None,
    )


def ticket(seat: Seat) -> Text:
    """Where one's ticket is, and what to do with it."""
    return msg("meeting.ticket", code=Code(seat.code), link=Code(seat.ticket))


def picture(seat: Seat) -> Attachment | None:
    """The ticket for the camera at the door."""
    return Attachment("photo", {"": seat.picture}) if seat.picture else None


def photos(seat: Seat) -> Flow[None]:
    """The photos of what came of it, as far as they fit into a chat; the others stand on the council's page."""
    for number, name in enumerate(seat.photos[:MOST_SHOWN], 1):
        yield from say(msg("meeting.photo", number=number), Attachment("photo", {"": name}))


def groups(meeting: Meeting, own: Sequence[tuple[str, int]]) -> Text | None:
    """Which group somebody is in, for each item with groups; None where there are none to tell."""
    texts = {item.key: item.text for item in meeting.items}
    found = [
        msg("meeting.group_at", item=Translated(texts[key]), number=number)
        if key in texts
        else msg("meeting.group", number=number)
        for key, number in own
    ]
    return lines(*found) if found else None


def your_group(meeting: Meeting, own: Sequence[tuple[str, int]]) -> Text:
    """The message that tells somebody their group."""
    return lines(when_and_where(meeting), groups(meeting, own), gap=1)


def standing(meeting: Meeting, seat: Seat) -> Text | None:
    """How somebody stands who has signed up; None for who has not."""
    match seat.state:
        case "seat":
            return lines(msg("meeting.seat", code=Code(seat.code)), groups(meeting, seat.groups))
        case "waiting":
            return msg("meeting.waiting", rank=seat.rank)
        case "offered":
            return msg("meeting.offered", until=Code(seat.until))
        case "passed":
            return msg("meeting.passed")
    return None
