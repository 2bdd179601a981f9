"""The consultations of a programme, as outlines.

An outline is in the languages of the programme's title; what the programme has in fewer, citizens read in those.
"""

from datetime import date, datetime, time, timedelta

from flows.dialog.facts import Texts
from flows.kinds.openness.card import card
from flows.kinds.openness.programme import Programme, Project, Step
from flows.kinds.openness.sequence import YEARS, years_after
from flows.kinds.outline import Outline, Point, titled, written
from flows.wording.text import Translated, msg


def solutions(programme: Programme, code: str) -> Outline:
    """What people propose to each problem, in the days of that step."""
    opens, closes = _times(programme.step("solutions"))
    return Outline(
        code,
        _titled(programme, "openness.ask.title"),
        _said(programme, "openness.ask.intro"),
        [
            Point(one.key, one.title, _about(one.title, "openness.ask.point"))
            for one in programme.problems
        ],
        opens,
        closes,
        choose=_said(programme, "openness.ask.choose"),
        besides=_said(programme, "openness.ask.besides"),
    )


def draft(programme: Programme, code: str) -> Outline:
    """The draft of the programme: an article a project, in the days of that step."""
    opens, closes = _times(programme.step("draft"))
    return Outline(
        code,
        _titled(programme, "openness.draft.title"),
        _said(programme, "openness.draft.intro"),
        [
            Point(
                one.key,
                one.title,
                written(card(programme, one), one.title),
                one.solution,
                str(number),
            )
            for number, one in enumerate(programme.projects, 1)
        ],
        opens,
        closes,
    )


def promise(programme: Programme, project: Project, code: str) -> Outline:
    """A project that the council approved: it is followed until its last day, two years if it says none."""
    return Outline(
        code,
        project.title,
        project.solution,
        owner=project.owner,
        due=due(programme, project),
        indicator=project.indicator,
        reference=programme.decided.isoformat() if programme.decided else "",
    )


def evaluation(programme: Programme, code: str) -> Outline:
    """How people find what became of the projects that were approved, in the days of that step."""
    opens, closes = _times(programme.step("evaluation"))
    return Outline(
        code,
        _titled(programme, "openness.rate.title"),
        _said(programme, "openness.rate.intro"),
        [
            Point(one.key, one.title, _about(one.title, "openness.rate.point"), number=str(number))
            for number, one in enumerate(programme.projects, 1)
            if one.approved
        ],
        opens,
        closes,
        choose=_said(programme, "openness.rate.choose"),
        besides=_said(programme, "openness.rate.besides"),
    )


def due(programme: Programme, project: Project) -> date:
    """The last day on which a project is in time."""
    if project.last is not None:
        return project.last
    return years_after(programme.decided or programme.session, YEARS) - timedelta(days=1)


def _times(step: Step) -> tuple[datetime, datetime]:
    """From the first minute of the first day to the end of the last one, as wall times."""
    return datetime.combine(step.first, time()), datetime.combine(
        step.last + timedelta(days=1), time()
    )


def _said(programme: Programme, entry: str) -> dict[str, str]:
    return written(msg(entry), programme.title)


def _about(title: Texts, entry: str) -> dict[str, str]:
    return written(msg(entry, title=Translated(title)), title)


def _titled(programme: Programme, entry: str) -> dict[str, str]:
    return titled(entry, programme.title)
