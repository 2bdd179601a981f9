"""Draft texts: a citizen says of some articles whether they agree, what to change, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.dialog.answers import Said, Words, optional
from flows.dialog.choices import Choice
from flows.dialog.definition import attachments, introduce, shortened
from flows.dialog.dialog import Flow, Option, ask, json_of, say
from flows.dialog.effects import Effect, Respond
from flows.dialog.facts import Facts
from flows.dialog.review import Review, review_lines
from flows.kinds import definition_of
from flows.kinds.draft_text.choosing import choose, one_of
from flows.kinds.draft_text.definition import Article, DraftText, briefly, by_key, named
from flows.kinds.draft_text.opinion import (
    FINISH,
    READ,
    SKIP,
    STANCES,
    Opinion,
    option,
    stance_label,
)
from flows.kinds.questions import said_text
from flows.wording.text import Text, Translated, lines, msg

#: Characters of an article without a short version that are read at once; of a longer one, its beginning.
AT_ONCE: Final = 600

#: What is said of one article, as it is stored: the stance (None: passed over), and, where it was asked or
#: told, the comment and the wording proposed (None: passed over).
Part = Mapping[str, Any]


@dataclass(slots=True)
class Given:
    """What was said of one article in this conversation, and the keys of its questions by what they ask."""

    article: Article
    part: dict[str, Any]
    keys: dict[str, str]

    @property
    def says_something(self) -> bool:
        """Whether there is anything to send of it."""
        return counts(self.part)


def counts(part: Part) -> bool:
    """Whether an article was answered: by a choice, or in words."""
    return part.get("stance") is not None or bool(part.get("comment"))


def conversation(facts: Facts) -> Flow[Sequence[Effect]]:
    """A citizen comments some articles, looks at it once more, and sends it."""
    draft = definition_of(facts, DraftText)
    before = _before(draft, facts)
    if before:
        chosen = yield from _again(draft, before, facts)
        if not chosen:
            yield from say(msg("contributions.kept"))
            return []
    else:
        yield from introduce(draft)
        chosen = yield from choose(draft.articles, facts.council)
    given: list[Given] = []
    for number, article in enumerate(chosen, 1):
        step = (number, len(chosen)) if len(chosen) > 1 else None
        said = any(one.says_something for one in given)
        one = yield from _of_article(article, step, may_finish=said)
        if one is None:
            break
        given.append(one)
    told = [one for one in given if one.says_something]
    if not told:
        yield from say(msg("draft.nothing"))
        return []
    yield from _look_again(told)
    return [_respond(before, given)]


def _before(draft: DraftText, facts: Facts) -> Mapping[str, Part]:
    """What this citizen has said of the articles that there are, in the round that is on."""
    if facts.own.previous is None:
        return {}
    stored = facts.own.previous.body.get("articles", {})
    return {key: stored[key] for key in by_key(draft) if key in stored and counts(stored[key])}


def _again(draft: DraftText, before: Mapping[str, Part], facts: Facts) -> Flow[Sequence[Article]]:
    """Who has commented goes on with other articles, or changes what they said of one."""
    articles = by_key(draft)
    left = [article for article in draft.articles if article.key not in before]
    more = (Option("more", msg("draft.again.more", count=len(left)), "➕"),) if left else ()
    going_on = yield from ask(
        "again",
        Choice(
            (
                *more,
                Option("change", msg("draft.again.change"), "✏️"),
                Option("keep", msg("contributions.keep"), "✋"),
            )
        ),
        lines(
            msg("draft.again"),
            review_lines(*((briefly(articles[key]), shown_part(before[key])) for key in before)),
            gap=1,
        ),
    )
    if going_on == "keep":
        return ()
    if going_on == "more":
        return (yield from choose(left, facts.council))
    said = [articles[key] for key in before]
    return said if len(said) == 1 else [(yield from one_of(said, "which"))]


# --------------------------------------------------------------------------- one article


def _of_article(
    article: Article, step: tuple[int, int] | None, *, may_finish: bool
) -> Flow[Given | None]:
    """What a citizen says of one article; None if that is enough."""
    key = f"a.{article.key}"
    read = (READ,) if _is_shortened(article) else ()
    last = (*(SKIP,), *((FINISH,) if may_finish else ()))
    value = yield from ask(
        key,
        _choices(*STANCES, *read, *last),
        _shown_article(article, first=not may_finish),
        step=step,
        attachments=attachments(article.voice, {}),
        simpler=msg("draft.simpler"),
    )
    if value == READ:
        key = f"{key}.read"
        value = yield from ask(
            key,
            _choices(*STANCES, *last),
            lines(named(article), Translated(article.text), msg("draft.ask"), gap=1),
            simpler=msg("draft.simpler"),
        )
    one = Given(article, {}, {"stance": key})
    if isinstance(value, Said):
        one.part["comment"], one.keys["comment"] = json_of(value), key
        one.keys["stance"] = f"a.{article.key}.kept"
        value = yield from ask(
            one.keys["stance"], _choices(*STANCES, SKIP, words=False), msg("draft.kept")
        )
    if value == FINISH:
        return None
    one.part["stance"] = value if value in STANCES else None
    if value == "change":
        yield from _in_words(one, "proposal", "wording", msg("draft.wording"))
    if value in ("change", "against") and "comment" not in one.part:
        yield from _in_words(one, "comment", "why", msg(f"draft.why.{value}"))
    return one


def _choices(*ids: str, words: bool = True) -> Opinion:
    return Opinion(tuple(option(id) for id in ids), words)


def _in_words(one: Given, name: str, end: str, prompt: Text) -> Flow[None]:
    """Ask for something in a citizen's own words, which may be passed over."""
    key = f"a.{one.article.key}.{end}"
    said = yield from ask(key, optional(Words(media=frozenset({"voice"}))), prompt)
    one.part[name] = None if said is None else json_of(said)
    one.keys[name] = key


