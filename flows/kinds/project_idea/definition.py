"""A call for ideas as an organizer writes it."""

from collections.abc import Iterator

from flows.dialog.definition import Head, Problem
from flows.dialog.facts import Council

#: The greatest sum, in dirhams.
MOST_MONEY = 10_000_000_000


class ProjectIdeas(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call for ideas; `amount` is how much money there is for them (dirhams), 0 where that is not said."""

    amount: int = 0


def problems(ideas: ProjectIdeas, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    if not 0 <= ideas.amount <= MOST_MONEY:
        yield Problem("amount", f"is {ideas.amount}; it must be from 0 to {MOST_MONEY} DH")
