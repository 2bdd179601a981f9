"""In which of a council's quarters a need is: read from its place, else from its words.

It is read anew each time: a spelling that a council adds counts for what was told before, too.
"""

from collections.abc import Mapping
from typing import Any

from flows.dialog.facts import Council
from flows.kinds.cases.told import told
from flows.morocco import place_in_words
from flows.morocco.quarters import quarter_of
from flows.wording.text import Text, Translated

#: The id of the row of needs that name no quarter; a council's own cannot begin like it.
NOWHERE = "~none"


def quarter(body: Mapping[str, Any], council: Council) -> str | None:
    """The id of the quarter, None where none is named."""
    if not council.quarters:
        return None
    need = told(body)
    place = need.spot.text if need.spot is not None else ""
    known = quarter_of(place, council.quarters) if place else None
    for text in (place, need.words):
        if known is None and text:
            found = place_in_words.read(text, council.quarters)
            known = found.quarter if found is not None else None
    return known


def names(council: Council) -> dict[str, Text]:
    """The quarters by id, as they are shown."""
    return {one.id: Translated(one.text) for one in council.quarters}
