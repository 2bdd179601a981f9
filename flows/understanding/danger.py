"""Is somebody in danger now? Fire, a fallen cable, flood, collapse, accident, violence, a child, oneself.

The shapes are lines of `words/danger.toml`, one table for each danger: who or what, what happens, and where or
that it is now, in any order and all languages at once. What was or comes back every year ([past]), what is asked
for against it ([asked]: "a fire station"), and what only sounds like it ([about]: "prices burn") is none, unless
something in the message says that it surely is there now ([surely]: "somebody is bleeding").
"""

from functools import cache
from typing import Literal, get_args

from flows.understanding.lines.files import heard
from flows.understanding.lines.patterns import Shapes, shapes

Danger = Literal[
    "self_harm",
    "home",
    "child",
    "fire",
    "electricity",
    "flood",
    "collapse",
    "accident",
    "violence",
    "help",
]

#: In the order in which they are looked for: who is hit at home needs another number than in the street.
DANGERS: tuple[Danger, ...] = get_args(Danger)

#: What happened before does not make it less urgent: a child is still lost, and blows come again.
STILL: frozenset[Danger] = frozenset({"self_harm", "home", "child"})


@cache
def _lines() -> Shapes:
    return shapes("danger", *DANGERS)


@cache
def _beside() -> Shapes:
    return shapes("danger", "surely", "past", "asked", "about")


@cache
def _recanted() -> Shapes:
    return shapes("danger", "recanted")


def recanted(text: str) -> bool:
    """Whether `text` says that there was no danger: a joke, a false alarm."""
    return bool(_recanted().found(heard(text)))


def danger(text: str) -> Danger | None:
    """The danger that `text` tells of as being there now, None for everything else. Never raises."""
    if not 2 < len(text) <= 1000:
        return None
    message = heard(text)
    found = _lines().found(message)
    first = next((kind for kind in DANGERS if kind in found), None)
    if first is None:
        return None
    beside = _beside().found(message)
    if "surely" in beside:
        return first
    if first in STILL:
        beside.discard("past")
    if first == "self_harm":
        beside.discard("asked")  # "je veux sauter du pont" asks for no bridge
    return None if beside else first
