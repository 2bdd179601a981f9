"""Project cards: written, put right, taken away, decided on by the council."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from bot.core.refusals import refused
from bot.kinds.openness.editing import alone, known, text_of, title_of
from flows.dialog.asked_back import day_in_words
from flows.kinds.openness.programme import (
    LONGEST_INDICATOR,
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_COST,
    MOST_PROJECTS,
    Programme,
    Project,
)

#: A project that is done, in percent.
WHOLE = 100


def with_project(programme: Programme, wanted: Project) -> Programme:
    """A new project (no key), or the same card with other words; what the council decided stays."""
    known(wanted.axis, programme.axes)
    if wanted.problem and known(wanted.problem, programme.problems).axis != wanted.axis:
        raise refused("openness_desk.no.other_axis")
    title = title_of(wanted.title, LONGEST_TITLE)
    alone(title, [one.title for one in programme.projects if one.key != wanted.key])
    wanted = replace(
        wanted,
        title=title,
        solution=text_of(wanted.solution, LONGEST_TEXT),
        indicator=text_of(wanted.indicator, LONGEST_INDICATOR),
    )
    if any(len(t) > LONGEST_LINE for t in (wanted.funding, wanted.owner, wanted.partners)):
        raise refused("openness_desk.no.line", most=LONGEST_LINE)
    if wanted.cost is not None and not 0 <= wanted.cost <= MOST_COST:
        raise refused("openness_desk.no.cost")
    if not 0 <= wanted.progress <= WHOLE:
        raise refused("openness_desk.no.progress")
    if (wanted.first is None) != (wanted.last is None) or (
        wanted.first is not None and wanted.last is not None and wanted.last < wanted.first
    ):
        raise refused("openness_desk.no.calendar")
    if wanted.key:
        before = known(wanted.key, programme.projects)
        card = replace(wanted, approved=before.approved)
        projects = [card if one.key == wanted.key else one for one in programme.projects]
        return replace(programme, projects=tuple(projects))
    if len(programme.projects) >= MOST_PROJECTS:
        raise refused("openness_desk.no.more", most=MOST_PROJECTS)
    made = programme.made + 1
    card = replace(wanted, key=f"j{made}", approved=None)
    return replace(programme, projects=(*programme.projects, card), made=made)


def without_project(programme: Programme, key: str) -> Programme:
    """Take a project away that the council has not decided on."""
    if known(key, programme.projects).approved is not None:
        raise refused("openness_desk.no.decided")
    return replace(programme, projects=tuple(p for p in programme.projects if p.key != key))


def decided(
    programme: Programme, day: date | None, approved: Mapping[str, bool], today: date
) -> Programme:
    """Note what the council decided of each project, at a sitting that has been."""
    if day is None or day > today:
        raise refused("openness_desk.no.sitting")
    if not programme.projects:
        raise refused("openness_desk.no.projects")
    if day < programme.steps[0].first:
        raise refused("openness_desk.no.early_sitting", day=day_in_words(programme.steps[0].first))
    projects = [replace(one, approved=approved[one.key]) for one in programme.projects]
    return replace(programme, projects=tuple(projects), decided=day)
