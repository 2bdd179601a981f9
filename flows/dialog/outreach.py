"""What a council begins of its own accord, as data: to whom, when, and what becomes of it later.

An organizer writes an `Outreach` into a consultation's definition; broadcasts made by hand and
schedules use the same parts. Pure: `bot.outreach.recurrence` turns a `When` into moments.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from flows.dialog.hints import HIDDEN, TICKS, shown
from flows.morocco import places
from flows.morocco.census import AGE_BANDS
from flows.wording.text import LANGUAGES, Text, msg

GENDERS = ("woman", "man")

#: Channels that something can be sent to before the citizen asks for it.
CHANNELS = ("telegram", "whatsapp", "web")

#: Most hours over which one broadcast may be spread.
LONGEST_SPREAD = 24 * 7

#: Most reminders of one consultation.
MOST_REMINDERS = 5

_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "last")


class Audience(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who gets a broadcast; whatever is left empty excludes nobody.

    `places` are census codes, each with all that is below it; without any, it is the council's own
    place. Age band, gender and disability are used only for who agreed to that use. `themes` reach
    who follows one of them. `answered` and `not_answered` are codes of consultations, so is `follows`: who answered
    it or added a voice to what another told there. `lists` are
    codes of lists that the council keeps: with one, only its members are reached. `topics` reach who
    asked to be told of one of them, wherever they live. `joined_on` is the local day of first contact.
    """

    places: Annotated[tuple[str, ...], shown("places")] = ()
    languages: Annotated[tuple[str, ...], TICKS] = ()
    channels: Annotated[tuple[str, ...], TICKS] = ()
    age_bands: Annotated[tuple[str, ...], TICKS] = ()
    genders: Annotated[tuple[str, ...], TICKS] = ()
    disability: bool = False
    themes: Annotated[tuple[str, ...], TICKS] = ()
    answered: Annotated[str, shown("code", upper=True)] = ""
    not_answered: Annotated[str, shown("code", upper=True)] = ""
    follows: Annotated[str, shown("code", upper=True)] = ""
    lists: Annotated[tuple[str, ...], TICKS] = ()
    topics: Annotated[tuple[str, ...], TICKS] = ()
    joined_on: Annotated[date | None, HIDDEN] = None


class When(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A moment or a recurrence, in the council's local time. Exactly one of these says which:

    `on`             a wall time, once
    `every`          "day", "week" (with `days` "mon,thu") or "month" (with `days` "15", "last" or
                     "1st mon"), until `until` (included)
    `before_closing` days before the end of the consultation
    `after_opening`  days after its beginning
    `after_joining`  days after each person's first contact
    `before`         the name of a date of the consultation's kind: `days_before` days before it

    `time` is the time of day ("18:00") of all but `on`.
    """

    on: datetime | None = None
    every: Annotated[str, HIDDEN] = ""
    days: Annotated[str, HIDDEN] = ""
    until: Annotated[date | None, HIDDEN] = None
    before_closing: int | None = None
    after_opening: int | None = None
    after_joining: Annotated[int | None, HIDDEN] = None
    before: Annotated[str, shown("dates")] = ""
    days_before: Annotated[int, shown("dates")] = 0
    time: Annotated[str, shown("clock")] = "18:00"

    @property
    def recurs(self) -> bool:
        """Whether it comes more than once."""
        return bool(self.every) or self.after_joining is not None


def _late(
    raw: Mapping[str, Any], council: object, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """What may become of a run that was missed."""
    yield from (("run", msg("staff.late_run")), ("skip", msg("staff.late_skip")))


class Outreach(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the bot does for a consultation by itself.

    `invite`: at the opening, everybody of `audience` is invited. `reminders` go to who was invited
    and has not answered; the last says that it is the last. `result`: at the closing, whoever took
    part is told what came out. `spread_hours`: the invitations leave evenly over so many hours.
    `late`: what a run that was missed (the machine was off) does: "run" late, once, if its moment
    is not past, or "skip".
    """

    invite: bool = False
    audience: Annotated[Audience, shown("audience")] = Audience()
    reminders: tuple[When, ...] = ()
    result: bool = True
    spread_hours: int = 0
    late: Annotated[str, shown(options=_late)] = "run"


class Ramadan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's Ramadan as it was announced, and the hours around iftar that are kept quiet."""

    first: date
    last: date
    quiet_from: str = "17:30"
    quiet_to: str = "20:00"


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how often a council may write to somebody who has not just written to it.

    Nothing leaves from `quiet_from` to `quiet_to` (local, over midnight); nobody gets more than
    `per_week` invitations and reminders in seven days.
    """

    quiet_from: str = "21:00"
    quiet_to: str = "09:00"
    per_week: int = 3
    ramadan: tuple[Ramadan, ...] = ()


Finding = tuple[str, str]


def minutes_of(time: str) -> int:
    """Minutes since midnight of "18:00". Raises ValueError for anything else."""
    if not _TIME.fullmatch(time):
        raise ValueError(f"{time!r} is no time of day; write it like 18:00")
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def sending_problems(key: str, sending: Sending) -> Iterator[Finding]:
    """What is wrong with a council's rules of sending, each with its key."""
    times = [("quiet_from", sending.quiet_from), ("quiet_to", sending.quiet_to)]
    for index, ramadan in enumerate(sending.ramadan):
        where = f"ramadan[{index}]"
        times += [
            (f"{where}.quiet_from", ramadan.quiet_from),
            (f"{where}.quiet_to", ramadan.quiet_to),
        ]
        if not 0 <= (ramadan.last - ramadan.first).days <= 30:
            yield f"{key}.{where}.last", f"is {ramadan.last}; a month after {ramadan.first} at most"
    yield from ((f"{key}.{name}", f"is {t!r}; write it like 21:00") for name, t in _wrong(times))
    if not 0 <= sending.per_week <= 50:
        yield f"{key}.per_week", f"is {sending.per_week}; it must be from 0 to 50"


def _wrong(times: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, time) for name, time in times if not _TIME.fullmatch(time))


