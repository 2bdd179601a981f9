"""The choices of one question, ready to be looked up: by phrase, by word, by slip and by sound."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.understanding.lines.sounds import once, sound
from flows.understanding.names import frames, meanings, slips
from flows.understanding.scripts import Script, script

#: The names of each choice, folded.
Names = tuple[tuple[str, ...], ...]

#: Which of the choices something names, by their places.
Places = frozenset[int]

NONE: Places = frozenset()

#: Two words sound alike only if they have so many sounds; short vowels are none.
FEWEST_SOUNDS = 5

#: Of a name of so few letters nothing stands for it but itself: "peur" and "por" are not "pour".
SHORT = 4

#: A phrase of more words is not looked for.
LONGEST_PHRASE = 6


@dataclass(frozen=True, slots=True)
class Index:
    """What names which choices: `alone` only as a whole reply, `whole` by its full name, `words` also with a slip."""

    alone: Mapping[str, Places]
    whole: Mapping[str, Places]
    exact: Mapping[str, Places]
    stems: Mapping[str, Places]
    squeezed: Mapping[str, Places]
    spoken: Mapping[str, Places]
    sounds: Mapping[str, Places]
    words: Mapping[str, Places]
    #: The same words by their first letter, and the own words of the choices that are of another script.
    begins: Mapping[str, Sequence[str]]
    foreign: Mapping[Script | None, Sequence[str]]
    longest: int

    def phrase(self, words: Sequence[str]) -> Places:
        """Which choices several words name together."""
        found = self.exact.get(" ".join(words))
        if found:
            return found
        stems = _stems(words)
        if any(map(_AND.match, words[1:])):
            # "الإنارة والطرق" are two things; "إنارة الطرق" is one.
            return self.stems.get(stems, NONE)
        return (
            self.stems.get(stems)
            or self.squeezed.get(once(stems))
            or self.sounds.get(_sound(words), NONE)
        )

    def plainly(self, word: str) -> Places:
        """Which choices a word names as it is spelled, give or take its article and plural."""
        found = self.exact.get(word)
        if not found and word not in slips.unlike():
            found = self.stems.get(slips.stem(word))
        return found or NONE

    def loosely(self, word: str) -> Places:
        """Which choices a word names that is spelled differently. Other words of ours are no slips."""
        if word in slips.unlike() or slips.stem(word) in slips.unlike():
            return NONE
        if word in meanings.vocabulary():
            # The same word in other letters is no slip: "lmadrasa" in "طريق المدرسة".
            return self._in_other_letters(word)
        for bare in slips.without_stuck(word):
            found = self.plainly(bare)
            if found and bare not in frames.prepositions():
                return found
        return (
            # "rout", "ecol": the letter that nobody hears.
            (self.exact.get(f"{word}e") if len(word) >= SHORT else None)
            or self.squeezed.get(once(word))
            or self.sounds.get(_sound([word]))
            or (self.spoken.get(slips.spoken(word)) if word.isascii() else None)
            or self._slipped(word)
        )

    def _in_other_letters(self, word: str) -> Places:
        found: set[int] = set()
        for known in self.foreign.get(script(word), ()):
            # Tifinagh writes other languages' words: "الأمن" is not ⴰⵎⴰⵏ.
            if "tifinagh" not in (script(word), script(known)) and slips.same(word, known):
                found |= self.words[known]
        return frozenset(found)

    def _slipped(self, word: str) -> Places:
        found: set[int] = set()
        alike = self.begins.get(word[0], ())
        for known in (*alike, *self.foreign.get(script(word), ())):
            if slips.same(word, known):
                found |= self.words[known]
        if found or len(word) < slips.KNOWN_FROM - 2:
            return frozenset(found)
        vocabulary = meanings.vocabulary()
        for known in alike:
            if known in vocabulary and slips.slip_of_known(word, known):
                found |= self.words[known]
        if found and slips.near_another(word, self.words):
            return NONE
        return frozenset(found)

    def nearly(self, word: str) -> Places:
        """Which choices a word may be meant for: worth asking."""
        found: set[int] = set(self.plainly(word))
        for known in (*self.begins.get(word[0], ()), *self.foreign.get(script(word), ())):
            if len(known) > 2 and (slips.same(word, known) or slips.nearly(word, known)):
                found |= self.words[known]
        return frozenset(found)


#: The "ma" of a denied verb of Darija, which as many write onto it: "ما كاينش", "makaynch".
_DENIAL = re.compile(r"(?:(?<=\bما)|(?<=\bma)) (?=[^ ]{3})")

#: An Arabic word with "and the" written onto it.
_AND = re.compile("وال(?=..)")


def _stems(words: Sequence[str]) -> str:
    """The stems of a phrase; an "and" between its words stays."""
    first, *others = words
    return " ".join(
        [slips.stem(first), *(f"{'و' if _AND.match(w) else ''}{slips.stem(w)}" for w in others)]
    )


def _sound(words: Sequence[str]) -> str:
    heard = " ".join(map(sound, words))
    return heard if len(heard) - heard.count(" ") >= FEWEST_SOUNDS else ""


@lru_cache(maxsize=256)
def index_of(names: Names) -> Index:
    """The index of the choices with these names."""
    exact: dict[str, set[int]] = defaultdict(set)
    words: dict[str, set[int]] = defaultdict(set)
    only_itself: set[str] = set(frames.prepositions())
    alone: dict[str, set[int]] = defaultdict(set)
    whole: dict[str, set[int]] = defaultdict(set)
    own: set[str] = set()
    for at, of_one in enumerate(names):
        for name in of_one:
            if len(name) == 1:
                # A choice "a" is named by nothing but itself.
                continue
            whole[name].add(at)
            for phrase in _own(name):
                exact[phrase].add(at)
                if " " not in phrase:
                    words[phrase].add(at)
                    own.add(phrase)
            for phrase in meanings.heard_as(name):
                alone[phrase].add(at)
            if " " not in name and len(name) <= SHORT:
                only_itself.add(name)
            for phrase in _meant(name):
                exact[phrase].add(at)
                if " " not in phrase:
                    words[phrase].add(at)
    stems: dict[str, set[int]] = defaultdict(set)
    for phrase, places in exact.items():
        if phrase not in only_itself:
            stems[_stems(phrase.split())] |= places
    squeezed: dict[str, set[int]] = defaultdict(set)
    spoken: dict[str, set[int]] = defaultdict(set)
    sounds: dict[str, set[int]] = defaultdict(set)
    for word, places in words.items():
        if len(once(word)) >= SHORT - (word not in only_itself):
            squeezed[once(word)] |= places
        if word not in only_itself:
            if word.isascii() and (word in slips.forgiven() or word not in meanings.vocabulary()):
                spoken[slips.spoken(word)] |= places
            sounds[_sound([word])] |= places
    for phrase, places in stems.items():
        if " " in phrase:
            squeezed[once(phrase)] |= places
            sounds[_sound(phrase.split())] |= places
    spoken.pop("", None)
    sounds.pop("", None)
    slipped = {word: places for word, places in words.items() if word not in only_itself}
    begins: dict[str, list[str]] = defaultdict(list)
    for word in slipped:
        begins[word[0]].append(word)
    # The name of a thing that we know is listed in all scripts; other words are compared by their sound.
    listed = {name for of_one in names for name in of_one} & meanings.vocabulary()
    unlisted = own - listed
    written: tuple[Script, ...] = ("latin", "arabic", "tifinagh")
    return Index(
        alone=_fixed(alone),
        whole=_fixed(whole),
        exact=_fixed(exact),
        stems=_fixed(stems),
        squeezed=_fixed(squeezed),
        spoken=_fixed(spoken),
        sounds=_fixed(sounds),
        words=_fixed(slipped),
        begins=begins,
        foreign={
            one: [word for word in slipped if word in unlisted and script(word) != one]
            for one in written
        },
        longest=min(LONGEST_PHRASE, max((phrase.count(" ") + 1 for phrase in exact), default=1)),
    )


def _fixed(places: Mapping[str, set[int]]) -> dict[str, Places]:
    return {key: frozenset(found) for key, found in places.items()}


def _own(name: str) -> Iterator[str]:
    """What names a choice by its own name: the whole of it, and each word that tells it from others."""
    yield name
    if (joined := _DENIAL.sub("", name)) != name:
        yield joined
    kept = frames.core(name)
    yield " ".join(kept)
    if kept[0] not in frames.each() and kept[0] not in frames.around():
        # "Après-midi" is no "midi": a word with a meaning of its own does not stand for the whole.
        # Nor does what turns the others: "not bad" is not "I do not know".
        turning = frames.turning() if len(kept) > 1 else frozenset()
        yield from (
            word for word in kept if word not in turning and not meanings.differ(word, name)
        )


def _meant(name: str) -> Iterator[str]:
    """What names a choice by its meaning: whole phrases, also without the words that say nothing."""
    for phrase in meanings.same_as(name):
        yield phrase
        kept = frames.core(phrase)
        # What begins with such a word may count: "une fois par semaine" is not "deux fois".
        if len(kept) > 1 and phrase.startswith(kept[0]):
            yield " ".join(kept)
