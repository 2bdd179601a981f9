"""Two chats become one person's: asked in the chat where the code was typed."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, say
from flows.dialog.effects import Effect, JoinChats
from flows.dialog.facts import Facts
from flows.wording.text import lines, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Say what joining means; somebody else may have sent the code."""
    channel = facts.own.told.get("channel", "web")
    answer = yield from ask(
        "join",
        Choice(
            (
                Option("no", msg("link.no"), "❌"),
                Option("yes", msg("link.yes"), "🔗"),
            )
        ),
        lines(
            msg("link.ask", channel=msg(f"join.on.{channel}")),
            msg("join.other_can"),
            msg("link.sure"),
            gap=1,
        ),
    )
    if answer == "no":
        yield from say(msg("link.declined"))
        return []
    return [JoinChats(facts.own.link)]
