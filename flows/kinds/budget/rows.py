"""A vote on projects as rows: one question, several choices."""

from collections.abc import Iterator, Mapping, Sequence

from flows.dialog.facts import Council
from flows.kinds.budget.conversation import named
from flows.kinds.budget.definition import Budget
from flows.statistics.asked import Asked, Given, OwnWords
from flows.statistics.disclosure import OTHER
from flows.statistics.summary import Response
from flows.wording.text import msg


def asked(budget: Budget, council: Council) -> Sequence[Asked]:
    """The one question."""
    choices = {project.id: named(project) for project in budget.projects}
    choices[OTHER] = msg("summary.other")
    return (Asked("projects", "select_many", msg("budget.projects"), choices),)


def given(questions: Mapping[str, Asked], budget: Budget, response: Response) -> Iterator[Given]:
    """What one person chose."""
    known = questions["projects"]
    yield Given("projects", [known.offered(str(id)) for id in response.body.get("projects", ())])


def own_words(budget: Budget) -> Sequence[OwnWords]:
    """Nobody is asked for words."""
    return ()
