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
    -abc    a verb of Darija denied, by its sound: what follows are pronouns and the "ch" at the end, or it is
            another word ("-tsd3" is "ma tsed3ouch" and "ماتصدعونيش", and not «متصدع»); also in lines with "~"
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.understanding.lines.files import SIGNS, Heard, denied, key, spelled_out, words_of
from flows.understanding.lines.sounds import DENIAL
from flows.understanding.lines.together import Together

#: So many words may stand where a line has "...".
GAP = 4

#: A line compared by sound asks for at least so many letters, or it would be found everywhere.
FEWEST_SOUNDS = 4


@dataclass(frozen=True, slots=True)
class _Element:
    """One place of a line: the words that fit, whole or by their beginning."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    #: Verbs that are denied, by the beginning that they have in common.
    denied: tuple[str, ...] = ()
    optional: bool = False
    #: Whether the end of the message fits as well.
    ends: bool = False


@dataclass(slots=True)
class _Line:
    """A line of a table; its pattern is compiled when a message first begins as it does.

    Of thousands of lines few are ever asked, and compiling all holds up the first citizen after a start.
    """

    spelled: str
    table: str
    pattern: re.Pattern[str] | None = None

    def stands(self, text: str, at: int) -> bool:
        """Whether the line stands in the text from there on."""
        if self.pattern is None:
            self.pattern = re.compile(self.spelled)
        return self.pattern.match(text, at) is not None


_Starts = dict[str, list[_Line]]


class Shapes:
    """Lines of tables of a data file, ready to be looked for in one go."""

    def __init__(self, tables: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> None:
        # By the first word of a line, or its beginning; apart for lines compared by sound.
        self._whole: tuple[_Starts, _Starts] = ({}, {})
        self._begins: tuple[_Starts, _Starts] = ({}, {})
        self._sizes: tuple[set[int], set[int]] = (set(), set())
        self._together = Together()
        self._starts = lru_cache(maxsize=4096)(self._beginning_with)
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
        text, at = " ".join(tokens) + " ", 0
        found: set[str] = set()
        for token in tokens:
            for line in self._starts(sounds, token):
                if line.table not in found and line.stands(text, at):
                    found.add(line.table)
            at += len(token) + 1
        return found

    def _beginning_with(self, sounds: int, token: str) -> tuple[_Line, ...]:
        """The lines of which the first word may be this one."""
        begins = self._begins[sounds]
        starts = [*self._whole[sounds].get(token, ())]
        for size in self._sizes[sounds]:
            starts += begins.get(token[:size], ())
        return tuple(starts)

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
        ready = _Line(spelled + (r"\Z" if ends else ""), table)
        for word in first.whole:
            self._whole[by_sound].setdefault(word.split()[0], []).append(ready)
        for start in (*first.begins, *first.denied):
            self._begins[by_sound].setdefault(start, []).append(ready)
            self._sizes[by_sound].add(len(start))


_GAP = _Element(frozenset(), ())


def _weight(element: _Element) -> int:
    """The fewest letters that an element asks for."""
    if element is _GAP or element.optional or element.ends:
        return 0
    return min(map(len, (*element.whole, *element.begins, *element.denied)))


def _element(part: str, words: Mapping[str, str], sounds: bool) -> _Element:
    optional = part.startswith("[")
    part = part.strip("[]")
    whole: set[str] = set()
    begins: set[str] = set()
    verbs: set[str] = set()
    for word in spelled_out(part, words):
        if word[0] == "-" and sounds:
            verbs.add(f"m{denied(word)}")
            continue
        if word[0] in SIGNS:
            raise ValueError(f"{word!r} asks for a line of words in any order")
        compared = key(word.removesuffix("*").replace("_", " "), by_sound=sounds)
        if not compared:
            raise ValueError(f"nothing is left of {word!r} in {part!r}")
        (begins if word.endswith("*") else whole).add(compared)
    ends = "$" in part.split("|")
    return _Element(frozenset(whole), tuple(sorted(begins)), tuple(sorted(verbs)), optional, ends)


def _spelled(element: _Element) -> str:
    if element is _GAP:
        return rf"(?:\S+ ){{0,{GAP}}}"
    one = "|".join(
        [
            *map(re.escape, sorted(element.whole, key=len, reverse=True)),
            *(rf"{re.escape(start)}\S*" for start in element.begins),
            *(rf"{re.escape(start)}{DENIAL}" for start in element.denied),
        ]
    )
    end = r"|\Z" if element.ends else ""
    return rf"(?:(?:{one}) {end})" + ("?" if element.optional else "")


def shapes(name: str, *tables: str) -> Shapes:
    """The lines of some tables of the data file `name`. Raises KeyError, ValueError."""
    data = words_of(name)
    return Shapes({table: data[table]["lines"] for table in tables}, data.get("words", {}))