def _is_shortened(article: Article) -> bool:
    """Whether there is more to read than what is shown at first."""
    return bool(article.short) or any(len(text) > AT_ONCE for text in article.text.values())


def _shown_article(article: Article, *, first: bool) -> Text:
    """An article as it is asked about: what it is called, what it says in short, and the question."""
    if article.short:
        says: Text = lines(msg("draft.in_short"), Translated(article.short))
    elif _is_shortened(article):
        says = lines(msg("draft.begins"), shortened(article.text, AT_ONCE))
    else:
        says = Translated(article.text)
    asks = lines(msg("draft.ask"), msg("draft.own_words") if first else None)
    return lines(named(article), says, asks, gap=1)


# --------------------------------------------------------------------------- the last look


def _look_again(told: Sequence[Given]) -> Flow[None]:
    """Everything that was said, each part of it correctable."""
    parts: list[tuple[Text, Text, str]] = []
    for one in told:
        label = briefly(one.article)
        parts.append((label, _stance(one.part), one.keys["stance"]))
        for name in ("proposal", "comment"):
            said = one.part.get(name)
            if said is not None:
                what = msg(f"draft.label.{name}", article=label)
                parts.append((what, said_text(said), one.keys[name]))
    yield from ask(
        "send",
        Review(
            (Option("send", msg("button.send"), "✅"),),
            tuple((label, key) for label, _, key in parts),
        ),
        lines(
            msg("draft.review"),
            review_lines(*((label, answer) for label, answer, _ in parts)),
            gap=1,
        ),
    )


def _stance(part: Part) -> Text:
    stance = part.get("stance")
    return stance_label(stance) if stance in STANCES else msg("review.skipped")


def shown_part(part: Part) -> Text:
    """What was said of an article before, in a line: the choice, or the words without one."""
    comment = part.get("comment")
    if part.get("stance") is None and comment:
        return said_text(comment)
    return _stance(part)


def _respond(before: Mapping[str, Part], given: Sequence[Given]) -> Respond:
    """What was said before stays, where nothing was said of the same article now."""
    fresh = {one.article.key: one.part for one in given if one.says_something}
    passed = {one.article.key: one.part for one in given if not one.says_something}
    articles = {**passed, **before, **fresh}
    return Respond(
        {
            "articles": articles,
            # Beside the answers, so that storage can count who answered what without reading words.
            "answered": [{"x": key} for key, part in articles.items() if counts(part)],
        },
        msg("draft.thanks"),
        single=True,
        changed=msg("draft.changed"),
    )


def describe(draft: DraftText, body: Mapping[str, Any]) -> Text:
    """One line about a response: the draft, and how many articles it is about."""
    said = [key for key, part in body.get("articles", {}).items() if counts(part)]
    return msg("draft.contribution", count=len(said), title=Translated(draft.title))


def stripped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The choices, without words and voices."""
    empty = {"text": "", "media": []}
    articles = {
        key: {name: empty if isinstance(said, dict) else said for name, said in part.items()}
        for key, part in body.get("articles", {}).items()
    }
    return {**body, "articles": articles}
