"""A meeting as an organizer writes it: when, where, how many may come, what happens in which order."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

import msgspec

from flows.dialog.definition import Head, Problem, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import shown

#: Most places that are counted, most items of a programme, and the longest of them in minutes.
MOST_SEATS = 5000
MOST_ITEMS = 40
LONGEST_ITEM = 480

#: Most groups.
MOST_GROUPS = 50

#: A meeting of more days is several meetings.
LONGEST = timedelta(days=3)

#: A place on the map: latitude and longitude in degrees, as maps copy them.
PIN = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")

#: Morocco lies within these degrees: latitude, longitude.
NORTH_SOUTH = (20.0, 36.0)
WEST_EAST = (-17.2, -0.9)

#: "09:00"
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def in_morocco(latitude: str, longitude: str) -> bool:
    """Whether a point in degrees may lie in Morocco."""
    south, north = NORTH_SOUTH
    west, east = WEST_EAST
    return south <= float(latitude) <= north and west <= float(longitude) <= east


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the programme: from when ("09:30"), how many minutes, what.

    `pause`: a break. `talk`: citizens may say something on it beforehand. `grouped`: people
    work in groups then, made for this item. `language` is the one that is
    spoken then, "any" where none is fixed.
    """

    key: str
    text: Texts
    at: Annotated[str, shown("clock")] = ""
    minutes: int = 30
    pause: bool = False
    talk: bool = False
    grouped: Annotated[bool, shown(part="more")] = False
    language: Annotated[
        Literal["any", "ar", "ary", "fr", "zgh", "en"], shown(part="more", fresh="any")
    ] = "any"


#: What somebody may need to take part.
Need = Literal["sign", "access", "child", "transport"]
NEEDS: tuple[Need, ...] = ("sign", "access", "child", "transport")


