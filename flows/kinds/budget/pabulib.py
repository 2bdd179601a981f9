"""Elections in the format of Pabulib (https://pabulib.org/format): three tables, with semicolons between.

Only approval ballots are read and written. What a file says besides (age, gender, districts) is left out.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.kinds.budget.outcome import Ballot, Project


class WrongFile(ValueError):
    """A file that is no election that can be counted; the message says what is wrong and in which line."""


@dataclass(frozen=True, slots=True)
class Election:
    """A budget (whole units), the projects with their names, and how many voted for each set of them."""

    budget: int
    projects: Sequence[Project]
    names: Mapping[str, str]
    ballots: Mapping[Ballot, int]


def read(text: str) -> Election:
    """The election of a file. Raises WrongFile."""
    tables = _tables(text)
    meta = {row["key"].strip(): row["value"].strip() for _, row in tables["META"] if row["key"]}
    kind = meta.get("vote_type", "")
    if kind != "approval":
        raise WrongFile(f"vote_type is {kind!r}; only approval ballots can be counted")
    projects: dict[str, Project] = {}
    names: dict[str, str] = {}
    for number, row in tables["PROJECTS"]:
        id = row["project_id"].strip()
        if id in projects:
            raise WrongFile(f"line {number}: the project {id!r} stands twice")
        projects[id] = Project(id, _whole(row["cost"], f"line {number}: cost"))
        names[id] = (row.get("name") or "").strip()
    ballots: Counter[Ballot] = Counter()
    voters: set[str] = set()
    for number, row in tables["VOTES"]:
        chosen = frozenset(id.strip() for id in row["vote"].split(",") if id.strip())
        strangers = sorted(chosen - projects.keys())
        if strangers:
            raise WrongFile(f"line {number}: a vote for {strangers[0]!r}, which is no project")
        voter = row["voter_id"].strip()
        if voter in voters:
            raise WrongFile(f"line {number}: the voter {voter!r} stands twice; each votes once")
        voters.add(voter)
        ballots[chosen] += 1
    for key, what, count in (
        ("num_projects", "projects", len(projects)),
        ("num_votes", "votes", len(voters)),
    ):
        if meta.get(key, str(count)) != str(count):
            raise WrongFile(
                f"{key} is {meta[key][:40]!r}, and there are {count} {what}: some are missing"
            )
    return Election(_whole(meta.get("budget", ""), "budget"), [*projects.values()], names, ballots)


#: A whole sum that a double holds exactly, also as "600.0".
_WHOLE = re.compile(r"(\d{1,15})(?:[.,]0*)?", re.ASCII)

_NEEDED = {
    "META": {"key", "value"},
    "PROJECTS": {"project_id", "cost"},
    "VOTES": {"voter_id", "vote"},
}


def _tables(text: str) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """The rows of each table by their headings, with the number of their line."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    heading: list[str] | None = None
    table = ""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    for cells in lines:
        number = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        name = cells[0].strip().upper()
        if len([cell for cell in cells if cell.strip()]) == 1 and name in _NEEDED:
            table, heading = name, None
            found[table] = []
        elif not table:
            raise WrongFile(f"line {number}: a file begins with META")
        elif heading is None:
            heading = [cell.strip() for cell in cells]
            missing = sorted(_NEEDED[table] - set(heading))
            if missing:
                raise WrongFile(f"line {number}: {table} has no column {missing[0]!r}")
        else:
            short = next((name for name in heading[len(cells) :] if name in _NEEDED[table]), None)
            if short is not None:
                raise WrongFile(f"line {number}: nothing stands under {short!r}")
            row = dict.fromkeys(heading, "") | dict(zip(heading, cells, strict=False))
            found[table].append((number, row))
    for table in _NEEDED:
        if table not in found:
            raise WrongFile(f"there is no table {table}")
    return found


def _whole(said: str, what: str) -> int:
    """A sum of money in whole units; a part of one is cut off where it is nought."""
    found = _WHOLE.fullmatch(said.strip())
    if found is None or not int(found[1]):
        raise WrongFile(f"{what} is {said[:40]!r}; it must be a whole number above 0")
    return int(found[1])


def write(
    meta: Mapping[str, str], election: Election, winners: Sequence[str], order: Sequence[Ballot]
) -> Iterator[str]:
    """The lines of a file. `meta` says what the election was; `order` are the ballots as they are to stand."""
    votes = Counter(id for ballot in order for id in ballot)
    yield "META"
    yield _line("key", "value")
    counted = {
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(order)),
        "budget": str(election.budget),
        "vote_type": "approval",
    }
    said = {**meta, **counted}
    for key in sorted(said, key=_place):
        yield _line(key, said[key])
    yield "PROJECTS"
    yield _line("project_id", "cost", "votes", "name", "selected")
    for project in election.projects:
        selected = "1" if project.id in winners else "0"
        cells = (project.id, str(project.cost), str(votes[project.id]))
        yield _line(*cells, election.names.get(project.id, ""), selected)
    yield "VOTES"
    yield _line("voter_id", "vote")
    places = {project.id: at for at, project in enumerate(election.projects)}
    for number, ballot in enumerate(order, 1):
        yield _line(str(number), ",".join(sorted(ballot, key=places.__getitem__)))


#: The order in which the format has what it knows of an election.
_ORDER = (
    *("description", "country", "unit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "currency"),
)


def _place(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def _line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(cells)
    return out.getvalue()
