"""Dates as people write them."""

from datetime import date, datetime, time

import dateparser
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.dates import read
from flows.understanding.numbers import NOTHING, certain, doubtful

TODAY = date(2026, 11, 21)


def date_in(text: str, today: date, *, prefer_past: bool = False) -> date | None:
    """The one day that `text` surely names, or None; with `prefer_past` nothing after today fits."""
    return read(text, today, latest=today if prefer_past else None).value


@pytest.mark.parametrize(
    "text",
    [
        "12/3/2027",
        "12-03-27",
        "12.3.2027",
        "2027-03-12",
        "2027/3/12",
        "12 3 2027",
        "١٢/٣/٢٠٢٧",
        "12 mars",
        "12 mars 2027",
        "le 12 mars",
        "12 مارس 2027",
        "١٢ مارس",
        "يوم 12 آذار",
        "12 من مارس",
        "March 12th, 2027",
        "12 march",
        "12th of March",
        "12 ⵎⴰⵕⵚ",
        "12/3",
        "12 Mar.",
        "12 مارس ٢٠٢٧",
        "\u206612/3/2027\u2069",
    ],
)
def test_one_day_has_many_spellings(text: str) -> None:
    """Day first, any digits, any language; without a year, the nearest to come."""
    assert date_in(text, TODAY) == date(2027, 3, 12)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        *zip(
            [
                "يناير",
                "فبراير",
                "مارس",
                "أبريل",
                "ماي",
                "يونيو",
                "يوليوز",
                "غشت",
                "شتنبر",
                "أكتوبر",
                "نونبر",
                "دجنبر",
            ],
            range(1, 13),
            strict=True,
        ),
        *zip(
            [
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ],
            range(1, 13),
            strict=True,
        ),
        *zip(
            [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
            range(1, 13),
            strict=True,
        ),
        *zip(
            [
                "ⵉⵏⵏⴰⵢⵔ",
                "ⴱⵕⴰⵢⵕ",
                "ⵎⴰⵕⵚ",
                "ⵉⴱⵔⵉⵔ",
                "ⵎⴰⵢⵢⵓ",
                "ⵢⵓⵏⵢⵓ",
                "ⵢⵓⵍⵢⵓⵣ",
                "ⵖⵓⵛⵜ",
                "ⵛⵓⵜⴰⵏⴱⵉⵔ",
                "ⴽⵟⵓⴱⵕ",
                "ⵏⵓⵡⴰⵏⴱⵉⵔ",
                "ⴷⵓⵊⴰⵏⴱⵉⵔ",
            ],
            range(1, 13),
            strict=True,
        ),
        ("شباط", 2),
        ("يوليو", 7),
        ("أغسطس", 8),
        ("ديسمبر", 12),
        ("كانون الثاني", 1),
    ],
)
def test_every_month_is_known_by_its_names(name: str, month: int) -> None:
    """Moroccan, eastern, French, English and Tamazight months are months."""
    assert date_in(f"5 {name} 2028", TODAY) == date(2028, month, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("اليوم", 21),
        ("lyoum", 21),
        ("aujourd'hui", 21),
        ("ⴰⵙⵙⴰ", 21),
        ("غدا", 22),
        ("ghedda", 22),
        ("demain", 22),
        ("azekka", 22),
        ("tomorrow morning", 22),
        ("après-demain", 23),
        ("بعد غد", 23),
        ("البارح", 20),
        ("hier", 20),
        ("avant-hier", 19),
        ("أول أمس", 19),
    ],
)
def test_days_are_named_from_today(text: str, day: int) -> None:
    """Today, its neighbours and theirs, in every language."""
    assert date_in(text, TODAY) == date(2026, 11, day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/2/2027",
        "32/1",
        "12/13/2027",
        "30 février",
        "0/0/0000",
        "mai",
        "2027",
        "0612345678",
        "1/2/3/4",
        "du 1 mars au 3 mars",
        "bonjour",
    ],
)
def test_impossible_or_ambiguous_dates_are_none(text: str) -> None:
    """No such day, no day at all, or two days."""
    assert date_in(text, TODAY) is None


def test_without_a_year_the_nearest_day_counts() -> None:
    """Forwards by default, backwards on request, today in both; 29 February waits for its year."""
    assert date_in("20/11", TODAY) == date(2027, 11, 20)
    assert date_in("20/11", TODAY, prefer_past=True) == date(2026, 11, 20)
    assert date_in("12 mars", TODAY, prefer_past=True) == date(2026, 3, 12)
    assert date_in("21/11", TODAY) == date_in("21/11", TODAY, prefer_past=True) == TODAY
    assert date_in("29/2", TODAY) == date(2028, 2, 29)
    assert date_in("29/2", TODAY, prefer_past=True) == date(2024, 2, 29)


