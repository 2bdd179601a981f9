"""Do two words of different scripts sound alike? Vowels that are written must be heard."""

import re
from functools import lru_cache

from flows.understanding.lines.sounds import once
from flows.understanding.scripts import script

#: How each Arabic letter is written in Latin ones, as a pattern.
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
#: The article of an Arabic word, with what may be written before it.
ARTICLE = re.compile(r"^(?:وال|بال|فال|لل|ال)(?=..)|^ل(?=[ء-ي]{3})")
#: Fewer letters than this sound like too many words ("do" is light, "d" is nothing).
_FEWEST = 2


@lru_cache(maxsize=8192)
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


def sounds_alike(one: str, other: str) -> bool:
    """Whether two folded words of different scripts are spelled for the same sounds, vowels and all."""
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
    stem = ARTICLE.sub("", arabic)
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
    return once(latin)
