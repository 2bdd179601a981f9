"""How a word of Darija or Tamazight sounds, whatever it is written in: "السلك", "silk" and "sselk" are one.

Short vowels are written in one script and not in the other, so "a" and "e" count for nothing; "i" and
"u" stay, and so do all consonants, each written one way. Two words of one sound need not be one word.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from flows.understanding.scripts import fold

_LETTERS = str.maketrans(
    {
        **dict(zip("بتجدرزسشصضطظفقكلمنهويحخغ", "btjdrzscsdtdfqklmnhuihxğ", strict=True)),
        **dict(zip("ثذع", "td3", strict=True)),
        **dict(zip("ⴱⴳⴷⴼⴽⵀⵃⵅⵇⵉⵊⵍⵎⵏⵓⵔⵖⵙⵛⵜⵡⵢⵣ", "bkdfkhhxqijlmnurğsctuiz", strict=True)),
        "ⵄ": "3",
        "ا": "",
        "ء": "",
        "ⴰ": "",
        "ɣ": "ğ",
        "ɛ": "3",
    }
)
_SPELLINGS = {
    "ch": "c", "sh": "c", "kh": "x", "gh": "ğ", "th": "t", "dh": "d", "ph": "f", "ou": "u", "oo": "u",
    "ee": "i", "7": "h", "9": "q", "5": "x", "8": "ğ", "2": "", "o": "u", "w": "u", "y": "i", "p": "b", "v": "f",
    "g": "k", "a": "", "e": "",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True)))
_ARTICLE = re.compile(r"^(?:[وفبك]?ال(?=..)|لل(?=..)|ل(?=[ء-ي]{3}))")
#: Water keeps its article: without it, it is the "ma" of a negation.
_WATER = re.compile(r"^(?:[وفبل]?ا?لما)$")
_LATIN_ARTICLE = re.compile(r"^(?:[ae]l|l)(?=[bcdfghjkmnpqrstvwxz379]..)|^l(?=3)")
_TIFINAGH_ARTICLE = re.compile(r"^ⵍ(?=[^ⴰⵉⵓⵢⵡ]..)")
#: Only in Latin two letters may be one sound: "تح" is no "th".
_OF_ONE_LETTER = re.compile(r"[ء-يⴰ-ⵯ]")
_DOUBLED = re.compile(r"(.)\1+")
_FINAL_H = re.compile(r"(?<=[ء-ي])ه$")
_NUMBER = re.compile(r"\d+")
#: What stands behind a denied verb, by its sound: who, whom, to whom, and the "ch".
DENIAL = "[iuntlhkm]{0,8}ci?"
_DENIED = re.compile(rf"u?m(\S{{3,}}?){DENIAL}")
#: An Arabic word of so many letters has nothing written onto it.
_SHORTEST = 3


def once(word: str) -> str:
    """The word with doubled letters once, as a sound has them."""
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """The sound of one folded word; a number is itself."""
    if _NUMBER.fullmatch(word):
        return word
    if "ء" <= word[:1] <= "ي":
        word = "lma" if _WATER.match(word) else _FINAL_H.sub("", _ARTICLE.sub("", word))
    elif word[:1].isascii():
        word = _LATIN_ARTICLE.sub("", word.replace("ɛ", "3"))
    elif word.startswith("ⵍ"):
        word = _TIFINAGH_ARTICLE.sub("", word)
    spelled = word.translate(_LETTERS)
    if not _OF_ONE_LETTER.match(word):
        spelled = _SPELLING.sub(lambda met: _SPELLINGS[met[0]], spelled)
    return once(spelled)


def placed(words: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """The sounds of folded words and which of them each is; the "ma" of a negation belongs to the word after it."""
    found: list[tuple[int, str]] = []
    for at, word in enumerate(map(sound, words)):
        if found and found[-1][1] in {"m", "um"}:
            found[-1] = at, f"m{word}"
        elif word:
            found.append((at, word))
    return tuple(found)


def sounds(text: str) -> tuple[str, ...]:
    """The sounds of the words of a text."""
    return tuple(word for _, word in placed(fold(text).split()))


def denied_stems(word: str) -> tuple[str, ...]:
    """What verb the sound of a word may deny: of "mtsiftulic" all from "ts" to "tsiftuli"; none where none is denied."""
    met = _DENIED.fullmatch(word)
    if met is None:
        return ()
    last = len(word) - 1 - word.endswith("i")
    return tuple(word[met.start(1) : end] for end in range(met.end(1), last + 1))


@lru_cache(maxsize=4096)
def without_written_on(word: str) -> tuple[str, ...]:
    """An Arabic word without "and", "in", "to", the article, or the ending of "طفلا": "وضربني" is "ضربني" too."""
    if not "ء" <= word[0] <= "ي":
        return ()
    bare, found = word, []
    for letters in ("وف", "بلك"):
        if bare[0] in letters and len(bare) > _SHORTEST:
            bare = bare[1:]
            found.append(bare)
    if bare.startswith("ال") and len(bare) > _SHORTEST + 1:
        bare = bare[2:]
        found.append(bare)
    if bare.endswith("ا") and len(bare) > _SHORTEST:
        found.append(bare[:-1])
    return tuple(found)
