"""A call for ideas that begins on another page."""

from collections.abc import Mapping
from typing import Any

from flows.kinds.outline import Outline


def gathering(outline: Outline) -> Mapping[str, Any]:
    """How much money there is."""
    return {"amount": outline.amount, "minutes": 2}
