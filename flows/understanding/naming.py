"""Which of several named things does a reply name? Decided where it is sure, in doubt where it may be.

Words of one script are compared as they are spelled, give or take a slip; words of two scripts by how they
sound, vowels included. Nothing is ever decided by consonants alone: "poubelle" is no "الولوجيات".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from flows.understanding.patterns import words_of
from flows.understanding.scripts import fold, script

#: A message of more words is no name of a choice; what it may mean is not even asked back.
LONGEST = 12

#: A longer one that names something is asked back: it may say something else about it.
PLAIN = 8

#: A slip of the finger is forgiven in words of so many letters and more.
SLIP_FROM = 7

#: A wrong letter (not one too many, missing or swapped) only in longer ones: "centre" is not "contre".
WRONG_FROM = 8


@dataclass(frozen=True, slots=True)
class Named:
    """The places of the things that a reply names: `sure`, or else those that it `maybe` does."""

    sure: int | None = None
    maybe: tuple[int, ...] = ()


NOTHING = Named()


@cache
def _around() -> frozenset[str]:
    return frozenset(fold(word) for word in words_of("choosing")["around"].split())


@cache
def turning() -> frozenset[str]:
    """Words that turn the meaning of what stands beside them, or tell of doubt; folded."""
    return frozenset(
        part for w in words_of("choosing")["turning"].split() for part in fold(w).split()
    )


@cache
def _each() -> frozenset[str]:
    return frozenset(fold(word) for word in words_of("choosing")["each"].split())


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in words_of("choosing")[name].split("/"))


def means_all(text: str) -> bool:
    """Whether the whole of `text` says "all of them"."""
    return fold(text) in _phrases("all")


def means_none(text: str) -> bool:
    """Whether the whole of `text` says "none of them"."""
    return fold(text) in _phrases("none")


def named(text: str, names: Sequence[Iterable[str]]) -> Named:
    """Which of the things with these `names` (each in several languages) the reply names. Never raises."""
    wanted = fold(text)
    if not wanted:
        return NOTHING
    known = [tuple(filter(None, map(fold, of_one))) for of_one in names]
    whole = [at for at, of_one in enumerate(known) if wanted in of_one]
    if whole:
        return _decided(whole)
    words = wanted.split()
    if len(words) > LONGEST:
        return NOTHING
    turned = not turning().isdisjoint(words)
    kept = {word for of_one in known for name in of_one for word in _words(name)}
    core = [word for word in words if word in kept or not (word in _around() or word in turning())]
    if not core:
        return NOTHING
    bare = " ".join(core)
    whole = [at for at, of_one in enumerate(known) if any(bare in (n, _core(n)) for n in of_one)]
    if not whole:
        whole = [at for at, of_one in enumerate(known) if any(_within(core, n) for n in of_one)]
    if whole:
        return _decided(whole) if not turned and len(words) <= PLAIN else Named(maybe=tuple(whole))
    near = [at for at, of_one in enumerate(known) if any(_touches(core, name) for name in of_one)]
    return Named(maybe=tuple(near))


def _decided(found: Sequence[int]) -> Named:
    return Named(sure=found[0]) if len(found) == 1 else Named(maybe=tuple(found))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others."""
    kept = tuple(word for word in name.split() if word not in _around())
    return kept or tuple(name.split())


def _core(name: str) -> str:
    return " ".join(_words(name))


def _within(core: Sequence[str], name: str) -> bool:
    """Whether each word of the reply is a word of the name: "l'eau" of "eau potable"."""
    of_name = _words(name)
    if of_name[0] in _each():
        # "Every day" is no "day".
        return list(core) == list(of_name)
    if len(name) <= 4 and len(of_name) == 1:
        # Of "pour" nothing but itself: "peur" and "por" are other words.
        return list(core) == list(of_name)
    return all(any(same(word, one) for one in of_name) for word in core)


def _touches(core: Sequence[str], name: str) -> bool:
    """Whether something of the name stands in the reply, or stands there nearly."""
    of_name = [word for word in _words(name) if len(word) >= 3]
    return any(same(word, one) or _nearly(word, one) for word in core for one in of_name)


def same(one: str, other: str) -> bool:
    """Whether two folded words are one word, give or take its article, plural and a slip; or sound alike."""
    if one == other:
        return True
    first, second = script(one), script(other)
    if first != second:
        return _sounds_alike(one, other)
    short, long = sorted((_stem(one), _stem(other)), key=len)
    if short == long:
        return len(short) >= 2
    if len(short) < SLIP_FROM or one[0] != other[0] or len(long) - len(short) > 1:
        return False
    distance = DamerauLevenshtein.distance(short, long, score_cutoff=1)
    if distance > 1:
        return False
    swapped = sorted(short) == sorted(long)
    return len(short) < len(long) or swapped or len(long) >= WRONG_FROM


