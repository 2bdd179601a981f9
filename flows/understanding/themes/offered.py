"""The themes that a council offers, tied to the usual ones by what they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.understanding.lines.tables import Table
from flows.understanding.names.meanings import same_as
from flows.understanding.names.slips import unlike
from flows.understanding.scripts import fold, script
from flows.understanding.themes import usual
from flows.understanding.themes.usual import USUAL, Sense

#: So much must a label say of a usual theme to be called by it.
CALLED = 1.9

#: A word of a label is one of its theme from so many letters on.
FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Offered:
    """A theme as a council offers it: its labels by language, and other words that citizens type for it."""

    id: str
    labels: Mapping[str, str]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tied:
    """The themes of a council: which usual ones each stands for, and the words that only the council has."""

    usual: Mapping[str, frozenset[str]]
    own: Table[Sense]


#: An offered theme that can be looked up.
_Key = tuple[str, tuple[str, ...], tuple[str, ...]]


def tied(offered: Sequence[Offered]) -> Tied:
    """The offered themes, ready to be read; the last councils are kept."""
    return _tied(tuple((one.id, tuple(one.labels.values()), one.also) for one in offered))


@lru_cache(maxsize=64)
def _tied(offered: tuple[_Key, ...]) -> Tied:
    stand_for: dict[str, frozenset[str]] = {}
    words: list[tuple[str, Sense]] = []
    ids = {id for id, _, _ in offered}
    for id, labels, also in offered:
        if any(fold(label) in same_as("other") for label in (id, *labels)):
            continue  # "something else" is what nothing was read of
        stand_for[id] = frozenset({id}) if id in USUAL else _called(labels) - ids
        names = {fold(word) for word in also}
        if not stand_for[id]:
            for label in map(fold, labels):
                names |= {label, *same_as(label)}
                names |= {word for word in label.split() if len(word) >= FEWEST_LETTERS}
        for name in sorted(names - {""} - usual.small_words()):
            if not usual.table().met(name.split()):
                words += [(word, Sense(id, "things")) for word in _written(name)]
    return Tied(stand_for, Table(words, usual.small_words(), unlike))


def _called(labels: Sequence[str]) -> frozenset[str]:
    """The usual themes that most of the labels name."""
    read = [usual.usual_in(label) for label in labels]
    return frozenset(
        theme
        for theme in USUAL
        if 2 * sum(one.get(theme, 0) >= CALLED for one in read) >= max(1, len(read))
    )


def _written(name: str) -> list[str]:
    """A folded name as a list would have it: by its spelling, and where its sound says enough also by that."""
    phrase = name.replace(" ", "_")
    heard_too = script(name) != "latin" and len(name) > FEWEST_LETTERS
    return [phrase, f"~{phrase}"] if heard_too else [phrase]
