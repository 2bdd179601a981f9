"""A word that works ("home", "back") where somebody's own words are wanted: which of both was meant?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.dialog.choices import ChoiceOrWords
from flows.dialog.dialog import Flow, Option, ask
from flows.dialog.effects import Effect, Obey, SayInstead
from flows.dialog.facts import Facts
from flows.understanding import phrases
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


@dataclass(frozen=True, slots=True)
class _Meaning(ChoiceOrWords):
    """One of both; more words that are neither answer the question that was interrupted."""

    def is_answer(self, text: str) -> bool:
        """Two words and more that are no yes or no."""
        return len(text.split()) >= 2 and phrases.yes_no(text) is None


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """One tap: it was the answer, or the word is obeyed."""
    own = facts.own
    command = Command(own.command)
    word = yield from ask(
        "meant",
        _Meaning(
            (
                Option("answer", msg("meant.answer"), "✍️"),
                Option("word", _OFFERS.get(command, msg("meant.other")), "↪️"),
            )
        ),
        msg("meant.ask", text=Verbatim(own.doubted)),
    )
    if word.startswith("+"):
        return [SayInstead(word[1:])]
    return [SayInstead(own.doubted)] if word == "answer" else [Obey(own.command)]
