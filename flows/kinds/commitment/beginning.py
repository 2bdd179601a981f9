"""A commitment that begins on another page: what a council has approved."""

from collections.abc import Mapping
from typing import Any

from flows.kinds.outline import Outline


def promised(outline: Outline) -> Mapping[str, Any]:
    """The project, who answers for it, by when, and by what it is seen."""
    return {
        "source": "project",
        "reference": outline.reference,
        "owner": outline.owner,
        "due": outline.due.isoformat() if outline.due else None,
        "indicator": outline.indicator,
    }
