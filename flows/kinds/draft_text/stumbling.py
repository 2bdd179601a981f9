"""What citizens would stumble over in a draft that is right: told to its organizer before it opens."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Final

from flows.dialog.facts import Council, Texts
from flows.dialog.fields import spoken
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.draft_text.choosing import FEW
from flows.kinds.draft_text.conversation import AT_ONCE
from flows.kinds.draft_text.definition import Article, DraftText, named
from flows.kinds.kind import Stumble
from flows.understanding import scripts
from flows.wording.text import LANGUAGES, RIGHT_TO_LEFT, Text, Value, Verbatim, msg

#: Characters of a short version that fit into one look at a phone (the voice guide).
ONE_LOOK: Final = 300

#: Characters from which on an article is hard to read on a phone, whatever is shown of it first.
LONG: Final = 1600

#: Minutes that the few articles of a short visit take, as their button says.
MINUTES_FOR_FEW: Final = 2


def stumbles(draft: DraftText, council: Council) -> Iterator[Stumble]:
    """Texts that are long, missing or in the wrong place; articles that nobody would find."""
    for article in draft.articles:
        yield from _length(article)
        yield from _language(article)
    yield from _numbers(draft)
    yield from _themes(draft)
    yield from _twice(draft)
    yield from _minutes(draft)


def _minutes(draft: DraftText) -> Iterator[Stumble]:
    count = len(draft.articles)
    whole = ceil(count * MINUTES_FOR_FEW / FEW)
    if count > FEW and whole > draft.minutes:
        yield _note("check.draft_minutes", minutes=draft.minutes, articles=count, whole=whole)


def _warn(id: str, count: int | None = None, **values: Value) -> Stumble:
    return Stumble("warn", msg(id, count, **values))


def _note(id: str, count: int | None = None, **values: Value) -> Stumble:
    return Stumble("note", msg(id, count, **values))


def _longest(texts: Texts) -> int:
    return max((len(text) for text in texts.values()), default=0)


def _length(article: Article) -> Iterator[Stumble]:
    where = named(article)
    length = _longest(article.text)
    if not article.short and length > AT_ONCE:
        yield _warn("check.draft_no_short", where=where, length=length, shown=AT_ONCE)
    elif length > LONG:
        yield _note("check.draft_long", where=where, length=length)
    if _longest(article.short) > ONE_LOOK:
        found = _longest(article.short)
        yield _warn("check.draft_short_long", where=where, length=found, longest=ONE_LOOK)
    for language in LANGUAGES:
        short, text = article.short.get(language, ""), article.text.get(language, "")
        if short and text and len(short) >= len(text):
            yield _warn("check.draft_not_shorter", where=where, language=_name(language))
        if article.short and text and not short and len(text) > AT_ONCE:
            yield _warn("check.draft_short_missing", where=where, language=_name(language))
    if article.voice:
        for language in sorted(spoken(article.text) - set(article.voice), key=LANGUAGES.index):
            if "" not in article.voice:
                yield _note("check.draft_voice_missing", where=where, language=_name(language))


def _name(language: str) -> Text:
    return Verbatim(LANGUAGE_NAMES[language])


def _language(article: Article) -> Iterator[Stumble]:
    """Texts in another language's field: in letters that it is not written in, or the same twice."""
    where = named(article)
    for texts in (article.title, article.text, article.short):
        seen: dict[str, str] = {}
        for language in sorted(texts, key=_order):
            text = texts[language].strip()
            if _other_letters(language, text):
                yield _warn("check.draft_letters", where=where, language=_name(language))
            first = seen.get(text)
            # Standard Arabic and Darija may share a title; a whole article they do not.
            shared = first is not None and {first, language} <= RIGHT_TO_LEFT
            if first is not None and not shared:
                yield _warn(
                    "check.draft_same",
                    where=where,
                    language=_name(language),
                    other=_name(first),
                )
            seen.setdefault(text, language)


def _order(language: str) -> int:
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)


#: The letters in which each language is written here.
_LETTERS: Mapping[str, str] = {"ary": "arabic", "ar": "arabic", "fr": "latin", "en": "latin"}


def _other_letters(language: str, text: str) -> bool:
    wanted = _LETTERS.get(language)
    found = scripts.script(text)
    return wanted is not None and found is not None and found != wanted


def _numbers(draft: DraftText) -> Iterator[Stumble]:
    without = [article for article in draft.articles if not article.number.strip()]
    if without and len(without) == len(draft.articles) > 1:
        yield _warn("check.draft_no_numbers")
    elif len(draft.articles) > 1:
        for article in without:
            yield _warn("check.draft_no_number", where=named(article))


def _themes(draft: DraftText) -> Iterator[Stumble]:
    if len(draft.articles) <= FEW:
        return
    without = [article for article in draft.articles if not article.themes]
    if len(without) == len(draft.articles):
        yield _note("check.draft_no_themes")
        return
    for article in without:
        yield _warn("check.draft_no_theme", where=named(article))


def _twice(draft: DraftText) -> Iterator[Stumble]:
    """Articles that are called alike, or say the same."""
    seen: set[tuple[str, str]] = set()
    for article in draft.articles:
        own = {("title", text.strip()) for text in article.title.values()}
        own |= {("text", text.strip()) for text in article.text.values()}
        if own & seen:
            yield _warn("check.draft_twice", where=named(article))
        seen |= own
