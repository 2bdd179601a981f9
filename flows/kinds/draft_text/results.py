"""What came of a draft: article by article and round by round, within the disclosure rule."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flows.dialog.facts import Council
from flows.kinds.draft_text.definition import Article, DraftText, named
from flows.kinds.draft_text.opinion import STANCES, stance_label
from flows.kinds.draft_text.rows import IN_WORDS, in_words
from flows.kinds.kind import headlined
from flows.statistics.disclosure import (
    hidden_if_few,
    kept_back,
    no_shares,
    noted,
    share_of,
    words,
)
from flows.statistics.summary import (
    SMALLEST,
    SUPPRESSED,
    Cell,
    Column,
    Response,
    Responses,
    Table,
)
from flows.wording.text import Text, Translated, msg


@dataclass(frozen=True, slots=True)
class Counted:
    """How many chose what at one article, and which of it may not be shown."""

    stances: Counter[str]
    hidden: frozenset[str]

    @property
    def total(self) -> int:
        """How many chose anything."""
        return self.stances.total()

    @property
    def tells_who_was_asked(self) -> bool:
        """Whether the number of those who were asked why gives away a choice that is kept back.

        All kept-back choices together are a number that anyone can work out.
        """
        why = {"change", "against"}
        return bool(self.hidden & why) and not self.hidden <= why


def counted(article: Article, responses: Sequence[Response]) -> Counted:
    """How many chose what at an article in some responses."""
    parts = (r.body.get("articles", {}).get(article.key, {}) for r in responses)
    found = Counter(part["stance"] for part in parts if part.get("stance") in STANCES)
    by_stance = {stance: found[stance] for stance in STANCES}
    return Counted(Counter(by_stance), kept_back(by_stance, found.total()))


def by_round(
    draft: DraftText, responses: Responses
) -> Sequence[tuple[str, Text | None, Sequence[Response]]]:
    """The rounds with their answers: the table's id, what the round is called, who answered in it."""
    if not draft.rounds:
        return (("articles", None, responses.standing),)
    return tuple(
        (
            f"articles.{one.key}",
            Translated(one.title),
            [r for r in responses.standing if r.phase == one.key],
        )
        for one in draft.rounds
    )


def round_table(
    draft: DraftText, id: str, title: Text | None, responses: Sequence[Response]
) -> Table:
    """One round: a row an article."""
    found = [(article, counted(article, responses)) for article in draft.articles]
    columns = (
        Column("id", msg("summary.id"), "id"),
        Column("name", msg("summary.draft_column")),
        Column("agree", stance_label("agree"), "count"),
        Column("share", msg("summary.share"), "share"),
        Column("change", stance_label("change"), "count"),
        Column("against", stance_label("against"), "count"),
        Column("answered", msg("summary.answered"), "count"),
    )
    rows = tuple(_row(article, one) for article, one in found)
    shown = [one.total for _, one in found if one.total >= SMALLEST]
    note = noted(
        msg("summary.kept_back", smallest=SMALLEST) if any(o.hidden for _, o in found) else None,
        no_shares(min(shown, default=0)),
    )
    heading = msg("summary.draft_by_article")
    said = heading if title is None else msg("summary.draft_by_article_in", round=title)
    return Table(id, said, columns, rows, note, "bar")


def _row(article: Article, one: Counted) -> tuple[Cell, ...]:
    shown: dict[str, Cell] = {
        stance: SUPPRESSED if stance in one.hidden else one.stances[stance] for stance in STANCES
    }
    agree = one.stances["agree"]
    share = SUPPRESSED if "agree" in one.hidden else share_of(agree, one.total)
    return (
        article.key,
        named(article),
        shown["agree"],
        share,
        shown["change"],
        shown["against"],
        hidden_if_few(one.total, one.total),
    )


def words_tables(draft: DraftText, article: Article, responses: Responses) -> list[Table]:
    """What people wrote of an article; nothing where so few were asked that one could tell who."""
    rounds = by_round(draft, responses)
    held = any(counted(article, found).tells_who_was_asked for _, _, found in rounds)
    tables = []
    for name in IN_WORDS:
        parts = (r.body.get("articles", {}).get(article.key, {}) for r in responses.standing)
        asked = [part[name] for part in parts if name in part]
        said = [one for one in asked if one is not None]
        key = f"{article.key}_{name}"
        table = words(key, in_words(article, name), said, len(asked), held=held)
        if table.rows:
            tables.append(table)
    return tables


def headline(draft: DraftText, council: Council, responses: Responses) -> Text:
    """How many took part, and on how many articles something was said how often."""
    people = msg("headline.people", count=len(responses.standing))
    found = [counted(article, responses.standing).total for article in draft.articles]
    if sum(found) < SMALLEST:
        return headlined(people)
    return headlined(people, msg("draft.headline", count=sum(found), of=len(found)))
