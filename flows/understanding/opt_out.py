"""Does somebody ask to be left alone? Understood by its shape: a refusing verb, and words for writing.

The shapes are lines of `words/opt_out.toml`. A wish that is certain is obeyed at once; what may be one
is asked back. The words that mean it as a whole message ("stop") are a command (`phrases.command`).
"""

from enum import Enum
from functools import cache

from flows.understanding.lines.files import Heard, heard
from flows.understanding.lines.patterns import Shapes, shapes
from flows.understanding.themes import usual

#: A longer message that has such a wish in it may be about something else: it is asked back. Words.
LONGEST_WISH = 14

#: Words of a message that says too little to be sure of, and names nothing of the town: "khalini f rahti".
LONGEST_BARE = 8

#: Longer ones are not looked through for what may be a wish, only for what surely reads like one.
LONGEST_DOUBT = 16


class Wish(Enum):
    """How surely somebody wants no more messages."""

    CERTAIN = "certain"
    UNSURE = "unsure"


@cache
def _lines() -> Shapes:
    return shapes("opt_out", "certain", "unsure", "bare", "weakened", "welcome", "one_council")


def wish(text: str) -> Wish | None:
    """Whether `text` asks for no more messages; None for everything else. Never raises."""
    if not 2 < len(text) <= 1000:
        return None
    message = heard(text)
    found = _lines().found(message)
    if "welcome" in found:
        return None
    if "certain" in found:
        plain = len(message.folded) <= LONGEST_WISH and "weakened" not in found
        return Wish.CERTAIN if plain else Wish.UNSURE
    if len(message.folded) <= LONGEST_DOUBT and "unsure" in found:
        return Wish.UNSURE
    if len(message.folded) <= LONGEST_BARE and "bare" in found and not _tells_of_the_town(message):
        return Wish.UNSURE
    return None


def _tells_of_the_town(message: Heard) -> bool:
    """Whether one of its words belongs to a theme: what shall stop there is no message of ours."""
    return bool(usual.said(message.folded, usual.table().met(message.folded)))


@cache
def _other_lines() -> Shapes:
    return shapes("opt_out", "back", "fewer")


def comes_back(text: str) -> bool:
    """Whether `text` asks to be written to again. Ask only about somebody who has stopped it."""
    if not 2 < len(text) <= 120 or wish(text) is not None:
        return False
    return "back" in _other_lines().found(heard(text))


def fewer(text: str) -> bool:
    """Whether `text` says that there are too many messages, not that there shall be none."""
    return len(text) <= 120 and "fewer" in _other_lines().found(heard(text))


def of_one_council(text: str) -> bool:
    """Whether such a wish names one council: "no more messages from this commune"."""
    return "one_council" in _lines().found(heard(text))
