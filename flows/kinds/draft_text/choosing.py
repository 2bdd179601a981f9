"""Which articles a citizen is asked about: the three least answered, those of a theme, one, or all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flows.dialog.choices import Choice
from flows.dialog.dialog import Flow, Option, ask, look_up, say
from flows.dialog.facts import Council
from flows.kinds.draft_text.definition import Article, briefly, named
from flows.wording import in_every_language
from flows.wording.text import Translated, msg

#: How many articles make a short visit.
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have answered each article in this round, by key, and the themes that somebody follows."""

    answered: Mapping[str, int]
    followed: frozenset[str]


def read_counts(found: Any) -> Counts:
    """What the look-up found; nothing where there is no storage to ask."""
    known = found or {}
    return Counts(known.get("answered", {}), frozenset(known.get("followed", ())))


def least_answered(articles: Sequence[Article], counts: Counts) -> tuple[tuple[Article, ...], bool]:
    """The few articles that fewest have answered, those of followed themes before all others, in the
    order of the text. And whether a followed theme is among theirs.
    """
    place = {article.key: at for at, article in enumerate(articles)}

    def rank(article: Article) -> tuple[bool, int, int]:
        follows = bool(counts.followed & set(article.themes))
        return not follows, counts.answered.get(article.key, 0), place[article.key]

    chosen = sorted(articles, key=rank)[:FEW]
    follows = any(counts.followed & set(article.themes) for article in chosen)
    return tuple(sorted(chosen, key=lambda article: place[article.key])), follows


def choose(articles: Sequence[Article], council: Council) -> Flow[Sequence[Article]]:
    """Ask which of the articles; where there are few, all."""
    if len(articles) <= FEW:
        return articles
    themes = _themes(articles, council)
    how = yield from ask(
        "how",
        Choice(
            (
                Option("few", msg("draft.how.few"), "⚡"),
                *((Option("theme", msg("draft.how.theme"), "🏷️"),) if len(themes) > 1 else ()),
                Option("one", msg("draft.how.one"), "🔎"),
                Option("all", msg("draft.how.all", count=len(articles)), "📚"),
            )
        ),
        msg("draft.how", count=len(articles)),
        simpler=msg("draft.how.simpler"),
    )
    if how == "theme":
        theme = yield from ask("theme", Choice(themes), msg("draft.which_theme"))
        return [article for article in articles if theme in article.themes]
    if how == "one":
        return [(yield from one_of(articles, "one"))]
    if how == "few":
        found = yield from look_up("least", "draft_text_counts")
        chosen, follows = least_answered(articles, read_counts(found))
        yield from say(msg("draft.few.followed" if follows else "draft.few.any"))
        return chosen
    return articles


def one_of(articles: Sequence[Article], key: str) -> Flow[Article]:
    """Ask which article."""
    options = tuple(
        # "Article 5" is that article, wherever it stands in this list; "5" alone is what the list says.
        Option(article.key, named(article), also=in_every_language(briefly(article)))
        for article in articles
    )
    chosen = yield from ask(key, Choice(options), msg("draft.which_article"))
    return next(article for article in articles if article.key == chosen)


def _themes(articles: Sequence[Article], council: Council) -> tuple[Option, ...]:
    """The themes that these articles are about, as the council names them."""
    used = {theme for article in articles for theme in article.themes}
    return tuple(
        Option(theme.id, Translated(theme.text), theme.emoji, also=theme.also)
        for theme in council.themes
        if theme.id in used
    )
