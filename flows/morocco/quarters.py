"""Quarters, douars and districts as a council names them, and which of them a spelling means.

A council lists them in its settings with spellings of its own; every other spelling is known by its sound in any
script: «أمزرو», "Amezrou" and ⴰⵎⵥⵔⵓ are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import msgspec

from flows.morocco.place_likeness import apart, weight
from flows.morocco.place_names import Name, name_of
from flows.understanding.lines.files import words_of
from flows.understanding.scripts import fold


class Quarter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A quarter or douar, its name by language, and other spellings (`also`) that people type."""

    id: str
    text: dict[str, str]
    also: tuple[str, ...] = ()


class Spelling(NamedTuple):
    """One spelling of a quarter."""

    quarter: str
    name: Name
    #: Whether only behind a word for a quarter: "Salam" of "Hay Salam" is a greeting alone.
    behind_a_kind: bool


#: How far a spelling may be from a quarter's when it stands alone, and behind "douar", "quartier".
NEAR: Final = 0.4
NEAR_BEHIND_A_KIND: Final = 1.0

#: What has less to it is no name that is known by its sound (`place_likeness.weight`).
SHORTEST: Final = 2.5


@cache
def words(name: str) -> frozenset[str]:
    """A list of `words/places.toml` about places in sentences, folded, phrases with single spaces."""
    listed: str = words_of("places")["in_words"][name]
    return frozenset(fold(word.replace("_", " ")) for word in listed.split())


def _spellings(quarter: Quarter) -> Iterator[tuple[str, ...]]:
    for written in (*quarter.text.values(), *quarter.also):
        tokens = tuple(fold(written).split())
        if tokens:
            yield tokens


def bare(tokens: Sequence[str]) -> tuple[str, ...]:
    """A name without the word for its kind before it: "hay salam" is "salam"."""
    at = 0
    while at < len(tokens) - 1 and (tokens[at] in words("kinds") or tokens[at] in {"n", "ⵏ", "de"}):
        at += 1
    return tuple(tokens[at:])


#: So many texts are remembered with the quarter that they name.
REMEMBERED = 2000


class Known:
    """The quarters of a council, ready to be looked up."""

    def __init__(self, spellings: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        self._all: list[Spelling] = []
        self._exact: dict[str, set[str]] = {}
        self._exact_behind: dict[str, set[str]] = {}
        self._by_bones: dict[str, list[Spelling]] = {}
        #: What the first words of names sound like, or names written in one.
        self.starts: set[str] = set()
        self.longest = 0
        self._of: dict[str, str | None] = {}
        for quarter, tokens in spellings:
            name = bare(tokens)
            one = Spelling(quarter, name_of(name), len(name) < len(tokens))
            self._all.append(one)
            self._exact_behind.setdefault(one.name.exact, set()).add(quarter)
            if not one.behind_a_kind:
                self._exact.setdefault(one.name.exact, set()).add(quarter)
                self._by_bones.setdefault(one.name.bones, []).append(one)
                self.starts |= {one.name.bones, name_of(name[:1]).bones}
            self.longest = max(self.longest, len(name))

    def may_be(self, bones: str) -> bool:
        """Whether a name with these consonants (`scripts.skeleton` without spaces) is known."""
        return bones in self._by_bones

    def named(self, tokens: Sequence[str], *, behind_a_kind: bool) -> str | None:
        """The one quarter that folded words name, None for none or two."""
        key = name_of(tokens)
        exact = (self._exact_behind if behind_a_kind else self._exact).get(key.exact)
        if exact is not None:
            return next(iter(exact)) if len(exact) == 1 else None
        if weight(key.sound) < SHORTEST:
            return None
        near: dict[str, float] = {}
        most = NEAR_BEHIND_A_KIND if behind_a_kind else NEAR
        for one in self._all if behind_a_kind else self._by_bones.get(key.bones, ()):
            if abs(len(one.name.sound) - len(key.sound)) > 3 or weight(one.name.sound) < SHORTEST:
                continue
            distance = apart(key.sound, one.name.sound)
            if distance <= min(most, 0.25 * weight(one.name.sound)):
                near[one.quarter] = min(distance, near.get(one.quarter, distance))
        best = sorted(near, key=lambda quarter: near[quarter])
        if not best or (len(best) > 1 and near[best[1]] < near[best[0]] + 0.5):
            return None
        return best[0]

    def of(self, text: str) -> str | None:
        """The one quarter that a whole short text names; of many texts few are different."""
        # Summaries are made beside the chat: what is looked up here may be cleared meanwhile.
        found = self._of.get(text, "")
        if found == "":
            tokens = fold(text).split()
            name = bare(tokens)
            long = not tokens or len(name) > 6
            found = None if long else self.named(name, behind_a_kind=len(name) < len(tokens))
            if len(self._of) >= REMEMBERED:
                self._of.clear()
            self._of[text] = found
        return found


@lru_cache(maxsize=64)
def _known(spellings: tuple[tuple[str, tuple[str, ...]], ...]) -> Known:
    return Known(spellings)


def known(quarters: Sequence[Quarter]) -> Known:
    """The quarters, ready to be looked up; made once for each list."""
    made = _BY_LIST.get(id(quarters))
    if made is None or made[0] is not quarters:
        listed = tuple((one.id, tokens) for one in quarters for tokens in _spellings(one))
        made = (quarters, _known(listed))
        if len(_BY_LIST) > 256:
            _BY_LIST.clear()
        _BY_LIST[id(quarters)] = made
    return made[1]


#: The lists that were looked up last, by identity: a council's own tuple lives as long as its settings.
_BY_LIST: dict[int, tuple[Sequence[Quarter], Known]] = {}


def quarter_of(text: str, quarters: Sequence[Quarter]) -> str | None:
    """The quarter that the whole of a short text names ("douar tabounte"), None for none or two."""
    return known(quarters).of(text[:200]) if quarters else None


def problems(quarters: Sequence[Quarter]) -> Iterator[tuple[str, str]]:
    """What is wrong with a list of quarters: (key, what would be right)."""
    ids: set[str] = set()
    owners: dict[str, tuple[str, str]] = {}
    for at, one in enumerate(quarters):
        if one.id in ids:
            yield f"quarters[{at}].id", f"{one.id!r} is used twice; ids are unique"
        ids.add(one.id)
        for written in (*one.text.values(), *one.also):
            key = name_of(fold(written).split()).exact if fold(written) else ""
            if not key:
                yield (
                    f"quarters[{at}].also",
                    f"{written!r} has no letters; write a spelling or leave it out",
                )
                continue
            other, spelled = owners.setdefault(key, (one.id, written))
            if other != one.id:
                yield (
                    f"quarters[{at}]",
                    f"{written!r} is also a spelling of {other!r} ({spelled!r}); it can mean only one of them",
                )
