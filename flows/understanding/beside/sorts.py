"""Is a text of another sort than what was asked for? A greeting is no place, thanks are no need, a question no name."""

from typing import Final

from flows.understanding import identity, phrases
from flows.understanding.beside.intents import Intent, intent, tells_a_fault, tells_a_need

#: What is said at a question and is no answer to it: courtesies, and questions to the bot.
BESIDE: Final = frozenset(Intent) - {Intent.INSULT, Intent.OTHER_LANGUAGE}

#: A yes or no in more words than this says something else as well ("no water since Monday"). Words.
LONGEST_YES: Final = 3

_COURTEOUS: Final = frozenset({Intent.GREETING, Intent.THANKS})


def is_yes_or_no(text: str) -> bool:
    """Whether a text is a yes or no and nothing else."""
    few = text.count(" ") < LONGEST_YES
    return few and phrases.yes_no(text) is not None and not tells_a_need(text)


def is_no_place(text: str) -> bool:
    """Whether a text is of another sort than a place: yes, thanks, a question, a card's number."""
    return (
        is_yes_or_no(text)
        or identity.card(text) is not None
        or text.rstrip().endswith(("?", "؟"))
        or intent(text) in BESIDE
    )


def is_no_name(text: str) -> bool:
    """Whether what looks like a person's name is a question or a wish."""
    tells = len(text.split()) > LONGEST_YES and tells_a_fault(text)
    return tells or intent(text) in BESIDE - _COURTEOUS


def tells_nothing(text: str) -> bool:
    """Whether a text is a lone yes, thanks, greeting or card: what is missing where is not said in it."""
    other = is_yes_or_no(text) or identity.card(text) is not None
    return other or intent(text) in _COURTEOUS
