"""How far apart are two spellings of a place's name? Letters that are often mixed up weigh little.

Names are compared by their sounds (`place_names.Name.sound`), in which q stands for gh, x for kh, c for ch,
and k for k, q and hard g.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from string import ascii_lowercase
from typing import Final

from rapidfuzz import fuzz

from flows.morocco.place_names import COMMON, Name

_VOWELS: Final = frozenset("aiu")

#: Sounds that are written for each other by ear, by habit of French or Spanish, or by a slip.
_NEAR: Final[Mapping[frozenset[str], float]] = {
    frozenset(pair): weight
    for weight, pairs in {
        0.35: ("kq", "td", "sz"),
        0.5: ("qr", "qx", "xh", "kx", "kj", "cj", "mn", "bf", "sc", "hk"),
        0.7: ("zj", "ln", "rl", "db", "tk", "sk", "ck"),
    }.items()
    for pair in pairs
}
_OTHER_VOWEL: Final[Mapping[frozenset[str], float]] = {
    frozenset("ai"): 0.3,
    frozenset("iu"): 0.35,
    frozenset("au"): 0.45,
}
_INNER_VOWEL: Final = 0.22
_EDGE_VOWEL: Final = 0.42
_SILENT: Final = 0.45
_SWAPPED: Final = 0.7


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return _OTHER_VOWEL[frozenset((one, other))]
    return _NEAR.get(frozenset((one, other)), 1.0)


#: What it costs to write one sound for another; what is not here costs 1. A search asks thousands of times.
_SWAPS: Final[Mapping[str, Mapping[str, float]]] = {
    one: {other: cost for other in ascii_lowercase if (cost := _swap(one, other)) < 1}
    for one in ascii_lowercase
}


@lru_cache(maxsize=16384)
def _drops(word: str) -> tuple[float, ...]:
    """What it costs of each letter that it is missing in the other spelling."""
    last = len(word) - 1
    return tuple(
        (_INNER_VOWEL if 0 < at < last else _EDGE_VOWEL)
        if letter in _VOWELS
        else (_SILENT if letter == "h" or (letter == "t" and at == last) else 1.0)
        for at, letter in enumerate(word)
    )


@lru_cache(maxsize=8192)
def apart(one: str, other: str) -> float:
    """How far two sounds are apart: 0 for one and the same, 1 for a consonant that only one has."""
    if one == other:
        return 0.0
    lost, gone = _drops(other), _drops(one)
    row = [0.0, *accumulate(lost)]
    before: list[float] = []
    for at, letter in enumerate(one):
        left = row[0] + gone[at]
        new = [left]
        swaps = _SWAPS.get(letter, {letter: 0.0})
        for to, against in enumerate(other):
            best = row[to] + swaps.get(against, 1.0)
            if (cost := row[to + 1] + gone[at]) < best:
                best = cost
            if (cost := left + lost[to]) < best:
                best = cost
            if at and to and letter == other[to - 1] and one[at - 1] == against:
                best = min(best, before[to - 1] + _SWAPPED)
            left = best
            new.append(best)
        before, row = row, new
    return row[-1]


@lru_cache(maxsize=16384)
def weight(sound: str) -> float:
    """How much there is to a sound: its consonants, and a little for its vowels."""
    vowels = sum(letter in _VOWELS for letter in sound)
    return len(sound) - vowels + 0.35 * vowels


def names_apart(asked: Name, other: Name) -> float:
    """How far two names are apart; words that many names begin with ("Oulad", "Sidi") count as others do."""
    return min(apart(asked.sound, other.sound), 9.0)


def likeness(asked: Name, other: Name, least: float = 0.0) -> float:
    """How alike two names are that are not the same, 0 to 0.98; 0 as soon as it cannot reach `least`."""
    if asked.sound == other.sound:
        return 0.98
    whole = 1 - apart(asked.sound, other.sound) / max(weight(asked.sound), weight(other.sound), 1.0)
    letters = fuzz.ratio(asked.sound, other.sound) / 100
    shared = asked.words & other.words
    if not shared and 0.45 * whole + 0.35 + 0.2 * letters < least:
        return 0.0
    own = 1 - apart(asked.own, other.own) / max(weight(asked.own), weight(other.own), 1.0)
    found = 0.45 * whole + 0.35 * own + 0.2 * letters
    if shared and (shared == asked.words or shared == other.words):
        part = len("".join(shared)) / max(len(asked.own), len(other.own))
        # Long names are said by their first word: "Skoura" for Skoura Ahl El Oust.
        first = 0.12 if asked.words != other.words and other.sound.startswith(asked.sound) else 0.0
        found = max(found, 0.66 + 0.24 * part + first)
    return max(0.0, min(found, 0.97))


#: Sounds that many names begin with, and that say little about which place it is.
COMMON_SOUNDS: Final = frozenset(COMMON.values())
