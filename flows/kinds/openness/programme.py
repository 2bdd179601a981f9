"""An openness programme as it is kept: its sequence, its axes with their problems, its projects.

Axes are themes that each council picks. Principles are something else: four, the same for every council, each a yes
or no on a project's card (network of open councils; ctouvertes, read for docs/organizers.md).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal, get_args

import msgspec

from flows.dialog.facts import Texts

Principle = Literal["transparency", "information", "participation", "digital"]
Result = Literal["partner", "services", "trust"]

#: The network's principles, and what a project is expected to lead to.
PRINCIPLES: Final[tuple[Principle, ...]] = get_args(Principle)
RESULTS: Final[tuple[Result, ...]] = get_args(Result)

#: Most of each in one programme: more would be no programme.
MOST_AXES: Final = 12
MOST_PROBLEMS: Final = 40
MOST_PROJECTS: Final = 40

#: Most solutions of a workshop that are noted of one problem.
MOST_NOTED: Final = 40

#: Longest texts, in characters: a name of an axis or a problem (citizens choose by it), all that is said of
#: one, a solution of a workshop, a project's title, by what it is seen, who answers for it or pays for it.
LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 600
LONGEST_NOTED: Final = 300
LONGEST_TITLE: Final = 100
LONGEST_INDICATOR: Final = 300
LONGEST_LINE: Final = 120

#: Most dirhams of a project.
MOST_COST: Final = 10_000_000_000


class Step(msgspec.Struct, frozen=True):
    """One step of the sequence, from its first to its last local day, both of it."""

    key: str
    first: date
    last: date


class Axis(msgspec.Struct, frozen=True):
    """A theme that the council works on."""

    key: str
    title: Texts


class AxisProblem(msgspec.Struct, frozen=True):
    """What is wrong there; `noted` is what a workshop proposed."""

    key: str
    axis: str
    title: Texts
    about: Texts = {}
    noted: tuple[str, ...] = ()


class Project(msgspec.Struct, frozen=True):
    """A project on the network's card. `problem` is the key of one, "" for none; `cost` is in dirhams.

    `owner` answers for it, and is not public: it may be a member of staff. `partners` do it with the council, `first` and `last` are its calendar; by the `indicator` it is seen that it
    was done. `progress` is in percent. `approved` is the council's word, None before its session.
    """

    key: str
    axis: str
    title: Texts
    problem: str = ""
    solution: Texts = {}
    indicator: Texts = {}
    principles: tuple[Principle, ...] = ()
    result: Result | Literal[""] = ""
    cost: int | None = None
    funding: str = ""
    owner: str = ""
    partners: str = ""
    first: date | None = None
    last: date | None = None
    progress: int = 0
    approved: bool | None = None


class Programme(msgspec.Struct, frozen=True):
    """All of one. `made` counts the keys that were given out: none comes twice.

    `public`: whether citizens see its page. `decided` is the day on which the council approved.
    """

    title: Texts
    session: date
    steps: tuple[Step, ...]
    axes: tuple[Axis, ...] = ()
    problems: tuple[AxisProblem, ...] = ()
    projects: tuple[Project, ...] = ()
    made: int = 0
    public: bool = False
    decided: date | None = None

    def step(self, key: str) -> Step:
        """A step by its key. Raises KeyError."""
        return {one.key: one for one in self.steps}[key]

    @property
    def approved(self) -> Sequence[Project]:
        """The projects that the council approved."""
        return [one for one in self.projects if one.approved]

    def by_axis(self) -> Mapping[str, Sequence[Project]]:
        """The projects of each axis, in their order."""
        return {a.key: [p for p in self.projects if p.axis == a.key] for a in self.axes}

    def problems_of(self, axis: str) -> Sequence[AxisProblem]:
        """The problems of an axis."""
        return [one for one in self.problems if one.axis == axis]
