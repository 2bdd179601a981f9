"""A reply that may mean several things is asked back: "did you mean ...?", one tap.

What was written is kept, and nothing is decided until the citizen has said which.
"""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

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
from flows.wording.text import msg

T = TypeVar("T")

#: Before what a candidate stands for; so an old button of another doubt never answers this one.
MAYBE = "~maybe:"
#: The id of "none of these": the question is asked again.
OTHER = "~other"


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
