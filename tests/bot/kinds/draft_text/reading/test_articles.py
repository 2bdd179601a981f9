"""Which paragraphs of a text are an article: by the word for it, by headings, by numbers."""

import pytest

from bot.kinds.draft_text.reading import files
from bot.kinds.draft_text.reading.articles import MADE, Understood, understood
from bot.kinds.draft_text.reading.blocks import BadText
from flows.kinds.draft_text.definition import LONGEST_ARTICLE, MOST_ARTICLES
from flows.wording import render


def of(text: str) -> Understood:
    return understood(files.read(text.encode()))


def articles(text: str) -> list[tuple[str, str, str]]:
    return [(one.number, one.title, one.text) for one in of(text).articles]


def test_a_charter_with_chapters_a_preamble_and_articles() -> None:
    """What stands outside of every article is told, and not kept."""
    found = of(
        "# The charter\n\nWe, the council.\n\n## Chapter one\n\n### Article 1: Notice\n\nFirst.\n\nSecond.\n\n"
        "## Chapter two\n\nA word.\n\n### Article 2: Answers\n\nThird.\n"
    )
    assert [(one.number, one.title, one.text) for one in found.articles] == [
        ("1", "Notice", "First.\n\nSecond."),
        ("2", "Answers", "Third."),
    ]
    assert found.title == "The charter"
    assert list(found.chapters) == ["Chapter one", "Chapter two"]
    assert list(found.before) == ["We, the council.", "A word."]
    assert found.by == "article"


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("Article 3 – Lighting", "3", "Lighting"),
        ("ARTICLE PREMIER : Objet", "1", "Objet"),
        ("Art. 12 bis. Transport", "12 bis", "Transport"),
        ("Article IV. Means", "IV", "Means"),
        ("المادة 3: الإنارة", "3", "الإنارة"),
        ("المادة ٤ - النقل", "4", "النقل"),
        ("المادة الأولى: الأهداف", "1", "الأهداف"),
        ("المادة الثانية عشرة: التتبع", "12", "التتبع"),
        ("ⴰⵎⴰⴳⵔⴰⴷ 2: ⴰⵎⴰⵏ", "2", "ⴰⵎⴰⵏ"),
    ],
)
def test_an_article_begins_as_it_is_written_in_each_language(
    line: str, number: str, title: str
) -> None:
    assert articles(f"{line}\n\nThe text.\n") == [(number, title, "The text.")]


def test_a_sentence_about_an_article_begins_none() -> None:
    found = articles("Article 1\n\nNotice\n\nThe text.\n\nArticle 3 says more of this.\n")
    assert found == [("1", "Notice", "The text.\n\nArticle 3 says more of this.")]


def test_without_the_word_headings_are_articles() -> None:
    """Of the level that most of them have; their numbers are read, and need not be there."""
    text = "# Plan\n\n## Water\n\n### 1. Wells\n\nDig.\n\n### Taps\n\nMend.\n"
    found = of(text)
    assert [(one.number, one.title, one.text) for one in found.articles] == [
        ("1", "Wells", "Dig."),
        ("", "Taps", "Mend."),
    ]
    assert (found.title, list(found.chapters), found.by) == ("Plan", ["Water"], "heading")


def test_without_headings_numbered_paragraphs_are_articles() -> None:
    """Each gets a title of its first words; one number alone is no list."""
    long = "The council announces each consultation fifteen days before it begins, on the markets."
    found = of(f"1) {long}\n\n2) {long.replace('fifteen', 'ten')}\n")
    assert [one.number for one in found.articles] == ["1", "2"]
    assert all(one.made and len(one.title) <= MADE for one in found.articles)
    assert found.articles[0].title.endswith("…")
    assert found.articles[0].text == long


@pytest.mark.parametrize("text", ["A text.\n\nAnother one.\n", "1. Alone here.\n\nA text.\n"])
def test_where_nothing_says_what_an_article_is_it_is_said_so(text: str) -> None:
    with pytest.raises(BadText, match=r"Paragraphs read: 2\. Nothing says where"):
        of(text)


def test_headings_without_any_text_are_no_articles() -> None:
    with pytest.raises(BadText, match="no text under them"):
        of("## Article 1\n\n## Article 2\n")


def test_an_article_without_a_text_is_named() -> None:
    found = of("## Article 1: Water\n\n## Article 2: Roads\n\nMend them.\n")
    assert [one.number for one in found.articles] == ["2"]
    assert list(found.empty) == ["1"]


def test_a_short_line_below_the_number_is_the_title() -> None:
    assert articles("Article 5\n\nLighting\n\nLamps in each street.\n") == [
        ("5", "Lighting", "Lamps in each street.")
    ]


def told(found: Understood) -> list[str]:
    for language in ("ar", "fr"):
        assert all(render(text, language) for text in found.too_much)
    return [render(text, "en") for text in found.too_much]


def test_what_does_not_fit_is_told_before_anything_is_kept() -> None:
    """As many and as long as fit are right, one more is not."""
    rows = [f"Article {n}: T\n\nText {n}.\n" for n in range(1, MOST_ARTICLES + 2)]
    assert told(of("\n".join(rows[:-1]))) == []
    assert "at most 60 fit" in told(of("\n".join(rows)))[0]
    assert told(of(f"Article 1: T\n\n{'x' * LONGEST_ARTICLE}\n")) == []
    assert "Divide it" in told(of(f"Article 1: T\n\n{'x' * (LONGEST_ARTICLE + 1)}\n"))[0]
    assert "more than once" in told(of("Article 1: T\n\nx\n\nArticle 1: U\n\ny\n"))[0]
