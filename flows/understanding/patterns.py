"""Shapes of sentences, written as lines of a data file that a native speaker can extend.

A file of `flows/understanding/words` has lists of words and lines that use them:

    [words]
    message = "message* sms notif* ميساج*"

    [certain]
    lines = [
        "ne [m|me] envoyez plus",
        "je ne veux plus ... <message>",
        "~ ma tb9awch tsifto",
    ]

A line stands for words one after the other, compared as `scripts.fold` has them (no case, accents or
vowel signs). In it `abc*` is any word that begins so, `a|b` one word or the other, `[a]` a word that may be
missing, `<message>` a word of a list, `...` up to four words of any kind, `^` the beginning of the message
and `$` its end, also among words ("rien|$"). A line that begins with `~` is compared by how words sound
(`sounds`), so that one spelling stands for all: Darija and Tamazight in every script. In a list `_` joins words.

Of a line that begins with `&` (or `~&`) the words may stand in any order, with others between them, if they are
near each other; `!abc` is a word that may stand nowhere in the message. What they are made of may be written
in ways that hold for every language at once:

    ~abc    one word compared by its sound, though the line is not
    @abc    a verb of Darija or Tamazight by its sound: whoever does it, whenever, to whomever ("kaydrebni")
    +abc    a noun with what is written onto it: "dar" as "ddar", "fdar", "الدار", "فالدار"
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from flows.understanding import scripts
from flows.understanding.sounds import placed, sound, sounds

#: So many words may stand where a line has "...".
GAP = 4

#: Words in any order stand among so many that follow each other.
REACH = 10

#: A line compared by sound asks for at least so many letters, or it would be found everywhere.
FEWEST_SOUNDS = 4


@cache
def words_of(name: str) -> Mapping[str, Any]:
    """The data file `name` ("opt_out") as it is written. Raises FileNotFoundError."""
    source = resources.files("flows.understanding").joinpath("words", f"{name}.toml")
    return tomllib.loads(source.read_text("utf-8"))


class Heard:
    """A message in the two forms that lines are compared with, each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.folded = tuple(scripts.fold(text).split())

    @cached_property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """How each word sounds, and which of the words it is."""
        return placed(self.folded)

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """How each word sounds."""
        return tuple(heard for _, heard in self.placed)


@lru_cache(maxsize=64)
def heard(text: str) -> Heard:
    """`text` as lines are compared with it; the last messages are kept, because several ask."""
    return Heard(text)


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a line: the words that fit, whole or by their beginning."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    optional: bool = False
    #: Whether the end of the message fits as well.
    ends: bool = False


#: A line: its pattern and the name of its table.
_Line = tuple[re.Pattern[str], str]
_Starts = dict[str, list[_Line]]
_NO_LINES: list[_Line] = []


