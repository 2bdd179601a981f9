"""Answers in a citizen's own words: text, voice, number, date, place, phone, national id.

The answers that choose stand in `flows.dialog.choices`; both are what a flow gives to `ask()`.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from flows.dialog.asked_back import days_in_doubt, numbers_in_doubt
from flows.dialog.choices import says
from flows.dialog.dialog import (
    Answer,
    Correct,
    Json,
    Media,
    NotUnderstood,
    Option,
    Refused,
    Reply,
    Stale,
    Unfinished,
    Unsure,
    json_of,
)
from flows.morocco import place_in_words
from flows.understanding import dates, identity, numerals, phrases, scripts
from flows.understanding.beside import sorts
from flows.understanding.numbers.quantity import quantity
from flows.wording.text import Message, msg

T = TypeVar("T")

#: Longest text a citizen may give as one answer, or tell in one message or several, in characters. The chat page's
#: field takes as many.
LONGEST = 8000

#: What is said where words are wanted and none came.
NO_WORDS = msg("trouble.words")

#: The id of the button that drops the files of an answer that is corrected, and keeps its words.
BARE = "~bare"

#: The id of the button that skips a question.
SKIP = "~skip"


@dataclass(frozen=True, slots=True)
class Optional(Generic[T]):
    """Another answer, or None for "skip"."""

    inner: Answer[T]
    optional: bool = True

    @property
    def options(self) -> tuple[Option, ...]:
        """The inner options, then "skip"."""
        return (*self.inner.options, Option(SKIP, msg("button.skip"), "⏭️"))

    @property
    def wants(self) -> frozenset[str]:
        """As the inner answer."""
        return self.inner.wants

    @property
    def private(self) -> bool:
        """As the inner answer."""
        return self.inner.private

    @property
    def skip_number(self) -> int:
        """The number that may be typed for "skip"; 0 where a number is the answer itself."""
        inner: object = self.inner
        if isinstance(inner, Number | Day):
            return 0
        return len(getattr(inner, "every", self.inner.options)) + 1

    def read(self, reply: Reply) -> T | Correct | Unfinished | Unsure | None:
        """None if the citizen skips, else the inner value."""
        if reply.skip or reply.tap == SKIP or says(reply.text, msg("button.skip")):
            return None
        if self.skip_number and numerals.number(reply.text) == self.skip_number:
            return None
        inner: object = self.inner
        if isinstance(inner, Where) and phrases.unknown(reply.text):
            # "I don't know" is the name of no place.
            return None
        return self.inner.read(reply)

    def corrected(self, stored: Json) -> Json | None:
        """What the inner answer keeps of what was said, not skipped, while it is corrected."""
        keeps = getattr(self.inner, "corrected", None)
        return keeps(stored) if keeps is not None else None

    def resumed(self, draft: Json) -> "Optional[T]":
        """The inner answer resumed."""
        return replace(self, inner=self.inner.resumed(draft))

    def store(self, value: T | None) -> Json:
        """None, or the inner value."""
        return None if value is None else self.inner.store(value)

    def restore(self, stored: Json) -> T | None:
        """None, or the inner value."""
        return None if stored is None else self.inner.restore(stored)


def optional(answer: Answer[T]) -> Optional[T]:
    """The same answer, which may be skipped."""
    return Optional(answer)


def innermost(answer: object) -> object:
    """The answer itself, where it may be skipped, or is in doubt."""
    while (inner := getattr(answer, "inner", None)) is not None:
        answer = inner
    return answer


@dataclass(frozen=True, slots=True)
class Said:
    """What a citizen said in their own way: words, a voice note, photos, or several of them."""

    text: str = ""
    media: tuple[Media, ...] = ()


class _Open:
    """What the open answers share: no options, nothing half finished."""

    __slots__ = ()
    optional = False
    private = False

    @property
    def options(self) -> tuple[Option, ...]:
        """None: whatever is said is said in one's own words."""
        return ()

    @property
    def wants(self) -> frozenset[str]:
        """Plain text."""
        return frozenset({"text"})


