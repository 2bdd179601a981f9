"""A word that works ("home", "back") where somebody's own words are wanted: which of both was meant?"""

from collections.abc import Mapping, Sequence

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask
from flows.dialog.effects import Effect, Obey, SayInstead
from flows.dialog.facts import Facts
from flows.understanding.phrases import Command
from flows.wording.text import Message, Verbatim, msg

#: What is offered for a word that works, where a button says it better than the menu's name for it.
_OFFERS: Mapping[Command, Message] = {
    Command.BACK: msg("meant.back"),
    Command.CANCEL: msg("meant.cancel"),
    Command.HELP: msg("meant.help"),
    Command.MENU: msg("meant.menu"),
    Command.LANGUAGE: msg("language.ask"),
}


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """One tap: it was the answer, or the word is obeyed."""
    own = facts.own
    command = Command(own.command)
    word = yield from ask(
        "meant",
        Choice(
            (
                Option("yes", msg("stop.answer"), "✍️"),
                Option("no", _OFFERS.get(command, msg("meant.other")), "↪️"),
            )
        ),
        msg("meant.ask", text=Verbatim(own.doubted)),
    )
    return [SayInstead(own.doubted)] if word == "yes" else [Obey(own.command)]
