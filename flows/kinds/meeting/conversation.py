"""A citizen reads about a meeting, signs up, gives the place back, says something on an item, tells how it was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from flows.dialog.answers import Words, optional
from flows.dialog.choices import Choice
from flows.dialog.definition import introduce
from flows.dialog.dialog import Flow, Json, Option, ask, json_of, look_up, say
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Facts
from flows.dialog.ratings import Rating
from flows.dialog.review import Review
from flows.dialog.several import Several
from flows.kinds import definition_of
from flows.kinds.meeting import following, shown
from flows.kinds.meeting.definition import NEEDS, Item, Meeting
from flows.kinds.meeting.outcome import told
from flows.kinds.meeting.seat import LeaveSeat, Seat, StillComes, TakeSeat, merged, seat_in
from flows.kinds.questions import RATING_EMOJI
from flows.kinds.sensitive import AGREED, LAW
from flows.understanding.lines.files import words_of
from flows.wording.text import Code, Text, Translated, lines, msg

#: What who came may say of a meeting, each from 1 to 5.
RATED: Final = ("organised", "heard", "result")

#: What a preview finds, which has no storage.
WALKED: Final[Json] = {}

#: What somebody needs, with its sign.
SIGNS: Mapping[str, str] = {"sign": "🤟", "access": "♿", "child": "🧒", "transport": "🚌"}


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """What there is to do about a meeting: before it, and once it is over."""
    meeting = definition_of(facts, Meeting)
    yield from introduce(meeting)
    seat = seat_in((yield from look_up("seat", "meeting_seat")))
    body = facts.own.previous.body if facts.own.previous is not None else {}
    if seat.over:
        return (yield from _afterwards(meeting, seat, body))
    how = shown.standing(meeting, seat) or (
        msg("meeting.left", count=seat.free) if seat.free and not seat.full else None
    )
    yield from say(lines(shown.when_and_where(meeting), how, gap=1))
    number = 0
    while True:
        number += 1
        what = Choice(tuple(_choices(meeting, seat)))
        chosen = yield from ask(f"do.{number}", what, _question(seat))
        match chosen:
            case "yes":
                return (yield from _sign_up(meeting, seat, body))
            case "withdraw":
                return (yield from _give_back(body))
            case "still":
                return [StillComes()]
            case "say":
                return (yield from _say_something(meeting, body))
            case "follow":
                return (yield from following.follow(meeting, facts))
            case "unfollow":
                return following.no_more(seat)
            case "later":
                yield from say(msg("meeting.later"))
                return []
            case "programme":
                yield from say(shown.programme(meeting))
            case "way":
                yield from say(shown.directions(meeting))
            case "ticket":
                yield from say(shown.ticket(seat), shown.picture(seat))
            case "calendar":
                yield from say(msg("meeting.calendar", link=Code(seat.calendar)))


def _question(seat: Seat) -> Text:
    if seat.state == "offered":
        return msg("meeting.take_it")
    if seat.state == "seat" and seat.unsure:
        return msg("meeting.still_come")
    if seat.state in ("seat", "waiting"):
        return msg("meeting.what")
    return msg("meeting.full") if seat.full else msg("meeting.will_you_come")


def _choices(meeting: Meeting, seat: Seat) -> Iterator[Option]:
    """What one may do, as one stands."""
    has = seat.state in ("seat", "waiting", "offered")
    if seat.state == "offered":
        yield _option("yes", msg("meeting.take"), "✅")
    elif seat.state == "seat" and seat.unsure:
        yield _option("still", msg("meeting.still"), "✅", "yes")
        yield _option("withdraw", msg("meeting.give_back"), "✋", "withdraw", "no")
    elif not has:
        yield _option("yes", msg("meeting.wait") if seat.full else msg("meeting.come"), "✅")
    if meeting.items:
        yield _option("programme", msg("meeting.see_programme"), "📋")
    if meeting.how or meeting.point is not None:
        yield _option("way", msg("meeting.see_way"), "🧭")
    if meeting.spoken_of and not seat.begun:
        yield _option("say", msg("meeting.say"), "💬")
    if seat.ticket and not seat.unsure:
        yield _option("ticket", msg("meeting.see_ticket"), "🎫")
    if seat.state != "seat":
        yield following.option(seat)
    if seat.state == "seat" and seat.calendar:
        yield _option("calendar", msg("meeting.see_calendar"), "📅")
    if has:
        if not seat.unsure:
            yield _option("withdraw", msg("meeting.give_back"), "✋", "withdraw", "no")
        yield _option("later", msg("meeting.not_now"), "👋")
    else:
        yield _option("later", msg("meeting.not_now"), "👋", "no")


def _option(id: str, label: Text, emoji: str, *also: str) -> Option:
    """A choice with the other words that people say for it (`words/meeting.toml`)."""
    return Option(id, label, emoji, also=tuple(chain(*map(_said_as, also or (id,)))))


@cache
def _said_as(name: str) -> tuple[str, ...]:
    listed = words_of("meeting").get(name, "")
    return tuple(one.strip() for one in re.split(r"[/\n]", listed) if one.strip())


def said_at_menu() -> tuple[str, ...]:
    """How people say at the menu that they cannot come: whole sentences only, which can mean nothing else."""
    return tuple(one for one in _said_as("no") if " " in one)


def need_label(need: str) -> Text:
    """What somebody may need, in words."""
    return msg(f"meeting.need.{need}")


def _sign_up(meeting: Meeting, seat: Seat, body: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    if seat.clash and seat.state != "offered":
        both = Choice(
            (
                Option("yes", msg("meeting.clash_come"), "✅"),
                Option("no", msg("meeting.clash_stay"), "👋"),
            )
        )
        if (yield from ask("clash", both, shown.elsewhere(seat.clash))) == "no":
            yield from say(msg("meeting.later"))
            return []
    needs: tuple[str, ...] = ()
    agreed = False
    if meeting.needs and seat.state != "offered":
        any_of = Choice(
            (
                Option("yes", msg("meeting.needs_yes"), "✅"),
                Option("no", msg("meeting.needs_no"), "⏭️"),
            )
        )
        wants = yield from ask("needs", any_of, msg("meeting.needs", law=LAW))
        agreed = wants == "yes"
        if agreed:
            offered = tuple(
                Option(need, need_label(need), SIGNS[need])
                for need in NEEDS
                if need in meeting.needs
            )
            needs = yield from ask("needs.which", Several(offered), msg("meeting.needs_which"))
        corrections: tuple[tuple[Text, str], ...] = ((msg("meeting.needs_label"), "needs"),)
        yield from ask(
            "send",
            Review((Option("send", msg("button.send"), "✅"),), corrections),
            lines(
                msg("meeting.review"),
                shown.when_and_where(meeting),
                msg("meeting.groups_note") if meeting.groups else None,
                lines(
                    msg("meeting.needs_label"),
                    *(msg("review.item", item=need_label(need)) for need in needs),
                )
                if needs
                else None,
                gap=1,
            ),
        )
    kept = {} if seat.state == "offered" else {"needs": list(needs)}
    return [
        *([AGREED] if agreed else []),
        Respond(
            merged(body, coming=True, **kept),
            msg("meeting.thanks"),
            single=True,
            changed=msg("meeting.changed"),
        ),
        TakeSeat(),
    ]


def _give_back(body: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    sure = Choice(
        (
            Option("withdraw", msg("meeting.give_back"), "✋"),
            Option("keep", msg("meeting.keep"), "↩️"),
        )
    )
    chosen = yield from ask("sure", sure, msg("meeting.sure"))
    if chosen == "keep":
        yield from say(msg("contributions.kept"))
        return []
    changed = msg("meeting.changed")
    return [Respond(merged(body, coming=False), changed, single=True, changed=changed), LeaveSeat()]


def _say_something(meeting: Meeting, body: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    items = meeting.spoken_of
    key = items[0].key
    if len(items) > 1:
        which = Choice(tuple(Option(item.key, Translated(item.text)) for item in items))
        key = yield from ask("item", which, msg("meeting.which_item"))
    item = next(one for one in items if one.key == key)
    said = yield from ask(
        f"said.{key}",
        Words(media=frozenset({"voice"})),
        msg("meeting.say_on", item=Translated(item.text)),
    )
    both = {**body.get("said", {}), key: json_of(said)}
    return [
        Respond(
            merged(body, said=both), msg("meeting.heard"), single=True, changed=msg("meeting.heard")
        )
    ]


def _afterwards(meeting: Meeting, seat: Seat, body: Mapping[str, Any]) -> Flow[Sequence[Effect]]:
    """Once it is over: three taps from who had a place."""
    if not seat.outcome.empty:
        yield from say(told(meeting, seat.outcome))
        yield from shown.photos(seat)
    if seat.state != "seat":
        if not seat.outcome.empty:
            return []
        yield from say(msg("meeting.over", title=Translated(meeting.title)))
        return []
    ratings: dict[str, Json] = {}
    for number, name in enumerate(RATED, 1):
        every = Rating(
            tuple(Option(str(n), msg(f"poll.rating.{n}"), RATING_EMOJI[n - 1]) for n in range(1, 6))
        )
        ratings[name] = yield from ask(
            f"rated.{name}",
            optional(every),
            rated_label(name),
            step=(number, len(RATED)),
        )
    return [
        Respond(
            merged(body, ratings=ratings),
            msg("meeting.rated"),
            single=True,
            changed=msg("meeting.rated"),
        )
    ]


def rated_label(name: str) -> Text:
    """What is rated, as a question."""
    return msg(f"meeting.rated_{name}")


def item_label(item: Item) -> Text:
    """What was said on an item, as a question."""
    return msg("meeting.said_on", item=Translated(item.text))


def describe(meeting: Meeting, body: Mapping[str, Any]) -> Text:
    """One line about somebody's part in it."""
    title = Translated(meeting.title)
    return msg("meeting.coming", title=title) if body.get("coming") else title


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what its author said, and what they needed: that is theirs alone."""
    empty = {"text": "", "media": []}
    return {**body, "needs": [], "said": dict.fromkeys(body.get("said", {}), empty)}