@dataclass(frozen=True, slots=True)
class Words(_Open):
    """Free text, and where allowed a voice note, photo or document."""

    media: frozenset[str] = frozenset()
    shortest: int = 2
    longest: int = LONGEST
    private: bool = False
    needed: Message = NO_WORDS
    #: What was said before, while it is corrected.
    before: Said = Said()

    @property
    def wants(self) -> frozenset[str]:
        """Text and the allowed media."""
        return frozenset({"text"}) | self.media

    @property
    def options(self) -> tuple[Option, ...]:
        """While it is corrected, "without the files", if words remain then."""
        if not (self.before.media and self.before.text):
            return ()
        return (Option(BARE, msg("words.without_files"), "🗑️"),)

    def read(self, reply: Reply) -> Said:
        """The words, cleaned of characters nobody sees, and the media.

        While it is corrected, new words replace the words and new files those of their sort; the rest stays.
        """
        if self.options and (reply.tap == BARE or numerals.number(reply.text) == 1):
            return Said(self.before.text)
        text = scripts.clean(reply.text)
        media = tuple(item for item in reply.media if item.kind in self.media)
        if len(text) > self.longest:
            raise NotUnderstood(msg("trouble.too_long", longest=self.longest, length=len(text)))
        if reply.media and not media:
            raise NotUnderstood(msg("trouble.media"))
        if not media and (not any(c.isalnum() for c in text) or len(text) < self.shortest):
            raise NotUnderstood(self.needed)
        if not media and self.needed is not NO_WORDS and sorts.tells_nothing(text):
            raise NotUnderstood(self.needed)
        replaced = {item.kind for item in media}
        kept = tuple(item for item in self.before.media if item.kind not in replaced)
        return Said(text or self.before.text, (*kept, *media))

    def corrected(self, stored: Json) -> Json:
        """What was said stays at hand while it is corrected, where there are files."""
        return stored if self.restore(stored).media else None

    def resumed(self, draft: Json) -> "Words":
        """The same question, while what was said is corrected."""
        try:
            return replace(self, before=msgspec.convert(draft, Said))
        except msgspec.ValidationError:
            return self

    def store(self, value: Said) -> Json:
        """A map of text and media."""
        return json_of(value)

    def restore(self, stored: Json) -> Said:
        """The words again."""
        try:
            return msgspec.convert(stored, Said)
        except msgspec.ValidationError as error:
            raise Stale(stored) from error


@dataclass(frozen=True, slots=True)
class FullName(Words):
    """A person's first and family name, as an official list has it."""

    def read(self, reply: Reply) -> Said:
        """The name, without "my name is" before it. Digits and questions are none."""
        said = Words.read(self, reply)
        name = identity.full_name(said.text)
        if name is None or sorts.is_no_name(said.text):
            raise NotUnderstood(msg("trouble.name"))
        return Said(name)


@dataclass(frozen=True, slots=True)
class Address(Words):
    """Where a person lives, as an official list has it."""

    def read(self, reply: Reply) -> Said:
        """The address. A number alone is none, nor that of a card: it was sent twice, or late."""
        said = Words.read(self, reply)
        if identity.card(said.text) or not any(c.isalpha() for c in said.text):
            raise NotUnderstood(msg("trouble.address"))
        return said


@dataclass(frozen=True, slots=True)
class Number(_Open):
    """A number from `lowest` to `highest`; whole unless `decimals`."""

    lowest: int | None = None
    highest: int | None = None
    decimals: bool = False

    def read(self, reply: Reply) -> Decimal | Unsure:
        """The number, from digits of any script or from words; asked back where it is in doubt."""
        reading = quantity(reply.text, decimals=self.decimals)
        fitting = [value for value in reading.values if self._fits(value)]
        if reading.certain and fitting:
            return Decimal(fitting[0])
        doubt = numbers_in_doubt(fitting) if fitting else None
        if doubt is None:
            raise NotUnderstood(self._wanted())
        return doubt

    def _fits(self, value: int | Decimal) -> bool:
        return (self.lowest is None or value >= self.lowest) and (
            self.highest is None or value <= self.highest
        )

    def _wanted(self) -> Message:
        if self.lowest is not None and self.highest is not None:
            return msg("trouble.number_between", lowest=self.lowest, highest=self.highest)
        return msg("trouble.number")

    def resumed(self, draft: Json) -> "Number":
        """A number has no draft."""
        return self

    def store(self, value: Decimal) -> Json:
        """The number as a string, exact."""
        return str(value)

    def restore(self, stored: Json) -> Decimal:
        """The number, if it is still within the limits."""
        if not isinstance(stored, str):
            raise Stale(stored)
        value = Decimal(stored)
        if not self._fits(value):
            raise Stale(stored)
        return value


