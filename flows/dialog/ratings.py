"""A rating: one of five, also answered as "4/5", in stars, or in words of praise and blame."""

from dataclasses import dataclass

from flows.dialog.choices import not_among, says
from flows.dialog.dialog import Candidate, Json, NotUnderstood, Option, Reply, Stale, Unsure
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
            if reply.text.strip() == option.emoji or says(reply.text, option.label):
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
