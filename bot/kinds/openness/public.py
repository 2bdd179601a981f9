"""A programme for everyone: its steps and days, axes, projects and how they stand. No citizen's word, no name.

A count stands here only once its consultation has closed, and only if it is of five or more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.core.councils import Register, Stand
from bot.core.localtime import local_day, now_ms
from bot.kinds.openness import keeping
from bot.kinds.openness.attached import attached
from bot.kinds.openness.cards import WHOLE
from bot.kinds.openness.keeping import Kept
from bot.kinds.openness.rows import ProgrammeParts
from bot.results.public_record import Count, Said, Section, plain_count
from flows.kinds.openness.card import card
from flows.kinds.openness.programme import Axis, AxisProblem, Programme, Project
from flows.kinds.openness.sequence import ASKED, on
from flows.statistics.disclosure import hidden_if_few
from flows.wording.text import Text
from storage.database import Transaction
from storage.rows.public import PublicCounts

#: Where the page of one is, and the same for programs.
PATH: Final = "/c/{council}/programmes/{code}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation of a step that citizens may know of; how many took part once it is closed, None before."""

    step: str
    code: str
    state: str
    people: Count | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A project, its card in words, how it stands as a commitment (None before it is one), how far it is."""

    project: Project
    card: Text
    stand: Stand | None
    progress: int


@dataclass(frozen=True, slots=True)
class About:
    """A problem and how many of those who told of their own accord are attached to it."""

    problem: AxisProblem
    attached: Count


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a programme that everybody sees; `now` is the step that the day is in, "" before the first."""

    code: str
    programme: Programme
    now: str
    asked: Sequence[Asked]
    axes: Sequence[tuple[Axis, Sequence[About], Sequence[Followed]]]


async def shown(tx: Transaction, register: Register, council_id: int, code: str) -> Shown | None:
    """A programme for everyone. None where there is none, or it is not public."""
    kept = await keeping.programme(tx, council_id, code)
    if kept is None or not kept.programme.public:
        return None
    at = now_ms()
    today = local_day(at)
    parts = await keeping.parts(tx, kept)
    counts = {row.id: row.standing for row in await tx.rows(PublicCounts, council_id=council_id)}
    stands: dict[int, Stand] = {}
    for kind in {row.kind for row in parts.values()} & register.stands.keys():
        stands |= await register.stands[kind](tx, council_id, today)
    told = await attached(tx, kept)
    programme = kept.programme
    projects = programme.by_axis()
    return Shown(
        kept.code,
        programme,
        on(programme.steps, today),
        [_asked(step, parts[step], counts) for step in ASKED if _known(parts.get(step), at)],
        [
            (
                axis,
                [
                    About(one, _told(len(told.get(one.key, ()))))
                    for one in programme.problems_of(axis.key)
                ],
                [_followed(programme, one, parts, stands) for one in projects[axis.key]],
            )
            for axis in programme.axes
        ],
    )


def _known(part: ProgrammeParts | None, at: int) -> bool:
    """Whether citizens may know of a consultation: it can be answered, or could be once."""
    if part is None or part.state == "draft":
        return False
    return part.state != "open" or part.opens_at is None or part.opens_at <= at


def _asked(step: str, part: ProgrammeParts, counts: Mapping[int, int]) -> Asked:
    count = counts.get(part.id, 0)
    people = hidden_if_few(count, count) if part.state != "open" else None
    return Asked(step, part.code, part.state, people)


def _told(count: int) -> Count:
    return hidden_if_few(count, count)


def _followed(
    programme: Programme,
    project: Project,
    parts: Mapping[str, ProgrammeParts],
    stands: Mapping[int, Stand],
) -> Followed:
    part = parts.get(f"project {project.key}")
    stand = stands.get(part.id) if part is not None else None
    progress = WHOLE if stand is not None and stand.done else project.progress
    return Followed(project, card(programme, project), stand, progress)


# --------------------------------------------------------------------------- for programs


def plain(one: Shown, said: Said) -> dict[str, Any]:
    """A programme as JSON has it; docs/public-data.md describes it."""
    programme = one.programme
    return {
        **_head(one.code, programme, one.now),
        "steps": [
            {"step": step.key, "first": _day(step.first), "last": _day(step.last)}
            for step in programme.steps
        ],
        "consultations": [
            {
                "step": asked.step,
                "code": asked.code,
                "state": asked.state,
                "people": None if asked.people is None else plain_count(asked.people),
            }
            for asked in one.asked
        ],
        "axes": [
            {
                "title": axis.title,
                "problems": [
                    {
                        "title": about.problem.title,
                        "about": about.problem.about,
                        "attached": plain_count(about.attached),
                    }
                    for about in problems
                ],
                "projects": [_project(followed, programme, said) for followed in projects],
            }
            for axis, problems, projects in one.axes
        ],
    }


def _project(followed: Followed, programme: Programme, said: Said) -> dict[str, Any]:
    project, stand = followed.project, followed.stand
    problem = next((one.title for one in programme.problems if one.key == project.problem), {})
    return {
        "title": project.title,
        "problem": problem,
        "solution": project.solution,
        "principles": list(project.principles),
        "result": project.result or None,
        "cost": project.cost,
        "funding": project.funding,
        "partners": project.partners,
        "first": _day(project.first),
        "last": _day(project.last),
        "indicator": project.indicator,
        "progress": followed.progress,
        "approved": project.approved,
        "state": stand.state if stand is not None else None,
        "since": (stand.since or None) if stand is not None else None,
    }


def _head(code: str, programme: Programme, now: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": programme.title,
        "session": _day(programme.session),
        "decided": _day(programme.decided),
        "step": now or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# --------------------------------------------------------------------------- on the council's page


@dataclass(frozen=True, slots=True)
class Listed:
    """A programme on the council's page, with the step that the day is in."""

    kept: Kept
    now: str


async def _read(tx: Transaction, council_id: int) -> Sequence[Kept]:
    return [one for one in await keeping.programmes_of(tx, council_id) if one.programme.public]


def _items(read: Sequence[Kept], at: int) -> Iterable[Listed]:
    today = local_day(at)
    return [Listed(one, on(one.programme.steps, today)) for one in read]


def _plain_listed(one: Listed, said: Said) -> dict[str, Any]:
    return _head(one.kept.code, one.kept.programme, one.now)


SECTION: Final = Section(
    kind="",
    key="programmes",
    title="openness.public",
    template="public_programmes.html",
    read=_read,
    items=_items,
    plain=_plain_listed,
    place=5,
)
