"""Does somebody say at the last look that an answer is wrong, and which? "لا غلطت فالبلاصة".

The shapes are lines of `words/correcting.toml`; the answers are known by what stands beside them.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from flows.understanding import naming
from flows.understanding.lines.files import heard
from flows.understanding.lines.patterns import Shapes, shapes

#: A longer message tells something; it corrects nothing. Words.
LONGEST = 12

#: What is nearly the name of an answer has so many letters at least.
NEARLY = 5


@cache
def _lines() -> Shapes:
    return shapes("correcting", "wrong", "not_sending")


def wrong(text: str) -> bool:
    """Whether `text` says that something is to be changed. Never raises."""
    message = heard(text)
    return len(message.folded) <= LONGEST and "wrong" in _lines().found(message)


def not_sending(text: str) -> bool:
    """Whether `text` says at the last look that this is not to be sent. Never raises."""
    return "not_sending" in _lines().found(heard(text))


def named(text: str, names: Sequence[Iterable[str]]) -> Sequence[int]:
    """The places of the answers with these `names` that `text` names, perhaps among other words."""
    words = heard(text).folded
    if len(words) > LONGEST:
        return ()
    parts = [
        " ".join(words[i : i + size]) for size in (1, 2, 3) for i in range(len(words) - size + 1)
    ]
    return tuple(
        at
        for at, of_one in enumerate(map(list, names))
        if any(_is_named(part, of_one) for part in parts)
    )


def _is_named(part: str, names: Sequence[str]) -> bool:
    """Whether a part of a message is a name, or nearly: it leads to a question, nothing is decided by it."""
    found = naming.named(part, [names])
    return found.sure is not None or (bool(found.maybe) and len(part) >= NEARLY)
