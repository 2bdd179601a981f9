"""Which of several named things does a reply name? Decided where it is sure, in doubt where it may be.

What is offered is known by its own names and by all that means the same (`names.meanings`). Of a reply that
names something every word must be accounted for: it names a choice, or says nothing about any. Words of one
script are compared as they are spelled, give or take a slip (`names.slips`); words of two scripts by how they
sound. Nothing is ever decided by consonants alone: "poubelle" is no "الولوجيات".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flows.understanding.names import frames
from flows.understanding.names.index import NONE, Index, Places, index_of
from flows.understanding.scripts import fold

#: A message of more words is no name of a choice; what it may mean is not even asked back.
LONGEST = 12

#: A longer one that names something is asked back: it may say something else about it.
PLAIN = 8

#: Two words that belong together ("lmosta chfa") have at least so many letters.
JOINED = 6


@dataclass(frozen=True, slots=True)
class Named:
    """The places of the things that a reply names: `sure`, or else those that it `maybe` does."""

    sure: int | None = None
    maybe: tuple[int, ...] = ()


NOTHING = Named()


def means_all(text: str) -> bool:
    """Whether the whole of `text` says "all of them"."""
    return fold(text) in frames.phrases("all")


def means_none(text: str) -> bool:
    """Whether the whole of `text` says "none of them"."""
    return fold(text) in frames.phrases("none")


def all_but(text: str) -> str | None:
    """What is left out where the whole of `text` says "all but ..."; None where it does not say so."""
    return frames.all_but(fold(text))


def named(text: str, names: Sequence[Iterable[str]]) -> Named:
    """Which of the things with these `names` (each in several languages) the reply names. Never raises."""
    wanted = fold(text)
    if not wanted:
        return NOTHING
    known = _known(names)
    whole = [at for at, of_one in enumerate(known) if wanted in of_one]
    if whole:
        return _decided(whole)
    if wanted.count(" ") >= LONGEST:
        return NOTHING
    index = index_of(known)
    alone = index.alone.get(wanted)
    if alone and not index.exact.get(wanted):
        return _decided(sorted(alone))
    read = _read(wanted, index)
    if not read.met:
        near = {at for word in read.unknown for at in index.nearly(word)}
        return Named(maybe=tuple(sorted(near)))
    common = frozenset.intersection(*read.met)
    if len(common) > 1:
        # Of "street" and "street lighting" it is the one whose whole name was said.
        bare = " ".join(frames.core(frames.without_frames(wanted)))
        common = index.whole.get(bare, NONE) or common
    if common and read.is_plain and wanted.count(" ") < PLAIN:
        return _decided(sorted(common))
    return Named(maybe=tuple(sorted(common or frozenset.union(*read.met))))


def listed(text: str, names: Sequence[Iterable[str]]) -> tuple[int, ...] | None:
    """The places of all things that an enumeration names, if every word of it is accounted for; else None."""
    wanted = fold(text)
    if not wanted or wanted.count(" ") >= 2 * LONGEST:
        return None
    read = _read(wanted, index_of(_known(names)))
    if not read.met or not read.is_plain:
        return None
    found: set[int] = set()
    for item in read.items:
        common = frozenset.intersection(*item)
        if len(common) == 1:
            found |= common
        elif not common and all(len(places) == 1 for places in item):
            found = found.union(*item)
        else:
            return None
    return tuple(sorted(found))


def only(text: str) -> str:
    """A reply to "which numbers?" without what says nothing about them: "2 et 4 seulement"."""
    return frames.only(text)


def _known(names: Sequence[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(filter(None, map(fold, of_one)))) for of_one in names)


def _decided(found: Sequence[int]) -> Named:
    return Named(sure=found[0]) if len(found) == 1 else Named(maybe=tuple(found))


@dataclass(slots=True)
class _Read:
    """What each part of a reply names; `items` are the parts between which it says "and"."""

    items: list[list[Places]] = field(default_factory=lambda: [[]])
    unknown: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    turned: bool = False
    #: Something stood beside a preposition: "pour les enfants" is no vote.
    spoken_of: bool = False

    @property
    def met(self) -> list[Places]:
        """What all parts name."""
        return [places for item in self.items for places in item]

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left over, and nothing turns what was named."""
        return not (self.unknown or self.turned or self.spoken_of or self._contradicted)

    @property
    def _contradicted(self) -> bool:
        """Whether a number stands there that is not the place of what is named: "1 contre"."""
        return any(self.met != [frozenset({number - 1})] for number in self.numbers)

    def add(self, places: Places) -> None:
        self.items[-1].append(places)

    def separate(self) -> None:
        if self.items[-1]:
            self.items.append([])


