"""An idea as the desk sees to it: looked at, possible or not, then chosen by the vote or not."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flows.dialog.facts import Council
from flows.kinds.cases.told import added, told
from flows.kinds.kind import Case
from flows.kinds.project_idea.definition import ProjectIdeas

#: What becomes of an idea, in the order of its life.
STATES = ("received", "studied", "feasible", "chosen", "not_chosen", "refused")


def _retold(body: Mapping[str, Any], topic: str, text: str) -> Mapping[str, Any]:
    return {**body, "words": {"text": text, "media": []}}


def _due(council: Council, received: date) -> date | None:
    return received + timedelta(days=council.answer_days) if council.answer_days else None


CASE: Case[ProjectIdeas] = Case(
    told_at="words",
    states=STATES,
    waiting=frozenset({"received", "studied"}),
    explained=frozenset({"refused"}),
    topics=lambda ideas, council: {},
    due=_due,
    told=told,
    added=added,
    retold=_retold,
)
