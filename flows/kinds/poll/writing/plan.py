"""When a poll that is written in the chat opens and ends, and who is invited to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up
from flows.kinds.poll.writing.answers import (
    MORNING,
    LaterDay,
    LaterMoment,
    example_day,
    example_moment,
    shown_end,
    shown_moment,
)
from flows.wording.text import Code, Text, lines, msg

#: How long a poll is open: choice -> its name, days.
LASTING = {
    "3d": ("authoring.days3", 3),
    "1w": ("authoring.week1", 7),
    "2w": ("authoring.week2", 14),
}

#: Who is invited: choice -> the audience, its name and emoji.
AUDIENCES: Mapping[str, tuple[Mapping[str, Any], Text, str]] = {
    "all": ({}, msg("authoring.everyone"), "👥"),
    "young": (
        {"age_bands": ["15-17", "18-24"]},
        msg("authoring.ages", band=Code("15-24")),
        "🧒",
    ),
    "25-34": ({"age_bands": ["25-34"]}, msg("authoring.ages", band=Code("25-34")), "🧑"),
    "women": ({"genders": ["woman"]}, msg("authoring.women"), "👩"),
    "disability": ({"disability": True}, msg("authoring.disability"), "♿"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """When a poll opens (None: now) and ends, and who is invited.

    `shown` says it in words, as (label, answer); `corrections` are (label, key of the question).
    """

    opens: datetime | None
    closes: datetime | None
    audience: Mapping[str, Any]
    shown: tuple[tuple[Text, Text], ...]
    corrections: tuple[tuple[Text, str], ...]


def planned(council: str, now: datetime) -> Flow[Plan]:
    """Until when, who, and when the invitation goes out."""
    lasting = yield from ask(
        "until",
        Choice(
            (
                *(Option(id, msg(name), "📅") for id, (name, _) in LASTING.items()),
                Option("own", msg("authoring.own_day"), "✏️"),
                Option("none", msg("authoring.no_end"), "♾️"),
            )
        ),
        msg("authoring.until"),
    )
    end = None
    if lasting == "own":
        example = example_day(now.date())
        day = yield from ask(
            "until_day", LaterDay(now.date()), msg("authoring.until_day", example=example)
        )
        end = _midnight_after(day)
    who = yield from ask(
        "who",
        Choice(tuple(Option(id, name, emoji) for id, (_, name, emoji) in AUDIENCES.items())),
        msg("authoring.who"),
    )
    audience, shown = yield from _without_a_channel(council, AUDIENCES[who][0])
    when, opens = yield from _opening(now, end)
    if lasting in LASTING:
        end = _midnight_after((opens or now).date() + timedelta(days=LASTING[lasting][1]))
    until = shown_end(end) if end else msg("authoring.no_end")
    begins = shown_moment(opens) if opens else msg("authoring.now")
    told: list[tuple[Text, Text, str, str]] = [
        (msg("authoring.label.until"), until, "until", "until_day" if lasting == "own" else ""),
        (msg("authoring.label.who"), AUDIENCES[who][1], "who", ""),
        *((msg("authoring.label.channels"), channels, "channels", "") for channels in shown),
        (msg("authoring.label.when"), begins, "when", "when_at" if when == "own" else ""),
    ]
    corrections: list[tuple[Text, str]] = []
    for label, answer, key, exact in told:
        corrections.append((label, key))
        if exact:
            # The day or hour itself, besides how it was chosen.
            corrections.append((answer, exact))
    return Plan(opens, end, audience, tuple(t[:2] for t in told), tuple(corrections))


def _without_a_channel(
    council: str, audience: Mapping[str, Any]
) -> Flow[tuple[Mapping[str, Any], tuple[Text, ...]]]:
    """The audience on every channel it has, or on all but one, and that in words."""
    found: Mapping[str, Any] | None = yield from look_up(
        "audience", "reach", council=council, audience=audience
    )
    there: Mapping[str, int] = found["channels"] if found else {}
    if len(there) < 2:
        return audience, ()
    everywhere = msg("authoring.all_channels")
    left_out = yield from ask(
        "channels",
        Choice(
            (
                Option("all", everywhere, "✅"),
                *(Option(name, _without(name), "🚫") for name in there),
            )
        ),
        lines(*counts(there), msg("authoring.channels")),
    )
    shown = everywhere if left_out == "all" else _without(left_out)
    if left_out != "all":
        audience = {**audience, "channels": [name for name in there if name != left_out]}
    return audience, (shown,)


def _without(channel: str) -> Text:
    return msg("authoring.without", channel=msg(f"authoring.channel.{channel}"))


def counts(channels: Mapping[str, int]) -> Iterator[Text]:
    """How many people that is, a line for each channel."""
    for name, count in channels.items():
        told = msg("authoring.on", channel=msg(f"authoring.channel.{name}"), count=count)
        yield msg("review.item", item=told)


def _opening(now: datetime, end: datetime | None) -> Flow[tuple[str, datetime | None]]:
    """How it was chosen when it opens and people are invited, and the time; None for at once."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), MORNING)
    hour = Code(f"{MORNING:%H:%M}")
    later = (Option("tomorrow", msg("authoring.tomorrow", time=hour), "🌅"),)
    chosen = yield from ask(
        "when",
        Choice(
            (
                Option("now", msg("authoring.now"), "⚡"),
                *(later if end is None or tomorrow < end else ()),
                Option("own", msg("authoring.own_time"), "🕐"),
            )
        ),
        msg("authoring.when"),
    )
    if chosen == "own":
        example = example_moment(now)
        wall = yield from ask(
            "when_at", LaterMoment(now, end), msg("authoring.when_at", example=example)
        )
        return chosen, wall
    return chosen, tomorrow if chosen == "tomorrow" else None


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())