@dataclass(frozen=True, slots=True)
class Day(_Open):
    """A date; `today` is what "today" and "tomorrow" are counted from."""

    today: date
    earliest: date | None = None
    latest: date | None = None

    def read(self, reply: Reply) -> date | Unsure:
        """The date, written in any of the usual ways; asked back where it is in doubt."""
        reading = dates.read(reply.text, self.today, earliest=self.earliest, latest=self.latest)
        if not reading.values:
            raise NotUnderstood(msg("trouble.date"))
        fitting = [day for day in reading.values if self._fits(day)]
        if not fitting:
            raise Refused(msg("trouble.date_range"))
        return fitting[0] if reading.certain else days_in_doubt(fitting)

    def _fits(self, day: date) -> bool:
        return (self.earliest is None or day >= self.earliest) and (
            self.latest is None or day <= self.latest
        )

    def resumed(self, draft: Json) -> "Day":
        """A date has no draft."""
        return self

    def store(self, value: date) -> Json:
        """ISO 8601."""
        return value.isoformat()

    def restore(self, stored: Json) -> date:
        """The date, if it is still within the limits."""
        try:
            value = date.fromisoformat(stored)
        except (TypeError, ValueError) as error:
            raise Stale(stored) from error
        if not self._fits(value):
            raise Stale(stored)
        return value


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: the citizen's words for it, a pin in degrees, or both."""

    text: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Where(_Open):
    """A street, district, douar, or a pin on the map."""

    @property
    def wants(self) -> frozenset[str]:
        """Text or a location."""
        return frozenset({"text", "location"})

    def read(self, reply: Reply) -> Spot:
        """The words or the pin."""
        if reply.location is not None:
            latitude, longitude = reply.location
            return Spot(scripts.clean(reply.text or reply.place), latitude, longitude)
        text = scripts.clean(reply.text)
        if (
            reply.media
            or len(text) < 2
            or not any(c.isalpha() for c in text)
            # "Hay Salam" is a quarter, and no greeting.
            or (sorts.is_no_place(text) and place_in_words.read(text) is None)
        ):
            raise NotUnderstood(msg("trouble.where"))
        if len(text) > 200:
            raise NotUnderstood(msg("trouble.too_long", longest=200, length=len(text)))
        return Spot(text)

    def resumed(self, draft: Json) -> "Where":
        """A place has no draft."""
        return self

    def store(self, value: Spot) -> Json:
        """A map of text and degrees."""
        return json_of(value)

    def restore(self, stored: Json) -> Spot:
        """The place again."""
        try:
            return msgspec.convert(stored, Spot)
        except msgspec.ValidationError as error:
            raise Stale(stored) from error


@dataclass(frozen=True, slots=True)
class NationalId(_Open):
    """The number of the national identity card (CIN), in one canonical spelling."""

    private: bool = True

    def read(self, reply: Reply) -> str:
        """The number, however it was spaced and in whatever digits.

        What may be something else is refused, not asked back: a card's number stands on no button.
        """
        value = identity.card(reply.text)
        if value is None:
            raise NotUnderstood(msg("trouble.cin"))
        return value

    def resumed(self, draft: Json) -> "NationalId":
        """A number has no draft."""
        return self

    def store(self, value: str) -> Json:
        """The canonical spelling."""
        return value

    def restore(self, stored: Json) -> str:
        """The number, if it is one."""
        if isinstance(stored, str) and identity.cin(stored) == stored:
            return stored
        raise Stale(stored)
