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
(`sounds`), so that one spelling stands for all: Darija and Tamazight in every script. Of a line that begins with
`&` (or `~&`) the words may stand in any order, with others between them, in a message of a few words. In a list
`_` joins words.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from flows.understanding import scripts
from flows.understanding.sounds import sounds

#: So many words may stand where a line has "...".
GAP = 4

#: Words in any order are looked for in messages of at most so many words.
SHORT = 12

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
    def sounds(self) -> tuple[str, ...]:
        """How each word sounds."""
        return sounds(self._text)


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


#: A line: its pattern, the name of its table, whether it looks through all of the message.
_Line = tuple[re.Pattern[str], str, bool]
_Starts = dict[str, list[_Line]]
_NO_LINES: list[_Line] = []


class Shapes:
    """Lines of tables of a data file, ready to be looked for in one go."""

    def __init__(self, tables: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> None:
        # By the first word of a line, or its beginning; apart for lines compared by sound.
        self._whole: tuple[_Starts, _Starts] = ({}, {})
        self._begins: tuple[_Starts, _Starts] = ({}, {})
        self._sizes: tuple[set[int], set[int]] = (set(), set())
        for table, lines in tables.items():
            for line in lines:
                self._add(line, table, words)

    def found(self, message: Heard) -> set[str]:
        """The names of the tables of which a line stands in the message."""
        found = self._met(message.folded, 0)
        if self._whole[1] or self._begins[1]:
            found |= self._met(message.sounds, 1)
        return found

    def _met(self, tokens: Sequence[str], sounds: int) -> set[str]:
        whole, begins, sizes = self._whole[sounds], self._begins[sounds], self._sizes[sounds]
        text, at = " ".join(tokens) + " ", 0
        found: set[str] = set()
        for token in tokens:
            starts = whole.get(token, _NO_LINES)
            for size in sizes:
                if more := begins.get(token[:size]):
                    starts = [*starts, *more]
            for pattern, table, anywhere in starts:
                if anywhere and len(tokens) > SHORT:
                    continue
                if table not in found and pattern.match(text, 0 if anywhere else at):
                    found.add(table)
            at += len(token) + 1
        return found

    def _add(self, line: str, table: str, words: Mapping[str, str]) -> None:
        by_sound = line.startswith("~")
        anywhere = line.removeprefix("~").startswith("&")
        parts = line.removeprefix("~").removeprefix("&").split()
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
        if anywhere:
            spelled = r"\A" + "".join(rf"(?=(?:\S+ )*?{_spelled(one)})" for one in elements)
        else:
            spelled = (r"(?<![^ ])" if not begins else r"\A") + "".join(map(_spelled, elements))
        pattern = re.compile(spelled + (r"\Z" if ends else ""))
        for word in first.whole:
            self._whole[by_sound].setdefault(word.split()[0], []).append((pattern, table, anywhere))
        for start in first.begins:
            self._begins[by_sound].setdefault(start, []).append((pattern, table, anywhere))
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
    spelled = [
        word
        for one in part.split("|")
        if one != "$"
        for word in (words[one[1:-1]].split() if one.startswith("<") else (one,))
    ]
    whole: set[str] = set()
    begins: set[str] = set()
    for word in spelled:
        key = _key(word.removesuffix("*").replace("_", " "), sounds)
        if not key:
            raise ValueError(f"nothing is left of {word!r} in {part!r}")
        (begins if word.endswith("*") else whole).add(key)
    ends = "$" in part.split("|")
    return _Element(frozenset(whole), tuple(sorted(begins)), optional, ends)


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


def shapes(name: str, *tables: str) -> Shapes:
    """The lines of some tables of the data file `name`. Raises KeyError, ValueError."""
    data = words_of(name)
    return Shapes({table: data[table]["lines"] for table in tables}, data.get("words", {}))
