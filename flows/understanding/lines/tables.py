"""Which meanings have the words of a message, and which words does each take?

A table is made of words and phrases as lists of `flows/understanding/words` have them. It looks a message through
from its first word to its last; a phrase takes its words along, so that "eaux usées" is not "eau" as well.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import OSA

from flows.understanding.lines.files import SIGNS
from flows.understanding.lines.sounds import once, sound, without_written_on
from flows.understanding.lines.together import forms
from flows.understanding.scripts import fold

M = TypeVar("M")

#: A letter that is doubled, or not, changes nothing in words of so many letters.
DOUBLED_FROM = 5

#: Another slip is forgiven in words of so many letters; in Arabic, where more words are neighbours, of one more.
SLIP_FROM = 7

#: A wrong letter, where the others are right, only in longer ones: "السلام" is not "الظلام".
WRONG_FROM = 9

#: A phrase may have so many small words between any two of its own ("bouche [d'] égout").
MOST_BETWEEN = 2

#: A word in Tifinagh is heard in other scripts as well if it has so many sounds.
HEARD_FROM = 4

#: What is left of a word without "in", "with", "to" has so many letters.
SHORTEST = 3

#: What is written onto a word: "in" ("fzn9a", "فالزنقة"), "and" ("والزبل"), "to" ("للسوق").
Onto = Literal["in", "and", "to", ""]


@dataclass(frozen=True, slots=True)
class Met(Generic[M]):
    """Words of a message that are in a table: from which to which, and what they mean."""

    begin: int
    end: int
    meanings: frozenset[M]
    onto: Onto = ""


#: What may follow a word: the rest of a phrase, whether the last word may go on, and what it means.
_Rest = tuple[tuple[str, ...], bool, M]


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[M]):
    """A phrase that a word of a message may begin: what is to follow, and how it is compared."""

    rest: tuple[str, ...]
    form: int
    open_end: bool
    meaning: M
    onto: Onto


_NOTHING: Onto = ""
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_ELIDED = re.compile(r"^[ld](?=[aeiouyh]\w\w)")
_LATIN_ONTO = re.compile(
    r"^(?:f(?:l|el)?|b(?:l|el)?|d(?:l|yal)?|w(?:l)?)(?=[b-df-hj-np-tv-xz379][a-z0-9]{2})"
)
_OURS = re.compile(r"(?<=[ء-ي]{3})(?:نا|هم|كم|ها)$")
_OF_A_FEMININE = re.compile(r"(?<=[ء-ي]{2})ت(?:نا|هم|كم|ها)$")


@dataclass(frozen=True, slots=True)
class _Fits(Generic[M]):
    """What a word of a message is in a table: what it means alone, and the phrases that it begins."""

    alone: frozenset[M]
    onto: Onto
    phrases: tuple[_Phrase[M], ...]


class Table(Generic[M]):
    """Words and phrases with their meanings, ready to be looked up."""

    def __init__(
        self,
        entries: Iterable[tuple[str, M]],
        small: Iterable[str] = (),
        unlike: Callable[[], Container[str]] = frozenset,
    ) -> None:
        """Of words and what they mean. Raises ValueError.

        `small` words may stand within a phrase; `unlike` words are no slip of others.
        """
        self._small = frozenset(small)
        self._unlike = unlike
        # For folded words and for sounds: by the first word, and by the beginning of the first word.
        self._whole: tuple[dict[str, list[_Rest[M]]], ...] = ({}, {})
        self._begins: tuple[dict[str, list[_Rest[M]]], ...] = ({}, {})
        self._sizes: tuple[set[int], set[int]] = (set(), set())
        self._without_a_letter: dict[str, set[str]] = defaultdict(set)
        for word, meaning in entries:
            self._add(word, meaning)
        self._fits = lru_cache(maxsize=8192)(self._looked_up)

    def _add(self, word: str, meaning: M) -> None:
        if "ⴰ" <= word[0] <= "ⵯ" and len(sound(fold(word))) >= HEARD_FROM and "_" not in word:
            self._add(f"~{word}", meaning)
        for form, (first, *rest), open_end in forms(word, by_sound=False):
            known = self._whole
            if open_end and not rest:
                known = self._begins
                self._sizes[form].add(len(first))
            known[form].setdefault(first, []).append((tuple(rest), open_end, meaning))
            plain = word[0] not in SIGNS and not rest and not open_end
            if plain and len(first) >= DOUBLED_FROM:
                for shorter in _shorter(first):
                    self._without_a_letter[shorter].add(first)

    def met(self, words: Sequence[str]) -> list[Met[M]]:
        """What stands in a message of folded words, the longest phrase at each place."""
        found: list[Met[M]] = []
        at = 0
        while at < len(words):
            fits = self._fits(words[at])
            end, meanings, onto = at + 1, fits.alone, fits.onto
            for phrase in fits.phrases:
                reached = self._end(words, at + 1, phrase)
                if reached > end:
                    end, meanings, onto = reached, frozenset({phrase.meaning}), phrase.onto
                elif reached == end > at + 1:
                    meanings |= {phrase.meaning}
            if meanings:
                found.append(Met(at, end, meanings, onto))
            at = end
        return found

    def meanings(self, word: str) -> frozenset[M]:
        """What a folded word means by itself."""
        return self._fits(word).alone

    def _looked_up(self, word: str) -> _Fits[M]:
        alone: set[M] = set()
        alone_onto: Onto = ""
        phrases = []
        # Who is known as it is spelled is not taken for another that only sounds so.
        spelled = any(not rest for rest, _, _ in self._whole[0].get(word, ()))
        for at, (onto, form, key) in enumerate(_spellings(word)):
            rests = [*self._whole[form].get(key, ())]
            for size in self._sizes[form]:
                rests += self._begins[form].get(key[:size], ()) if len(key) >= size else ()
            for rest, open_end, meaning in rests:
                if rest:
                    phrases.append(_Phrase(rest, form, open_end, meaning, onto))
                elif not at or not spelled:
                    alone_onto = alone_onto if alone else onto
                    alone.add(meaning)
        if not alone and not phrases and len(word) >= DOUBLED_FROM and word not in self._unlike():
            for known in self._slipped(word):
                alone |= self._fits(known).alone
        return _Fits(frozenset(alone), alone_onto, tuple(dict.fromkeys(phrases)))

    def _slipped(self, word: str) -> set[str]:
        """The words of the table of which a word is one with a slip."""
        return {
            known
            for shorter in _shorter(word)
            for known in self._without_a_letter.get(shorter, ())
            if known[0] == word[0] and _slip(known, word)
        }

    def _end(self, words: Sequence[str], at: int, phrase: _Phrase[M]) -> int:
        """Where a phrase ends of which the rest is to stand from `at` on; 0 if it does not."""
        for index, wanted in enumerate(phrase.rest):
            last = phrase.open_end and index == len(phrase.rest) - 1
            for between in range(MOST_BETWEEN + 1):
                if at >= len(words):
                    return 0
                if _is(words[at], wanted, phrase.form, open_end=last):
                    break
                if between == MOST_BETWEEN or words[at] not in self._small:
                    return 0
                at += 1
            at += 1
        return at


def _is(word: str, wanted: str, form: int, *, open_end: bool) -> bool:
    """Whether a word is the one that a phrase has at its place."""
    return any(
        which == form and (key == wanted or (open_end and key.startswith(wanted)))
        for _, which, key in _spellings(word)
    )


def _slip(known: str, word: str) -> bool:
    """Whether one letter is too many, missing or swapped, or in a long word a wrong one."""
    if once(known) == once(word):
        return True
    shortest = SLIP_FROM + ("ء" <= word[0] <= "ي")
    if min(len(known), len(word)) < shortest or OSA.distance(known, word, score_cutoff=1) > 1:
        return False
    swapped = sorted(known) == sorted(word)
    return len(known) != len(word) or swapped or len(word) >= WRONG_FROM


def _shorter(word: str) -> Iterator[str]:
    """The word, and all that are left of it without one letter."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


