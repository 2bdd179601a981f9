"""The census reference that participants are compared with."""

import pytest

from flows.morocco import census, places
from flows.morocco.census import AGE_BANDS, COUNTRY, GENDERS, profile, reference


def test_the_country_says_what_hcp_published():
    """Literacy, languages and disability of Morocco are the figures that HCP prints."""
    morocco = profile(COUNTRY)
    assert morocco.population == 36_828_330
    assert morocco.adults == 26_806_449
    assert morocco.literacy == pytest.approx(0.721)
    assert morocco.disability == pytest.approx(0.048)
    assert morocco.reads == pytest.approx({"ar": 0.992, "fr": 0.577, "en": 0.205, "zgh": 0.015})
    assert morocco.speaks["darija"] == pytest.approx(0.919)
    assert morocco.speaks["tachelhit"] == pytest.approx(0.142)
    assert morocco.literacy_by_gender["man"] > morocco.literacy_by_gender["woman"]


def test_age_bands_are_cut_from_the_five_year_bands():
    """Of the country's 15 and over, three fifths of 15-19 are 15-17; 25-34 and 65+ fit exactly."""
    over_15 = 8.2 + 7.3 + 6.8 + 7.2 + 7.0 + 6.9 + 6.1 + 5.6 + 4.7 + 4.7 + 3.4 + 2.6 + 3.1
    ages = profile(COUNTRY).by_age
    assert tuple(ages) == AGE_BANDS
    assert ages["15-17"] == pytest.approx(8.2 * 3 / 5 / over_15)
    assert ages["18-24"] == pytest.approx((8.2 * 2 / 5 + 7.3) / over_15)
    assert ages["25-34"] == pytest.approx((6.8 + 7.2) / over_15)
    assert ages["65+"] == pytest.approx((3.4 + 2.6 + 3.1) / over_15)


def test_every_place_has_a_reference_that_sums_to_one():
    """All 1,631 places have gender and age, their own or those of the place around them."""
    for level in places.LEVELS:
        for place in places.of_level(level):
            found = reference(place.code)
            assert sum(found.by_gender.values()) == pytest.approx(1)
            assert sum(found.by_age.values()) == pytest.approx(1)
            assert sum(found.by_gender_and_age.values()) == pytest.approx(1)
            assert set(found.by_gender) == set(GENDERS)
            assert all(0 <= share <= 1 for share in found.by_gender_and_age.values())


def test_gender_and_age_agree_with_the_two_tables_they_join():
    """The joint table, added up by age, gives the ages of everybody, but for HCP's rounding."""
    for code in ("08.401.01.07", "09", "06.141.01.11"):
        found = profile(code)
        for band in AGE_BANDS:
            joint = sum(found.by_gender_and_age[gender, band] for gender in GENDERS)
            assert joint == pytest.approx(found.by_age[band], abs=0.004)


def test_a_place_with_nothing_published_says_so_and_borrows_from_its_province():
    """Lagouira has a population only; its reference names Aousserd as the place it speaks of."""
    assert profile("12.066.01.03").population == 3127
    assert not profile("12.066.01.03").published
    assert profile("12.066.01.03").by_age == {}
    assert profile("12.066.01.03").literacy is None
    assert reference("12.066.01.03").code == "12.066"
    assert reference("08.401.01.07").code == "08.401.01.07"


def test_thirteen_men_are_no_reference():
    """In Oum Dreyga the census met 13 men and no woman: participants are compared with more."""
    assert reference("12.391.05.07").code == "12.391"


def test_the_credit_names_its_source_and_licence():
    """Whatever is published carries HCP, the census and the licence, and what we changed."""
    assert census.CREDIT == "HCP, RGPH 2024, CC BY 4.0"
    assert {"ar", "fr", "en"} <= set(census.CHANGES)


def test_a_published_table_cannot_be_altered():
    """The tables are shared by every caller, so none can spoil them for the others."""
    with pytest.raises(TypeError):
        profile(COUNTRY).by_age["15-17"] = 1.0
