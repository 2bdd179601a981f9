"""Somebody wants no more messages: understood, obeyed, and what still comes is asked once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flows import wording
from flows.dialog.choices import Choice, not_among
from flows.dialog.dialog import (
    Correct,
    Flow,
    Option,
    Reply,
    Unfinished,
    Unsure,
    ask,
    do,
    look_up,
    say,
)
from flows.dialog.effects import AllowMessages, Effect, KeepAnswers, Mute, SayInstead, StopMessages
from flows.dialog.facts import Facts
from flows.understanding import moderation, scripts
from flows.wording.text import Code, Verbatim, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Settle what was meant, if that is in doubt; stop; ask about the answers that are awaited."""
    own = facts.own
    if own.doubted:
        word = yield from ask(
            "meant",
            _Meaning(_meanings(facts)),
            msg("stop.ask", text=Verbatim(moderation.excerpt(own.doubted))),
        )
        again: list[Effect] = [AllowMessages()] if own.held else []
        if word == "no":
            return [*again, SayInstead(own.doubted)]
        if word == "council":
            return [*again, Mute(True, msg("notices.muted", council=facts.council_name))]
    stopped = msg("stop.done" if own.alone else "chat.stopped")
    yield from do(StopMessages())
    awaited: Sequence[str] = yield from look_up("awaited", "awaited_answers")
    if not awaited:
        yield from say(stopped)
        return []
    yield from say(msg("stop.everything" if own.alone else "chat.stopped_all"))
    word = yield from ask(
        "keep",
        Choice(
            (
                Option("yes", msg("stop.keep_yes"), "✅"),
                Option("no", msg("stop.keep_no"), "🔕"),
            )
        ),
        msg("stop.keep", reference=Code(awaited[0])),
        simpler=msg("stop.keep.simpler"),
    )
    yield from say(msg("stop.kept") if word == "yes" else stopped)
    return [KeepAnswers(word == "yes")]


@dataclass(frozen=True, slots=True)
class _Meaning(Choice):
    """Whether it was a wish for no messages; "yes, that is my answer" is asked again."""

    def read(self, reply: Reply) -> str | Correct | Unfinished | Unsure:
        """ "yes", "council" or "no"."""
        read = Choice.read(self, reply)
        last = scripts.fold(reply.text).split()[-1:]
        if read == "yes" and last in [scripts.fold(label).split()[-1:] for label in _it_is()]:
            raise not_among(self.every)
        return read


@cache
def _it_is() -> tuple[str, ...]:
    """What is said without its "no": "it is my answer"."""
    every = wording.in_every_language(msg("stop.answer"))
    return tuple(re.split("[,،]", label)[-1].strip() for label in every)


def _meanings(facts: Facts) -> tuple[Option, ...]:
    council = (Option("council", msg("stop.council"), "🏛️"),) if facts.own.one_council else ()
    return (
        Option("yes", msg("stop.all"), "🔕"),
        *council,
        Option("no", msg("stop.answer"), "✍️", also=_it_is()),
    )
