"""May the council write again? Asked of who stopped it and takes part again, and of who never said."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, say
from flows.dialog.effects import CONSENT_VERSION, AllowMessages, Consent, Effect
from flows.dialog.facts import Facts
from flows.wording.text import msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """One question; without a yes nothing is begun with this person."""
    shown = "messages.ask_again" if facts.own.stopped else "messages.ask"
    word = yield from ask(
        "write",
        Choice(
            (
                Option("yes", msg("messages.yes"), "✉️"),
                Option("no", msg("messages.no"), "🔕"),
            )
        ),
        msg(shown, council=facts.council_name),
        simpler=msg("messages.simpler"),
    )
    effects: list[Effect] = [Consent("messages", word == "yes", CONSENT_VERSION, shown)]
    if word == "yes":
        effects.append(AllowMessages())
        yield from say(msg("messages.on"))
    else:
        yield from say(msg("messages.off"))
    return effects
