"""A vote on projects as an organizer writes it: how much money, which projects, who wins by which rule."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec

from flows.dialog.definition import Head, Problem, council_quarters, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import PICTURE, VOICE, shown
from flows.kinds.budget import outcome
from flows.wording.text import Text, Translated, msg

#: Most projects that one voter may choose, most and fewest that stand to be chosen.
MOST_CHOSEN = 5
MOST_PROJECTS = 60
FEWEST_PROJECTS = 2

#: The greatest sum, in dirhams.
MOST_MONEY = 10_000_000_000

#: Most floors, and most gender markers of a council's own.
MOST_FLOORS = 20
MOST_MARKERS = 8

#: A project's id stands in files of other programs too.
ID = re.compile(r"[A-Za-z0-9_-]+")

#: What nobody has looked at yet, whatever the list of markers.
UNEXAMINED: Final = "unexamined"

#: The gender markers where a council has no list of its own; those of `_SERVE` serve women.
_USUAL: Final = ("main", "one", "none")
_SERVE: Final = frozenset({"main", "one"})


class Marker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gender marker of the council's own; `serves`: whether projects that have it serve women."""

    id: str
    text: Texts
    serves: bool = False


def gender_markers(
    raw: Mapping[str, Any], council: Council | None, path: Sequence[str | int]
) -> Iterator[tuple[str, Text]]:
    """The markers that a project may have: the council's own, or the usual ones."""
    own = [one for one in raw.get("markers") or () if isinstance(one, Mapping) and one.get("id")]
    for one in own:
        yield str(one["id"]), Translated(dict(one.get("text") or {}))
    for id in () if own else _USUAL:
        yield id, msg(f"budget.gender.{id}")
    yield UNEXAMINED, msg("budget.gender.unexamined")


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be voted for. `cost` in whole dirhams; `gender` is the marker that the council gave it.

    `quarter` is the id of one of the council's quarters, `place` says where it would be.
    """

    id: str
    text: Texts
    cost: int
    about: Annotated[Texts, shown(lines=3, opened="free")] = {}
    place: Texts = {}
    quarter: Annotated[str, shown(part="more", options=council_quarters)] = ""
    gender: Annotated[str, shown(part="more", options=gender_markers)] = UNEXAMINED
    voice: Annotated[Texts, VOICE] = {}
    picture: Annotated[Texts, PICTURE] = {}


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At least `amount` dirhams go to projects that serve women, or to those of one quarter."""

    goes_to: Annotated[Literal["women", "quarter"], shown(fresh="women")]
    amount: int
    quarter: Annotated[str, shown(options=council_quarters, only=("goes_to", ("quarter",)))] = ""