def _nearly(one: str, other: str) -> bool:
    """Whether one may be meant for the other: worth asking, not worth deciding."""
    if script(one) != script(other) or len(one) < 3 or one[0] != other[0]:
        return False
    if other.startswith(one):
        return True
    if len(one) < 4:
        return False
    most = 1 if max(len(one), len(other)) < 8 else 2
    return DamerauLevenshtein.distance(_stem(one), _stem(other), score_cutoff=most) <= most


_ARTICLE = re.compile(r"^(?:وال|بال|فال|لل|ال)(?=..)|^ل(?=[ء-ي]{3})")
_LATIN_ARTICLE = re.compile(
    r"^(?:el|al)(?=[bcdfghjklmnpqrstvwxyz379]..)|^l(?=[bcdfghjkmnpqrstvwxz379].)"
)


def _stem(word: str) -> str:
    """A word without its article and the plural's ending."""
    stem = _ARTICLE.sub("", word)
    if stem == word:
        stem = _LATIN_ARTICLE.sub("", word)
        if len(stem) > 3 and stem[-1] in "sx":
            stem = stem[:-1]
    elif stem.endswith("ات") and len(stem) > 5:
        stem = stem[:-2]
    return stem


# --------------------------------------------------------------------------- sounds

#: How each Arabic letter is written in Latin ones, as a pattern. Vowels that are written must be heard.
_LATIN_OF = {
    "ا": "a{1,2}",
    "ب": "(?:b|p)",
    "ت": "t",
    "ث": "(?:th|t|s)",
    "ج": "(?:dj|j|g)",
    "ح": "(?:7|h)",
    "خ": "(?:kh|5|x)",
    "د": "d",
    "ذ": "(?:dh|d|z)",
    "ر": "r",
    "ز": "z",
    "س": "(?:s|c)",
    "ش": "(?:ch|sh|x)",
    "ص": "s",
    "ض": "(?:dh|d)",
    "ط": "t",
    "ظ": "(?:dh|d)",
    "ع": "(?:3|a|aa|e)",
    "غ": "(?:gh|8|r)",
    "ف": "(?:f|v|ph)",
    "ق": "(?:9|q|k|g|c)",
    "ك": "(?:k|c|q|g)",
    "ل": "l",
    "م": "m",
    "ن": "n",
    "ه": "(?:h|a|e|)",
    "و": "(?:ou|oo|w|o|u)",
    "ي": "(?:ee|y|i|e)",
}
_TIFINAGH = str.maketrans("ⴰⴱⴳⴷⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵖⵙⵛⵜⵡⵢⵣ", "abgdfkhhaxqijlmnurɣsctwyz")
_SHORT = "[aeiouy]{0,2}"
#: Fewer letters than this sound like too many words ("do" is light, "d" is nothing).
_FEWEST = 2


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """A pattern of how an Arabic word is spelled in Latin letters, with its article or without."""
    article, stem = "", word
    if word.startswith("ال") and len(word) > 3:
        article, stem = "(?:e?l|al|a|e|e?(?=(.)\\1))?", word[2:]
    parts = [f"(?:{_LATIN_OF.get(letter, re.escape(letter))})" for letter in stem]
    doubled = [f"{part}{{1,2}}" for part in parts]
    body = "".join(
        f"{part}{'' if letter in 'اوي' else _SHORT}"
        for part, letter in zip(doubled, stem, strict=True)
    )
    return re.compile(f"{article}{body}")


def _sounds_alike(one: str, other: str) -> bool:
    """Whether two words of different scripts are spelled for the same sounds, vowels and all."""
    scripts = {script(one), script(other)}
    if scripts == {"arabic", "latin"}:
        arabic, latin = (one, other) if script(one) == "arabic" else (other, one)
    elif scripts == {"tifinagh", "latin"}:
        tifinagh, latin = (one, other) if script(one) == "tifinagh" else (other, one)
        return len(latin) > _FEWEST and _plain(tifinagh.translate(_TIFINAGH)) == _plain(latin)
    elif scripts == {"arabic", "tifinagh"}:
        arabic, latin = (one, other) if script(one) == "arabic" else (other, one)
        latin = latin.translate(_TIFINAGH)
    else:
        return False
    stem = _ARTICLE.sub("", arabic)
    if len(latin) < _FEWEST or (len(stem) < 3 and not set("اوي") & set(stem)):
        # Two consonants without a vowel are too little to go by: ضد is not "dad".
        return False
    return _pattern(arabic).fullmatch(latin) is not None


def _plain(latin: str) -> str:
    """One spelling of the Latin letters for Tamazight."""
    for written, letter in (
        ("gh", "ɣ"),
        ("kh", "x"),
        ("ch", "c"),
        ("sh", "c"),
        ("ou", "u"),
        ("e", ""),
    ):
        latin = latin.replace(written, letter)
    return re.sub(r"(.)\1+", r"\1", latin)
