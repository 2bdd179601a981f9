"""A question with choices that may be answered by a voice note too: staff listen, and enter what was meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec

from flows.dialog.answers import Said
from flows.dialog.dialog import (
    Answer,
    Correct,
    Json,
    Option,
    Reply,
    Stale,
    Unfinished,
    Unsure,
    json_of,
)
from flows.understanding import scripts

T = TypeVar("T")

#: The kind of file that speaks.
VOICE = "voice"


@dataclass(frozen=True, slots=True)
class OrSpoken(Generic[T]):
    """Another answer, or a voice note in its place; what is written with the voice note stays with it."""

    inner: Answer[T]

    @property
    def options(self) -> tuple[Option, ...]:
        """As the answer itself."""
        return self.inner.options

    @property
    def every(self) -> Sequence[Option]:
        """All options, where only some are shown."""
        every: Sequence[Option] = getattr(self.inner, "every", self.inner.options)
        return every

    @property
    def wants(self) -> frozenset[str]:
        """What the answer itself wants, and a voice note."""
        return self.inner.wants | {VOICE}

    @property
    def optional(self) -> bool:
        """As the answer itself."""
        return self.inner.optional

    @property
    def private(self) -> bool:
        """As the answer itself."""
        return self.inner.private

    def read(self, reply: Reply) -> T | Said | Correct | Unfinished | Unsure:
        """The voice note, where there is one; else what the answer itself reads."""
        voices = tuple(item for item in reply.media if item.kind == VOICE)
        if voices and reply.tap is None:
            return Said(scripts.clean(reply.text), voices)
        return self.inner.read(reply)

    def resumed(self, draft: Json) -> "OrSpoken[T]":
        """The same with the citizen's unfinished draft."""
        return replace(self, inner=self.inner.resumed(draft))

    def store(self, value: T | Said) -> Json:
        """A map of text and media, or what the answer itself stores."""
        return json_of(value) if isinstance(value, Said) else self.inner.store(value)

    def restore(self, stored: Json) -> T | Said:
        """The voice note, or the value."""
        if not is_spoken(stored):
            return self.inner.restore(stored)
        try:
            return msgspec.convert(stored, Said)
        except msgspec.ValidationError as error:
            raise Stale(stored) from error


def is_spoken(stored: Any) -> bool:
    """Whether a stored answer to a question with choices was given by a voice note."""
    return isinstance(stored, dict) and bool(stored.get("media"))


def chosen(stored: Any) -> Any:
    """What a stored answer to a question with choices chose: of a voice note what staff heard, None before that."""
    return stored.get("heard") if isinstance(stored, dict) else stored


def waits(stored: Any) -> bool:
    """Whether a stored answer is a voice note that nobody has entered yet."""
    return is_spoken(stored) and "heard" not in stored and not stored.get("unclear")
