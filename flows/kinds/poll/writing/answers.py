"""What an organizer answers while writing a poll: a list of choices, languages, a day, a moment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flows.dialog.asked_back import days_in_doubt, moments_in_doubt
from flows.dialog.choices import YesNo
from flows.dialog.dialog import (
    Json,
    NotUnderstood,
    Option,
    Refused,
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.dialog.several import Several
from flows.understanding import dates, phrases, scripts
from flows.understanding.phrases import Command
from flows.wording.text import Code, Message, Text, Verbatim, msg

#: Fewest and most choices of a question, and the longest of them, in characters.
FEWEST, MOST, LONGEST = 2, 10, 60

#: The hour at which something goes out if only a day was said.
MORNING = time(10)

_SIGN = "\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001fbff"
_BULLET = re.compile(r"^(?:[-*•–·]\s*|\d{1,2}\s*[.)]\s+)")
_EMOJI = re.compile(rf"^([{_SIGN}]{{1,8}})\s*(?=\w)")
_BETWEEN = re.compile(r"[/;؛]")

_CLOCK = re.compile(
    r"(?<![\d/.\-])([01]?\d|2[0-3])\s?"
    r"(?:(?:(?::|h)\s?([0-5]\d)?|heures?)(?!\w)|(?::([0-5]\d))?(?=\s?[ap]m\b))",
    re.I,
)
_HOUR = re.compile(r"(?:\bat|\bà|مع|الساعة)\s+([01]?\d|2[0-3])(?![\d:/.\-])", re.I)
_AFTERNOON = re.compile(r"(?<![^\W\d])pm\b|مساء|العشية|بعد الضهر|\bdu soir\b", re.I)
_HALVES = re.compile(r"(?<![^\W\d])[ap]m\b|صباحا|فالصباح|الصباح|\bdu matin\b", re.I)


class _Typed:
    """What the answers in an organizer's own words share."""

    __slots__ = ()
    optional = False
    private = False
    options: tuple[Option, ...] = ()
    wants = frozenset({"text"})


@dataclass(frozen=True, slots=True)
class Label:
    """One choice as it was written, with the emoji that stood before it."""

    text: str
    emoji: str = ""

    @property
    def shown(self) -> Text:
        """The choice with its emoji."""
        return Verbatim(f"{self.emoji} {self.text}".strip())


@dataclass(frozen=True, slots=True)
class ChoiceList(_Typed):
    """Choices, one a line or with "/" or ";" between; `needed` is how many there must be, if fixed.

    Bullets and numbers before a choice are dropped.
    """

    needed: int = 0

    def read(self, reply: Reply) -> tuple[Label, ...]:
        """The choices in their order."""
        found = tuple(_label(part) for part in _parts(scripts.clean(reply.text)))
        trouble = self._trouble(found)
        if trouble is not None:
            raise NotUnderstood(trouble)
        return found

    def _trouble(self, found: Sequence[Label]) -> Message | None:
        """What is wrong with the choices, and what to do about it."""
        if self.needed and len(found) != self.needed:
            return msg("authoring.choices_differ", needed=self.needed, number=len(found))
        if len(found) < FEWEST:
            return msg("authoring.choices_few")
        if len(found) > MOST:
            return msg("authoring.choices_many", number=len(found), most=MOST)
        for label in found:
            length = len(label.text)
            if length > LONGEST:
                said = Verbatim(label.text[:LONGEST].rstrip() + "…")
                return msg("authoring.choice_long", choice=said, length=length, longest=LONGEST)
        seen: set[str] = set()
        for label in found:
            same = scripts.fold(label.text) or label.text
            if same in seen:
                return msg("authoring.choice_twice", choice=Verbatim(label.text))
            seen.add(same)
        return None

    def resumed(self, draft: Json) -> "ChoiceList":
        """A list has no draft."""
        return self

    def store(self, value: tuple[Label, ...]) -> Json:
        """Pairs of text and emoji."""
        return [[label.text, label.emoji] for label in value]

    def restore(self, stored: Json) -> tuple[Label, ...]:
        """The choices, if there are still as many as there must be."""
        if not isinstance(stored, list):
            raise Stale(stored)
        found = tuple(Label(text, emoji) for text, emoji in stored)
        if self._trouble(found) is not None:
            raise Stale(stored)
        return found


def _parts(text: str) -> list[str]:
    lines = text.split("\n")
    parts = lines if sum(1 for line in lines if line.strip()) > 1 else _BETWEEN.split(text)
    return [part.strip() for part in parts if part.strip()]


def _label(part: str) -> Label:
    bare = _BULLET.sub("", part).strip() or part
    emoji = _EMOJI.match(bare)
    return Label(bare[emoji.end() :], emoji[1]) if emoji else Label(bare)


@dataclass(frozen=True, slots=True)
class Another(YesNo):
    """Whether there is one more question; the words for "new question" say yes."""

    def read(self, reply: Reply) -> bool | Unsure:
        """True for one more."""
        if reply.tap is None and phrases.command(reply.text) is Command.NEW_POLL:
            return True
        # Slots make the class anew, so `super()` alone would not find it.
        return super(Another, self).read(reply)


