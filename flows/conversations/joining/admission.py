"""The number with which somebody may take part, where a council gave out numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.dialog.dialog import Flow, Json, NotUnderstood, Option, Reply, Stale, ask
from flows.dialog.effects import Effect, ShowNumber
from flows.dialog.facts import Facts
from flows.understanding import scripts
from flows.wording.text import Translated, msg

#: A number is not longer, with whatever stands between its parts.
LONGEST = 80


@dataclass(frozen=True, slots=True)
class RollNumber:
    """A number as it was given out: any letters and digits. It stays private."""

    private: bool = True
    optional: bool = False
    options: tuple[Option, ...] = ()
    wants: frozenset[str] = field(default_factory=lambda: frozenset({"text"}))

    def read(self, reply: Reply) -> str:
        """What was typed, if it has a digit or more than one sign."""
        text = scripts.clean(reply.text)
        if len(text) > LONGEST or sum(sign.isalnum() for sign in text) < 2:
            raise NotUnderstood(msg("roll.trouble"))
        return text

    def resumed(self, draft: Json) -> "RollNumber":
        """A number has no draft."""
        return self

    def store(self, value: str) -> Json:
        """The text."""
        return value

    def restore(self, stored: Json) -> str:
        """The same."""
        if isinstance(stored, str):
            return stored
        raise Stale(stored)


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Ask for the number, before the first question."""
    title = Translated(facts.consultation.definition.get("title", {}))
    number = yield from ask("number", RollNumber(), msg("roll.ask", title=title))
    return [ShowNumber(number)]
