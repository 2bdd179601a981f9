"""The rules of local petitions: figures, sources, certainty."""

from dataclasses import replace
from datetime import date

import pytest

from flows.morocco import places
from flows.morocco.petition_law import RULES, NoRule, answer_due, requirement, rules

TODAY = date(2026, 11, 21)

OUARZAZATE, TARMIGT, AMERZGANE = "08.401.01.07", "08.401.07.09", "08.401.03.03"
CASABLANCA, AL_FIDA = "06.141.01.0", "06.141.01.11"


@pytest.mark.parametrize(
    ("code", "signatures"),
    [
        (AMERZGANE, 100),
        (OUARZAZATE, 200),
        (TARMIGT, 200),
        (CASABLANCA, 400),
        ("08.401", 300),
        ("10", 300),
        ("08", 400),
        ("09", 500),
        ("06", 500),
    ],
)
def test_each_kind_and_size_of_council_has_its_threshold(code, signatures):
    """Communes 100, 200 or 400, provinces 300, regions 300, 400 or 500."""
    found = requirement(code, TODAY)
    assert found.signatures == signatures
    assert found.population == places.place(code).population


def test_the_six_divided_communes_need_400():
    """Every commune with arrondissements needs 400 signatures, and no other does."""
    with_400 = {
        p.name("fr")
        for p in places.of_level("commune")
        if requirement(p.code, TODAY).signatures == 400
    }
    assert with_400 == {"Tanger", "Fès", "Rabat", "Salé", "Casablanca", "Marrakech"}


def test_a_region_needs_five_percent_in_each_of_its_provinces():
    """Souss-Massa needs 500 in all and 25 in each of its six; a commune needs no spread."""
    souss = requirement("09", TODAY)
    assert souss.per_place_minimum == {p.code: 25 for p in places.children("09")}
    assert len(souss.per_place_minimum) == 6
    assert requirement("08", TODAY).per_place_minimum["08.401"] == 20
    assert requirement(OUARZAZATE, TODAY).per_place_minimum == {}


def test_casablanca_counts_as_one_province_in_its_region():
    """The prefectures of arrondissements have no council and get no share of their own."""
    assert set(requirement("06", TODAY).per_place_minimum) == {
        p.code for p in places.of_level("province") if p.region == "06"
    }
    assert len(requirement("06", TODAY).per_place_minimum) == 9


def test_signatures_without_the_spread_are_not_enough():
    """Five hundred from Agadir alone do not make a petition to the region."""
    souss = requirement("09", TODAY)
    assert not souss.met_by({"09.001": 900})
    assert souss.met_by(
        {"09.001": 375, **{c: 25 for c in souss.per_place_minimum if c != "09.001"}}
    )
    assert not souss.met_by(
        {"09.001": 374, **{c: 25 for c in souss.per_place_minimum if c != "09.001"}}
    )
    assert requirement(AMERZGANE, TODAY).met_by({"08.401": 100})


def test_an_answer_is_due_after_two_or_three_months():
    """A region or province has two months, a commune three; short months end on their last day."""
    assert answer_due("09", date(2026, 11, 21)).last_day == date(2027, 1, 21)
    assert answer_due("08.401", date(2026, 12, 31)).last_day == date(2027, 2, 28)
    assert answer_due(OUARZAZATE, date(2026, 11, 30)).last_day == date(2027, 2, 28)
    assert answer_due(OUARZAZATE, date(2026, 9, 10)).last_day == date(2026, 12, 10)
    assert any("deposit" in doubt for doubt in answer_due("09", TODAY).rule.to_verify)


def test_no_rule_is_made_up():
    """An arrondissement, or a day before the laws, gets a refusal that says why, not a figure."""
    with pytest.raises(NoRule, match=r"arrondissement 06\.141\.01\.11 \(Al-Fida\)"):
        requirement(AL_FIDA, TODAY)
    with pytest.raises(NoRule, match="2010-01-01"):
        requirement(OUARZAZATE, date(2010, 1, 1))
    with pytest.raises(KeyError, match="no place has the HCP code"):
        requirement("Ouarzazate", TODAY)
    assert rules(AL_FIDA, TODAY) == ()


def test_a_citation_gives_article_certainty_and_who_decides():
    """Staff read the article, how sure it is, and that their lawyer decides."""
    rule = requirement(OUARZAZATE, TODAY).rule
    french = rule.cite("fr")
    assert "loi organique 113-14, art. 123" in french
    assert "certitude B" in french
    assert "à vérifier" in french
    assert french.endswith("Le juriste du conseil décide.")
    arabic = rule.cite("ary")
    assert arabic == rule.cite("ar")
    assert "القانون التنظيمي \u2068113-14\u2069" in arabic
    assert "درجة اليقين B" in arabic
    assert arabic.endswith("القرار للمستشار القانوني للمجلس.")
    assert rule.cite("zgh") == french
    assert "certainty A" in requirement("09", TODAY).rule.cite("en")


def test_a_citation_in_arabic_or_french_has_no_english_in_it():
    """Sources, too, are named in the reader's language."""
    for rule in RULES:
        for language in ("ar", "fr"):
            for word in ("pages of", "known", "source: ", "statement", "read"):
                assert word not in rule.cite(language)


def test_the_doubt_about_600_signatures_is_kept():
    """Two regional sites say 600: whoever reads the rule for regions reads that too."""
    assert any("600" in doubt for doubt in requirement("09", TODAY).rule.to_verify)


def test_every_rule_is_dated_sourced_and_readable_in_three_languages():
    """No rule lacks its source, its certainty, its sentence or its date."""
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source or rule.certainty in "BC"
        assert set(rule.source) in ({"fr", "ar", "en"}, set())
        assert rule.certainty in "ABC"
        assert set(rule.note) == set(rule.article) == {"fr", "ar", "en"}
        assert rule.in_force(TODAY)
        assert rule.since is None or not rule.in_force(date(2010, 1, 1))
        assert any("force" in doubt for doubt in rule.to_verify)


def test_each_council_finds_who_may_sign_who_represents_and_when_it_must_answer():
    """Regions, provinces and communes each have one rule on every step of a petition."""
    steps = ["signatures", "signatory", "association", "representative", "deposit", "answer"]
    for code in ("09", "08.401", OUARZAZATE):
        found = [rule.id.split(".")[0] for rule in rules(code, TODAY)]
        assert found[:6] == steps
        assert len(found) == len(set(found))


def test_a_rule_that_was_replaced_stops_on_its_last_day():
    """An amended figure holds from its day on; the day before, the former one does."""
    former = replace(RULES[0], until=date(2027, 1, 1))
    assert former.in_force(date(2026, 12, 31))
    assert not former.in_force(date(2027, 1, 1))
