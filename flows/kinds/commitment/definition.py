"""A commitment as an organizer writes it: what the council promised, where, by when, who answers for it."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec

from flows.dialog.definition import Head, Problem, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import shown

#: Longest name of who answers for it, and longest reference of what it comes from.
LONGEST_NAME = 120


class Commitment(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was promised, from what, and the last day on which it is in time (local).

    `source` is what it comes from, `reference` the number or date of that. `owner` answers for it (a
    service or an office), `indicator` says by what it is seen that it was done.
    """

    source: Literal["decision", "article", "project", "answer", "recommendation"]
    reference: str = ""
    owner: Annotated[str, shown(opened="free")]
    due: Annotated[date, shown(opened="free")]
    indicator: Annotated[Texts, shown(lines=2, opened="free")]
    place: Annotated[Texts, shown(opened="free")] = msgspec.field(default_factory=dict)


def problems(commitment: Commitment, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    if not 1 <= len(commitment.owner.strip()) <= LONGEST_NAME:
        yield Problem("owner", f"write who answers for it, in 1 to {LONGEST_NAME} characters")
    if len(commitment.reference) > LONGEST_NAME:
        yield Problem("reference", f"is longer than {LONGEST_NAME} characters")
    yield from text_problems("indicator", commitment.indicator, longest=300)
    yield from text_problems("place", commitment.place, needed=False, longest=200)
