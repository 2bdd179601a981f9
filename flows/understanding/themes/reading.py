"""Which of a council's themes does a sentence tell of?

Two themes in one sentence are never decided, and neither is what is only where something is: both are offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.understanding.lines.files import heard
from flows.understanding.themes import usual
from flows.understanding.themes.offered import Offered, tied

#: Of less than this nothing is certain.
LEAST = 1.9

#: The first theme says so many times as much as the second.
LEAD = 2.5

#: A second theme that says so much was told of as well.
NAMED = 4.0

#: So many are offered where nothing is certain.
LIKELY = 3

#: Longer texts are read so far, in characters.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is about: an offered theme that is certain, or the likely ones, best first; both may be empty."""

    certain: str | None = None
    likely: tuple[str, ...] = ()


NOTHING = Reading()


def read(text: str, offered: Sequence[Offered]) -> Reading:
    """Which of the offered themes `text` tells of. Never raises."""
    council = tied(offered)
    words = heard(text[:LONGEST]).folded
    told = usual.weights(usual.said(words, usual.table().met(words)))
    mine = usual.weights(usual.said(words, council.own.met(words)))
    scores: dict[str, float] = {}
    for id, stands_for in council.usual.items():
        weights = [weight for theme in stands_for for weight in told.get(theme, ())]
        scores[id] = usual.together([*weights, *mine.get(id, ())])
    # In the order in which they are offered where two say as much.
    ranked = sorted((id for id, score in scores.items() if score), key=lambda id: -scores[id])
    if not ranked:
        return NOTHING
    offers = frozenset().union(*council.usual.values())
    others = [usual.together(told[theme]) for theme in told if theme not in offers]
    best, second = scores[ranked[0]], max([scores[id] for id in ranked[1:]] + others, default=0.0)
    if best >= LEAST and best >= LEAD * second and second < NAMED:
        return Reading(certain=ranked[0])
    return Reading(likely=tuple(ranked[:LIKELY]))
