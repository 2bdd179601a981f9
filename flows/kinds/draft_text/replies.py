"""What the council did with what was said of each article: its reply, the next version, what changed in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import Indel

from flows.kinds.draft_text.definition import DraftText, briefly, named
from flows.kinds.draft_text.results import counted
from flows.statistics.disclosure import hidden_if_few
from flows.statistics.summary import Column, Response, Responses, Table
from flows.wording.text import Code, Text, Translated, Verbatim, lines, msg

#: What may become of what was said of an article, the best first.
OUTCOMES: Final = ("taken", "partly", "not")

#: Longest reason for it, in characters.
LONGEST_WHY: Final = 600

#: Longest name of a group of comments, and longest line with the bodies that said so, in characters.
LONGEST_GROUP: Final = 120
LONGEST_BODIES: Final = 200

#: A word in any script, and what stands behind it.
_WORD = re.compile(r"(\S+)(\s*)")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the council did with what was said of an article; `next` is how it reads now, {} if as before."""

    outcome: str
    why: Mapping[str, str]
    next: Mapping[str, str] = field(default_factory=dict)
    made_by: str = ""
    at: int = 0


#: The replies to the articles of one draft, by the articles' keys.
Replies = Mapping[str, Reply]


@dataclass(frozen=True, slots=True)
class Group:
    """Comments of one article that say about the same, as staff put them together, and the council's reply.

    `people` is how many said so. `outcome` is "" until the council replies; `bodies` names the consultative bodies and
    associations among those who said so, "" for none: the council writes it, it is public.
    """

    id: int
    article: str
    title: Mapping[str, str]
    people: int
    outcome: str = ""
    why: Mapping[str, str] = field(default_factory=dict)
    bodies: str = ""


@dataclass(frozen=True, slots=True)
class Replied:
    """All that the council replied to a draft: to its articles, and to groups of comments."""

    articles: Replies = field(default_factory=dict)
    groups: Sequence[Group] = ()


def replied_in(responses: Responses) -> Replied:
    """The replies that were read beside the responses."""
    found: Replied = responses.besides or Replied()
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `changed` says that the other version does not have it."""

    text: str
    changed: bool


def compared(before: str, after: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Two versions of a text, each cut into what both have and what only it has, word by word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    # Two articles of the longest kind take some milliseconds; difflib takes twenty seconds.
    for step in Indel.opcodes([word for word, _ in old], [word for word, _ in new]):
        changed = step.tag != "equal"
        _add(left, old[step.src_start : step.src_end], changed=changed)
        _add(right, new[step.dest_start : step.dest_end], changed=changed)
    return left, right


def _add(pieces: list[Piece], words: Sequence[tuple[str, str]], *, changed: bool) -> None:
    """One more stretch, with what stands between its words; of one sort with the last, a part of it."""
    text = "".join(word + space for word, space in words)
    if text and pieces and pieces[-1].changed == changed:
        text = pieces.pop().text + text
    if text:
        pieces.append(Piece(text, changed))


def table(draft: DraftText, replies: Replies, responses: Sequence[Response]) -> Table | None:
    """Article by article: how many answered, what became of it, why, and how it reads next."""
    rows = tuple(
        (
            article.key,
            named(article),
            hidden_if_few(total := counted(article, responses).total, total),
            msg(f"draft_desk.outcome.{replies[article.key].outcome}"),
            Translated(replies[article.key].why),
            Translated(replies[article.key].next),
        )
        for article in draft.articles
        if article.key in replies
    )
    if not rows:
        return None
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("summary.draft_column")),
        Column("answered", msg("summary.answered"), "count"),
        Column("outcome", msg("summary.draft_outcome")),
        Column("why", msg("summary.draft_why")),
        Column("next", msg("summary.draft_next")),
    )
    return Table("replies", msg("summary.draft_replies"), columns, rows)


def groups_table(draft: DraftText, groups: Sequence[Group]) -> Table | None:
    """What was said in groups, by how many and which bodies, and what became of each that was replied to."""
    place = {article.key: at for at, article in enumerate(draft.articles)}
    names = {article.key: named(article) for article in draft.articles}
    kept = [one for one in groups if one.outcome and one.article in place]
    if not kept:
        return None
    rows = tuple(
        (
            names[one.article],
            Translated(one.title),
            hidden_if_few(one.people, one.people),
            Verbatim(one.bodies) if one.bodies else None,
            msg(f"draft_desk.outcome.{one.outcome}"),
            Translated(one.why),
        )
        for one in sorted(kept, key=lambda one: (place[one.article], -one.people, one.id))
    )
    columns = (
        Column("name", msg("summary.draft_column")),
        Column("said", msg("summary.draft_said")),
        Column("people", msg("summary.draft_people"), "count"),
        Column("bodies", msg("summary.draft_bodies")),
        Column("outcome", msg("summary.draft_outcome")),
        Column("why", msg("summary.draft_why")),
    )
    return Table("groups", msg("summary.draft_groups"), columns, rows)


def told_to_group(draft: DraftText, group: Group) -> Text:
    """What whoever is in a group is told: what they said, of which article, what became of it and why."""
    article = next(one for one in draft.articles if one.key == group.article)
    return lines(
        msg("draft.group", title=Translated(draft.title)),
        lines(
            named(article),
            msg("draft.own.group", text=Translated(group.title)),
            msg(f"draft.own.{group.outcome}"),
            Translated(group.why),
        ),
        msg("draft.told.own", code=Code(draft.code)),
        gap=1,
    )


def told(draft: DraftText, replies: Replies, link: str) -> Text:
    """What who took part is told: which articles' opinions were taken up, and where the reasons stand."""
    parts: list[Text] = []
    for outcome in OUTCOMES:
        names = [
            one
            for one in draft.articles
            if one.key in replies and replies[one.key].outcome == outcome
        ]
        if names:
            listed = lines(*(msg("review.item", item=briefly(one)) for one in names))
            parts.append(msg(f"draft.told.{outcome}", articles=lines(Verbatim(""), listed)))
    return lines(
        msg("draft.told"),
        *parts,
        msg("draft.told.why", link=Verbatim(link)),
        msg("draft.told.own", code=Code(draft.code)),
    )
