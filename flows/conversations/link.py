"""Two chats become one person's: asked in the chat where the link was opened."""

from collections.abc import Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, say
from flows.dialog.effects import Effect, JoinChats
from flows.dialog.facts import Facts
from flows.wording.text import msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Say what joining means; somebody else may have sent the link."""
    answer = yield from ask(
        "join",
        Choice(
            (
                Option("no", msg("link.no"), "❌"),
                Option("yes", msg("link.yes"), "🔗"),
            )
        ),
        msg("link.ask"),
    )
    if answer == "no":
        yield from say(msg("link.declined"))
        return []
    return [JoinChats(facts.own.link, msg("chat.linked"), msg("chat.link_expired"))]
