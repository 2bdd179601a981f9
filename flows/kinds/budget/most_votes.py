"""The projects with most votes, as far as the money goes."""

from collections.abc import Iterator, Mapping, Sequence

from flows.kinds.budget.outcome import Bought, Lost, Project


def most_votes(
    money: int, projects: Sequence[Project], votes: Mapping[str, int]
) -> Iterator[Bought]:
    """The projects with most votes, as far as the money goes; what no longer fits is passed over."""
    for project in sorted(projects, key=lambda one: (-votes[one.id], one.cost)):
        if votes[project.id] and project.cost <= money:
            money -= project.cost
            yield Bought(project.id, project.cost, votes[project.id])


def lost(
    projects: Sequence[Project],
    votes: Mapping[str, int],
    won: Sequence[Bought],
    had: Mapping[str, float],
) -> Iterator[Lost]:
    """The projects that were not chosen; `had` says of each what there was for it."""
    chosen = {one.id for one in won}
    for project in projects:
        if project.id not in chosen:
            yield Lost(project.id, project.cost, votes[project.id], had[project.id])
