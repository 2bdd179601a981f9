"""How alike two things that citizens told are: by their words, the names of places, nearness of pins."""

from math import cos, hypot, radians

from rapidfuzz import fuzz

from flows.dialog.answers import Spot
from flows.kinds.kind import Told
from flows.understanding import scripts

#: How alike two must be for it to be said that they may be the same.
ALIKE = 0.62


def similarity(one: Told, other: Told) -> float:
    """How alike two of one topic are, 0..1."""
    words = (
        fuzz.token_set_ratio(scripts.fold(one.words), scripts.fold(other.words)) / 100
        if one.words and other.words
        else 0.5
    )
    return (words + _nearness(one.spot or Spot(), other.spot or Spot())) / 2


def _nearness(one: Spot, other: Spot) -> float:
    metres = _metres(one, other)
    if metres is not None:
        return max(0.0, 1.0 - metres / 1000)
    if one.text and other.text:
        return fuzz.token_set_ratio(scripts.fold(one.text), scripts.fold(other.text)) / 100
    return 0.5


def _metres(one: Spot, other: Spot) -> float | None:
    """Distance of two pins in degrees; flat, which is right enough within a commune."""
    if one.latitude is None or one.longitude is None:
        return None
    if other.latitude is None or other.longitude is None:
        return None
    north = (one.latitude - other.latitude) * 111_320
    east = (one.longitude - other.longitude) * 111_320 * cos(radians(one.latitude))
    return hypot(north, east)
