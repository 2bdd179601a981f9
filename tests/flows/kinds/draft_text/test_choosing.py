"""Which articles somebody is asked about: the least answered of what they follow, a theme, one, all."""

import pytest

from flows.kinds.draft_text.choosing import FEW, Counts, least_answered, read_counts
from tests.flows.kinds.draft_text.drafts import Reader, article, draft_of, raw_draft

FIVE = tuple(
    article(f"a{n}", themes=themes)
    for n, themes in enumerate((["water"], ["roads"], ["water"], [], ["water", "roads"]), 1)
)


def chosen(answered: dict[str, int], *followed: str) -> list[str]:
    articles, _ = least_answered(draft_of(*FIVE).articles, Counts(answered, frozenset(followed)))
    return [article.key for article in articles]


@pytest.mark.parametrize(
    ("answered", "followed", "keys"),
    [
        ({}, (), ["a1", "a2", "a3"]),
        ({"a1": 1, "a2": 1}, (), ["a3", "a4", "a5"]),
        ({"a1": 9, "a2": 1, "a3": 9, "a4": 1, "a5": 9}, (), ["a1", "a2", "a4"]),
        ({}, ("roads",), ["a1", "a2", "a5"]),
        ({"a2": 50, "a5": 50}, ("roads",), ["a1", "a2", "a5"]),
        ({"a1": 2, "a3": 1, "a5": 3, "a2": 0}, ("water",), ["a1", "a3", "a5"]),
        ({"a1": 5}, ("gone",), ["a2", "a3", "a4"]),
    ],
)
def test_the_least_answered_of_followed_themes_come_first(
    answered: dict[str, int], followed: tuple[str, ...], keys: list[str]
) -> None:
    """Others fill up to three; who follows nothing gets the least answered of all."""
    assert chosen(answered, *followed) == keys


def test_the_rule_is_said_and_says_of_themes_only_where_they_count() -> None:
    reader = Reader(raw_draft(*FIVE), counts={"answered": {"a1": 4}, "followed": ["water"]})
    assert "Themes that you follow come first" in reader.says("[few]")
    other = Reader(raw_draft(*FIVE), counts={"answered": {}, "followed": []})
    assert "the fewest answers.\n" in other.says("[few]") + "\n"


def test_three_are_not_chosen_among_and_four_are() -> None:
    """Where there are no two themes, nobody is asked for one."""
    few = tuple(article(f"a{n}") for n in range(1, FEW + 1))
    assert Reader(raw_draft(*few)).key == "a.a1"
    more = Reader(raw_draft(*few, article("a4")))
    assert (more.key, more.options) == ("how", ["few", "one", "all"])
    assert Reader(raw_draft(*FIVE)).options == ["few", "theme", "one", "all"]


def test_by_theme_all_of_that_theme_are_asked() -> None:
    reader = Reader(raw_draft(*FIVE))
    assert "Which theme?" in reader.says("[theme]")
    reader.says("Roads", "[agree]")
    assert reader.key == "a.a5"
    reader.says("[agree]")
    assert reader.key == "send"


@pytest.mark.parametrize(
    ("typed", "key"), [("2", "a.a9"), ("article 9", "a.a9"), ("المادة 2", "a.a2")]
)
def test_an_article_is_named_by_its_place_in_the_list_or_by_its_own_number(
    typed: str, key: str
) -> None:
    """ "2" is the second of the list, as its button says; "article 2" is that article."""
    rows = [article(k) for k in ("a1", "a9", "a3", "a2")]
    reader = Reader(raw_draft(*rows))
    reader.says("[one]", typed)
    assert reader.key == key


def test_where_nothing_can_be_looked_up_nothing_is_known() -> None:
    """A preview has no storage."""
    assert read_counts(None) == Counts({}, frozenset())
