"""Lines of which the words may stand in any order, with others between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.understanding.lines.files import (
    FEWEST_LETTERS,
    SIGNS,
    Heard,
    denied,
    key,
    spelled_out,
    words_of,
)
from flows.understanding.lines.sounds import denied_stems, once, sound, without_written_on

#: Words in any order stand among so many that follow each other.
REACH = 12


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A line of words in any order: for each place the meanings that fit, as bits of a number."""

    table: str
    places: tuple[int, ...]
    never: int


#: The meanings that a word alone has, and those of words that it begins: what follows, whether more may, which.
_Fits = tuple[int, tuple[tuple[tuple[str, ...], bool, int], ...]]


class Together:
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
        # Verbs that are denied, by their sound.
        self._denied: dict[str, int] = {}
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
            tokens = [word for _, word in words]
            for index, (at, word) in enumerate(words):
                meanings, joined = self._fits(form, word)
                if joined and index + 1 < len(tokens):
                    for rest, open_end, meaning in joined:
                        if _follows(tokens, index + 1, rest, open_end=open_end):
                            meanings |= meaning
                met[at] |= meanings
        return met

    def _looked_up(self, form: int, word: str) -> _Fits:
        meanings = self._whole[form].get(word, 0)
        begins = self._begins[form]
        for size in range(1, len(word) + 1):
            meanings |= begins.get(word[:size], 0)
        if form:
            for stem in denied_stems(word):
                meanings |= self._denied.get(stem, 0)
        joined = self._joined[form].get(word, [])
        if not form:
            for bare in without_written_on(word):
                for heard_only, form_of in enumerate((bare, sound(bare))):
                    more, also = self._fits(heard_only, form_of)
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
            if word[0] == "-":
                stem = denied(word)
                self._denied[stem] = self._denied.get(stem, 0) | 1 << bit
                continue
            for form, keys, open_end in forms(
                f"~{word}" if by_sound and word[0] not in SIGNS else word, by_sound
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


def _follows(tokens: Sequence[str], at: int, rest: Sequence[str], *, open_end: bool) -> bool:
    """Whether what stands from `at` on is the rest of a phrase."""
    size = len(rest)
    if tokens[at] != rest[0]:
        # The rest that nearly all phrases have is one word.
        return open_end and size == 1 and tokens[at].startswith(rest[0])
    if size == 1:
        return True
    if at + size > len(tokens):
        return False
    last = tokens[at + size - 1]
    return tuple(tokens[at : at + size - 1]) == tuple(rest[:-1]) and (
        last.startswith(rest[-1]) if open_end else last == rest[-1]
    )


def forms(word: str, by_sound: bool) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """What a word of a list is compared with: folded (0) or by sound (1), its words, whether more may follow."""
    sign = word[0] if word[0] in SIGNS else ""
    open_end = word.endswith("*") or sign == "@"
    plain = word.removeprefix(sign).removesuffix("*").replace("_", " ")
    keys = tuple(key(plain, by_sound=sign in {"~", "@"}).split())
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
