"""Becoming a member of a list that the council keeps: a consultative body, an association's seats."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.effects import Effect, JoinBody
from flows.dialog.facts import Facts
from flows.wording.text import Verbatim, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """Ask whoever opened the link whether they want to be a member."""
    body: Mapping[str, Any] | None = yield from look_up("body", "body", payload=facts.own.link)
    if body is None:
        yield from say(msg("body.expired"))
        return []
    name = Verbatim(body["name"])
    word = yield from ask(
        "join",
        Choice(
            (
                Option("yes", msg("button.yes"), "✅"),
                Option("no", msg("button.no_thanks"), "❌"),
            )
        ),
        msg("body.ask", council=facts.council_name, name=name),
    )
    if word == "no":
        yield from say(msg("body.declined"))
        return []
    return [JoinBody(facts.own.link, msg("body.joined", name=name), msg("body.expired"))]
