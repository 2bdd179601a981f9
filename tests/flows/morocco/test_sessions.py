"""Ordinary sessions: the months of each level of council, with where they were found."""

from datetime import date

import pytest

from flows.morocco import places, sessions
from flows.morocco.petition_law import NoRule

#: A commune, its province, its region, and an arrondissement of Casablanca.
COMMUNE, PROVINCE, REGION = "08.401.01.07", "08.401", "08"

ON = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("place", "months"),
    [(COMMUNE, (2, 5, 10)), (PROVINCE, (1, 6, 9)), (REGION, (3, 7, 10))],
)
def test_each_level_has_its_months(place: str, months: tuple[int, ...]) -> None:
    assert sessions.ordinary(place, ON).months == months


def test_an_arrondissement_has_what_a_page_names_in_part() -> None:
    one = places.of_level("arrondissement")[0]
    known = sessions.ordinary(one.code, ON)
    assert known.months == (1, 6, 9)
    assert known.rule.certainty == "B"
    assert "to be verified" in known.rule.cite("en")


def test_every_rule_says_where_it_was_found() -> None:
    for rule in sessions.RULES:
        for language in ("ar", "fr", "en"):
            assert rule.source[language] in rule.cite(language)
            assert rule.note[language]


def test_no_rule_is_told_before_the_laws() -> None:
    with pytest.raises(NoRule, match="commune"):
        sessions.ordinary(COMMUNE, date(2015, 7, 6))
    assert sessions.ordinary(COMMUNE, date(2015, 7, 7)).months


def test_a_session_begins_on_the_first_working_day_of_its_month() -> None:
    assert sessions.begins(2027, 2) == date(2027, 2, 1)
    # A Saturday, and labour day.
    assert sessions.begins(2027, 5) == date(2027, 5, 3)


def test_the_next_ones_begin_on_the_day_that_is_asked_for() -> None:
    found = sessions.next_ones(COMMUNE, date(2027, 2, 1), 4)
    assert found == [date(2027, 2, 1), date(2027, 5, 3), date(2027, 10, 1), date(2028, 2, 1)]
    assert sessions.next_ones(COMMUNE, date(2027, 2, 2), 1) == [date(2027, 5, 3)]


def test_the_article_is_cited_in_every_language_where_it_is_known() -> None:
    """A clerk who reads Arabic finds it in the law as one who reads French does."""
    cited = [rule.article for rule in sessions.RULES if "art." in rule.article["fr"]]
    assert cited
    for source in cited:
        article = source["fr"].partition("art. ")[2]
        assert f"المادة \u2068{article}\u2069" in source["ar"]
        assert source["en"].endswith(f"art. {article}")
