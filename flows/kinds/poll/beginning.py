"""Polls that begin on another page: what people propose to each point, and how they rate each."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flows.dialog.definition import shortened
from flows.kinds.outline import Outline, Point

#: Key of the question by which somebody chooses of what to speak, and of the last one.
WHICH: Final = "which"
BESIDES: Final = "besides"

#: Most points that one person is asked about: more would be no two minutes.
MOST_CHOSEN: Final = 3

#: Longest text of a choice, in characters.
_LONGEST: Final = 60


def proposing(outline: Outline) -> Mapping[str, Any]:
    """An open question for each point, to who chose it."""
    return {"questions": [*_questions(outline, "text")]}


def rating(outline: Outline) -> Mapping[str, Any]:
    """A rating for each point, from who chose it."""
    return {"questions": [*_questions(outline, "rating")]}


def _questions(outline: Outline, sort: str) -> Iterator[dict[str, Any]]:
    several = len(outline.points) > 1
    if several:
        yield {
            "key": WHICH,
            "type": "multiple",
            "text": outline.choose,
            "most": min(MOST_CHOSEN, len(outline.points)),
            "choices": [_choice(point) for point in outline.points],
        }
    for point in outline.points:
        asked = {"key": point.key, "type": sort, "text": point.text, "optional": True}
        if several:
            asked["when"] = {"question": WHICH, "any_of": [point.key]}
        yield asked
    if outline.besides:
        yield {"key": BESIDES, "type": "text", "text": outline.besides, "optional": True}


def _choice(point: Point) -> dict[str, Any]:
    number = f"{point.number}. " if point.number else ""
    title = {code: f"{number}{text}" for code, text in point.title.items()}
    return {"id": point.key, "text": dict(shortened(title, _LONGEST).texts)}
