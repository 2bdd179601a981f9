"""Numbers in words, up to the millions: "deux mille cinq cents", "خمسة وعشرين", "khmsa w tlatin".

French and English are read by the library text2num. Arabic, Darija and Tamazight, in their scripts and
in Latin letters, have their words in `words/numbers.toml` and their grammar here: the unit comes before
the ten and is joined to it ("khmsa w tlatin", 35), a hundred or thousand is counted by what stands
right before it ("tlt mya", 300), and greater parts come before smaller ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from text_to_num import text2num

from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import phrase_set, phrases, valued

_LISTS = words_of("numbers")
_UNITS = valued(_LISTS["units"])
_TENS = valued(_LISTS["tens"])
_BEFORE = valued(_LISTS["before_hundreds"])
_HUNDREDS = valued(_LISTS["hundreds"])
_OF_HUNDREDS = phrase_set(_LISTS["hundreds"]["of_them"])
_THOUSANDS = valued(_LISTS["thousands"])
_OF_THOUSANDS = phrase_set(_LISTS["thousands"]["of_them"])
_MILLIONS = valued(_LISTS["millions"])
_OF_MILLIONS = phrase_set(_LISTS["millions"]["of_them"])
_AND = phrase_set(_LISTS["joins"]["and"])
_OF = phrase_set(_LISTS["joins"]["of"])
_CORRECTIONS = {
    wrong: right.split() for right, line in _LISTS["corrections"].items() for wrong in phrases(line)
}

#: Arabic, Darija and Tamazight words that are a number of their own, the ordinary ones.
OWN_WORDS = {**_UNITS, **_TENS, **_HUNDREDS, **_THOUSANDS, **_MILLIONS}

#: The words of which the library's numbers are made.
_LIBRARY = {language: phrase_set(_LISTS["library"][language]) for language in ("fr", "en")}
#: What joins, and is no number alone.
_JOINING = _AND | _OF | {"et", "and", "a"}
#: A tens word of Tamazight, after which the unit comes: "ⵙⵉⵎⵔⴰⵡ ⴷ ⵢⴰⵏ".
_AMAZIGH_TENS = frozenset(
    word
    for word, value in {**_UNITS, **_TENS}.items()
    if value >= 10 and (word.endswith(("mraw", "mrawt")) or "ⴰ" <= word[0] <= "ⵥ")
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a number: what it is, and what it counts."""

    kind: str
    value: int = 0
    joined: bool = False
    leads: bool = False


def _consonants(word: str) -> str:
    """A Latin spelling of Darija without what people vary: vowels, doubled letters, digits for letters."""
    return (
        _VOWELS.sub("", _DOUBLED.sub(r"\1", word.translate(_SAME).replace("kh", "x")))
        if word.isascii()
        else ""
    )


_DOUBLED = re.compile(r"([a-z])\1+")
_VOWELS = re.compile("[aeiou]")
_SAME = str.maketrans({"5": "x", "7": "h", "9": "q"})

#: Consonants -> part, where they are enough to tell one word from the others.
_SOUNDS: dict[str, tuple[str, int]] = {}
for _kind, _words in (("unit", _UNITS), ("ten", _TENS), ("before", _BEFORE)):
    for _word, _value in _words.items():
        _sounds = _consonants(_word) if " " not in _word else ""
        if len(_sounds) >= 3:
            _known = _SOUNDS.setdefault(_sounds, (_kind, _value))
            if _known[1] != _value:
                _SOUNDS[_sounds] = ("", 0)


def _part(word: str, joined: bool) -> _Part | None:
    """The part that a folded word is; a word that may count hundreds is told apart by its place."""
    if word in _UNITS:
        return _Part("unit", _UNITS[word], joined, word in _AMAZIGH_TENS)
    if word in _TENS:
        return _Part("ten", _TENS[word], joined, word in _AMAZIGH_TENS)
    if word in _OF_HUNDREDS or word in _HUNDREDS:
        return _Part("hundred", _HUNDREDS.get(word, 0), joined)
    if word in _OF_THOUSANDS or word in _THOUSANDS:
        return _Part("thousand", _THOUSANDS.get(word, 0), joined)
    if word in _OF_MILLIONS or word in _MILLIONS:
        return _Part("million", _MILLIONS.get(word, 0), joined)
    if word in _BEFORE:
        return _Part("before", _BEFORE[word], joined)
    if word.isdecimal() and len(word) <= 6:
        return _Part("digits", int(word), joined)
    return None