@dataclass(frozen=True, slots=True)
class Languages(Several):
    """Some of the languages, by tap, number or any of their names; "no" means none."""

    def read(self, reply: Reply) -> tuple[str, ...] | Unfinished | Unsure:
        """The codes, in the order of the list."""
        if reply.tap is None and not self.ticked and phrases.yes_no(reply.text) is False:
            return ()
        if reply.tap is None:
            known = {option.id for option in self.every}
            named = [phrases.language_named(word) for word in _AND.split(reply.text)]
            if named and all(name in known for name in named):
                return tuple(option.id for option in self.every if option.id in named)
        return super(Languages, self).read(reply)


_AND = re.compile(r"\s*(?:[,،;؛/+&\n]|\s(?:et|and|و|ⴷ|w|d)(?=\s))\s*")


@dataclass(frozen=True, slots=True)
class LaterDay(_Typed):
    """A day that is not over: today or later."""

    today: date

    def read(self, reply: Reply) -> date | Unsure:
        """The day, written in any of the usual ways; asked back where it is in doubt."""
        reading = dates.read(reply.text, self.today, earliest=self.today)
        if not reading.values:
            raise NotUnderstood(msg("trouble.date"))
        later = [day for day in reading.values if day >= self.today]
        if not later:
            example = example_day(self.today)
            moment = shown_day(reading.values[0])
            raise Refused(msg("authoring.past", moment=moment, example=example))
        return later[0] if reading.certain else days_in_doubt(later)

    def resumed(self, draft: Json) -> "LaterDay":
        """A day has no draft."""
        return self

    def store(self, value: date) -> Json:
        """ISO 8601."""
        return value.isoformat()

    def restore(self, stored: Json) -> date:
        """The day."""
        try:
            return date.fromisoformat(stored)
        except (TypeError, ValueError) as error:
            raise Stale(stored) from error


@dataclass(frozen=True, slots=True)
class LaterMoment(_Typed):
    """A day and an hour after `now` and before `end`, in the council's local time."""

    now: datetime
    end: datetime | None = None

    def read(self, reply: Reply) -> datetime | Unsure:
        """The wall time; a day alone means its morning, an hour alone the day that it is."""
        walls, certain = self._walls(scripts.digits(reply.text))
        if not walls:
            raise NotUnderstood(msg("trouble.date"))
        if not certain:
            fitting = [one for one in walls if one > self.now and (not self.end or one < self.end)]
            if fitting:
                return moments_in_doubt(fitting)
        wall = walls[0]
        if wall <= self.now:
            example = example_moment(self.now)
            raise Refused(msg("authoring.past", moment=shown_moment(wall), example=example))
        if self.end is not None and wall >= self.end:
            until = shown_end(self.end)
            raise Refused(msg("authoring.after_end", moment=shown_moment(wall), until=until))
        return wall

    def _walls(self, text: str) -> tuple[list[datetime], bool]:
        """The moments that may be meant, and whether it is certain that the first is."""
        met = _CLOCK.search(text) or _HOUR.search(text)
        clock, rest = MORNING, text
        if met is not None:
            hour = int(met[1])
            minute = int(met[2] or met[3] or 0) if met.re is _CLOCK else 0
            if _AFTERNOON.search(text) and 0 < hour < 12:
                hour += 12
            clock, rest = time(hour, minute), text[: met.start()] + " " + text[met.end() :]
        rest = _AFTERNOON.sub(" ", _HALVES.sub(" ", rest))
        today = self.now.date()
        reading = dates.read(rest, today, earliest=today)
        days, certain = reading.values, reading.certain
        if not days and met is not None and not any(sign.isalnum() for sign in rest):
            days, certain = (today,), True
        return [datetime.combine(day, clock) for day in days], certain

    def resumed(self, draft: Json) -> "LaterMoment":
        """A moment has no draft."""
        return self

    def store(self, value: datetime) -> Json:
        """ISO 8601 without an offset."""
        return value.isoformat(timespec="minutes")

    def restore(self, stored: Json) -> datetime:
        """The moment, if it still comes before the end."""
        try:
            wall = datetime.fromisoformat(stored)
        except (TypeError, ValueError) as error:
            raise Stale(stored) from error
        if self.end is not None and wall >= self.end:
            raise Stale(stored)
        return wall


def shown_day(day: date) -> Code:
    """A day as it is written."""
    return Code(day.strftime("%d/%m/%Y"))


def shown_moment(wall: datetime) -> Code:
    """A day and an hour as they are written."""
    return Code(wall.strftime("%d/%m/%Y %H:%M"))


def shown_end(end: datetime) -> Code:
    """The last day of what ends at a midnight."""
    return shown_day((end - timedelta(minutes=1)).date())


def example_day(today: date) -> Code:
    """A day in a week."""
    return shown_day(today + timedelta(days=7))


def example_moment(now: datetime) -> Code:
    """An evening in a week."""
    return shown_moment(datetime.combine(now.date() + timedelta(days=7), time(18, 30)))
