"""Which paragraphs are an article, with which number and title; and what stands outside of all of them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.kinds.draft_text.reading import files
from bot.kinds.draft_text.reading.blocks import BadText, Block, Found
from flows.kinds.draft_text.definition import (
    LONGEST_ARTICLE,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    MOST_ARTICLES,
)
from flows.understanding import numerals
from flows.wording.text import Text, Verbatim, msg

#: Characters of a title that is made of an article's first words.
MADE: Final = 60

#: How an article is called at the beginning of a line, and its number: a figure or a word or two for it.
_ARTICLE = re.compile(
    r"\s*(?:articles?|art\.?|المادة|مادة|الفصل|البند|ⴰⵎⴰⴳⵔⴰⴷ)\s*(?:n[°o]\.?\s*)?[:\s]*"
    r"(?P<number>[\d٠-٩۰-۹]+(?:[.\-/][\d٠-٩۰-۹]+)*(?:er|e)?|[IVXLC]+(?!\w)|[^\W\d]+(?:\s+عشرة?)?)"
    r"(?P<again>\s*(?:bis|ter|quater|مكررة?))?\s*(?P<mark>[:.)–—\-/]*)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)

#: A number alone before a heading or paragraph: "3.", "2.1)", "٤ -".
_NUMBERED = re.compile(
    r"\s*(?P<number>[\d٠-٩۰-۹]+(?:[.][\d٠-٩۰-۹]+)*)\s*(?P<mark>[.):–—\-])\s*(?P<rest>\S.*)",
    re.DOTALL,
)


@dataclass(slots=True)
class Article:
    """An article as it was found. `made` says that its title is its first words."""

    number: str
    title: str
    paragraphs: list[str] = field(default_factory=list)
    made: bool = False

    @property
    def text(self) -> str:
        """All of it, without number and title."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file came to: its title ("" if none), its articles, headings above them, what stands before.

    `by` says what an article was known by: "article" (the word), "heading" or "number". `empty` are
    headings of articles without a text, which are left out.
    """

    title: str
    articles: Sequence[Article]
    chapters: Sequence[str]
    before: Sequence[str]
    empty: Sequence[str]
    by: str
    found: Found

    @property
    def too_much(self) -> list[Text]:
        """What keeps it from being a draft."""
        said: list[Text] = []
        if len(self.articles) > MOST_ARTICLES:
            said.append(msg("draft_file.many", articles=len(self.articles), most=MOST_ARTICLES))
        said += [
            msg(
                "draft_file.long_article",
                article=Verbatim(one.number or one.title),
                length=len(one.text),
                longest=LONGEST_ARTICLE,
            )
            for one in self.articles
            if len(one.text) > LONGEST_ARTICLE
        ]
        twice = Counter(one.number for one in self.articles if one.number)
        said += [
            msg("draft_file.twice", number=Verbatim(number)) for number, n in twice.items() if n > 1
        ]
        return said


def read(content: bytes) -> Understood:
    """The articles of a DOCX or Markdown file. Raises BadText."""
    return understood(files.read(content))


def understood(found: Found) -> Understood:
    """The articles of a file: by the word for them, else by headings, else by numbers. Raises BadText."""
    blocks = found.blocks
    if sum(1 for block in blocks if _begins(block) is not None) >= 1:
        return _split(found, [_begins(block) for block in blocks], "article")
    level = _level_of_articles(blocks)
    if level:
        heads = [_headed(block) if block.level == level else None for block in blocks]
        return _split(found, heads, "heading")
    numbered = [_numbered(block) for block in blocks]
    if sum(1 for one in numbered if one is not None) >= 2:
        return _split(found, numbered, "number")
    raise BadText(msg("draft_file.no_articles", paragraphs=len(blocks)))


def _begins(block: Block) -> Article | None:
    """The article that begins with this block, where it says so itself."""
    found = _ARTICLE.fullmatch(block.text)
    if found is None:
        return None
    number = _number(found["number"])
    if not number:
        return None
    rest, _, more = found["rest"].partition("\n")
    if not block.level and not found["mark"] and rest[:1].islower():
        # "Article 3 says that ..." is a sentence about one.
        return None
    number += " " + found["again"].strip() if found["again"] else ""
    title, paragraphs = rest.strip(), [more.strip()] if more.strip() else []
    if not block.level and len(title) > LONGEST_TITLE:
        title, paragraphs = "", [found["rest"].strip()]
    return Article(number[:LONGEST_NUMBER], title, paragraphs)


def _number(text: str) -> str:
    """The number of an article as it is shown: in our digits where a word or other digits say one."""
    if re.fullmatch(r"[IVXLC]+", text):
        return text
    plain = numerals.number(text)
    if plain is not None:
        return str(plain)
    figures = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    return figures if figures[:1].isdecimal() else ""


def _headed(block: Block) -> Article:
    numbered = _numbered(block)
    return numbered if numbered is not None else Article("", block.text.replace("\n", " "))


def _numbered(block: Block) -> Article | None:
    found = _NUMBERED.fullmatch(block.text)
    if found is None:
        return None
    rest = found["rest"].strip()
    number = "".join(str(int(s)) if s.isdecimal() else s for s in found["number"])
    if block.level or len(rest) <= MADE:
        return Article(number[:LONGEST_NUMBER], rest.replace("\n", " "))
    return Article(number[:LONGEST_NUMBER], "", [rest])


def _level_of_articles(blocks: Sequence[Block]) -> int:
    """The level of heading that has most articles; the deeper one of two. 0 if there is none."""
    with_text = Counter(
        block.level
        for block, after in zip(blocks, (*blocks[1:], Block("")), strict=True)
        if block.level and after.text and not after.level
    )
    if not with_text:
        return 0
    return max(with_text, key=lambda level: (with_text[level], level))


def _split(found: Found, heads: Sequence[Article | None], by: str) -> Understood:
    """Cut the blocks where articles begin; other headings end one and are chapters."""
    title = ""
    chapters: list[str] = []
    before: list[str] = []
    articles: list[Article] = []
    now: Article | None = None
    depth = max((b.level for b, head in zip(found.blocks, heads, strict=True) if head), default=0)
    for block, head in zip(found.blocks, heads, strict=True):
        if head is not None:
            now = head
            articles.append(head)
        elif block.level and (now is None or not depth or block.level < depth):
            line = block.text.replace("\n", " ")
            if not title and not articles and not before:
                title = line
            else:
                chapters.append(line)
            now = None
        elif now is not None:
            now.paragraphs.append(block.text)
        else:
            before.append(block.text)
    kept = [_titled(one) for one in articles if one.paragraphs or one.title]
    whole = [one for one in kept if one.text]
    empty = [one.number or one.title for one in kept if not one.text]
    if not whole:
        raise BadText(msg("draft_file.no_texts", articles=len(articles)))
    return Understood(title[:LONGEST_TITLE], whole, chapters, before, empty, by, found)


def _titled(article: Article) -> Article:
    """An article with a title: its own, cut to what fits, else its first words; without other text, that."""
    if not article.paragraphs and article.title:
        article.paragraphs = [article.title]
        article.title = ""
        # What stands behind the number is all that the article says.
        if len(article.paragraphs[0]) <= MADE and not article.paragraphs[0].endswith(
            (".", "؟", "!")
        ):
            article.title, article.paragraphs = article.paragraphs[0], []
            return article
    if not article.title and len(article.paragraphs) > 1 and _is_a_title(article.paragraphs[0]):
        article.title = article.paragraphs.pop(0)
    if not article.title and article.paragraphs:
        article.title, article.made = _cut(article.paragraphs[0], MADE), True
    article.title = _cut(article.title, LONGEST_TITLE)
    return article


def _is_a_title(text: str) -> bool:
    return len(text) <= MADE and "\n" not in text and not text.endswith((".", ":", ";", "،", "؛"))


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    words = line[: longest - 1].rsplit(maxsplit=1)[0]
    return words.rstrip(" ,،;:.") + "…"
