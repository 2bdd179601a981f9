"""Somebody tells of danger: whom to call, at once; then the way to report it, with what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.dialog.choices import ChoiceOrWords
from flows.dialog.dialog import Correct, Flow, Option, Reply, Unfinished, Unsure, ask, say
from flows.dialog.effects import Begin, Effect
from flows.dialog.facts import Council, Facts, Own
from flows.morocco.emergency import numbers_for
from flows.understanding import danger
from flows.wording.text import Code, Text, Translated, lines, msg


def call(council: Council, sort: str) -> Text:
    """Whom to call, and that nobody reads this at once."""
    return lines(
        msg("danger.call"),
        *(
            msg("danger.number", number=Code(one.number), name=Translated(one.name))
            for one in numbers_for(sort, council.emergency)
        ),
        msg("danger.nobody_reads"),
    )


@dataclass(frozen=True, slots=True)
class _Report(ChoiceOrWords):
    """Yes or no; whatever else is written is more about the danger, and a yes."""

    def is_answer(self, text: str) -> bool:
        """Two words and more; one alone is asked about again, and so is a question."""
        return len(text.split()) >= 2 and not text.rstrip().endswith(("?", "؟"))

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """An option's id, or "+" and what was written; who takes it back reports nothing."""
        return "no" if danger.recanted(reply.text) else ChoiceOrWords.read(self, reply)


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """The numbers first; then one question."""
    own = facts.own
    yield from say(call(facts.council, own.danger))
    if own.goal is None:
        return []
    word = yield from ask(
        "report",
        _Report(
            (
                Option("yes", msg("danger.report_yes"), "📣"),
                Option("no", msg("danger.report_no"), "❌"),
            )
        ),
        msg("danger.report"),
        simpler=msg("danger.report.simpler"),
    )
    if word == "no":
        yield from say(msg("danger.not_reported"))
        return []
    more = danger.danger(word[1:]) if word.startswith("+") else None
    if more is not None and more != own.danger:
        yield from say(call(facts.council, more))
    words = own.doubted if word == "yes" else f"{own.doubted}\n{word[1:]}"
    told = Own(words=words, media=own.media, danger=own.danger, proposed=own.proposed)
    return [Begin(code=own.goal, own=told)]