def audience_problems(key: str, audience: Audience, themes: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with an audience; `themes` are the council's."""
    allowed = (
        ("languages", audience.languages, LANGUAGES),
        ("channels", audience.channels, CHANNELS),
        ("age_bands", audience.age_bands, AGE_BANDS),
        ("genders", audience.genders, GENDERS),
        ("themes", audience.themes, themes),
    )
    for name, given, known in allowed:
        for value in given:
            if value not in known:
                yield f"{key}.{name}", f"is {value!r}; it must be one of: {', '.join(known)}"
    if audience.joined_on:
        yield key, "joined_on is not for definitions"
    if audience.topics:
        yield key, "topics is not for definitions"
    if audience.answered and audience.follows:
        yield f"{key}.follows", "goes with no answered: who follows is who answered, and more"
    for code in audience.places:
        try:
            places.place(code)
        except KeyError as error:
            yield f"{key}.places", str(error.args[0])


def when_problems(
    key: str, when: When, *, closes: bool, opens: bool = True, dates: Collection[str] = ()
) -> Iterator[Finding]:
    """What is wrong with a moment. `closes`, `opens`: whether the consultation has these times; `dates`
    are the names of those of its own.
    """
    named = [
        name
        for name in ("on", "every", "before_closing", "after_opening", "after_joining", "before")
        if getattr(when, name) not in (None, "")
    ]
    if len(named) != 1:
        allowed = ["on", "every", "before_closing", "after_opening", "after_joining"]
        known = ", ".join([*allowed, "before"] if dates else allowed)
        yield key, f"needs exactly one of: {known}"
        return
    if not _TIME.fullmatch(when.time):
        yield f"{key}.time", f"is {when.time!r}; write it like 18:00"
    if when.on is not None and when.on.tzinfo is not None:
        yield f"{key}.on", "write the council's local time, without an offset"
    if when.every:
        yield from _every_problems(key, when)
    elif when.days or when.until:
        yield key, "days and until go with every only"
    if when.before and when.before not in dates:
        known = ", ".join(sorted(dates)) or "none here"
        yield f"{key}.before", f"is {when.before!r}; dates that one can be reminded of are: {known}"
    for name in ("before_closing", "after_opening", "after_joining", "days_before"):
        days = getattr(when, name)
        if days is not None and not 0 <= days <= 366:
            yield f"{key}.{name}", f"is {days}; it must be from 0 to 366 days"
    if when.before_closing is not None and not closes:
        yield f"{key}.before_closing", "the consultation has no end"
    if when.after_opening is not None and not opens:
        yield f"{key}.after_opening", "the consultation has no beginning"


def _every_problems(key: str, when: When) -> Iterator[Finding]:
    if when.every not in ("day", "week", "month"):
        yield f"{key}.every", f"is {when.every!r}; it must be day, week or month"
    elif when.every == "day" and when.days:
        yield f"{key}.days", "is not used with every day"
    elif when.every == "week":
        days = [day.strip() for day in when.days.split(",")]
        if any(day not in _WEEKDAYS for day in days):
            yield f"{key}.days", f"is {when.days!r}; write days like mon,thu"
    elif when.every == "month" and not _month_day(when.days):
        yield f"{key}.days", f'is {when.days!r}; write 15, "last" or "1st mon"'


def _month_day(days: str) -> bool:
    if days == "last":
        return True
    if days.isdecimal():
        return 1 <= int(days) <= 31
    ordinal, _, day = days.partition(" ")
    return ordinal in _ORDINALS and day in _WEEKDAYS


def outreach_problems(
    outreach: Outreach,
    themes: Sequence[str],
    *,
    opens: bool,
    closes: bool,
    dates: Collection[str] = (),
) -> Iterator[Finding]:
    """What is wrong with what is to be done for a consultation; `dates` are the names of its own."""
    yield from audience_problems("outreach.audience", outreach.audience, themes)
    if len(outreach.reminders) > MOST_REMINDERS:
        yield "outreach.reminders", f"are {len(outreach.reminders)}; at most {MOST_REMINDERS}"
    for index, reminder in enumerate(outreach.reminders):
        where = f"outreach.reminders[{index}]"
        if reminder in outreach.reminders[:index]:
            yield where, "is there twice"
        if reminder.recurs:
            yield where, "a reminder comes once; use on, before_closing or after_opening"
        # Without an opening time it begins when it is published.
        yield from when_problems(where, reminder, closes=closes, dates=dates)
    if not 0 <= outreach.spread_hours <= LONGEST_SPREAD:
        said = f"is {outreach.spread_hours}; it must be from 0 to {LONGEST_SPREAD}"
        yield "outreach.spread_hours", said
    if outreach.late not in ("run", "skip"):
        yield "outreach.late", f"is {outreach.late!r}; it must be run or skip"
