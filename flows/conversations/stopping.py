"""Somebody wants no more messages: understood, obeyed, and what still comes is asked once."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, do, look_up, say
from flows.dialog.effects import AllowMessages, Effect, KeepAnswers, Mute, SayInstead, StopMessages
from flows.dialog.facts import Facts
from flows.understanding import moderation
from flows.wording.text import Code, Verbatim, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Settle what was meant, if that is in doubt; stop; ask about the answers that are awaited."""
    own = facts.own
    if own.doubted:
        word = yield from ask(
            "meant",
            Choice(_meanings(facts)),
            msg("stop.ask", text=Verbatim(moderation.excerpt(own.doubted))),
        )
        again: list[Effect] = [AllowMessages()] if own.held else []
        if word == "no":
            return [*again, SayInstead(own.doubted)]
        if word == "council":
            return [*again, Mute(True, msg("notices.muted", council=facts.council_name))]
    yield from do(StopMessages())
    awaited: Sequence[str] = yield from look_up("awaited", "awaited_answers")
    if not awaited:
        yield from say(msg("chat.stopped"))
        return []
    yield from say(msg("chat.stopped_all"))
    word = yield from ask(
        "keep",
        Choice(
            (
                Option("yes", msg("stop.keep_yes"), "✅"),
                Option("no", msg("stop.keep_no"), "🔕"),
            )
        ),
        msg("stop.keep", reference=Code(awaited[0])),
    )
    yield from say(msg("stop.kept" if word == "yes" else "chat.stopped"))
    return [KeepAnswers(word == "yes")]


def _meanings(facts: Facts) -> tuple[Option, ...]:
    council = (Option("council", msg("stop.council"), "🏛️"),) if facts.own.one_council else ()
    return (
        Option("yes", msg("stop.all"), "🔕"),
        *council,
        Option("no", msg("stop.answer"), "✍️"),
    )
