"""Is one word another one with a slip of the finger, an article stuck to it, or an ending?

Words of one script are compared as they are spelled. A slip in a short word is forgiven only where the word
is one of `meanings`, whose neighbours have been looked through: what is another word ("conte", "gardien")
stands in `words/unlike.toml` and is never a slip.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from flows.understanding.lines.files import words_of
from flows.understanding.names.across import ARTICLE, sounds_alike
from flows.understanding.names.meanings import vocabulary
from flows.understanding.scripts import fold, script

#: The lists of words that are no slips.
UNLIKE = ("latin", "darija", "arabic")

#: A slip of the finger is forgiven in words of so many letters and more.
SLIP_FROM = 7

#: A wrong letter (not one too many, missing or swapped) only in longer ones: "centre" is not "contre".
WRONG_FROM = 8

#: In words whose neighbours are known, the longer of the two spellings has so many letters; one letter less
#: where a letter is missing or two are swapped.
KNOWN_FROM = 6

_LATIN_ARTICLE = re.compile(
    r"^(?:el|al)(?=[bcdfghjklmnpqrstvwxyz379]..)|^l(?=[bcdfghjkmnpqrstvwxz379].)"
)


@cache
def unlike() -> frozenset[str]:
    """Words that are no slip of any word of ours, because they are words themselves; folded."""
    lists = words_of("unlike")
    return frozenset(fold(word) for name in UNLIKE for word in lists[name].split())


@cache
def forgiven() -> frozenset[str]:
    """Words of `meanings` whose neighbours have been looked through, so that a slip in them is forgiven."""
    return frozenset(fold(word) for word in words_of("unlike")["forgiven"].split())


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A folded word without its article and the plural's ending."""
    bare = ARTICLE.sub("", word)
    if bare == word:
        bare = _LATIN_ARTICLE.sub("", word)
        if len(bare) > 4 and bare[-1] in "sx":
            bare = bare[:-1]
    elif bare.endswith("ات") and len(bare) > 5:
        bare = bare[:-2]
    return bare


def same(one: str, other: str) -> bool:
    """Whether two folded words are one word, give or take its article, plural and a slip; or sound alike."""
    if one == other:
        return True
    if script(one) != script(other):
        return sounds_alike(one, other)
    short, long = sorted((stem(one), stem(other)), key=len)
    if short == long:
        return len(short) >= 2
    if len(short) < SLIP_FROM or one[0] != other[0] or len(long) - len(short) > 1:
        return False
    distance = DamerauLevenshtein.distance(short, long, score_cutoff=1)
    if distance > 1:
        return False
    swapped = sorted(short) == sorted(long)
    return len(short) < len(long) or swapped or len(long) >= WRONG_FROM


def nearly(one: str, other: str) -> bool:
    """Whether one may be meant for the other: worth asking, not worth deciding."""
    if script(one) != script(other) or len(one) < 3 or one[0] != other[0]:
        return False
    if other.startswith(one):
        return True
    if len(one) < 4:
        return False
    most = 1 if max(len(one), len(other)) < 8 else 2
    return DamerauLevenshtein.distance(stem(one), stem(other), score_cutoff=most) <= most


# --------------------------------------------------------------------------- known words

#: Articles and prepositions that are written together with what follows.
_STUCK = (
    "dela", "deles", "dans", "les", "des", "the", "une", "dla", "dyal", "dial", "la", "le", "du", "de", "un",
    "au", "fl", "bl", "wl", "dl", "el", "al",
)  # fmt: skip
_STUCK_LETTERS = {"l": "aeiouyh", "d": "aeiouyhlbcfgjkmnpqrstvwxz", "f": "l", "b": "l", "w": "l"}
_ARABIC_STUCK = ("لا", "وال", "بال", "فال", "كال", "دال", "لل", "ال", "و", "ف", "ب", "ل")
_ARABIC_ENDINGS = ("ات", "ين", "نا", "كم", "ها", "هم", "ي", "ك", "ه", "و")
#: Fewer letters left are too little to know a word by.
_LEFT = 3


def without_stuck(word: str) -> Iterator[str]:
    """The word without what may be stuck to it, in every way; none of them need be a word."""
    if "ء" <= word[0] <= "ي":
        bases = [word, *(word[len(s) :] for s in _ARABIC_STUCK if word.startswith(s))]
        for base in bases:
            if len(base) < _LEFT:
                continue
            yield base
            for ending in _ARABIC_ENDINGS:
                if base.endswith(ending) and len(base) - len(ending) >= _LEFT:
                    cut = base[: -len(ending)]
                    yield cut
                    # "مدرستنا" is "مدرسة" with an owner.
                    yield f"{cut[:-1]}ه" if cut[-1] == "ت" else f"{cut}ه"
        return
    for article in _STUCK:
        if word.startswith(article) and len(word) - len(article) >= _LEFT:
            yield word[len(article) :]
    allowed = _STUCK_LETTERS.get(word[0])
    if allowed and len(word) > _LEFT and word[1] in allowed:
        yield word[1:]


_SPOKEN = (
    (re.compile(r"eaux?|aux?"), "o"),
    (re.compile(r"ai|ei|ay"), "e"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ch|sh"), "C"),
    (re.compile(r"qu?|ck|k|c(?![eiy])"), "k"),
    (re.compile(r"c(?=[eiy])|ss|z"), "s"),
    (re.compile(r"oi|oua"), "W"),
    (re.compile(r"[ou]+"), "o"),
    (re.compile(r"y"), "i"),
    (re.compile(r"en|em|am"), "an"),
    (re.compile(r"h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?:es?|er|s|t|ts|x|d)$"), ""),
)
#: Two words of fewer sounds are not compared by them.
_FEWEST_SPOKEN = 4


@lru_cache(maxsize=8192)
def spoken(word: str) -> str:
    """How a French reader says a word in Latin letters; "" if that is too little to go by."""
    for pattern, sound in _SPOKEN:
        word = pattern.sub(sound, word)
    return word if len(word) >= _FEWEST_SPOKEN else ""


def slip_of_known(word: str, known: str) -> bool:
    """Whether `word` is a word of `meanings` with one slip; who asks has looked at `unlike` before."""
    if word[0] != known[0] or script(word) != script(known):
        return False
    if known.isascii() and known not in forgiven():
        return False
    short, long = sorted((stem(word), stem(known)), key=len)
    if len(long) - len(short) > 1 or len(long) < KNOWN_FROM - 1:
        return False
    if len(long) < KNOWN_FROM and not known.isascii():
        return False
    if len(long) < KNOWN_FROM and not (
        sorted(short) == sorted(long) or len(stem(word)) < len(stem(known))
    ):
        return False
    if DamerauLevenshtein.distance(short, long, score_cutoff=1) > 1:
        return False
    if not word.isascii():
        # An Arabic letter changed makes another word; a vowel too many or too few does not.
        extra = "".join(letter for letter in long if long.count(letter) > short.count(letter))
        return sorted(short) == sorted(long) or (
            len(short) < len(long) and bool(extra) and set(extra) <= set("اوي")
        )
    return True


@cache
def _by_letter() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in vocabulary():
        found[word[0]].append(word)
    return found


def near_another(word: str, known: Container[str]) -> bool:
    """Whether a word of `meanings` that is not among `known` is as near."""
    return any(
        other not in known and slip_of_known(word, other) for other in _by_letter().get(word[0], ())
    )
