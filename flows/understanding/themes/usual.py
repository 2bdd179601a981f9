"""The usual themes of a commune: which of their words stand in a text, and how much each says.

The lists are in `words/themes.toml`. A word that names a thing says most; a school may be what is missing, or only
where something is missing; a street is where nearly everything is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from flows.understanding.lines.files import heard, words_of
from flows.understanding.lines.tables import Met, Table
from flows.understanding.names.slips import unlike
from flows.understanding.scripts import fold

Usual = Literal[
    "water",
    "sanitation",
    "roads",
    "lighting",
    "waste",
    "health",
    "school",
    "transport",
    "green",
    "sport",
    "women",
    "markets",
    "housing",
    "security",
    "environment",
    "accessibility",
]

#: The usual themes, in the order in which they are offered where nothing else decides.
USUAL: tuple[Usual, ...] = get_args(Usual)

#: How much a word of each list says.
WEIGHTS = {
    "decisive": 8.0,
    "things": 4.0,
    "sites": 3.9,
    "people": 1.95,
    "places": 1.9,
    "common": 1.5,
    "hints": 1.0,
}

#: What is left of it behind "in" and behind "near", for what may be only where something is.
IN = {"things": 0.9, "sites": 0.45, "places": 0.4, "common": 0.4}
NEAR = 0.05

#: What may be only where something is; and what is so right behind "near": "devant le lampadaire".
IN_PLACE = frozenset({"sites", "places", "common"})
_NEARBY = IN_PLACE | {"things"}

#: The names of the lists that say what stands around a place.
_WHERE = ("near", "inside", "way", "small", "ends")
_SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word says: for which theme, and in which of its lists it stands."""

    theme: str
    kind: str


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a theme in a text, and how much it says there."""

    theme: str
    weight: float
    begin: int
    end: int


@cache
def _entries() -> tuple[tuple[str, Sense], ...]:
    """All words of all lists, with what they say."""
    data = words_of("themes")
    return (
        *(
            (word, Sense(theme, kind))
            for theme in USUAL
            for kind, listed in data[theme].items()
            for word in _spelled(listed)
        ),
        *((word, Sense(_SILENT, "")) for word in data["silent"]["words"].split()),
    )


def _spelled(listed: str) -> Iterator[str]:
    """The words of a list, and the phrases of meanings that it names."""
    for word in listed.split():
        if word.startswith("<"):
            for phrase in map(fold, re.split(r"[/\n]", words_of("meanings")["same"][word[1:-1]])):
                if phrase and phrase not in not_alone():
                    yield phrase.replace(" ", "_")
        else:
            yield word


@cache
def not_alone() -> frozenset[str]:
    """Phrases of meanings that mean it where a choice is made, but say nothing in a sentence."""
    listed = words_of("themes")["silent"]["alone"].split()
    return frozenset(fold(word.replace("_", " ")) for word in listed)


@cache
def small_words() -> frozenset[str]:
    """Words that may stand within a phrase, and between a preposition and its place."""
    return frozenset(map(fold, words_of("themes")["where"]["small"].split()))


@cache
def table() -> Table[Sense]:
    """The words of all usual themes."""
    return Table(_entries(), small_words(), unlike)


@cache
def _where() -> Table[str]:
    """The words that say what stands around a place."""
    where = words_of("themes")["where"]
    return Table((word, name) for name in _WHERE for word in where[name].split())


def said(words: Sequence[str], met: Sequence[Met[Sense]]) -> list[Said]:
    """How much the words that were met say, where they stand."""
    found = []
    for one in met:
        hops, where = _placed(one, words)
        for sense in one.meanings:
            if sense.theme == _SILENT:
                continue
            weight = WEIGHTS[sense.kind]
            if where == "in":
                weight *= IN.get(sense.kind, 1.0)
            elif where and sense.kind in (_NEARBY if where == "near" and not hops else IN_PLACE):
                weight *= NEAR
            found.append(Said(sense.theme, weight, one.begin, one.end))
    return found


def _placed(one: Met[Sense], words: Sequence[str]) -> tuple[int, str]:
    """Whether a word stands behind "near", "the way to" or "in", and behind how many others."""
    if one.onto in {"and", "to"}:
        return 0, "way" if one.onto == "to" else ""
    hops, at = 0, one.begin - 1
    while at >= 0 and hops <= 1:
        here = _where().meanings(words[at])
        if "ends" in here:
            break
        if "near" in here:
            return hops, "near"
        if "way" in here and hops == 0:
            return hops, "way"
        if "inside" in here:
            return hops, "in"
        hops += "small" not in here
        at -= 1
    return 0, "in" if one.onto == "in" else ""


def weights(found: Iterable[Said]) -> dict[str, list[float]]:
    """How much each word says, by theme."""
    by_theme: dict[str, list[float]] = defaultdict(list)
    for one in found:
        by_theme[one.theme].append(one.weight)
    return by_theme


def together(of_a_theme: Sequence[float]) -> float:
    """Several words of one theme: the strongest, and of each further one half as much as of the last."""
    return sum(weight / (1 << at) for at, weight in enumerate(sorted(of_a_theme, reverse=True)))


def usual_in(text: str) -> dict[str, float]:
    """How much `text` says of each usual theme."""
    words = heard(text).folded
    told = weights(said(words, table().met(words)))
    return {theme: together(of_a_theme) for theme, of_a_theme in told.items()}
