"""A rating, also answered as "4/5", in stars, or in words of praise and blame; and an order of options."""

from dataclasses import dataclass, replace

from flows.dialog.choices import meaning, not_among, says
from flows.dialog.dialog import (
    Candidate,
    Json,
    NotUnderstood,
    Option,
    Reply,
    Stale,
    Unfinished,
    Unsure,
)
from flows.understanding import numerals
from flows.understanding.numbers.rating import rating
from flows.wording.text import msg


@dataclass(frozen=True, slots=True)
class Rating:
    """One of the options "1" (the worst) to "5" (the best); the value is the option's id."""

    every: tuple[Option, ...]
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """All five."""
        return self.every

    def read(self, reply: Reply) -> str | Unsure:
        """The id that was tapped, numbered, counted in stars or said in words; asked back where in doubt.

        What stands on a button must be written whole: half of "very bad" is not "bad".
        """
        options = {option.id: option for option in self.every}
        if reply.tap is not None:
            if reply.tap not in options:
                raise NotUnderstood(msg("trouble.gone"))
            return reply.tap
        for option in self.every:
            sign = option.emoji and reply.text.strip() == option.emoji
            if sign or says(reply.text, option.label):
                return option.id
        reading = rating(reply.text)
        meant = [options[str(value)] for value in reading.values]
        if not meant:
            raise not_among(self.every)
        if reading.certain:
            return meant[0].id
        return Unsure(tuple(Candidate(one.label, Reply(tap=one.id), one.emoji) for one in meant))

    def resumed(self, draft: Json) -> "Rating":
        """A rating has no draft."""
        return self

    def store(self, value: str) -> Json:
        """The id."""
        return value

    def restore(self, stored: Json) -> str:
        """The id, if it is one of the five."""
        if isinstance(stored, str) and any(option.id == stored for option in self.every):
            return stored
        raise Stale(stored)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All options in the citizen's order, best first; ids.

    Typed at once ("3 1 2") or tapped one after the other; the last one places itself.
    """

    every: tuple[Option, ...]
    placed: tuple[str, ...] = ()
    optional: bool = False
    private: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[Option, ...]:
        """The options that have no place yet."""
        return tuple(option for option in self.every if option.id not in self.placed)

    def read(self, reply: Reply) -> tuple[str, ...] | Unfinished | Unsure:
        """Every id, best first."""
        if reply.tap is not None:
            if all(option.id != reply.tap for option in self.every):
                raise NotUnderstood(msg("trouble.gone"))
            if reply.tap in self.placed:
                return Unfinished(list(self.placed))
            return self._with(reply.tap)
        numbers = numerals.numbers(reply.text)
        if numbers and sorted(numbers) == list(range(1, len(self.every) + 1)):
            return tuple(self.every[number - 1].id for number in numbers)
        if numbers and len(numbers) == 1 and 1 <= numbers[0] <= len(self.every):
            option: Option | Unsure | None = self.every[numbers[0] - 1]
        else:
            option = meaning(reply.text, self.options)
        if isinstance(option, Unsure):
            return option
        if option is None or option.id in self.placed:
            raise NotUnderstood(msg("trouble.ranking", last=len(self.every)))
        return self._with(option.id)

    def _with(self, tap: str) -> tuple[str, ...] | Unfinished:
        placed = (*self.placed, tap)
        left = [option.id for option in self.every if option.id not in placed]
        if len(left) <= 1:
            return (*placed, *left)
        return Unfinished(list(placed))

    def resumed(self, draft: Json) -> "Ranking":
        """The same question with the places given so far."""
        known = {option.id for option in self.every}
        kept = [tap for tap in draft if tap in known] if isinstance(draft, list) else []
        return replace(self, placed=tuple(kept))

    def store(self, value: tuple[str, ...]) -> Json:
        """The ids as a list."""
        return list(value)

    def restore(self, stored: Json) -> tuple[str, ...]:
        """The order, if it still ranks exactly the options."""
        if isinstance(stored, list) and sorted(stored) == sorted(o.id for o in self.every):
            return tuple(stored)
        raise Stale(stored)