def _parts(tokens: Sequence[str]) -> list[_Part] | None:
    """The parts of a number, or None where a word is no part of one."""
    parts: list[_Part] = []
    joined = False
    at = 0
    while at < len(tokens):
        token = tokens[at]
        follows = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in _OF and parts and not joined and follows in _COUNTED:
            at += 1
            continue
        if token in _AND and parts and not joined and at + 1 < len(tokens):
            joined = True
            at += 1
            continue
        phrase, size = _phrase(tokens, at, joined)
        if phrase is not None:
            parts.append(phrase)
        else:
            whole = _whole(token, joined, alone=len(tokens) == 1)
            if not whole:
                return None
            parts += whole
        joined = False
        at += size
    return parts or None


def _phrase(tokens: Sequence[str], at: int, joined: bool) -> tuple[_Part | None, int]:
    """The part that several words are together, the first perhaps with its "and"; how many they are."""
    for size in (3, 2):
        if at + size > len(tokens):
            continue
        words = " ".join(tokens[at : at + size])
        if words in OWN_WORDS:
            return _part(words, joined), size
        if words.startswith("و") and words[1:] in OWN_WORDS and not joined:
            return _part(words[1:], True), size
    return None, 1


def _whole(token: str, joined: bool, *, alone: bool) -> list[_Part]:
    """The parts that one word is: one, two where a unit is written onto its hundred, or none."""
    part = _part(token, joined)
    if part is None and token.startswith("و") and not joined:
        part = _part(token[1:], True)
    if part is None and token[0] in "wuo" and token[1:] in _TENS and not joined:
        part = _part(token[1:], True)
    if part is None and not alone and not token.isdecimal():
        kind, value = _SOUNDS.get(_consonants(token), ("", 0))
        part = _Part(kind, value, joined) if kind else None
    if part is not None:
        return [part]
    # "خمسمائة", "khmsmya", "خمسالاف": the unit is written onto its hundred or thousand.
    for tail, kind in _TAILS:
        head = token.removesuffix(tail)
        head_joined = joined
        if head.startswith("و") and head[1:] in _COUNTS:
            head, head_joined = head[1:], True
        if head == token or not head:
            continue
        value = _COUNTS.get(head) or _SOUNDS.get(_consonants(head), ("", 0))[1]
        if 2 < value < (10 if kind == "hundred" else 11):
            return [_Part("unit", value, head_joined), _Part(kind)]
    return []


_COUNTS = {
    word: value
    for word, value in {**_UNITS, **_BEFORE}.items()
    if 3 <= value <= 10 and len(word) > 1
}
_COUNTED = _OF_HUNDREDS | _OF_THOUSANDS | _OF_MILLIONS
_TAILS = sorted(
    (
        (word, kind)
        for kind, words in (
            ("hundred", _OF_HUNDREDS),
            ("thousand", _OF_THOUSANDS - {"mille", "mil"}),
        )
        for word in words
        if " " not in word and len(word) > 2
    ),
    key=lambda tail: -len(tail[0]),
)

#: The units in the form that stands before what they count: "tlt iyam", "khms mya".
COUNTING = _BEFORE


class _Wrong(Exception):
    """The parts do not make one number."""


