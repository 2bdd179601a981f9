"""Needs: what is missing or broken, where, in the citizen's own words, voice or photo."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.dialog.answers import Where, Words, optional
from flows.dialog.communes import ask_commune, place_name
from flows.dialog.definition import Head, Problem, introduce, text_problems
from flows.dialog.dialog import Flow, Option, ask, json_of, look_up, say, scoped
from flows.dialog.effects import AddVoice, Begin, Effect, Respond
from flows.dialog.facts import Council, Facts, Theme
from flows.dialog.review import Review, review_lines
from flows.kinds import definition_of
from flows.kinds.cases.told import first_words, place_text
from flows.kinds.kind import DANGER
from flows.kinds.need.telling import theme_choice
from flows.kinds.questions import said_text
from flows.morocco import places
from flows.understanding import moderation, scripts
from flows.wording.text import Code, Text, Translated, Verbatim, lines, msg

#: How many similar needs are offered at a time.
SIMILAR = 2


class Needs(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A standing call for needs; `themes` replaces the council's list where it is given."""

    themes: tuple[Theme, ...] = ()


def problems(needs: Needs, council: Council) -> Iterator[Problem]:
    """What is wrong with a call for needs beyond its types."""
    themes = themes_of(needs, council)
    if len(themes) < 2:
        yield Problem("themes", "give two or more themes here or in the council's file")
    seen: set[str] = set()
    for index, theme in enumerate(needs.themes):
        if theme.id in seen:
            yield Problem(f"themes[{index}].id", f"{theme.id!r} is used twice; ids are unique")
        seen.add(theme.id)
        yield from text_problems(f"themes[{index}].text", theme.text, longest=60)


def themes_of(needs: Needs, council: Council) -> tuple[Theme, ...]:
    """The themes a citizen chooses from."""
    return needs.themes or council.themes


def topics_of(needs: Needs, council: Council) -> dict[str, tuple[str, Text]]:
    """What a need may be about, by id, with an emoji: a theme, or danger, which nobody chooses."""
    topics: dict[str, tuple[str, Text]] = {
        t.id: (t.emoji, Translated(t.text)) for t in themes_of(needs, council)
    }
    topics.setdefault(DANGER, ("🚨", msg("danger.topic")))
    return topics


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen tells a need: theme, place, words; looks at it once more; sends it.

    Whoever told of danger has said what it is: only the place is asked.
    """
    needs = definition_of(facts, Needs)
    several = places.place(facts.council.place).level != "commune"
    count = 4 if several else 3
    theme = DANGER

    def step(number: int) -> tuple[int, int] | None:
        # Whoever told it of their own accord is asked only for what is missing.
        return None if facts.own.unasked or count == 1 else (number, count)

    if facts.own.danger:
        count -= 2
    else:
        if not facts.own.unasked:
            yield from introduce(needs)
        theme = yield from ask(
            "theme",
            theme_choice(themes_of(needs, facts.council)),
            msg("need.theme"),
            step=step(1),
            simpler=msg("need.theme.simpler"),
        )
    before = int(not facts.own.danger)
    commune = None
    if several:
        area = (facts.council.place,)
        commune = yield from scoped(
            "commune", ask_commune(msg("need.commune"), within=area, step=step(1 + before))
        )
    where = yield from ask(
        "place",
        optional(Where()),
        msg("need.place"),
        step=step(count - before),
        simpler=msg("need.place.simpler"),
    )
    words = yield from ask(
        "words",
        Words(media=frozenset({"voice", "photo"}), needed=msg("trouble.need")),
        msg("need.words"),
        step=step(count),
        simpler=msg("need.words.simpler"),
    )
    similar = yield from look_up(
        "similar",
        "similar_needs",
        theme=theme,
        commune=commune,
        place=scripts.fold(where.text) if where else "",
        pin=[where.latitude, where.longitude] if where and where.latitude is not None else None,
        text=words.text,
    )
    offered = similar[:SIMILAR]
    answers: list[tuple[Text, Text, str]] = []
    if not facts.own.danger:
        _, label = topics_of(needs, facts.council)[theme]
        answers.append((msg("need.label.theme"), label, "theme"))
    if commune:
        answers.append((msg("need.label.commune"), place_name(commune), "commune.name"))
    answers.append((msg("need.label.place"), place_text(where), "place"))
    answers.append((msg("need.label.words"), said_text(json_of(words)), "words"))
    action = yield from ask(
        "send",
        Review(
            (
                Option("send", msg("button.send"), "✅"),
                *(
                    Option(f"voice:{n['reference']}", _join_label(n, number, offered), "🙋")
                    for number, n in enumerate(offered, 1)
                ),
                # Nobody asked for it: it may not be meant for the council at all.
                Option("drop", msg("told.something_else"), "↩️")
                if facts.own.unasked
                else Option("drop", msg("button.drop"), "❌"),
            ),
            tuple((label, key) for label, _, key in answers),
        ),
        lines(
            msg("need.review"),
            review_lines(*((label, answer) for label, answer, _ in answers)),
            _similar_text(offered),
            gap=1,
        ),
    )
    if action == "drop" and facts.own.unasked:
        yield from say(msg("told.not_sent"))
        return [Begin(flow="menu")]
    if action == "drop":
        yield from say(msg("need.dropped"))
        return []
    if action.startswith("voice:"):
        return [
            AddVoice(
                action.removeprefix("voice:"),
                msg("need.voice_thanks"),
                msg("need.voice_already"),
            )
        ]
    return [
        Respond(
            {
                "theme": theme,
                "commune": commune,
                "place": json_of(where) if where else None,
                "words": json_of(words),
            },
            msg("need.thanks"),
            single=False,
        )
    ]


def _join_label(need: Mapping[str, Any], number: int, offered: Sequence[Any]) -> Text:
    if len(offered) == 1:
        return msg("need.join", count=need["voices"] + 1)
    return msg("need.join_numbered", number=number, count=need["voices"] + 1)


def _similar_text(offered: Sequence[Mapping[str, Any]]) -> Text | None:
    if not offered:
        return None
    return lines(
        *(
            msg(
                "need.similar",
                count=need["voices"] + 1,
                excerpt=_shown(need),
            )
            for need in offered
        )
    )


def _shown(need: Mapping[str, Any]) -> Text:
    """What may be told of somebody else's need."""
    # Look-ups of older releases said nothing about hidden words.
    if need.get("hidden"):
        return msg("need.similar_hidden", reference=Code(need["reference"]))
    # Nor were they masked as they are now.
    words = moderation.masked(need["excerpt"])
    return Verbatim(words) if words else msg("need.similar_voice")


def describe(needs: Needs, body: Mapping[str, Any]) -> Text:
    """One line about a need: its first words, else the call's title."""
    return first_words(body) or Translated(needs.title)


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Theme and commune; no words, no pin."""
    return {
        "theme": body.get("theme"),
        "commune": body.get("commune"),
        "place": None,
        "words": {"text": "", "media": []},
    }
