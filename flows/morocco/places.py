"""Which commune, province or region does a name mean? The tables are those of `gazetteer`; `warm_up` reads them early."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from flows.morocco.gazetteer import (
    LEVELS,
    Place,
    ancestors,
    area_of,
    children,
    communes_of,
    gazetteer,
    of_level,
    place,
)
from flows.morocco.place_likeness import COMMON_SOUNDS, apart, likeness, weight
from flows.morocco.place_names import Level, Name, Query, also_called, name_of, other_readings, read
from flows.understanding.scripts import fold, script

__all__ = [
    "LEVELS",
    "Match",
    "Place",
    "Resolution",
    "ancestors",
    "children",
    "commune_named",
    "communes_of",
    "find",
    "named_exactly",
    "of_level",
    "place",
    "resolve",
    "warm_up",
]


@dataclass(frozen=True)
class Match:
    """A place that a text may mean."""

    place: Place
    score: float  #: 0 to 1; from 0.9 on it is rarely wrong, under 0.7 it is not offered
    exact: bool  #: the name itself, give or take accents, hamza, hyphens and the article
    apart: float = 0.0  #: how far the spelling is from the name's (`place_likeness.apart`)


@dataclass(frozen=True)
class Resolution:
    """What a text means: one certain place, or candidates to offer, best first, or nothing."""

    certain: Place | None
    candidates: tuple[Place, ...]  #: empty when certain


def find(
    text: str, *, within: Sequence[str] = (), levels: Iterable[Level] | None = None, limit: int = 3
) -> list[Match]:
    """The places a text may mean, best first, in any script and spelling.

    `within`: codes; only they and what lies in them is considered. `levels`: without it, a word
    such as "province" or "جماعة" in the text decides, else every level is considered and, of a
    commune and a province of one name, the commune comes first. A province or region may follow the
    name: "Ajdir, Taza". Empty when nothing is close. Raises KeyError for a code in `within`.
    """
    asked = read(text)
    if not asked.sound:
        return []
    wanted = frozenset(levels) if levels is not None else (asked.levels or frozenset(LEVELS))
    area = area_of(tuple(within))
    found = _search(asked, wanted, area)
    if not found or not found[0].exact:
        found = max(found, _search_in_parts(asked, wanted, area), key=_best_score)
        for other, sure in other_readings(asked):
            read_so = _search(other, wanted, area)
            if not sure:
                read_so = [replace(m, apart=m.apart + 1, exact=False) for m in read_so]
            found = max(found, read_so, key=_best_score)
    if asked.whole != asked.tokens and name_of(asked.whole).sound in _index().by_sound:
        whole = _search(asked._replace(tokens=asked.whole), wanted, area)
        found = sorted({m.place.code: m for m in [*found, *whole]}.values(), key=_rank)
    return found[:limit]


def resolve(
    text: str, *, within: Sequence[str] = (), levels: Iterable[Level] | None = None
) -> Resolution:
    """The one place a text means, or the choices to offer: three, or up to seven namesakes.

    Certain means one exact name, or one near name far ahead of the next. A commune is not made
    uncertain by the province that bears its name. Parameters are those of `find`.
    """
    matches = find(text, within=within, levels=levels, limit=12)
    if not matches:
        return Resolution(None, ())
    best = matches[0]
    wider = {p.code for p in ancestors(best.place.code)}
    rivals = [m for m in matches[1:] if m.place.code not in wider]
    namesakes = [m for m in rivals if m.exact]
    # "Dcheira" is a village of the south, but most who write it live in Dcheira El Jihadia.
    # Of a commune only a far larger namesake matters, of a city's quarters any: Agdal, Agdal Riyad.
    people = (best.place.population or 0) * (0.3 if best.place.level == "arrondissement" else 3)
    short = fold(best.place.names["fr"]) + " "
    overshadowed = any(
        fold(m.place.names["fr"]).startswith(short) and (m.place.population or 0) > people
        for m in rivals
    )
    if best.exact and not namesakes and not overshadowed:
        return Resolution(best.place, ())
    if not best.exact and not overshadowed and _is_surely(text, best, rivals, within, levels):
        return Resolution(best.place, ())
    offered = min(max(3, 1 + len(namesakes)), 7)
    return Resolution(None, tuple(m.place for m in [best, *rivals][:offered]))


def _is_surely(
    text: str,
    best: Match,
    rivals: Sequence[Match],
    within: Sequence[str],
    levels: Iterable[Level] | None,
) -> bool:
    """Whether a spelling that is not the name itself can mean nothing else: no name is near it.

    One consonant makes another place (Telouet, Tilougguite), so the next name must be a whole one further away;
    and what is short is like too many words that are no places.
    """
    name = name_of(read(text).tokens)
    size = weight(name.sound)
    nearly = next((rule for rule in _SURELY if best.apart <= rule.apart), None)
    if nearly is None or name.sound in COMMON_SOUNDS or best.score < _ALIKE:
        return False
    if size < nearly.shortest or any(m.apart < best.apart + nearly.further for m in rivals):
        return False
    # "mekès" is a slip of Meknès, though Mikkes sounds nearer.
    many = _FAR_MORE * (best.place.population or 1)
    if any(m.apart < best.apart + 1.4 and (m.place.population or 0) > many for m in rivals):
        return False
    # Elsewhere a name may be as near, or just this one: it is not asked about, but may be meant.
    elsewhere = find(text, levels=levels, limit=6) if within else ()
    return all(
        m.place.code == best.place.code or m.apart >= best.apart + nearly.further
        for m in elsewhere
        if m.place.code not in {p.code for p in ancestors(best.place.code)}
    )


#: The least a match must reach to be offered: below, it was chance.
_OFFERED: Final = 0.7


class _Surely(NamedTuple):
    """When a spelling that is so far `apart` from a name is certain: how much `further` the next name has to be,
    and how much there must be to it (`place_likeness.weight`).
    """

    apart: float
    further: float
    shortest: float


#: One sound for all spellings; a vowel that is written or not; a vowel or two, or a letter that is often mixed up.
_SURELY: Final = (_Surely(0.0, 0.4, 2.2), _Surely(0.25, 0.4, 3.0), _Surely(0.65, 0.9, 3.5))

#: So many times as many people live in the place that was more likely meant.
_FAR_MORE: Final = 10

#: The least likeness (`place_likeness.likeness`) of what is certain.
_ALIKE: Final = 0.86


def named_exactly(words: Sequence[str], within: Sequence[str] = ()) -> Place | None:
    """The one commune whose name folded words are, letter for letter; None for none, or for namesakes."""
    key = name_of(words).exact
    index, area = _index(), area_of(tuple(within))
    found = [index.places[i] for i in index.by_exact.get(key, ())]
    inside = {p for p in found if p.level == "commune" and (area is None or p.code in area)}
    return next(iter(inside)) if len(inside) == 1 else None


def warm_up() -> None:
    """Read every table now (a tenth of a second), so that no citizen waits for it."""
    _index()


# --------------------------------------------------------------------------- search


class _Index(NamedTuple):
    names: list[Name]
    places: list[Place]  #: of each name
    by_word: Mapping[str, tuple[int, ...]]
    by_exact: Mapping[str, tuple[int, ...]]
    by_sound: Mapping[str, tuple[int, ...]]


@cache
def _index() -> _Index:
    names: list[Name] = []
    owners: list[Place] = []
    for found in gazetteer().values():
        spellings = [*found.names.values(), *also_called(found.code)]
        for made in dict.fromkeys(name_of(fold(s).split()) for s in spellings if s):
            names.append(made)
            owners.append(found)
    tables: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list), defaultdict(list)]
    for i, name in enumerate(names):
        tables[1][name.exact].append(i)
        tables[2][name.sound].append(i)
        for word in name.words:
            tables[0][word].append(i)
    words, exact, sounds = ({k: tuple(v) for k, v in table.items()} for table in tables)
    return _Index(names, owners, words, exact, sounds)


#: Of places that fit equally well, what a citizen most likely means comes first.
_PREFERENCE: Final[Mapping[str, float]] = {
    "commune": 0.0,
    "arrondissement": 0.004,
    "province": 0.008,
    "region": 0.012,
}


@lru_cache(maxsize=64)
def _allowed(
    levels: frozenset[Level], area: frozenset[str] | None
) -> tuple[tuple[int, ...], frozenset[int], list[str], list[str]]:
    """Which names are looked at, and their sounds and bones in the same order."""
    index = _index()
    found = tuple(
        i
        for i, p in enumerate(index.places)
        if p.level in levels and (area is None or p.code in area)
    )
    sounds = [index.names[i].sound for i in found]
    return found, frozenset(found), sounds, [index.names[i].bones for i in found]


def _search(asked: Query, levels: frozenset[Level], area: frozenset[str] | None) -> list[Match]:
    index = _index()
    name = name_of(asked.tokens)
    allowed, known_here, sounds, bones = _allowed(levels, area)
    near: set[int] = set(index.by_exact.get(name.exact, ())) | set(
        index.by_sound.get(name.sound, ())
    )
    for word in name.words:
        near.update(index.by_word.get(word, ())[:40])
    near &= known_here
    for key, keys in ((name.sound, sounds), (name.bones, bones)):
        found = process.extract(key, keys, scorer=fuzz.ratio, limit=40, score_cutoff=50)
        near.update(allowed[at] for _, _, at in found)
    best: dict[str, Match] = {}
    for i in near:
        one, other = index.places[i], index.names[i]
        exact = name.exact == other.exact
        score = 1.0 if exact else likeness(name, other, _OFFERED)
        known = best.get(one.code)
        if score >= _OFFERED and (known is None or (exact, score) > (known.exact, known.score)):
            distance = 0.0 if exact else apart(name.sound, other.sound)
            best[one.code] = Match(one, round(score, 4), exact, distance)
    return sorted(best.values(), key=_rank)


def _rank(match: Match) -> tuple[float, float]:
    people = math.log10(max(match.place.population or 1, 1))
    return (-match.score + _PREFERENCE[match.place.level] - 0.003 * people, -people)


def _search_in_parts(
    asked: Query, levels: frozenset[Level], area: frozenset[str] | None
) -> list[Match]:
    """Read the last words as the province, region or commune around the first: "Ajdir Taza"."""
    index = _index()
    best: list[Match] = []
    for cut in range(1, len(asked.tokens)):
        around = name_of(asked.tokens[cut:])
        hits = {*index.by_exact.get(around.exact, ()), *index.by_sound.get(around.sound, ())}
        codes = {index.places[i].code for i in hits if index.places[i].level != "arrondissement"}
        codes |= {p.province for c in codes if (p := place(c)).level == "commune" and p.province}
        if not codes:
            continue
        inner = (area_of(tuple(sorted(codes))) or frozenset()) - codes
        narrowed = inner if area is None else inner & area
        found = _search(asked._replace(tokens=asked.tokens[:cut]), levels, narrowed)
        best = max(best, [m for m in found if m.score >= 0.8], key=_best_score)
    return best


def _best_score(matches: Sequence[Match]) -> float:
    return matches[0].score if matches else 0.0


def commune_named(names: Sequence[str], regions: tuple[str, ...]) -> Place | None:
    """The one commune of these regions that bears one of a town's names, the first name first."""
    index = _index()
    area = area_of(regions)
    usable = [n for n in names if n and script(n) in ("latin", "arabic")]
    keys = [name_of(fold(n).split()) for n in usable]
    # The town's own name decides before its other names do.
    for key in keys:
        hits = {*index.by_exact.get(key.exact, ()), *index.by_sound.get(key.sound, ())}
        owners = {index.places[i] for i in hits if index.places[i].level == "commune"}
        owners = {p for p in owners if area is None or p.code in area}
        if len(owners) == 1:
            return owners.pop()
    return None
