"""The rules of local petitions: figures, sources, certainty."""

from dataclasses import replace
from datetime import date

import pytest

from flows.morocco import petition_law, places
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
    one_each = replace(souss, signatures=5, per_place_minimum={"09.001": 1})
    assert not one_each.met_by({"08.401": 5})
    assert one_each.met_by({"08.401": 4, "09.001": 1})


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
    assert rule.cite("zgh") == rule.cite("es") == french
    assert "المادة \u2068123\u2069" in arabic
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


def council_of(monkeypatch, code: str, population: int | None) -> None:
    """Let a council have so many inhabitants."""
    changed = replace(places.place(code), population=population)
    monkeypatch.setattr(places, "place", lambda asked: changed)


@pytest.mark.parametrize(
    ("code", "population", "signatures"),
    [
        (OUARZAZATE, 34_999, 100),
        (OUARZAZATE, 35_000, 200),
        (OUARZAZATE, 35_001, 200),
        ("09", 999_999, 300),
        ("09", 1_000_000, 400),
        ("09", 3_000_000, 400),
        ("09", 3_000_001, 500),
    ],
)
def test_thresholds_change_with_exactly_the_inhabitant_that_the_law_names(
    monkeypatch, code, population, signatures
):
    """A commune is large from 35,000; a region in the middle from a million to three, both included."""
    council_of(monkeypatch, code, population)
    found = requirement(code, TODAY)
    assert found.signatures == signatures
    assert found.population == population


@pytest.mark.parametrize(("population", "each"), [(999_999, 15), (1_000_000, 20), (3_000_001, 25)])
def test_the_share_of_each_province_is_five_percent_of_what_the_region_needs(
    monkeypatch, population, each
):
    """15 of 300, 20 of 400, 25 of 500."""
    council_of(monkeypatch, "09", population)
    assert set(requirement("09", TODAY).per_place_minimum.values()) == {each}


@pytest.mark.parametrize(("percent", "each"), [(5, 25), (6, 30), (4.04, 21)])
def test_a_share_that_is_not_whole_is_rounded_up(monkeypatch, percent, each):
    """A signature less would be less than the law asks."""
    rule = requirement("09", TODAY).rule
    changed = replace(rule, figures={**rule.figures, "percent_in_each_province": percent})
    monkeypatch.setattr(petition_law, "RULES", (changed,))
    assert set(requirement("09", TODAY).per_place_minimum.values()) == {each}


def test_a_council_of_unknown_size_counts_as_small(monkeypatch):
    """The census has no figure for it: the least is asked."""
    council_of(monkeypatch, OUARZAZATE, None)
    assert (
        requirement(OUARZAZATE, TODAY).signatures,
        requirement(OUARZAZATE, TODAY).population,
    ) == (
        100,
        0,
    )


@pytest.mark.parametrize(("total", "enough"), [(99, False), (100, True), (101, True)])
def test_a_petition_has_enough_with_exactly_the_number(total, enough):
    """One less is not enough, wherever they come from."""
    assert requirement(AMERZGANE, TODAY).met_by({"08.401": total - 9, "09.001": 9}) is enough


@pytest.mark.parametrize(("few", "enough"), [(24, False), (25, True), (26, True)])
def test_each_province_has_enough_with_exactly_its_share(few, enough):
    """One province short is a petition short; so is one from which nobody signed."""
    souss = requirement("09", TODAY)
    first, *others = souss.per_place_minimum
    assert souss.met_by({first: few, **dict.fromkeys(others, 200)}) is enough
    assert not souss.met_by(dict.fromkeys(others, 200))


@pytest.mark.parametrize(
    ("day", "known"), [("2015-07-06", False), ("2015-07-07", True), ("2015-07-08", True)]
)
def test_the_rules_begin_on_the_day_of_the_laws(day, known):
    """The day before, nobody may rely on them."""
    if known:
        assert requirement(OUARZAZATE, date.fromisoformat(day)).signatures == 200
        return
    with pytest.raises(NoRule, match="since 2015-07-07"):
        requirement(OUARZAZATE, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("deposited", "last"),
    [
        ("2026-01-31", "2026-04-30"),
        ("2026-09-30", "2026-12-30"),
        ("2026-10-01", "2027-01-01"),
        ("2026-12-01", "2027-03-01"),
        ("2027-11-29", "2028-02-29"),
        ("2027-11-30", "2028-02-29"),
    ],
)
def test_three_months_end_on_the_same_day_or_the_last_of_the_month(deposited, last):
    """Over the end of a year, and in a leap year."""
    due = answer_due(OUARZAZATE, date.fromisoformat(deposited))
    assert due.last_day == date.fromisoformat(last)
    assert due.months == 3


def test_months_to_answer_are_two_for_regions_and_provinces_and_three_for_communes():
    """And an association must have been there for more than three years."""
    assert [answer_due(code, TODAY).months for code in ("09", "08.401", OUARZAZATE)] == [2, 2, 3]
    figures = {rule.id: rule.figures for rule in RULES if rule.id.startswith("association")}
    assert figures == {
        "association.region": {"years_over": 3},
        "association.local": {"years_over": 3},
    }


def test_a_source_is_cited_between_article_and_certainty_and_left_out_where_there_is_none():
    """Three languages, each with its own comma."""
    months = answer_due(OUARZAZATE, TODAY).rule
    assert months.cite("fr").startswith(
        "loi organique 113-14, art. 121-125 ; source : bninsar.ma ; certitude A"
    )
    assert months.cite("en").startswith(
        "organic law 113-14, art. 121-125; source: bninsar.ma; certainty A (read in a public page);"
        " in part to be verified. The council's lawyer decides."
    )
    assert (
        "المواد \u2068121-125\u2069؛ المصدر: \u2068bninsar.ma\u2069؛ درجة اليقين A"
        in months.cite("ar")
    )
    assert "source" not in requirement(OUARZAZATE, TODAY).rule.cite("fr")
    certain = replace(months, to_verify=())
    assert certain.cite("en").endswith("(read in a public page). The council's lawyer decides.")


def test_a_rule_holds_from_its_first_day():
    """The day before, it does not."""
    later = replace(RULES[0], since=date(2027, 1, 1))
    assert [later.in_force(date(2026, 12, 31)), later.in_force(date(2027, 1, 1))] == [False, True]
    assert replace(RULES[0], since=None).in_force(date(1990, 1, 1))


def test_what_pages_of_the_regions_say_is_less_certain_for_others():
    """Read for regions, taken to hold for communes and provinces, and said so."""
    for subject in ("signatory", "association", "deposit"):
        region, local = (
            next(r for r in rules(code, TODAY) if r.id.startswith(subject))
            for code in ("09", "08.401")
        )
        assert (region.certainty, local.certainty) == ("A", "B")
        assert region.cite("en").startswith("organic law 111-14, art. 120-122; source")
        assert local.cite("en").startswith("organic law 113-14, art. 121-125 / organic law 112-14")
        assert any("provinces have it" in doubt for doubt in local.to_verify)
        assert local.note == region.note
        assert next(r for r in rules(OUARZAZATE, TODAY) if r.id.startswith(subject)) == local
