"""The date that a person wrote, in any of our languages, scripts and digits. Day first."""

import re
from datetime import date, timedelta

from flows.understanding.scripts import digits, fold

_MONTHS: tuple[str, ...] = (
    "janvier janv jan january يناير جانفي كانون_الثاني yanayer yanair yennayer innayr yanyer "
    "ⵉⵏⵏⴰⵢⵔ ⵢⵏⵏⴰⵢⵔ ⵢⴰⵏⵏⴰⵢⵔ ⵏⵏⴰⵢⵔ",
    "fevrier fevr fev february feb فبراير فيفري شباط febrayer fibrayer fbrayer brayr bṛayṛ ⴱⵕⴰⵢⵕ ⵉⴱⵕⴰⵢⵕ xubrayr ⴼⵓⴱⵔⴰⵢⵔ",
    "mars march mar مارس آذار mars maṛṣ ⵎⴰⵕⵚ",
    "avril avr april apr أبريل إبريل ابريل أفريل نيسان abril ibril ⵉⴱⵔⵉⵔ ibrir ⴰⴱⵔⵉⵍ ⵢⴻⴱⵔⵉⵔ",
    "mai may ماي مايو أيار maye mayyu ⵎⴰⵢⵢⵓ mayu ⵎⴰⵢⵓ",
    "juin june jun يونيو يونيه جوان حزيران yunyu younio yunio ⵢⵓⵏⵢⵓ younyou",
    "juillet juil july jul يوليوز يوليو يوليه جويلية تموز yulyuz youlyouz yulyu youlyoz ⵢⵓⵍⵢⵓⵣ",
    "aout august aug غشت أغسطس آب اوت ghocht ghucht ghuct gusht ɣuct ⵖⵓⵛⵜ 8ocht",
    "septembre sept september sep شتنبر سبتمبر أيلول chutanbir chotanbir cutanbir shutanbir cuṭanbir "
    "ⵛⵓⵜⴰⵏⴱⵉⵔ ⵛⵓⵟⴰⵏⴱⵉⵔ",
    "octobre oct october أكتوبر تشرين_الأول oktobr oktober ktubr kṭubṛ ktober ⴽⵟⵓⴱⵕ ⵓⴽⵟⵓⴱⵕ",
    "novembre nov november نونبر نوفمبر تشرين_الثاني nowanbir nuwanbir nuwambir nounbir nwanbir ⵏⵓⵡⴰⵏⴱⵉⵔ",
    "decembre dec december دجنبر ديسمبر كانون_الأول dojanbir dujanbir doujanbir jember ⴷⵓⵊⴰⵏⴱⵉⵔ dujambir",
)
_MONTH_OF = {
    fold(name.replace("_", " ")): month
    for month, names in enumerate(_MONTHS, 1)
    for name in names.split()
}
_DAYS_AWAY: dict[int, str] = {
    -2: "avant hier/the day before yesterday/day before yesterday/أول أمس/أول البارح/ولبارح/اول البارح/wl bareh/"
    "awl lbareh/lwl lbareh",
    -1: "hier/yesterday/أمس/البارحة/البارح/لبارح/بالأمس/lbareh/lbare7/lbarah/bareh/bare7/lbar7/elbareh/iḍgam/idgam/"
    "assennaṭ/ⴰⵙⵙⵏⵏⴰⵟ/ⵉⴹⵍⵍⵉ/iḍlli/idlli/idelli/ⵉⴹⴳⴰⵎ/إضكام",
    0: "aujourd hui/aujourdhui/aujourd huit/today/اليوم/ليوم/لليوم/النهاردة/هاد النهار/هذا اليوم/lyoum/lyom/lyouma/lyum/el youm/"
    "had nhar/had nhar/ghassad/ɣassad/assa/ass a/ⴰⵙⵙⴰ/ⵖⴰⵙⵙⴰ/ⵖⴰⵙⵙⴰⴷ/ⴰⵙⵙ ⴰ/غاسا/غاساد/اسا",
    1: "demain/tomorrow/غدا/غدّا/غدًا/غدوة/الغد/غادا/ghedda/ghda/ghdda/ghadda/gheda/ghada/ghdwa/ghedwa/8da/"
    "azekka/azkka/azka/azzekka/ⴰⵣⴽⴽⴰ/ⴰⵣⴻⴽⴽⴰ/ⴰⵣⴽⴰ/ازكا/أزكا",
    2: "apres demain/the day after tomorrow/day after tomorrow/بعد غد/بعد غدا/بعد غدّا/ba3d ghedda/b3d ghdda/"
    "ba3d ghdda/b3d ghda/naf uzekka/naf wazekka/ⵏⴰⴼ ⵓⵣⴽⴽⴰ",
}
_AWAY = {fold(words): days for days, phrases in _DAYS_AWAY.items() for words in phrases.split("/")}


