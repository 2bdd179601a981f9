"""A commitment as an organizer writes it: what the council promised, where, by when, who answers for it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec

from flows.dialog.definition import Head, Problem, council_quarters, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import shown

#: Longest name of who answers for it, and longest reference of what it comes from.
LONGEST_NAME = 120


class Commitment(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was promised, from what, and the last day on which it is in time (local).

    `source` is what it comes from, `reference` the number or date of that. `owner` answers for it (a
    service or an office), `indicator` says by what it is seen that it was done. `quarter` is the id of one of
    the council's quarters: who follows that is told of changes.
    """

    source: Literal["decision", "article", "project", "answer", "recommendation"]
    reference: str = ""
    owner: Annotated[str, shown(opened="free")]
    due: date
    indicator: Annotated[Texts, shown(lines=2)]
    place: Texts = msgspec.field(default_factory=dict)
    quarter: Annotated[str, shown(options=council_quarters, opened="free")] = ""


def problems(commitment: Commitment, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    if not 1 <= len(commitment.owner.strip()) <= LONGEST_NAME:
        yield Problem("owner", f"write who answers for it, in 1 to {LONGEST_NAME} characters")
    if len(commitment.reference) > LONGEST_NAME:
        yield Problem("reference", f"is longer than {LONGEST_NAME} characters")
    yield from text_problems("indicator", commitment.indicator, longest=300)
    yield from text_problems("place", commitment.place, needed=False, longest=200)
    known = [quarter.id for quarter in council.quarters]
    if commitment.quarter and commitment.quarter not in known:
        yield Problem(
            "quarter", f"is {commitment.quarter!r}; the council's quarters: {', '.join(known)}"
        )
