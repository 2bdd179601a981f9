"""A need as the desk sees to it: its states, what it is about, when an answer is due."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flows.dialog.dialog import Reply
from flows.dialog.facts import Council
from flows.kinds.cases.told import added, told
from flows.kinds.kind import Case
from flows.kinds.need.conversation import Needs, themes_of, topics_of
from flows.kinds.need.telling import answered

#: What becomes of a need, in the order of its life.
STATES = ("received", "studied", "planned", "done", "passed", "refused")


def _retold(body: Mapping[str, Any], theme: str, text: str) -> Mapping[str, Any]:
    return {**body, "theme": theme, "words": {"text": text, "media": []}}


def _due(council: Council, received: date) -> date | None:
    return received + timedelta(days=council.answer_days) if council.answer_days else None


def _answered(needs: Needs, council: Council, told: Reply) -> Mapping[str, Reply]:
    return answered(themes_of(needs, council), council, told)


CASE: Case[Needs] = Case(
    told_at="words",
    states=STATES,
    waiting=frozenset({"received", "studied", "planned"}),
    explained=frozenset({"passed", "refused"}),
    topics=topics_of,
    due=_due,
    told=told,
    added=added,
    retold=_retold,
    answered=_answered,
    takes_told=True,
)
