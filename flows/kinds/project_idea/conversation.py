"""A citizen tells an idea: what, for whom, and where; looks at it once more; sends it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.dialog.answers import Where, Words, optional
from flows.dialog.communes import ask_commune, place_name
from flows.dialog.definition import introduce
from flows.dialog.dialog import Flow, Option, ask, json_of, say, scoped
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Facts
from flows.dialog.review import Review, review_lines
from flows.kinds import definition_of
from flows.kinds.cases.told import first_words, place_text
from flows.kinds.project_idea.definition import ProjectIdeas
from flows.kinds.questions import said_text
from flows.morocco import places
from flows.wording.text import Text, Translated, lines, msg


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen tells an idea."""
    ideas = definition_of(facts, ProjectIdeas)
    several = places.place(facts.council.place).level != "commune"
    count = 3 if several else 2
    yield from introduce(ideas)
    words = yield from ask(
        "words",
        Words(media=frozenset({"voice", "photo"}), needed=msg("trouble.need")),
        lines(
            msg("project_idea.money", money=ideas.amount) if ideas.amount else None,
            msg("project_idea.words"),
        ),
        step=(1, count),
        simpler=msg("project_idea.words.simpler"),
    )
    commune = None
    if several:
        area = (facts.council.place,)
        commune = yield from scoped(
            "commune", ask_commune(msg("project_idea.commune"), within=area, step=(2, count))
        )
    where = yield from ask(
        "place", optional(Where()), msg("project_idea.place"), step=(count, count)
    )
    answers: list[tuple[Text, Text, str]] = [
        (msg("project_idea.label"), said_text(json_of(words)), "words")
    ]
    if commune:
        answers.append((msg("need.label.commune"), place_name(commune), "commune.name"))
    answers.append((msg("need.label.place"), place_text(where), "place"))
    action = yield from ask(
        "send",
        Review(
            (
                Option("send", msg("button.send"), "✅"),
                Option("drop", msg("button.drop"), "❌"),
            ),
            tuple((label, key) for label, _, key in answers),
        ),
        lines(
            msg("project_idea.review"),
            review_lines(*((label, answer) for label, answer, _ in answers)),
            gap=1,
        ),
    )
    if action == "drop":
        yield from say(msg("need.dropped"))
        return []
    return [
        Respond(
            {
                "commune": commune,
                "place": json_of(where) if where else None,
                "words": json_of(words),
            },
            msg("project_idea.thanks"),
            single=False,
        )
    ]


def describe(ideas: ProjectIdeas, body: Mapping[str, Any]) -> Text:
    """One line about an idea: its first words, else the call's title."""
    return first_words(body) or Translated(ideas.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The commune; no words, no pin."""
    return {
        "commune": body.get("commune"),
        "place": None,
        "words": {"text": "", "media": []},
    }