def _any_of(phrases: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))


_MONTH = _any_of(_MONTH_OF)
_YEAR_FIRST = re.compile(
    r"(?<![\d/.\-])(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?![\d/\-]|\.\d)"
)
_DAY_FIRST = re.compile(
    r"(?<![\d/.\-])(\d{1,2})\s?([-/.])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?(?![\d/\-]|\.\d)"
)
_SPACED = re.compile(r"\s*(\d{1,2})\s+(\d{1,2})\s+(\d{4}|\d{2})\s*")
# Matched on folded text: "12 mars 2027", "1er mars", "12 من مارس", "March 12th, 2027".
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})\s?(?:er|e|eme|st|nd|rd|th)?\s?(?:of|de|du|n|ⵏ|من|في|ف|شهر)?\s?({_MONTH})(?:\s(?:de|سنه|عام)?\s?(\d{{4}}|\d{{2}}))?(?!\w)"
)
_MONTH_DAY = re.compile(
    rf"(?<!\w)({_MONTH})\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s(\d{{4}}))?(?!\w)"
)
_RELATIVE = re.compile(rf"(?<!\w)({_any_of(_AWAY)})(?!\w)")
_DIRECTIONS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640]")

_LONGEST = 200


def _whole_year(year: int) -> int:
    """27 is 2027 and 85 is 1985: two digits mean the years 1950 to 2049."""
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _made(day: int, month: int, year: int | None, today: date, past: bool) -> date | None:
    """The date, in the given or the nearest fitting year; None when there is no such day."""
    if year is not None:
        years = [_whole_year(year)]
    else:
        # Eight years reach the next 29 February even across 2100.
        years = [today.year + (-away if past else away) for away in range(9)]
    for candidate in years:
        try:
            made = date(candidate, month, day)
        except ValueError:
            if (day, month) != (29, 2):
                return None
            continue
        if year is not None or made == today or (made < today) == past:
            return made
    return None


def date_in(text: str, today: date, *, prefer_past: bool = False) -> date | None:
    """The one date that `text` names, or None: no date, two different ones, or an impossible one.

    Digits of any script, day first ("12/3/2027", "12-03-27", "12.3"), or year first ("2027-03-12");
    months by name in Arabic (Moroccan, eastern and Algerian ones), French, English, Tamazight, and as
    Darija is typed in Latin letters; today, tomorrow, yesterday and the days beyond. Words around the
    date do no harm.

    A date without a year is the nearest from `today` on; with `prefer_past` the nearest up to `today`.
    Two digits of a year mean 1950 to 2049.
    """
    if len(text) > _LONGEST:
        return None
    plain = _DIRECTIONS.sub("", digits(text)).replace("\u00a0", " ").replace("،", ",")
    for slash in "⁄∕／\\":
        plain = plain.replace(slash, "/")
    for dash in "‐‑‒–—−":
        plain = plain.replace(dash, "-")

    found: list[date | None] = []
    for met in _YEAR_FIRST.finditer(plain):
        found.append(_made(int(met[3]), int(met[2]), int(met[1]), today, prefer_past))
    for met in _DAY_FIRST.finditer(plain):
        year = int(met[4]) if met[4] else None
        found.append(_made(int(met[1]), int(met[3]), year, today, prefer_past))
    if not found and (met_spaced := _SPACED.fullmatch(plain)):
        day, month, year = (int(part) for part in met_spaced.groups())
        found.append(_made(day, month, year, today, prefer_past))

    folded = fold(plain)
    named = list(_DAY_MONTH.finditer(folded))
    for met in named:
        year = int(met[3]) if met[3] else None
        found.append(_made(int(met[1]), _MONTH_OF[met[2]], year, today, prefer_past))
    for met in [] if named else _MONTH_DAY.finditer(folded):
        year = int(met[3]) if met[3] else None
        found.append(_made(int(met[2]), _MONTH_OF[met[1]], year, today, prefer_past))
    if not found:
        found = [_shifted(today, _AWAY[met[1]]) for met in _RELATIVE.finditer(folded)]
    return found[0] if len(set(found)) == 1 else None


def _shifted(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None