def test_two_digits_of_a_year_are_of_our_time() -> None:
    """27 is 2027; 85, a birth, is 1985."""
    assert date_in("1/2/27", TODAY) == date(2027, 2, 1)
    assert date_in("1/2/85", TODAY) == date(1985, 2, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("7/7/2000", date(2000, 7, 7)),
        ("27/7/2027", date(2027, 7, 27)),
        ("17/7", date(2027, 7, 17)),
        ("24/7/2027", date(2027, 7, 24)),
        ("ouvert 7/7", None),
        ("7j/7, 24h/24", None),
        ("24/7", None),
    ],
)
def test_a_day_in_july_is_not_what_never_closes(text: str, day: date | None) -> None:
    assert date_in(text, TODAY) == day


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_any_day_is_read_back(day: date) -> None:
    """Every usual notation of a day gives the day; two digits of a year where they leave no doubt."""
    written = [
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ]
    if 1951 <= day.year <= 2036:
        written.append(f"{day:%d-%m-%y}")
    for text in written:
        assert date_in(text, TODAY) == day


@pytest.mark.parametrize("locale", ["fr", "en_GB", "ar_MA", "zgh"])
@given(day=st.dates(date(1951, 1, 1), date(2036, 12, 31)))
def test_a_day_as_the_locale_data_write_it_is_read_back(locale: str, day: date) -> None:
    """With weekday and month in words, in four languages; the weekday agrees, so nothing is in doubt."""
    for pattern in ("EEEE d MMMM y", "d MMMM y", "dd/MM/y"):
        assert read(format_date(day, pattern, locale=locale), TODAY) == certain(day)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (text, settings)
        for settings in ("future", "past")
        for text in [
            "12 mars 2027", "le 5 juin 2025", "3 août", "25 décembre", "lundi", "demain", "hier",
            "dans 4 jours", "il y a 2 jours", "March 12, 2027", "12 march", "tomorrow", "2 days ago",
            "in 5 days", "12 مارس 2027", "3 يونيو", "20 أغسطس", "غدا", "أمس",
        ]
    ],
)  # fmt: skip
def test_a_library_of_dates_reads_ours_alike(text: str, settings: str) -> None:
    """What dateparser knows of French, English and Arabic, both ways of filling in a year."""
    past = settings == "past"
    theirs = dateparser.parse(
        text,
        languages=["fr", "en", "ar"],
        settings={
            "RELATIVE_BASE": datetime.combine(TODAY, time()),
            "PREFER_DATES_FROM": settings,
            "DATE_ORDER": "DMY",
        },
    )
    assert theirs is not None
    assert date_in(text, TODAY, prefer_past=past) == theirs.date()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5/3/49", (date(2049, 3, 5), date(1949, 3, 5))),
        ("12/25/2026", (date(2026, 12, 25),)),
        ("du 3 au 5 mars", (date(2027, 3, 3), date(2027, 3, 5))),
        ("lundi ou mardi", (date(2026, 11, 23), date(2026, 11, 24))),
        ("samedi", (TODAY, date(2026, 11, 28))),
        ("dimanche prochain", (date(2026, 11, 22), date(2026, 11, 29))),
        ("lundi 24 novembre", (date(2026, 11, 24), date(2026, 11, 23))),
        ("dans 15 jours", (date(2026, 12, 6), date(2026, 12, 5))),
        ("dans 8 jours", (date(2026, 11, 29), date(2026, 11, 28))),
        ("avant le 5 mars", (date(2027, 3, 5),)),
        ("fin du mois", (date(2026, 11, 30),)),
        ("2.5", (date(2027, 5, 2),)),
        ("demain ?", (date(2026, 11, 22),)),
    ],
)
def test_what_may_be_two_days_is_in_doubt_between_them(text: str, meant: tuple[date, ...]) -> None:
    """The likeliest first; a day that is only compared with stands alone, and is asked back too."""
    assert read(text, TODAY) == doubtful(*meant)


def test_the_limits_of_a_question_settle_what_they_can() -> None:
    """Of two years or two Saturdays only one fits; a day outside stays what it is, for the question to refuse."""
    assert read("5/3/49", TODAY, latest=TODAY).value == date(1949, 3, 5)
    assert read("5/3/49", TODAY, earliest=TODAY).value == date(2049, 3, 5)
    assert read("samedi", TODAY, earliest=date(2026, 11, 22)).value == date(2026, 11, 28)
    assert read("lundi", TODAY, latest=TODAY).value == date(2026, 11, 16)
    assert read("hier", TODAY, earliest=TODAY).value == date(2026, 11, 20)


@pytest.mark.parametrize(
    "text", ["pas demain", "ماشي غدا", "chaque lundi", "كل اثنين", "12/9/1448", "20 رمضان", "n° 12/3", "24/7"]
)  # fmt: skip
def test_refusals_habits_and_other_calendars_are_no_day(text: str) -> None:
    """Nothing is asked back either: there is no day to ask about."""
    assert read(text, TODAY) == NOTHING


@given(st.text(st.characters(), max_size=60), st.dates(), st.booleans())
def test_no_text_breaks_the_reading_of_dates(text: str, today: date, past: bool) -> None:
    """Arbitrary text on any day is a date or is not; nothing is raised."""
    date_in(text, today, prefer_past=past)
    date_in("hier", today)
    date_in("demain", today)
