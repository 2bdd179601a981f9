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


def replies_in(responses: Responses) -> Replies:
    """The replies that were read beside the responses."""
    found: Replies = responses.besides or {}
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