class Shapes:
    """Lines of tables of a data file, ready to be looked for in one go."""

    def __init__(self, tables: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> None:
        # By the first word of a line, or its beginning; apart for lines compared by sound.
        self._whole: tuple[_Starts, _Starts] = ({}, {})
        self._begins: tuple[_Starts, _Starts] = ({}, {})
        self._sizes: tuple[set[int], set[int]] = (set(), set())
        self._together = _Together()
        for table, lines in tables.items():
            for line in lines:
                self._add(line, table, words)

    def found(self, message: Heard) -> set[str]:
        """The names of the tables of which a line stands in the message."""
        found = self._met(message.folded, 0)
        if self._whole[1] or self._begins[1]:
            found |= self._met(message.sounds, 1)
        return found | self._together.found(message)

    def _met(self, tokens: Sequence[str], sounds: int) -> set[str]:
        whole, begins, sizes = self._whole[sounds], self._begins[sounds], self._sizes[sounds]
        text, at = " ".join(tokens) + " ", 0
        found: set[str] = set()
        for token in tokens:
            starts = whole.get(token, _NO_LINES)
            for size in sizes:
                if more := begins.get(token[:size]):
                    starts = [*starts, *more]
            for pattern, table in starts:
                if table not in found and pattern.match(text, at):
                    found.add(table)
            at += len(token) + 1
        return found

    def _add(self, line: str, table: str, words: Mapping[str, str]) -> None:
        by_sound = line.startswith("~")
        parts = line.removeprefix("~").split()
        if parts[0].startswith("&"):
            self._together.add(line, table, words)
            return
        begins, ends = parts[0] == "^", parts[-1] == "$"
        parts = parts[begins : len(parts) - ends]
        elements = [_GAP if part == "..." else _element(part, words, by_sound) for part in parts]
        first = elements[0]
        if first is _GAP or first.optional:
            raise ValueError(f"a line begins with a word: {line!r}")
        if not ends and (elements[-1].optional or elements[-1] is _GAP):
            raise ValueError(f"what may be missing at the end of a line changes nothing: {line!r}")
        if by_sound and sum(_weight(one) for one in elements) < FEWEST_SOUNDS:
            raise ValueError(f"too few sounds to be compared by them: {line!r}")
        spelled = (r"(?<![^ ])" if not begins else r"\A") + "".join(map(_spelled, elements))
        pattern = re.compile(spelled + (r"\Z" if ends else ""))
        for word in first.whole:
            self._whole[by_sound].setdefault(word.split()[0], []).append((pattern, table))
        for start in first.begins:
            self._begins[by_sound].setdefault(start, []).append((pattern, table))
            self._sizes[by_sound].add(len(start))


_GAP = _Element(frozenset(), ())


def _weight(element: _Element) -> int:
    """The fewest letters that an element asks for."""
    if element is _GAP or element.optional or element.ends:
        return 0
    return min(map(len, (*element.whole, *element.begins)))


def _element(part: str, words: Mapping[str, str], sounds: bool) -> _Element:
    optional = part.startswith("[")
    part = part.strip("[]")
    whole: set[str] = set()
    begins: set[str] = set()
    for word in _words(part, words):
        if word[0] in "~@+":
            raise ValueError(f"{word!r} asks for a line of words in any order")
        key = _key(word.removesuffix("*").replace("_", " "), sounds)
        if not key:
            raise ValueError(f"nothing is left of {word!r} in {part!r}")
        (begins if word.endswith("*") else whole).add(key)
    ends = "$" in part.split("|")
    return _Element(frozenset(whole), tuple(sorted(begins)), optional, ends)


def _words(part: str, words: Mapping[str, str]) -> Iterator[str]:
    """The words of one place of a line, those of lists among them."""
    for one in part.split("|"):
        if one.startswith("<"):
            for word in words[one[1:-1]].split():
                yield from _words(word, words) if word.startswith("<") else (word,)
        elif one != "$":
            yield one


def _key(word: str, heard_only: bool) -> str:
    return " ".join(sounds(word)) if heard_only else scripts.fold(word)


def _spelled(element: _Element) -> str:
    if element is _GAP:
        return rf"(?:\S+ ){{0,{GAP}}}"
    one = "|".join(
        [
            *map(re.escape, sorted(element.whole, key=len, reverse=True)),
            *(rf"{re.escape(start)}\S*" for start in element.begins),
        ]
    )
    end = r"|\Z" if element.ends else ""
    return rf"(?:(?:{one}) {end})" + ("?" if element.optional else "")


# --------------------------------------------------------------------------- in any order

#: What stands before the stem of a verb, by its sound: who does it and when, in Darija, Arabic and Tamazight.
_BEFORE_VERBS = "- k ki kt kn t ti tn n nt i it kit s si st sn ğ ği ğt ğn m mt".replace(
    "-", ""
).split(" ")
#: What is written onto the front of a noun.
_BEFORE_NOUNS = "- l f b w u d fl bl wl dl fel bel lel".replace("-", "").split(" ")
_BEFORE_ARABIC = "- ال لل ل ف فال فل ب بال بل و وال ول ك كال د دال".replace("-", "").split(" ")

#: So many words are joined to one in a list, at most.
JOINED = 5

#: A word by its sound asks for at least so many letters where words may stand anywhere.
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A line of words in any order: the numbers of its places, and of those that may not be met."""

    table: str
    places: tuple[int, ...]
    never: tuple[int, ...]


class _Together:
    """Lines of which the words may stand in any order, ready to be looked for in one go.

    Each place of a line has a number. A message is looked through once: which places does each of its
    words fit? Only lines that have all of theirs are then looked at.
    """

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        # Whole words, beginnings, and words joined to one, each for folded words and for sounds.
        self._whole: tuple[dict[str, list[int]], ...] = ({}, {})
        self._begins: tuple[dict[str, list[int]], ...] = ({}, {})
        self._joined: tuple[dict[str, list[tuple[tuple[str, ...], bool, int]]], ...] = ({}, {})
        self._sizes: tuple[set[int], ...] = (set(), set())
        self._lines: dict[int, list[_Gathered]] = {}

    def add(self, line: str, table: str, words: Mapping[str, str]) -> None:
        """One more line. Raises ValueError."""
        by_sound = line.startswith("~")
        parts = line.removeprefix("~").removeprefix("&").split()
        places = [self._number(part, words, by_sound) for part in parts if part[0] != "!"]
        never = [self._number(part[1:], words, by_sound) for part in parts if part[0] == "!"]
        if not places:
            raise ValueError(f"a line asks for a word: {line!r}")
        self._lines.setdefault(places[0], []).append(_Gathered(table, tuple(places), tuple(never)))

    def found(self, message: Heard) -> set[str]:
        """The names of the tables of which a line stands in the message."""
        if not self._lines:
            return set()
        met: dict[int, list[int]] = {}
        self._meet(0, tuple(enumerate(message.folded)), met)
        self._meet(1, message.placed, met)
        for at, word in enumerate(message.folded):
            for bare in _without_written_on(word):
                after = tuple(enumerate(message.folded[at + 1 : at + JOINED], start=at + 1))
                self._meet(0, ((at, bare), *after), met, first_only=True)
                self._meet(1, ((at, sound(bare)),), met)
        found: set[str] = set()
        for first in met:
            for line in self._lines.get(first, ()):
                if (
                    line.table not in found
                    and all(place in met for place in line.places)
                    and not any(place in met for place in line.never)
                    and _near([met[place] for place in line.places])
                ):
                    found.add(line.table)
        return found

    def _meet(
        self,
        form: int,
        words: Sequence[tuple[int, str]],
        met: dict[int, list[int]],
        *,
        first_only: bool = False,
    ) -> None:
        whole, begins, sizes = self._whole[form], self._begins[form], self._sizes[form]
        joined = self._joined[form]
        for index, (at, word) in enumerate(words[:1] if first_only else words):
            fits = list(whole.get(word, ()))
            for size in sizes:
                if size <= len(word) and (more := begins.get(word[:size])):
                    fits += more
            for rest, open_end, number in joined.get(word, ()):
                after = tuple(token for _, token in words[index + 1 : index + 1 + len(rest)])
                begun = len(after) == len(rest) and after[:-1] == rest[:-1]
                if begun and (
                    after[-1] == rest[-1] or (open_end and after[-1].startswith(rest[-1]))
                ):
                    fits.append(number)
            for number in fits:
                places = met.setdefault(number, [])
                if at not in places[-1:]:
                    places.append(at)

    def _number(self, part: str, words: Mapping[str, str], by_sound: bool) -> int:
        spelled = frozenset(
            f"~{word}" if by_sound and word[0] not in "~@+" else word
            for word in _words(part, words)
        )
        if spelled in self._numbers:
            return self._numbers[spelled]
        number = self._numbers[spelled] = len(self._numbers)
        seen: set[tuple[int, tuple[str, ...], bool]] = set()
        for word in spelled:
            for form, keys, open_end in _forms(word, by_sound):
                if (form, keys, open_end) in seen:
                    continue
                seen.add((form, keys, open_end))
                if len(keys) > 1:
                    self._joined[form].setdefault(keys[0], []).append((keys[1:], open_end, number))
                elif open_end:
                    self._begins[form].setdefault(keys[0], []).append(number)
                    self._sizes[form].add(len(keys[0]))
                else:
                    self._whole[form].setdefault(keys[0], []).append(number)
        return number


def _forms(word: str, by_sound: bool) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """What a word of a list is compared with: folded (0) or by sound (1), its words, whether more may follow."""
    sign = word[0] if word[0] in "~@+" else ""
    open_end = word.endswith("*") or sign == "@"
    plain = word.removeprefix(sign).removesuffix("*").replace("_", " ")
    if sign == "+":
        key = scripts.fold(plain)
        arabic = "ء" <= key[:1] <= "ي"
        if not key:
            raise ValueError(f"nothing is left of {word!r}")
        for before in _BEFORE_ARABIC if arabic else _BEFORE_NOUNS:
            yield 0, tuple(f"{before}{key}".split()), open_end
            if not arabic:
                yield 0, tuple(f"{before}{key[0]}{key}".split()), open_end
        return
    keys = tuple(_key(plain, bool(sign)).split())
    if not keys:
        raise ValueError(f"nothing is left of {word!r}")
    if sign and not by_sound and len("".join(keys)) < FEWEST_LETTERS:
        raise ValueError(f"too few sounds to be compared by them: {word!r}")
    if sign != "@":
        yield int(bool(sign)), keys, open_end
        return
    for before in _BEFORE_VERBS:
        for also in ("", "u"):
            yield 1, (_once(f"{also}{before}{keys[0]}"), *keys[1:]), open_end


@lru_cache(maxsize=4096)
def _without_written_on(word: str) -> tuple[str, ...]:
    """An Arabic word without "and", "in", "to", the article, or the ending of "طفلا": "وضربني" is "ضربني" too."""
    if not "ء" <= word[0] <= "ي":
        return ()
    bare, found = word, []
    for letters in ("وف", "بلك"):
        if bare[0] in letters and len(bare) > FEWEST_LETTERS:
            bare = bare[1:]
            found.append(bare)
    if bare.startswith("ال") and len(bare) > FEWEST_LETTERS + 1:
        bare = bare[2:]
        found.append(bare)
    if bare.endswith("ا") and len(bare) > FEWEST_LETTERS:
        found.append(bare[:-1])
    return tuple(found)


def _once(word: str) -> str:
    """The word with doubled letters once, as a sound has them."""
    return re.sub(r"(.)\1+", r"\1", word)


def _near(places: Sequence[Sequence[int]], chosen: tuple[int, ...] = ()) -> bool:
    """Whether one word can be taken for each place, each once, all of them within reach."""
    if not places:
        return True
    return any(
        at not in chosen
        and all(abs(at - one) < REACH for one in chosen)
        and _near(places[1:], (*chosen, at))
        for at in places[0]
    )


def shapes(name: str, *tables: str) -> Shapes:
    """The lines of some tables of the data file `name`. Raises KeyError, ValueError."""
    data = words_of(name)
    return Shapes({table: data[table]["lines"] for table in tables}, data.get("words", {}))
