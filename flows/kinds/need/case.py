"""A need as the desk sees to it: its states, what it is about, when an answer is due."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from flows.dialog.answers import Said, Spot
from flows.dialog.dialog import Reply
from flows.dialog.facts import Council
from flows.kinds.kind import Case, Told
from flows.kinds.need.conversation import Needs, themes_of, topics_of
from flows.kinds.need.telling import answered

#: What becomes of a need, in the order of its life.
STATES = ("received", "studied", "planned", "done", "passed", "refused")


def said_in(body: Mapping[str, Any]) -> Said:
    """What the author of a need said."""
    return msgspec.convert(body.get("words") or {}, Said)


def told(body: Mapping[str, Any]) -> Told:
    """A need as the desk sees it."""
    words = said_in(body)
    spot = msgspec.convert(body["place"], Spot) if body.get("place") else None
    commune = str(body["commune"]) if body.get("commune") else None
    return Told(str(body.get("theme") or ""), commune, spot, words.text, words.media)


def _added(body: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    words = body.get("words") or {"text": "", "media": []}
    texts = [text for text in (words.get("text"), said.get("text")) if text]
    media = [*words.get("media", []), *said.get("media", [])]
    return {**body, "words": {"text": "\n".join(texts), "media": media}}


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
    added=_added,
    retold=_retold,
    answered=_answered,
    takes_told=True,
)