class Budget(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much there is to share out (dirhams), between which projects, and who wins.

    `most`: so many projects each voter may choose. `rule`: by equal shares, by most votes, or the one
    project with most votes; `rest`: what equal shares leave over goes to those with most votes. `floors` are what
    must go to some projects at least. `markers` stand in the place of the usual gender markers. All of it
    is fixed once it is open.
    """

    amount: int
    projects: Annotated[tuple[Project, ...], shown(start=2)] = ()
    most: int = MOST_CHOSEN
    rule: Annotated[Literal["equal_shares", "most_votes", "one"], shown(fresh="equal_shares")] = (
        "equal_shares"
    )
    rest: Annotated[bool, shown(only=("rule", ("equal_shares",)))] = False
    floors: Annotated[tuple[Floor, ...], shown(only=("rule", ("equal_shares", "most_votes")))] = ()
    markers: Annotated[tuple[Marker, ...], shown(part="more")] = ()

    @property
    def choices(self) -> int:
        """How many projects a voter may choose."""
        return min(self.most, len(self.projects))

    def countable(self) -> Sequence[outcome.Project]:
        """The projects as they are counted."""
        return [outcome.Project(project.id, project.cost) for project in self.projects]

    def serving(self) -> frozenset[str]:
        """The ids of the projects that serve women, by their markers."""
        serve = {one.id for one in self.markers if one.serves} if self.markers else _SERVE
        return frozenset(project.id for project in self.projects if project.gender in serve)

    def floor(self, floor: Floor) -> outcome.Floor:
        """A floor as it is counted."""
        if floor.goes_to == "women":
            return outcome.Floor(floor.amount, self.serving())
        there = (one.id for one in self.projects if one.quarter == floor.quarter)
        return outcome.Floor(floor.amount, frozenset(there))


def problems(budget: Budget, council: Council) -> Iterator[Problem]:
    """What is wrong with it beyond its types."""
    if not 1 <= budget.amount <= MOST_MONEY:
        yield Problem("amount", f"is {budget.amount}; it must be from 1 to {MOST_MONEY} DH")
    if not 1 <= budget.most <= MOST_CHOSEN:
        yield Problem("most", f"is {budget.most}; it must be from 1 to {MOST_CHOSEN}")
    if len(budget.projects) > MOST_PROJECTS:
        yield Problem("projects", f"has {len(budget.projects)}; {MOST_PROJECTS} at most")
    known = [quarter.id for quarter in council.quarters]
    markers = {id for id, _ in gender_markers({"markers": _plain(budget)}, council, ())}
    seen: set[str] = set()
    names: set[tuple[str, str]] = set()
    for number, project in enumerate(budget.projects):
        where = f"projects[{number}]"
        if project.id in seen:
            yield Problem(f"{where}.id", f"{project.id!r} is used twice; ids are unique")
        seen.add(project.id)
        yield from _id_problems(f"{where}.id", project.id)
        yield from text_problems(f"{where}.text", project.text, longest=60)
        yield from text_problems(f"{where}.about", project.about, needed=False, longest=600)
        yield from text_problems(f"{where}.place", project.place, needed=False, longest=120)
        for one in names & set(project.text.items()):
            yield Problem(f"{where}.text", f"{one[1]!r} is the name of another project too")
        names |= set(project.text.items())
        if project.cost < 1:
            yield Problem(f"{where}.cost", f"is {project.cost}; it must be above 0")
        elif project.cost > budget.amount:
            said = f"is {project.cost}, more than the {budget.amount} DH that there are"
            yield Problem(f"{where}.cost", said)
        if project.quarter and project.quarter not in known:
            yield _no_quarter(f"{where}.quarter", project.quarter, known)
        if project.gender not in markers:
            said = f"is {project.gender!r}; use one of: {', '.join(sorted(markers))}"
            yield Problem(f"{where}.gender", said)
    yield from _marker_problems(budget)
    yield from _floor_problems(budget, known)


def _plain(budget: Budget) -> Sequence[Mapping[str, Any]]:
    return [{"id": one.id, "text": one.text} for one in budget.markers]


def _id_problems(where: str, id: str) -> Iterator[Problem]:
    if not id or id.startswith("~") or len(id) > 40:
        said = "from 1 to 40 characters, not beginning with ~"
        yield Problem(where, f"is {id!r}; write {said}")
    elif not ID.fullmatch(id):
        yield Problem(where, f"is {id!r}; use letters, digits, - and _")


def _no_quarter(where: str, quarter: str, known: Sequence[str]) -> Problem:
    return Problem(where, f"is {quarter!r}; the council's quarters: {', '.join(known)}")


def _marker_problems(budget: Budget) -> Iterator[Problem]:
    """What is wrong with the council's own list of gender markers."""
    if len(budget.markers) > MOST_MARKERS:
        yield Problem("markers", f"has {len(budget.markers)}; {MOST_MARKERS} at most")
    seen = {UNEXAMINED}
    for number, marker in enumerate(budget.markers):
        if marker.id in seen:
            said = f"{marker.id!r} is used twice, or is there already; ids are unique"
            yield Problem(f"markers[{number}].id", said)
        seen.add(marker.id)
        yield from _id_problems(f"markers[{number}].id", marker.id)
        yield from text_problems(f"markers[{number}].text", marker.text, longest=60)


def _floor_problems(budget: Budget, known: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the floors: each once, no more than the money together."""
    if budget.floors and budget.rule == "one":
        yield Problem("floors", "mean nothing where one project wins; take them out")
    if len(budget.floors) > MOST_FLOORS:
        yield Problem("floors", f"has {len(budget.floors)}; {MOST_FLOORS} at most")
    seen: set[tuple[str, str]] = set()
    for number, floor in enumerate(budget.floors):
        where = f"floors[{number}]"
        if floor.goes_to == "quarter" and floor.quarter not in known:
            yield _no_quarter(f"{where}.quarter", floor.quarter, known)
        named = (floor.goes_to, floor.quarter if floor.goes_to == "quarter" else "")
        if named in seen:
            yield Problem(f"{where}.goes_to", "has a floor already; write one sum for it")
        seen.add(named)
        if floor.amount < 1:
            yield Problem(f"{where}.amount", f"is {floor.amount}; it must be above 0")
    total = sum(floor.amount for floor in budget.floors)
    if total > budget.amount:
        said = f"come to {total} DH together, more than the {budget.amount} DH that there are"
        yield Problem("floors", said)


def unready(budget: Budget) -> Text | None:
    """What it lacks to be opened: there is nothing to choose between fewer than two projects."""
    if len(budget.projects) >= FEWEST_PROJECTS:
        return None
    return msg("budget.unready", fewest=FEWEST_PROJECTS, there=len(budget.projects))
