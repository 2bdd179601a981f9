"""What was written answers no question: is it something for the council?"""

from collections.abc import Sequence

from msgspec.structs import replace

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask
from flows.dialog.effects import AddTold, Begin, Effect
from flows.dialog.facts import Facts
from flows.understanding import moderation
from flows.wording.text import Verbatim, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """One tap: it is told to the council, and the question comes back after that; or it comes back now."""
    own = facts.own
    told = replace(own, doubted="", besides=False)
    shown = Verbatim(moderation.excerpt(own.doubted))
    if own.besides:
        word = yield from ask(
            "besides",
            Choice(
                (
                    Option("same", msg("told.same"), "➕"),
                    Option("another", msg("told.another"), "📣"),
                )
            ),
            msg("told.besides", text=shown),
        )
        return [AddTold(told)] if word == "same" else [Begin(own=told)]
    word = yield from ask(
        "told",
        Choice(
            (
                Option("yes", msg("told.yes"), "📣"),
                Option("no", msg("told.no"), "↩️"),
            )
        ),
        msg("told.ask", text=shown) if own.doubted else msg("told.ask_file"),
    )
    return [] if word == "no" else [Begin(own=told)]
