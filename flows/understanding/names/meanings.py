"""What means the same in all our languages: an organizer writes "Chaque jour", a citizen "kol nhar".

The groups stand in `words/meanings.toml`. A group is brought by a name that is one of its phrases as a
whole, never by a word in it: who offers "Jardin d'enfants" offers no garden.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from flows.understanding.lines.files import words_of
from flows.understanding.scripts import fold

_AND = re.compile(r" (?:et|and|w|ⴷ) | و(?=\S)")


@cache
def _groups(table: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of each group of a table, folded."""
    return {
        group: tuple(dict.fromkeys(filter(None, map(fold, re.split(r"[/\n]", written)))))
        for group, written in words_of("meanings")[table].items()
    }


@cache
def _brings() -> Mapping[str, frozenset[str]]:
    """The groups that each phrase brings."""
    brings: dict[str, set[str]] = defaultdict(set)
    for group, phrases in _groups("same").items():
        for phrase in phrases:
            brings[phrase].add(group)
    return {phrase: frozenset(groups) for phrase, groups in brings.items()}


@cache
def vocabulary() -> frozenset[str]:
    """Every word that is a phrase of a group by itself: none of them is a slip of another."""
    return frozenset(phrase for phrase in _brings() if " " not in phrase)


@lru_cache(maxsize=1024)
def same_as(name: str) -> tuple[str, ...]:
    """All phrases that mean what a folded name means, or one of the things that it joins by "and"."""
    every = _groups("same")
    return tuple(phrase for group in _meant(name) for phrase in every[group])


@lru_cache(maxsize=1024)
def heard_as(name: str) -> frozenset[str]:
    """Phrases that mean the same only where nothing else is said."""
    every = _groups("heard")
    return frozenset(phrase for group in _meant(name) for phrase in every.get(group, ()))


def differ(word: str, name: str) -> bool:
    """Whether a word means another thing than the name that it stands in."""
    alone, together = _brought(word), _brought(name)
    return bool(alone and together) and alone.isdisjoint(together)


def _meant(name: str) -> list[str]:
    return sorted({group for part in (name, *_AND.split(name)) for group in _brought(part)})


_ARTICLE = re.compile(r"^(?:les?|la|l|un|une|des|du|the|a|an|el) ")


def _brought(part: str) -> frozenset[str]:
    """The groups of a phrase, with its article or without."""
    for written in (part, _ARTICLE.sub("", part), part.removeprefix("ال")):
        if found := _brings().get(written):
            return found
    return frozenset()