def _read(wanted: str, index: Index) -> _Read:
    """Take a reply apart; where something is counts only if nothing else was said."""
    read = _read_words(frames.without_frames(wanted), index)
    if not read.met:
        read = _read_words(frames.without_frames(wanted, also_where=False), index)
    read.turned = read.turned or frames.says_otherwise(wanted)
    return read


def _read_words(wanted: str, index: Index) -> _Read:
    """What is read as a phrase is not looked at word by word as well."""
    read = _Read()
    parts = _phrases(wanted.split(), index)
    turns: list[str] = []
    denies = preposition = beside = False
    for part in parts:
        if isinstance(part, frozenset):
            read.add(part)
            continue
        plain = index.exact.get(part, NONE)
        if plain:
            read.add(plain)
            denies = denies or part in frames.turning() - frames.particles()
            preposition = preposition or part in frames.prepositions()
        elif part in frames.between():
            read.separate()
        elif part in frames.around():
            continue
        elif part in frames.turning():
            turns.append(part)
        elif part.isdecimal() and len(part) < 3:
            read.numbers.append(int(part))
        else:
            places = index.plainly(part)
            if not places and (part in frames.beside() or part in frames.people()):
                beside = True
                continue
            if not places and part[0] == "و" and len(part) > 3:
                # In Arabic "and" is written together with what it joins.
                places = index.plainly(part[1:]) or index.loosely(part[1:])
                if places:
                    read.separate()
            places = places or index.loosely(part)
            if places:
                read.add(places)
            else:
                read.unknown.append(part)
    read.items = [item for item in read.items if item] or [[]]
    read.turned = any(not denies or word not in frames.particles() for word in turns)
    read.spoken_of = preposition and beside
    return read


def _phrases(words: Sequence[str], index: Index) -> list[str | Places]:
    """The words, those that name something only together as one."""
    bare: list[str | Places] = []
    at = 0
    while at < len(words):
        size, places = _longest(words[at:], index)
        if size:
            bare.append(places)
        else:
            bare.append(words[at])
        at += size or 1
    # And once more without the words between them that say nothing: "do dyal la zan9a".
    found: list[str | Places] = []
    run: list[str] = []
    for part in [*bare, NONE]:
        if isinstance(part, str):
            if part in index.exact or part not in frames.around() or part in frames.between():
                run.append(part)
            continue
        found += _joined(run, index)
        run = []
        if part:
            found.append(part)
    return found


def _joined(run: Sequence[str], index: Index) -> list[str | Places]:
    found: list[str | Places] = []
    at = 0
    while at < len(run):
        size, places = _longest(run[at:], index)
        if not size and at + 1 < len(run):
            joined = run[at] + run[at + 1]
            places = index.plainly(joined) if len(joined) >= JOINED else NONE
            size = 2 if places else 0
        found.append(places if size else run[at])
        at += size or 1
    return found


def _longest(words: Sequence[str], index: Index) -> tuple[int, Places]:
    """The longest phrase of two and more words at the beginning, and what it names."""
    for size in range(min(index.longest, len(words)), 1, -1):
        places = index.phrase(words[:size])
        if places:
            return size, places
    return 0, NONE
