"""In which months does a council hold its ordinary sessions?

The rules are data in the manner of `flows.morocco.petition_law`: dated, sourced, each with its certainty and with
what nobody has checked yet. The press and pages of councils were read, the organic laws' own text was not.
Nothing here is legal advice: show `Rule.cite` wherever such a month is shown. A council may also meet in an
extraordinary session, in any month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flows.morocco import places, workdays
from flows.morocco.petition_law import NoRule, Rule, Text

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Ordinary:
    """The months of a council's ordinary sessions (1 to 12, in their order), and the rule that says so."""

    months: tuple[int, ...]
    rule: Rule


def ordinary(place_code: str, on: date) -> Ordinary:
    """When the council of this place holds ordinary sessions, as is known on a day.

    Raises KeyError for an unknown place, `NoRule` where no rule is in force on that day.
    """
    level = places.place(place_code).level
    for rule in RULES:
        if level in rule.levels and rule.in_force(on):
            return Ordinary(tuple(sorted(rule.figures.values())), rule)
    raise NoRule(f"no rule on the sessions of a {level} is known on {on.isoformat()}")


def begins(year: int, month: int) -> date:
    """The first working day of a month: a first guess of when its session begins.

    The laws speak of the first week (art. 33 for communes); the council fixes the day.
    """
    return workdays.add(date(year, month, 1), 0 if workdays.worked(date(year, month, 1)) else 1)


def next_ones(place_code: str, after: date, count: int) -> Sequence[date]:
    """When the next ordinary sessions of a council may begin, so many of them, none before `after`."""
    months = ordinary(place_code, after).months
    found: list[date] = []
    year, month = after.year, after.month
    while len(found) < count:
        day = begins(year, month)
        if month in months and day >= after:
            found.append(day)
        year, month = (year + 1, 1) if month == _YEAR else (year, month + 1)
    return found


# The day the organic laws were promulgated, as generally known; see `petition_law`.
_SINCE: Final = date(2015, 7, 7)
_DATE: Final = "the day it came into force (given here: promulgation of the organic law)"
_TEXT: Final = "the article's text, and within which days of the month a session begins"


def _law(number: str, article: str = "") -> Text:
    return {
        "fr": f"loi organique {number}" + (f", art. {article}" if article else ""),
        "ar": f"القانون التنظيمي \u2068{number}\u2069"
        + (f"، المادة \u2068{article}\u2069" if article else ""),
        "en": f"organic law {number}" + (f", art. {article}" if article else ""),
    }


#: Every rule known. Add one only with what is known of its source.
RULES: Final = (
    Rule(
        id="sessions.commune",
        levels=("commune",),
        figures={"first": 2, "second": 5, "third": 10},
        article=_law("113-14", "33"),
        source={
            "fr": "anfaspress, 10/2023",
            "ar": "أنفاس بريس، \u206810/2023\u2069",
            "en": "anfaspress, 10/2023",
        },
        certainty="A",
        since=_SINCE,
        note={
            "fr": "Sessions ordinaires en février, mai et octobre, la première semaine.",
            "ar": "الدورات العادية في فبراير وماي وأكتوبر، خلال الأسبوع الأول.",
            "en": "Ordinary sessions in February, May and October, in the first week.",
        },
        to_verify=(_DATE,),
    ),
    Rule(
        id="sessions.province",
        levels=("province",),
        figures={"first": 1, "second": 6, "third": 9},
        article=_law("112-14"),
        source={
            "fr": "presse : Khémisset, Ifrane, El Kelaa",
            "ar": "الصحافة: الخميسات وإفران وقلعة السراغنة",
            "en": "the press: Khémisset, Ifrane, El Kelaa",
        },
        certainty="A",
        since=_SINCE,
        note={
            "fr": "Sessions ordinaires en janvier, juin et septembre.",
            "ar": "الدورات العادية في يناير ويونيو وشتنبر.",
            "en": "Ordinary sessions in January, June and September.",
        },
        to_verify=(_TEXT, _DATE),
    ),
    Rule(
        id="sessions.region",
        levels=("region",),
        figures={"first": 3, "second": 7, "third": 10},
        article=_law("111-14"),
        source={
            "fr": "pages de Marrakech-Safi, Souss-Massa et Fès-Meknès",
            "ar": "صفحات جهات مراكش-آسفي وسوس-ماسة وفاس-مكناس",
            "en": "pages of Marrakech-Safi, Souss-Massa and Fès-Meknès",
        },
        certainty="A",
        since=_SINCE,
        note={
            "fr": "Sessions ordinaires en mars, juillet et octobre.",
            "ar": "الدورات العادية في مارس ويوليوز وأكتوبر.",
            "en": "Ordinary sessions in March, July and October.",
        },
        to_verify=(_TEXT, _DATE),
    ),
    Rule(
        id="sessions.arrondissement",
        levels=("arrondissement",),
        figures={"first": 1, "second": 6, "third": 9},
        article=_law("113-14"),
        source={
            "fr": "Hespress, pour septembre",
            "ar": "هسبريس، بالنسبة إلى شتنبر",
            "en": "Hespress, for September",
        },
        certainty="B",
        since=_SINCE,
        note={
            "fr": "Sessions ordinaires en janvier, juin et septembre.",
            "ar": "الدورات العادية في يناير ويونيو وشتنبر.",
            "en": "Ordinary sessions in January, June and September.",
        },
        to_verify=("January and June, which no page read names", _TEXT, _DATE),
    ),
)
