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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from flows.understanding import scripts
from flows.understanding.lines.sounds import once, placed, sound, sounds, without_written_on

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
    for word in spelled_out(part, words):
        if word[0] in "~@+":
            raise ValueError(f"{word!r} asks for a line of words in any order")
        key = _key(word.removesuffix("*").replace("_", " "), sounds)
        if not key:
            raise ValueError(f"nothing is left of {word!r} in {part!r}")
        (begins if word.endswith("*") else whole).add(key)
    ends = "$" in part.split("|")
    return _Element(frozenset(whole), tuple(sorted(begins)), optional, ends)


def spelled_out(part: str, words: Mapping[str, str]) -> Iterator[str]:
    """The words of one place of a line, those of lists among them."""
    for one in part.split("|"):
        if one.startswith("<"):
            for word in words[one[1:-1]].split():
                yield from spelled_out(word, words) if word.startswith("<") else (word,)
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

#: A word by its sound asks for at least so many letters where words may stand anywhere.
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A line of words in any order: for each place the meanings that fit, as bits of a number."""

    table: str
    places: tuple[int, ...]
    never: int


#: The meanings that a word alone has, and those of words that it begins: what follows, whether more may, which.
_Fits = tuple[int, tuple[tuple[tuple[str, ...], bool, int], ...]]


class _Together:
    """Lines of which the words may stand in any order, ready to be looked for in one go.

    A meaning is a list of the data file, or one word of a line; it is a bit of a number. A message is looked
    through once: which meanings has each of its words? Only lines of which each place is met are looked at.
    """

    def __init__(self) -> None:
        self._meanings: dict[str, int] = {}
        self._sizes: list[int] = []
        # Whole words, beginnings, and words joined to one, each for folded words and for sounds.
        self._whole: tuple[dict[str, int], ...] = ({}, {})
        self._begins: tuple[dict[str, int], ...] = ({}, {})
        self._joined: tuple[dict[str, list[tuple[tuple[str, ...], bool, int]]], ...] = ({}, {})
        self._lines: dict[int, list[_Gathered]] = {}
        self._fits = lru_cache(maxsize=4096)(self._looked_up)

    def add(self, line: str, table: str, words: Mapping[str, str]) -> None:
        """One more line. Raises ValueError."""
        by_sound = line.startswith("~")
        parts = line.removeprefix("~").removeprefix("&").split()
        places = [self._place(part, words, by_sound) for part in parts if part[0] != "!"]
        never = [self._place(part[1:], words, by_sound) for part in parts if part[0] == "!"]
        if not places:
            raise ValueError(f"a line asks for a word: {line!r}")
        # It is looked at where a word of the place with the fewest words is met.
        rarest = min(places, key=lambda place: sum(self._sizes[bit] for bit in _bits(place)))
        gathered = _Gathered(table, tuple(places), _joint(never))
        for bit in _bits(rarest):
            self._lines.setdefault(bit, []).append(gathered)

    def found(self, message: Heard) -> set[str]:
        """The names of the tables of which a line stands in the message."""
        if not self._lines:
            return set()
        met = self._met(message)
        all_met = _joint(met.values())
        found: set[str] = set()
        for bit in _bits(all_met):
            for line in self._lines.get(bit, ()):
                if (
                    line.table not in found
                    and not line.never & all_met
                    and all(place & all_met for place in line.places)
                    and _near([[at for at in met if met[at] & place] for place in line.places])
                ):
                    found.add(line.table)
        return found

    def _met(self, message: Heard) -> dict[int, int]:
        """What is met at each word of the message."""
        met: dict[int, int] = dict.fromkeys(range(len(message.folded)), 0)
        for form, words in enumerate((tuple(enumerate(message.folded)), message.placed)):
            for index, (at, word) in enumerate(words):
                meanings, joined = self._fits(form, word)
                for rest, open_end, meaning in joined:
                    after = tuple(token for _, token in words[index + 1 : index + 1 + len(rest)])
                    if _follows(after, rest, open_end=open_end):
                        meanings |= meaning
                met[at] |= meanings
        return met

    def _looked_up(self, form: int, word: str) -> _Fits:
        meanings = self._whole[form].get(word, 0)
        begins = self._begins[form]
        for size in range(1, len(word) + 1):
            meanings |= begins.get(word[:size], 0)
        joined = self._joined[form].get(word, [])
        if not form:
            for bare in without_written_on(word):
                for heard_only, key in enumerate((bare, sound(bare))):
                    more, also = self._fits(heard_only, key)
                    meanings |= more
                    joined = [*joined, *also] if not heard_only else joined
        return meanings, tuple(joined)

    def _place(self, part: str, words: Mapping[str, str], by_sound: bool) -> int:
        return _joint(1 << self._meaning(one, words, by_sound) for one in part.split("|"))

    def _meaning(self, one: str, words: Mapping[str, str], by_sound: bool) -> int:
        name = f"~{one}" if by_sound else one
        if name in self._meanings:
            return self._meanings[name]
        bit = self._meanings[name] = len(self._meanings)
        self._sizes.append(0)
        for word in spelled_out(one, words):
            self._sizes[bit] += 1
            for form, keys, open_end in _forms(
                f"~{word}" if by_sound and word[0] not in "~@+" else word, by_sound
            ):
                if len(keys) > 1:
                    self._joined[form].setdefault(keys[0], []).append(
                        (keys[1:], open_end, 1 << bit)
                    )
                else:
                    known = (self._begins if open_end else self._whole)[form]
                    known[keys[0]] = known.get(keys[0], 0) | 1 << bit
        return bit


def _joint(meanings: Iterable[int]) -> int:
    """Several meanings in one number."""
    joint = 0
    for one in meanings:
        joint |= one
    return joint


def _bits(meanings: int) -> Iterator[int]:
    """The bits that are set in a number."""
    while meanings:
        lowest = meanings & -meanings
        yield lowest.bit_length() - 1
        meanings ^= lowest


def _follows(after: Sequence[str], rest: Sequence[str], *, open_end: bool) -> bool:
    """Whether what comes after a word is the rest of a phrase."""
    if len(after) != len(rest) or after[:-1] != rest[:-1]:
        return False
    return after[-1].startswith(rest[-1]) if open_end else after[-1] == rest[-1]


def _forms(word: str, by_sound: bool) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """What a word of a list is compared with: folded (0) or by sound (1), its words, whether more may follow."""
    sign = word[0] if word[0] in "~@+" else ""
    open_end = word.endswith("*") or sign == "@"
    plain = word.removeprefix(sign).removesuffix("*").replace("_", " ")
    keys = tuple(_key(plain, sign in {"~", "@"}).split())
    if not keys:
        raise ValueError(f"nothing is left of {word!r}")
    if sign in {"~", "@"} and not by_sound and len("".join(keys)) < FEWEST_LETTERS:
        raise ValueError(f"too few sounds to be compared by them: {word!r}")
    first, *rest = keys
    written_on = words_of("written_on")
    if sign == "@":
        for before in ("", *written_on["verb"].split()):
            for also in ("", "u"):
                yield 1, (once(f"{also}{before}{first}"), *rest), open_end
    elif sign == "+":
        arabic = "ء" <= first[0] <= "ي"
        for before in ("", *written_on["arabic" if arabic else "noun"].split()):
            yield 0, (before + first, *rest), open_end
            if not arabic:
                yield 0, (before + first[0] + first, *rest), open_end
    else:
        yield int(sign == "~"), keys, open_end


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
