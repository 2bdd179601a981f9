"""A project's card in words, as citizens read it: in a draft, in a commitment, on the public page."""

from collections.abc import Iterator

from flows.dialog.asked_back import day_in_words
from flows.kinds.openness.programme import Programme, Project
from flows.wording.text import Code, Message, Text, Translated, Verbatim, lines, msg


def card(programme: Programme, project: Project) -> Text:
    """All of the card but its title and its progress, a line each; what is not known is left out.

    Who answers for it is not public: it may be a member of staff.
    """
    return lines(*_lines(programme, project))


def _lines(programme: Programme, project: Project) -> Iterator[Message]:
    axis = next((one for one in programme.axes if one.key == project.axis), None)
    if axis is not None:
        yield msg("openness.card.axis", text=Translated(axis.title))
    problem = next((one for one in programme.problems if one.key == project.problem), None)
    if problem is not None:
        yield msg("openness.card.problem", text=Translated(problem.title))
    if project.solution:
        yield msg("openness.card.solution", text=Translated(project.solution))
    for principle in project.principles:
        yield msg("openness.card.principle", text=msg(f"openness.principle.{principle}"))
    if project.result:
        yield msg("openness.card.result", text=msg(f"openness.result.{project.result}"))
    if project.cost is not None:
        yield msg("openness.card.cost", amount=Code(dirhams(project.cost)))
    if project.funding:
        yield msg("openness.card.funding", text=Verbatim(project.funding))
    if project.partners:
        yield msg("openness.card.partners", text=Verbatim(project.partners))
    if project.first is not None and project.last is not None:
        first, last = day_in_words(project.first), day_in_words(project.last)
        yield msg("openness.card.calendar", first=first, last=last)
    if project.indicator:
        yield msg("openness.card.indicator", text=Translated(project.indicator))


def dirhams(amount: int) -> str:
    """An amount with its thousands apart: "500 000"."""
    return f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")
