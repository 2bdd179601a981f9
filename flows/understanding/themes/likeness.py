"""How alike two needs are that may be written in two languages and scripts: "الما مقطوع فالدوار", "no water".

What they are about weighs most (`usual`), then what happens (`words/likeness.toml`), then what things are called
(`words/meanings.toml`), then words that only these two texts share, by their sound. When and "here" weigh nothing.
"""

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from flows.understanding.lines.files import heard, words_of
from flows.understanding.lines.sounds import sound
from flows.understanding.lines.tables import Table
from flows.understanding.names.slips import unlike
from flows.understanding.scripts import fold
from flows.understanding.themes import usual

#: What each sort of feature weighs.
THEME, STATE, THING, WORD = 2.0, 1.5, 1.0, 0.7

#: That something is missing, or wanted, says less: nearly every need says so.
MISSING = 0.5

#: A theme of which so much less than of the first is said is only where it is.
BESIDE = 0.6

#: A word is compared by so many of its sounds at least.
FEWEST_SOUNDS = 3

#: Longer texts are compared by their beginning, in characters.
LONGEST = 1000

#: A feature: its sort, and which of it.
_Feature = tuple[str, str]
_SILENT: _Feature = ("silent", "")
_MISSING: _Feature = ("state", "missing")
_WEIGHTS = {"theme": THEME, "state": STATE, "thing": THING, "word": WORD}


def likeness(one: str, other: str) -> float:
    """How much two texts say the same, 0 to 1; of what says nothing, only the same words are alike."""
    mine, theirs = _features(one[:LONGEST]), _features(other[:LONGEST])
    both = _weight(mine) + _weight(theirs)
    if not both:
        return float(fold(one) == fold(other) != "")
    return 2 * _weight(mine & theirs) / both


def _weight(features: frozenset[_Feature]) -> float:
    return math.fsum(
        MISSING if feature == _MISSING else _WEIGHTS[feature[0]] for feature in features
    )


@lru_cache(maxsize=4096)
def _features(text: str) -> frozenset[_Feature]:
    """What a text says. The last texts are kept, since each is compared with many."""
    words = heard(text).folded
    scores = usual.usual_in(text)
    most = max(scores.values(), default=0.0)
    found = {("theme", theme) for theme, score in scores.items() if score >= BESIDE * most}
    known: set[int] = set()
    for met in _table().met(words):
        known.update(range(met.begin, met.end))
        found |= met.meanings
    for at, word in enumerate(words):
        if at not in known and not word.isdecimal():
            key = sound(word)
            if len(key) >= FEWEST_SOUNDS:
                # Several are one of them.
                found.add(("word", key.rstrip("s")))
    return frozenset(found - {_SILENT})


@cache
def _table() -> Table[_Feature]:
    """What things are called, what happens to them, and what says nothing."""
    return Table(_entries(), usual.small_words(), unlike)


def _entries() -> Iterator[tuple[str, _Feature]]:
    lists = words_of("likeness")
    for sort, table in (("state", "states"), ("thing", "things")):
        for name, listed in lists[table].items():
            yield from ((word, (sort, name)) for word in listed.split())
    named = {fold(word) for listed in lists["things"].values() for word in listed.split()}
    for name, listed in words_of("meanings")["same"].items():
        for phrase in map(fold, re.split(r"[/\n]", listed)):
            if phrase and phrase not in usual.not_alone() | named | _silent():
                yield phrase.replace(" ", "_"), ("thing", lists["one"].get(name, name))
    yield from ((word, _SILENT) for word in sorted(_silent()))


@cache
def _silent() -> frozenset[str]:
    """Words that say nothing of what a need is about, folded."""
    silent = words_of("likeness")["silent"]
    spoken = {
        fold(word) for listed in words_of("likeness")["states"].values() for word in listed.split()
    }
    return frozenset(map(fold, (silent["words"] + silent["also"]).split())) - spoken - {""}