@lru_cache(maxsize=8192)
def _spellings(word: str) -> tuple[tuple[Onto, int, str], ...]:
    """As what a folded word is looked up, folded (0) or by its sound (1), with what is written onto it."""
    word = _DRAWN_OUT.sub(r"\1", word)
    onto = _ARTICLED.get(word[:2] if word.startswith("لل") else word[:3], _NOTHING)
    found: list[tuple[Onto, int, str]] = [(onto, 0, word), (onto, 1, sound(word))]
    if "ء" <= word[0] <= "ي":
        found += _of_arabic(word)
    elif word[0].isascii():
        if (elided := _ELIDED.sub("", word)) != word:
            found += [("", 0, elided), ("", 0, elided.rstrip("sx"))]
        if len(word) > 3 and word[-1] in "sx":
            found.append(("", 0, word[:-1]))
        if (met := _LATIN_ONTO.match(word)) is not None:
            onto = _LATIN.get(word[0], _NOTHING)
            found += [(onto, 1, sound(one)) for one in (word[1:], word[met.end() :])]
        if word[0] == "u":
            found.append(("", 0, f"a{word[1:]}"))  # "uslmad" is "aslmad" behind another noun
    elif word[0] == "ⵓ":
        found.append(("", 1, sound(word[1:])))
    return tuple(dict.fromkeys(one for one in found if one[2]))


_LATIN: dict[str, Onto] = {"f": "in", "w": "and"}
_ARTICLED: dict[str, Onto] = {"لل": "to", "فال": "in", "وال": "and"}
_ARABIC: dict[str, Onto] = {"ف": "in", "و": "and"}


def _of_arabic(word: str) -> Iterator[tuple[Onto, int, str]]:
    """An Arabic word without what is written onto it before and after."""
    onto = _ARABIC.get(word[0], _NOTHING)
    bare: list[tuple[Onto, str]] = [("", word)]
    for one in without_written_on(word):
        # Of "كبير" no "بير" is left, but of "فزنقة" a "زنقة".
        if len(one) > SHORTEST or (onto and len(one) == SHORTEST) or "ال" in word[:3]:
            bare.append((onto, one))
    if word.startswith("لل") and len(word) > SHORTEST + 1:
        bare.append(("to", word[2:]))
    for onto, one in bare:
        for plain in (one, _OF_A_FEMININE.sub("ه", one), _OURS.sub("", one)):
            yield onto, 0, plain
            yield onto, 1, sound(plain)