def _sum(parts: Sequence[_Part]) -> int:
    """What the parts are worth together. Raises _Wrong where they are several numbers, or none."""
    total = current = 0
    below = 1_000_000_000  # what comes next must be less than this
    digits = any(part.kind == "digits" for part in parts)
    fresh = True  # whether nothing of the current group stands yet
    for at, part in enumerate(parts):
        follows = parts[at + 1] if at + 1 < len(parts) else None
        loose = not part.joined and not digits
        match part.kind:
            case "digits":
                if not fresh:
                    raise _Wrong
                current, fresh = part.value, False
            case "unit" | "before":
                if part.kind == "before" and (
                    follows is None or follows.kind not in _SCALES or follows.joined
                ):
                    raise _Wrong
                current = _with_unit(parts, at, current, fresh, loose)
                fresh = False
            case "ten":
                before = parts[at - 1] if at else None
                after_unit = (
                    before is not None
                    and before.value < 10
                    and (before.kind == "unit" or (before.kind == "digits" and part.joined))
                )
                if not fresh and (loose or not (after_unit or current % 100 == 0)):
                    raise _Wrong
                current += part.value
                fresh = False
            case "hundred":
                current = _with_hundred(part, parts[at - 1] if at else None, current, fresh)
                fresh = False
            case _:
                scale = _SCALES[part.kind]
                if fresh:
                    if not part.value:
                        raise _Wrong
                    group = part.value
                elif part.joined:
                    raise _Wrong
                else:
                    group = current * scale
                if scale >= below or (total and fresh and loose):
                    raise _Wrong
                total, current, fresh, below = total + group, 0, True, scale
        if current >= below:
            raise _Wrong
    return total + current


_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}


def _with_unit(parts: Sequence[_Part], at: int, current: int, fresh: bool, loose: bool) -> int:
    """The group with a unit more. Raises _Wrong where none fits."""
    part = parts[at]
    before = parts[at - 1] if at else None
    if fresh:
        if before is not None and loose:
            raise _Wrong
        return part.value
    after_unit = before is not None and before.kind == "unit" and before.value < 10
    if part.value == 10 and after_unit and (part.leads if part.joined else current > 2):
        return current + 10  # "yan d mraw", "ثلاثة عشر"
    if loose:
        raise _Wrong
    if before is not None and before.leads and part.value < 10:
        return current + part.value
    if current % 100 == 0:
        return current + part.value
    raise _Wrong


def _with_hundred(part: _Part, before: _Part | None, current: int, fresh: bool) -> int:
    if fresh:
        if not part.value or (before is not None and not part.joined):
            raise _Wrong
        return part.value
    if before is not None and 2 < current < 10 and not part.joined:
        return current * 100
    raise _Wrong


def own(tokens: Sequence[str]) -> int | None:
    """The number that folded words of Arabic, Darija or Tamazight are, or None."""
    parts = _parts(tokens)
    if parts is None:
        return None
    try:
        return _sum(parts)
    except _Wrong:
        return None


def library(tokens: Sequence[str]) -> int | None:
    """The number that folded French or English words are, or None."""
    for language, known in _LIBRARY.items():
        if known.issuperset(tokens):
            words = list(tokens)
            if words[0] == "a":
                words[0] = "one"
            if words[-1] in _JOINING or words[0] in _JOINING or "a" in words:
                return None
            if language == "fr" and words[-1] in _ONES and words[-2:-1] != ["et"]:
                words[-1:] = (
                    ["et", words[-1]] if words[-2:-1] and words[-2] in _ROUND else words[-1:]
                )
            try:
                return int(text2num(" ".join(words), language))
            except ValueError:
                continue
    return None


#: "vingt un" is written for "vingt et un", which alone the library reads.
_ONES = frozenset({"un", "une", "onze"})
_ROUND = frozenset({"vingt", "trente", "quarante", "cinquante", "soixante"})


def spelled(folded: str) -> int | None:
    """The number that the whole of a folded text is in words, or None. Never raises."""
    tokens = [right for token in folded.split() for right in _CORRECTIONS.get(token, (token,))]
    if not 0 < len(tokens) <= 16 or not all(is_part(word) or word in _JOINING for word in tokens):
        return None
    value = library(tokens)
    return value if value is not None else own(tokens)


@lru_cache(4096)
def is_part(token: str) -> bool:
    """Whether a folded word may be part of a number in words."""
    if token in _ANY or token in _CORRECTIONS:
        return True
    if token.isdecimal():
        return len(token) <= 6
    return bool(_whole(token, False, alone=False))


def joins(token: str) -> bool:
    """Whether a folded word only joins the parts of a number."""
    return token in _JOINING


_ANY = (
    frozenset().union(*_LIBRARY.values()) | frozenset(w for phrase in OWN_WORDS for w in phrase.split()) | _OF_THOUSANDS
    | _OF_MILLIONS | frozenset(_BEFORE)
) - _JOINING  # fmt: skip
