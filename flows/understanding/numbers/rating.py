"""A rating from 1 (very bad) to 5 (very good) as people write it: "4/5", "⭐⭐⭐⭐", "excellent", "zwin bzaf"."""

import re
from decimal import Decimal

from flows.understanding.lines.files import words_of
from flows.understanding.numbers import NOTHING, Reading, certain, doubtful
from flows.understanding.numbers.lexicon import phrase_set
from flows.understanding.numbers.quantity import quantity
from flows.understanding.scripts import clean, digits, fold

BEST = 5

_LISTS = words_of("ratings")
_WORDS = {name: phrase_set(line) for name, line in _LISTS["words"].items()}
_LONGEST = max(len(phrase.split()) for phrases in _WORDS.values() for phrase in phrases)
_DOUBTS: dict[str, tuple[int, ...]] = {}
for _values, _line in _LISTS["doubt"].items():
    for _word in _line.split():
        _DOUBTS[fold(_word.replace("_", " ")) or _word] = tuple(map(int, _values.split()))

_OF = "|".join(re.escape(word.replace("_", " ")) for word in _LISTS["words"]["of"].split())
_OUT_OF = re.compile(rf"(?P<number>\d{{1,3}}(?:[.,]\d)?)\s?(?:{_OF})\s?(?P<best>5|10|20|100)\W*")
_STARS = re.compile(r"((?:[⭐★🌟*]\ufe0f?\s?)+)(?:[☆✩]\s?)*")
_COUNTED_STARS = re.compile(rf"(.+?)\s(?:{'|'.join(sorted(_WORDS['stars']))})")


def rating(text: str) -> Reading[int]:
    """The rating from 1 to `BEST` that a whole reply gives. Never raises.

    "8/10", "4,5" and "pas mal" are asked back; "pas bon" and what goes beyond the scale are none.
    """
    if len(text) > 60:
        return NOTHING
    plain = digits(clean(text)).casefold()
    if stars := _STARS.fullmatch(plain):
        count = sum(character in "⭐★🌟*" for character in stars[1])
        return certain(count) if count <= BEST else NOTHING
    if met := _OUT_OF.fullmatch(plain):
        return _out_of(met)
    folded = fold(plain)
    known = _DOUBTS.get(folded or plain.strip("\ufe0f "))
    if known is not None:
        return doubtful(*known)
    counted = _COUNTED_STARS.fullmatch(folded)
    number = quantity(counted[1] if counted else plain, decimals=True)
    if number.values:
        return _counted(number)
    return _in_words(folded)


def _out_of(met: re.Match[str]) -> Reading[int]:
    number, best = float(met["number"].replace(",", ".")), int(met["best"])
    if number > best:
        return NOTHING
    if best == BEST and number.is_integer():
        return certain(int(number)) if number else doubtful(1)
    scaled = number * BEST / best
    return doubtful(*dict.fromkeys(max(1, round(scaled + away)) for away in (-0.1, 0.1)))


def _counted(number: Reading[int | Decimal]) -> Reading[int]:
    """ "4"; and in doubt "3-4", "4,5", "je mets 4", "0"."""
    found: list[int] = []
    for value in number.values:
        whole = int(value)
        found += [whole] if value == whole else [whole, whole + 1]
    if found == [0]:
        return doubtful(1)
    if not all(1 <= value <= BEST for value in found):
        return NOTHING
    return certain(found[0]) if number.certain and len(found) == 1 else doubtful(*found)


def _in_words(folded: str) -> Reading[int]:
    """What words of praise and blame are worth together; of both kinds they are worth nothing."""
    tokens = folded.split()
    said: set[str] = set()
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + size])
            kinds = [kind for kind in _ORDER if phrase in _WORDS[kind]]
            if kinds:
                # "super" is praise by itself, and "very" before it.
                last = at + size == len(tokens)
                said.add(kinds[-1] if len(kinds) > 1 and not last else kinds[0])
                at += size
                break
        else:
            return NOTHING
    said.discard("plain")
    very = "very" in said
    (kind,) = said - {"very"} if len(said - {"very"}) == 1 else ("",)
    value = _WORTH.get(kind)
    if value is None:
        return NOTHING
    if very and kind == "middling":
        return NOTHING
    return certain({4: 5, 2: 1}.get(value, value) if very else value)


_ORDER = ("best", "good", "middling", "bad", "worst", "very", "plain")
_WORTH = {"best": 5, "good": 4, "middling": 3, "bad": 2, "worst": 1}
