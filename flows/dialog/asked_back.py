"""A reply that may mean several things is asked back: "did you mean ...?", one tap.

What was written is kept, and nothing is decided until the citizen has said which. For a number or a day in
doubt, what is offered: how it is shown, and the reply that surely means it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from babel.dates import format_date, format_datetime

from flows.dialog.choices import says
from flows.dialog.dialog import (
    Answer,
    Candidate,
    Correct,
    Json,
    Option,
    Reply,
    Unfinished,
    Unsure,
)
from flows.understanding import numerals, phrases
from flows.wording.text import Code, Text, Translated, msg

T = TypeVar("T")

#: Before what a candidate stands for; so an old button of another doubt never answers this one.
MAYBE = "~maybe:"
#: The id of "none of these": the question is asked again.
OTHER = "~other"

#: Under which name each of our languages stands in the locale data; Darija names months as Morocco does.
_LOCALES = {"ary": "ar_MA", "ar": "ar_MA", "fr": "fr", "zgh": "zgh", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """The citizen meant none of the candidates."""


@dataclass(frozen=True, slots=True)
class AskedBack(Generic[T]):
    """An answer while it is in doubt which of its `candidates` a reply meant."""

    inner: Answer[T]
    candidates: tuple[Candidate, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        """The candidates, then "something else"."""
        return (
            *(Option(_id(one), one.label, one.emoji) for one in self.candidates),
            Option(OTHER, msg("button.something_else"), "↩️"),
        )

    @property
    def wants(self) -> frozenset[str]:
        """As the answer itself."""
        return self.inner.wants

    @property
    def private(self) -> bool:
        """As the answer itself."""
        return self.inner.private

    @property
    def optional(self) -> bool:
        """As the answer itself."""
        return self.inner.optional

    def read(self, reply: Reply) -> T | Correct | Unfinished | Unsure | NoneOfThese:
        """What the chosen candidate means; what else is written answers the question anew."""
        chosen = self._chosen(reply)
        if isinstance(chosen, NoneOfThese):
            return chosen
        return self.inner.read(reply if chosen is None else chosen.reply)

    def _chosen(self, reply: Reply) -> Candidate | NoneOfThese | None:
        if reply.tap is not None:
            if reply.tap == OTHER:
                return NoneOfThese()
            return next((one for one in self.candidates if _id(one) == reply.tap), None)
        number = numerals.number(reply.text)
        if isinstance(number, int) and 1 <= number <= len(self.candidates) + 1:
            # The numbers are those that stand before what was offered last.
            return self.candidates[number - 1] if number <= len(self.candidates) else NoneOfThese()
        named = [one for one in self.candidates if says(reply.text, one.label)]
        if len(named) == 1:
            return named[0]
        if says(reply.text, msg("button.something_else")):
            return NoneOfThese()
        said = phrases.yes_no(reply.text)
        if said is False:
            return NoneOfThese()
        if said and len(self.candidates) == 1:
            return self.candidates[0]
        return None

    def resumed(self, draft: Json) -> "AskedBack[T]":
        """The doubt about the same reply."""
        return replace(self, inner=self.inner.resumed(draft))

    def store(self, value: T) -> Json:
        """As the answer itself."""
        return self.inner.store(value)

    def restore(self, stored: Json) -> T:
        """As the answer itself."""
        return self.inner.restore(stored)


def _id(candidate: Candidate) -> str:
    return f"{MAYBE}{candidate.reply.tap or candidate.reply.text}"


# ---------------------------------------------------------------------- numbers and days in doubt


def numbers_in_doubt(values: Iterable[int | Decimal]) -> Unsure | None:
    """ "Did you mean 5 000?"; None where a number typed in reply could mean a place in that list too.

    "2" under "1) 2  2) 3" is both the first and the second: then the question is better asked anew.
    """
    offered = tuple(values)[:3]
    # The place after the last is "something else".
    places = range(1, len(offered) + 2)
    if any(value in places for value in offered):
        return None
    return Unsure(tuple(Candidate(_shown(value), Reply(text=_written(value))) for value in offered))


def _shown(value: int | Decimal) -> Text:
    return Code(f"{_short(value):,}".replace(",", "\N{NO-BREAK SPACE}"))


def _written(value: int | Decimal) -> str:
    """Digits with one reading: three decimals could be thousands, four are not."""
    short = _short(value)
    text = str(short) if isinstance(short, int) else f"{short:f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def _short(value: int | Decimal) -> int | Decimal:
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def days_in_doubt(days: Iterable[date]) -> Unsure:
    """ "Did you mean Monday 7 December 2026?"."""
    return Unsure(tuple(Candidate(day_in_words(day), Reply(text=day.isoformat())) for day in days))


def moments_in_doubt(walls: Iterable[datetime]) -> Unsure:
    """ "Did you mean Monday 7 December 2026, 18:30?"."""
    return Unsure(
        tuple(
            Candidate(_in_words(wall, "EEE d MMM y HH:mm"), Reply(text=f"{wall:%Y-%m-%d %H:%M}"))
            for wall in walls
        )
    )


@lru_cache(256)
def day_in_words(day: date) -> Text:
    """A day with its weekday and the name of its month, in every language; short enough for a button."""
    return _in_words(day, "EEE d MMMM y")


def _in_words(moment: date, pattern: str) -> Text:
    return Translated(
        {
            language: format_datetime(moment, _first(pattern, moment, language), locale=locale)
            if isinstance(moment, datetime)
            else format_date(moment, _first(pattern, moment, language), locale=locale)
            for language, locale in _LOCALES.items()
        }
    )


def _first(pattern: str, moment: date, language: str) -> str:
    """In French the first of a month is "1er"."""
    return pattern.replace("d M", "d'er' M") if language == "fr" and moment.day == 1 else pattern
