"""Ideas: a kind that only the tests have, in two rounds, with a case for each; it stands in one file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from flows.dialog.answers import Said, Words
from flows.dialog.choices import Choice
from flows.dialog.definition import Head, introduce, text_problems
from flows.dialog.dialog import Flow, Option, ask, json_of
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Council, Facts, Texts
from flows.kinds import definition_of
from flows.kinds.kind import Case, Kind, Phase, Publicity, Told, headlined
from flows.statistics.asked import Asked, Given, OwnWords, said
from flows.statistics.disclosure import protected
from flows.statistics.participation import participation
from flows.statistics.summary import Response, Responses, Summary
from flows.wording.text import Text, Translated, Verbatim, msg

SIDES: Mapping[str, Text] = {"for": msg("button.yes"), "against": msg("button.no_thanks")}


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    opens: datetime
    closes: datetime


class Ideas(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked, in which rounds, and the session of the council that hears of it."""

    question: Texts
    rounds: tuple[Round, ...]
    session: datetime | None = None


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    ideas = definition_of(facts, Ideas)
    yield from introduce(ideas)
    sides = tuple(Option(id, text) for id, text in SIDES.items())
    side = yield from ask("side", Choice(sides), Translated(ideas.question))
    idea = yield from ask("idea", Words(), msg("need.words"))
    body = {"side": side, "idea": {"said": json_of(idea)}, "round": facts.consultation.phase}
    return [Respond(body, msg("poll.thanks"), single=True, changed=msg("poll.changed"))]


def summary(ideas: Ideas, council: Council, responses: Responses) -> Summary:
    base = participation(ideas, council, responses)
    tables = []
    for phase in phases(ideas):
        here = Counter(r.body["side"] for r in responses.standing if r.phase == phase.name)
        rows = [(id, text, here[id]) for id, text in SIDES.items()]
        tables.append(protected(phase.name, *[Verbatim(phase.name)] * 2, rows, here.total(), None))
    return Summary(base.title, base.figures, (*tables, *base.tables), base.notes)


def given(asked: Mapping[str, Asked], ideas: Ideas, response: Response) -> Iterator[Given]:
    yield Given("side", asked["side"].offered(response.body["side"]))
    yield said("idea", response.body["idea"]["said"])


def phases(ideas: Ideas) -> Sequence[Phase]:
    return [Phase(f"round{n}", r.opens, r.closes) for n, r in enumerate(ideas.rounds, 1)]


def told(body: Mapping[str, Any]) -> Told:
    words = msgspec.convert(body["idea"]["said"], Said)
    return Told(words=words.text, files=words.media)


def with_words(body: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    return {**body, "idea": {"said": {"text": text, "media": []}}}


KIND: Kind[Ideas] = Kind(
    name="idea", emoji="💭", label=Verbatim("ideas"), definition=Ideas, single=True,
    problems=lambda ideas, council: text_problems("question", ideas.question),
    conversation=conversation, summary=summary, given=given, phases=phases,
    headline=lambda _, __, all: headlined(msg("headline.people", count=len(all.standing))),
    describe=lambda ideas, body: Translated(ideas.title),
    stripped=lambda body: with_words(body, ""),
    asked=lambda ideas, council: (
        Asked("side", "select_one", Translated(ideas.question), SIDES),
        Asked("idea", "open", msg("need.words"), personal=True),
    ),
    own_words=lambda ideas: (OwnWords("idea", msg("need.words"), ("idea", "said")),),
    publicity=Publicity(),
    dates=lambda ideas: {"session": ideas.session} if ideas.session else {},
    case=Case(
        told_at="idea", states=("received", "studied", "done"), waiting=frozenset({"received", "studied"}),
        explained=frozenset(), topics=lambda ideas, council: {}, told=told,
        due=lambda council, received: received + timedelta(days=10),
        added=lambda body, more: with_words(body, f"{told(body).words}\n{more.get('text', '')}"),
        retold=lambda body, topic, text: with_words(body, text),
    ),
)  # fmt: skip
