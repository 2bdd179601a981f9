"""How alike two things that citizens told are: by what they say, in whatever language, and by nearness."""

from math import cos, hypot, radians

from rapidfuzz import fuzz

from flows.dialog.answers import Spot
from flows.kinds.kind import Told
from flows.understanding import scripts
from flows.understanding.themes.likeness import likeness

#: How alike two must be for it to be said that they may be the same. The pairs of the tests that are the same have
#: words of 0.7 and more, other ones of 0.6 and less: without a place the middle between them is just reached.
ALIKE = 0.58


def similarity(one: Told, other: Told) -> float:
    """How alike two are, 0..1; nothing that says something else is more alike for being near."""
    near = _nearness(one.spot or Spot(), other.spot or Spot())
    if not one.words or not other.words:
        return (0.5 + near) / 2
    words = likeness(one.words, other.words)
    return min(words, (words + near) / 2)


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