class Meeting(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When (local wall times), where and with what programme; `seats` is how many may come, 0 as many as want.

    `how` says how to get there, `pin` is the place on the map ("31.6295, -7.9811"). `needs` are those that
    citizens are asked for, under a consent of their own. `groups` is into how many groups people are put, 0 for none: anew for
    each item that is `grouped`, once for all where none is. Until `closes` who came may say how it was.
    """

    starts: Annotated[datetime, shown(opened="free")]
    ends: Annotated[datetime, shown(opened="free")]
    place: Annotated[Texts, shown(opened="free")]
    how: Annotated[Texts, shown(lines=2, opened="free")] = msgspec.field(default_factory=dict)
    pin: Annotated[str, shown(opened="free")] = ""
    seats: Annotated[int, shown(opened="free")] = 0
    items: Annotated[tuple[Item, ...], shown(opened="free")] = ()
    needs: tuple[Need, ...] = ()
    groups: Annotated[int, shown(opened="free")] = 0

    @property
    def spoken_of(self) -> Sequence[Item]:
        """The items on which citizens may say something."""
        return [item for item in self.items if item.talk and not item.pause]

    @property
    def point(self) -> tuple[str, str] | None:
        """Latitude and longitude in degrees, if the place is on the map."""
        met = PIN.fullmatch(self.pin)
        return (met[1], met[2]) if met else None

    @property
    def turned(self) -> str | None:
        """The pin with its two numbers changed over, where only so it lies in Morocco."""
        point = self.point
        if point is None or in_morocco(*point) or not in_morocco(point[1], point[0]):
            return None
        return f"{point[1]}, {point[0]}"


def problems(meeting: Meeting, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    for key, wall in (("starts", meeting.starts), ("ends", meeting.ends)):
        if wall.tzinfo is not None:
            yield Problem(key, f"is {wall}; write the council's local time, without an offset")
            return
    if meeting.ends <= meeting.starts:
        yield Problem("ends", f"is {meeting.ends}, not after it starts at {meeting.starts}")
    elif meeting.ends - meeting.starts > LONGEST:
        yield Problem("ends", f"is more than {LONGEST.days} days after the start; make it several")
    if meeting.closes is not None and meeting.closes < meeting.ends:
        said = f"is {meeting.closes}, before the meeting ends at {meeting.ends}"
        yield Problem("closes", f"{said}; leave some days to say how it was")
    if meeting.opens is not None and meeting.opens >= meeting.starts:
        yield Problem("opens", f"is {meeting.opens}, not before it starts at {meeting.starts}")
    yield from text_problems("place", meeting.place, longest=200)
    yield from text_problems("how", meeting.how, needed=False, longest=600)
    point = meeting.point
    if meeting.turned is not None:
        said = f"is {meeting.pin!r}, the wrong way round: latitude comes first"
        yield Problem("pin", f"{said}; write {meeting.turned}")
    elif meeting.pin and (point is None or abs(float(point[0])) > 90 or abs(float(point[1])) > 180):
        said = "write latitude and longitude in degrees, such as 31.6295, -7.9811"
        yield Problem("pin", f"is {meeting.pin!r}; {said}")
    if not 0 <= meeting.seats <= MOST_SEATS:
        yield Problem("seats", f"is {meeting.seats}; it must be from 0 (no limit) to {MOST_SEATS}")
    yield from _item_problems(meeting)
    if meeting.groups and not 2 <= meeting.groups <= MOST_GROUPS:
        yield Problem(
            "groups", f"is {meeting.groups}; it must be 0 (none) or from 2 to {MOST_GROUPS}"
        )
    elif meeting.seats and meeting.groups > meeting.seats:
        yield Problem("groups", f"is {meeting.groups}, more than the {meeting.seats} places")
    if len(set(meeting.needs)) != len(meeting.needs):
        yield Problem("needs", "names one twice")


def _item_problems(meeting: Meeting) -> Iterator[Problem]:
    if len(meeting.items) > MOST_ITEMS:
        yield Problem("items", f"has {len(meeting.items)}; at most {MOST_ITEMS}")
    seen: set[str] = set()
    end: datetime | None = None
    for number, item in enumerate(meeting.items):
        where = f"items[{number}]"
        if not item.key or len(item.key) > 40 or item.key.startswith("~"):
            yield Problem(f"{where}.key", f"is {item.key!r}; write from 1 to 40 characters, no ~")
        if item.key in seen:
            yield Problem(f"{where}.key", f"{item.key!r} is used twice; keys are unique")
        seen.add(item.key)
        yield from text_problems(f"{where}.text", item.text, longest=120)
        if item.grouped and (item.pause or not meeting.groups):
            said = "is a break" if item.pause else "has no groups: say how many in `groups`"
            yield Problem(f"{where}.grouped", f"is true, but it {said}")
        if not 1 <= item.minutes <= LONGEST_ITEM:
            yield Problem(f"{where}.minutes", f"is {item.minutes}; from 1 to {LONGEST_ITEM}")
            continue
        if not item.at:
            end = end + timedelta(minutes=item.minutes) if end is not None else None
            yield from _too_long(meeting, where, end)
            continue
        if not CLOCK.fullmatch(item.at):
            yield Problem(f"{where}.at", f"is {item.at!r}; write a time of day such as 09:30")
            continue
        begins = datetime.combine(meeting.starts.date(), time.fromisoformat(item.at))
        if meeting.starts.date() == meeting.ends.date():
            if end is not None and begins < end:
                said = f"is {item.at}, before the item before it is over at {end:%H:%M}"
                yield Problem(f"{where}.at", said)
            elif not meeting.starts <= begins < meeting.ends:
                said = f"from {meeting.starts:%H:%M} to {meeting.ends:%H:%M}"
                yield Problem(f"{where}.at", f"is {item.at}, outside of the meeting, {said}")
        end = begins + timedelta(minutes=item.minutes)
        if begins < meeting.ends:
            yield from _too_long(meeting, where, end)


def _too_long(meeting: Meeting, where: str, end: datetime | None) -> Iterator[Problem]:
    """An item that runs past the end, of a meeting of one day."""
    if meeting.starts.date() != meeting.ends.date() or end is None or end <= meeting.ends:
        return
    until = f"{end:%H:%M}" if end.date() == meeting.ends.date() else f"{end:%d/%m %H:%M}"
    said = f"runs until {until}, past the end of the meeting at {meeting.ends:%H:%M}"
    yield Problem(f"{where}.minutes", f"{said}; give it less, or let the meeting end later")
