"""A citizen reads about projects, chooses some, looks at what they cost together, and sends it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.choices import Choice
from flows.dialog.definition import attachments, introduce
from flows.dialog.dialog import Flow, Option, ask, say
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Facts
from flows.dialog.review import Review
from flows.dialog.several import Several
from flows.kinds import definition_of
from flows.kinds.budget.definition import Budget, Project
from flows.wording.text import Text, Translated, lines, msg


def named(project: Project) -> Text:
    """A project with what it costs."""
    return msg("budget.project", title=Translated(project.text), cost=project.cost)


def _options(budget: Budget) -> tuple[Option, ...]:
    return tuple(
        Option(
            project.id,
            named(project),
            description=Translated(project.about) if project.about else None,
            also=tuple(project.text.values()),
        )
        for project in budget.projects
    )


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen votes."""
    budget = definition_of(facts, Budget)
    yield from introduce(budget)
    if not budget.projects:
        # A draft that somebody looks at before its projects are found.
        yield from say(msg("budget.no_projects"))
        return []
    if facts.own.previous is not None:
        earlier = Choice(
            (
                Option("change", msg("budget.change"), "✏️"),
                Option("keep", msg("contributions.keep"), "✋"),
            )
        )
        chosen_before = chosen_in(budget, facts.own.previous.body)
        kept = yield from ask("again", earlier, lines(msg("budget.again"), _list(chosen_before)))
        if kept == "keep":
            yield from say(msg("contributions.kept"))
            return []
    yield from _read_about(budget)
    one = budget.choices == 1
    ids = yield from ask(
        "projects",
        Several(_options(budget), 1, budget.choices),
        msg("budget.ask_one", money=budget.amount)
        if one
        else msg("budget.ask", projects=number_of(budget.choices), money=budget.amount),
    )
    wanted = [project for project in budget.projects if project.id in ids]
    yield from ask(
        "send",
        Review(
            (Option("send", msg("button.send"), "✅"),),
            ((msg("budget.projects"), "projects"),),
        ),
        lines(
            msg("budget.review"),
            _list(wanted),
            msg("budget.together", total=sum(project.cost for project in wanted))
            if len(wanted) > 1
            else None,
            gap=1,
        ),
    )
    return [
        Respond(
            {"projects": list(ids)},
            msg("budget.thanks"),
            single=True,
            changed=msg("budget.changed"),
        )
    ]


def _read_about(budget: Budget) -> Flow[None]:
    """Who wants to reads about projects first, one after another."""
    if not any(
        project.about or project.place or project.picture or project.voice
        for project in budget.projects
    ):
        return
    ready = Option("choose", msg("budget.choose"), "🗳️")
    first = yield from ask(
        "begin",
        Choice((ready, Option("read", msg("budget.read"), "📖"))),
        msg("budget.begin", projects=number_of(len(budget.projects)), money=budget.amount),
    )
    number = 0
    while first == "read":
        number += 1
        asked = Choice((*_options(budget), ready))
        id = yield from ask(f"about.{number}", asked, msg("budget.about"))
        if id == ready.id:
            return
        project = next(one for one in budget.projects if one.id == id)
        files = attachments(project.voice, project.picture)
        told = lines(
            named(project),
            msg("budget.where", place=Translated(project.place)) if project.place else None,
            Translated(project.about) if project.about else None,
        )
        yield from say(told, files[0] if files else None)
        for file in files[1:]:
            yield from say(named(project), file)


def number_of(projects: int) -> Text:
    """So many projects, in words."""
    return msg("budget.n_projects", count=projects)


def chosen_in(budget: Budget, body: Mapping[str, Any]) -> list[Project]:
    """The projects of a vote, as far as they still stand to be chosen."""
    ids = set(body.get("projects", ()))
    return [project for project in budget.projects if project.id in ids]


def _list(projects: Sequence[Project]) -> Text:
    return lines(*(msg("review.item", item=named(project)) for project in projects))


def describe(budget: Budget, body: Mapping[str, Any]) -> Text:
    """One line about a vote."""
    return Translated(budget.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A vote holds nobody's words."""
    return body
