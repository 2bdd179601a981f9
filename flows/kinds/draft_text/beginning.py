"""A draft text that begins on another page: an article for each point."""

from collections.abc import Mapping
from typing import Any

from flows.kinds.outline import Outline


def commenting(outline: Outline) -> Mapping[str, Any]:
    """Each point as an article, in their order."""
    return {
        "articles": [
            {
                "key": point.key,
                "number": point.number,
                "title": point.title,
                "text": point.text,
                "short": point.short,
            }
            for point in outline.points
        ]
    }
