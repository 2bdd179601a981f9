"""What stands around a choice and says nothing about it, and what turns its meaning (`words/choosing.toml`)."""

import re
from functools import cache, lru_cache

from flows.understanding.lines.files import words_of
from flows.understanding.scripts import fold


@cache
def _list(name: str) -> frozenset[str]:
    """The words of a list, folded; of "don't" both parts."""
    return frozenset(
        part for word in words_of("choosing")[name].split() for part in fold(word).split()
    )


def around() -> frozenset[str]:
    """Words that say nothing about what is chosen, or that only say that something is."""
    return _list("around")


def people() -> frozenset[str]:
    """Words for everybody: they tell no choice from others, but a preposition may speak of them."""
    return _list("people")


def turning() -> frozenset[str]:
    """Words that turn the meaning of what stands beside them, or tell of doubt."""
    return _list("turning")


def each() -> frozenset[str]:
    """Words that make another thing of the word after them: "every day" is no "day"."""
    return _list("each")


def beside() -> frozenset[str]:
    """Words for whom or where a thing is, and what is to be done with it: they name nothing alone."""
    return _list("beside")


def prepositions() -> frozenset[str]:
    """Choices that are prepositions as well: what stands beside them is what they speak of."""
    return _list("prepositions")


def particles() -> frozenset[str]:
    """Parts of a negation, which turn nothing beside "never"."""
    return _list("particles")


def between() -> frozenset[str]:
    """Words between the things that are chosen together."""
    return _list("between")


@cache
def phrases(name: str) -> frozenset[str]:
    """The whole phrases of a list, folded."""
    written = re.split(r"[/\n]", words_of("choosing")[name])
    return frozenset(filter(None, map(fold, written)))


@cache
def _any_of(*lists: str) -> re.Pattern[str]:
    """One phrase of the lists as a whole; in Arabic an "and" may be written with it."""
    longest = sorted(frozenset().union(*map(phrases, lists)), key=len, reverse=True)
    return re.compile(rf"(?<!\S)و?(?:{'|'.join(map(re.escape, longest))})(?!\S)")


def without_frames(folded: str, *, also_where: bool = True) -> str:
    """A folded reply without the phrases that only say that something is chosen, or where it is."""
    lists = ("frames", "where") if also_where else ("frames",)
    return " ".join(_any_of(*lists).sub(" ", folded).split())


def says_otherwise(folded: str) -> bool:
    """Whether a phrase stands in a folded reply in which the name of a choice means something else."""
    return _any_of("otherwise").search(folded) is not None


def all_but(folded: str) -> str | None:
    """What stands after "all but" in a folded reply, None if it does not begin so."""
    met = _all_but().match(folded)
    return folded[met.end() :] if met else None


@cache
def _all_but() -> re.Pattern[str]:
    every, but = (
        "|".join(map(re.escape, sorted(phrases(name), key=len, reverse=True)))
        for name in ("all", "but")
    )
    around = "|".join(map(re.escape, around_all()))
    return re.compile(rf"(?:(?:{around}) )*(?:{every})(?: (?:{around}))* (?:{but}) (?=\S)")


def around_all() -> frozenset[str]:
    """Words that say nothing beside "all"."""
    return around() | people()


def only(text: str) -> str:
    """A reply without what says nothing about its numbers: "2 et 4 seulement"."""
    ignored = _list("only")
    return " ".join(word for word in fold(text).split() if word not in ignored)


@lru_cache(maxsize=8192)
def core(name: str) -> tuple[str, ...]:
    """The words of a folded name that tell it from others."""
    kept = tuple(word for word in name.split() if word not in around() and word not in people())
    return kept or tuple(name.split())
