"""What an organizer writes of a draft text: its articles, and the rounds in which they are commented."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec

from flows.dialog.definition import Head, Problem, council_themes, text_problems
from flows.dialog.facts import Council, Texts
from flows.dialog.hints import VOICE, shown
from flows.kinds.kind import Phase
from flows.wording.text import Text, Translated, Verbatim, msg

#: Most articles of one draft.
MOST_ARTICLES: Final = 60

#: Most rounds of one draft.
MOST_ROUNDS: Final = 6

#: Longest texts, in characters: the title of an article, all of it, and its short version.
LONGEST_TITLE: Final = 120
LONGEST_ARTICLE: Final = 8000
LONGEST_SHORT: Final = 600

#: Longest number of an article ("12 bis", "الثانية عشرة"), in characters.
LONGEST_NUMBER: Final = 20


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article. `key` is permanent: what citizens say of it is kept under it.

    `number` is how the text itself counts it ("3", "12 bis"), "" where it does not. `short` says in a few
    plain words what the article means. `themes` are ids of the council's themes.
    """

    key: str
    title: Texts
    text: Annotated[Texts, shown(lines=6)]
    number: str = ""
    short: Annotated[Texts, shown(lines=3)] = {}
    themes: Annotated[tuple[str, ...], shown(options=council_themes)] = ()
    voice: Annotated[Texts, VOICE] = {}


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One round: `opens` and `closes` are local wall times, the end is not part of it. `key` is permanent.

    `lists` are codes of lists that the council keeps; only who is on one may answer, without any everybody.
    """

    key: str
    title: Texts
    opens: datetime
    closes: datetime
    lists: tuple[str, ...] = ()


class DraftText(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft text that is commented article by article, once or in several rounds."""

    articles: Annotated[tuple[Article, ...], shown(start=1)]
    rounds: Annotated[tuple[Round, ...], shown(part="when")] = ()


def phases(draft: DraftText) -> Sequence[Phase]:
    """The rounds as stretches of time; none for a draft that opens once."""
    return [
        Phase(one.key, one.opens, one.closes, one.lists, f"rounds[{number}]")
        for number, one in enumerate(draft.rounds)
    ]


def by_key(draft: DraftText) -> Mapping[str, Article]:
    """The articles by their keys, in the order of the text."""
    return {article.key: article for article in draft.articles}


def named(article: Article) -> Text:
    """What an article is called in full: "Article 3 · Lighting"."""
    title = Translated(article.title)
    if not article.number:
        return title
    return msg("draft.article", number=Verbatim(article.number), title=title)


def briefly(article: Article) -> Text:
    """What it is called where there is little room: "Article 3"."""
    if not article.number:
        return Translated(article.title)
    return msg("draft.article_no", number=Verbatim(article.number))


def problems(draft: DraftText, council: Council) -> Iterator[Problem]:
    """What is wrong with a draft beyond its types."""
    if not draft.articles:
        yield Problem("articles", "a draft needs at least one article")
    if len(draft.articles) > MOST_ARTICLES:
        yield Problem("articles", f"has {len(draft.articles)}; at most {MOST_ARTICLES} fit")
    known = [theme.id for theme in council.themes]
    numbers: dict[str, int] = {}
    keys: set[str] = set()
    for at, article in enumerate(draft.articles):
        where = f"articles[{at}]"
        yield from _key_problems(f"{where}.key", article.key, keys)
        yield from text_problems(f"{where}.title", article.title, longest=LONGEST_TITLE)
        yield from text_problems(f"{where}.text", article.text, longest=LONGEST_ARTICLE)
        yield from text_problems(
            f"{where}.short", article.short, needed=False, longest=LONGEST_SHORT
        )
        number = article.number.strip()
        if len(number) > LONGEST_NUMBER:
            said = f"has {len(number)} characters; at most {LONGEST_NUMBER} fit"
            yield Problem(f"{where}.number", said)
        if number and number in numbers:
            said = f"{number!r} is the number of article {numbers[number] + 1} in the list too"
            yield Problem(f"{where}.number", said)
        numbers.setdefault(number, at)
        for theme in article.themes:
            if theme not in known:
                allowed = ", ".join(known) or "none"
                said = f"{theme!r} is no theme of the council; there are: {allowed}"
                yield Problem(f"{where}.themes", said)
    yield from _round_problems(draft)


def _key_problems(where: str, key: str, used: set[str]) -> Iterator[Problem]:
    if not key.replace("_", "").isalnum() or not key.isascii() or len(key) > 40:
        yield Problem(where, f"is {key!r}; use letters, digits and _, 40 at most")
    if key in used:
        yield Problem(where, f"{key!r} is used twice; keys are unique")
    used.add(key)


def _round_problems(draft: DraftText) -> Iterator[Problem]:
    if len(draft.rounds) > MOST_ROUNDS:
        yield Problem("rounds", f"has {len(draft.rounds)}; at most {MOST_ROUNDS} fit")
    keys: set[str] = set()
    for at, one in enumerate(draft.rounds):
        yield from _key_problems(f"rounds[{at}].key", one.key, keys)
        yield from text_problems(f"rounds[{at}].title", one.title, longest=60)
        if any(not code.strip() for code in one.lists):
            yield Problem(f"rounds[{at}].lists", "holds an empty code; leave the line out")
