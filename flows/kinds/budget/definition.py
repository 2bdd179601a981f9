"""A vote on projects as an organizer writes it: how much money, which projects, who wins by which rule."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import msgspec

from flows.dialog.definition import Head, Problem, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import PICTURE, VOICE, shown
from flows.kinds.budget import counting

#: Most projects that one voter may choose, and most that stand to be chosen.
MOST_CHOSEN = 5
MOST_PROJECTS = 60

#: The greatest sum, in dirhams.
MOST_MONEY = 10_000_000_000


#: A project's id stands in files of other programs too.
ID = re.compile(r"[A-Za-z0-9_-]+")


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be voted for. `cost` in whole dirhams; `gender` is the marker that the council gave it."""

    id: str
    text: Texts
    cost: int
    about: Annotated[Texts, shown(lines=3, opened="free")] = {}
    gender: Annotated[
        Literal["unexamined", "main", "one", "none"], shown(part="more", fresh="unexamined")
    ] = "unexamined"
    voice: Annotated[Texts, VOICE] = {}
    picture: Annotated[Texts, PICTURE] = {}


class Budget(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much there is to share out (dirhams), between which projects, and who wins.

    `most`: so many projects each voter may choose. `rule`: by equal shares, by most votes, or the one
    project with most votes; `rest`: what equal shares leave over goes to those with most votes. All of it
    is fixed once it is open.
    """

    amount: int
    projects: Annotated[tuple[Project, ...], shown(start=2)]
    most: int = MOST_CHOSEN
    rule: Annotated[Literal["equal_shares", "most_votes", "one"], shown(fresh="equal_shares")] = (
        "equal_shares"
    )
    rest: Annotated[bool, shown(only=("rule", ("equal_shares",)))] = False

    @property
    def choices(self) -> int:
        """How many projects a voter may choose."""
        return min(self.most, len(self.projects))

    def countable(self) -> Sequence[counting.Project]:
        """The projects as they are counted."""
        return [counting.Project(project.id, project.cost) for project in self.projects]


def problems(budget: Budget, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    if not 1 <= budget.amount <= MOST_MONEY:
        yield Problem("amount", f"is {budget.amount}; it must be from 1 to {MOST_MONEY} DH")
    if not 1 <= budget.most <= MOST_CHOSEN:
        yield Problem("most", f"is {budget.most}; it must be from 1 to {MOST_CHOSEN}")
    if not 2 <= len(budget.projects) <= MOST_PROJECTS:
        said = f"has {len(budget.projects)}; a vote needs from 2 to {MOST_PROJECTS}"
        yield Problem("projects", said)
    seen: set[str] = set()
    names: set[tuple[str, str]] = set()
    for number, project in enumerate(budget.projects):
        where = f"projects[{number}]"
        if project.id in seen:
            yield Problem(f"{where}.id", f"{project.id!r} is used twice; ids are unique")
        seen.add(project.id)
        if not project.id or project.id.startswith("~") or len(project.id) > 40:
            said = "from 1 to 40 characters, not beginning with ~"
            yield Problem(f"{where}.id", f"is {project.id!r}; write {said}")
        elif not ID.fullmatch(project.id):
            yield Problem(f"{where}.id", f"is {project.id!r}; use letters, digits, - and _")
        yield from text_problems(f"{where}.text", project.text, longest=60)
        yield from text_problems(f"{where}.about", project.about, needed=False, longest=600)
        for one in names & set(project.text.items()):
            yield Problem(f"{where}.text", f"{one[1]!r} is the name of another project too")
        names |= set(project.text.items())
        if project.cost < 1:
            yield Problem(f"{where}.cost", f"is {project.cost}; it must be above 0")
        elif project.cost > budget.amount:
            said = f"is {project.cost}, more than the {budget.amount} DH that there are"
            yield Problem(f"{where}.cost", said)
