"""The day that a person wrote, in any of our languages, scripts and digits: certain, in doubt, or none.

Every day that is named in a text is found and taken out, the surest spelling first; then what is left is
looked at. "Until", "or", a second day or a lonely number make a day doubtful; "not" and "every" refuse it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flows.understanding.numbers import NOTHING, Reading, calendar, certain, day_words, doubtful
from flows.understanding.numbers.calendar import Days, Frame
from flows.understanding.numbers.spelled import COUNTING, is_part, joins, library, spelled
from flows.understanding.scripts import digits, fold

_LONGEST = 200
_HOURS = 24
_MOST = 3


@dataclass(frozen=True, slots=True)
class _Mention:
    """A day that a text names: what it may be, and whether strange words beside it make it doubtful."""

    days: Days
    sure: bool = True
    loose: bool = False
    month: int = 0
    #: 1 to 7 where only a day of the week was named.
    of_week: int = 0


@dataclass(slots=True)
class _Text:
    """What is still to be read of a text; a found day is a sign of its own in it."""

    frame: Frame
    left: str
    found: list[_Mention] = field(default_factory=list)

    def take(
        self, pattern: re.Pattern[str], mention: Callable[[re.Match[str]], _Mention | None]
    ) -> None:
        """Take out whatever the pattern finds and `mention` takes for a day."""

        def taken(met: re.Match[str]) -> str:
            made = mention(met)
            if made is None:
                return met[0]
            self.found.append(made)
            return f" {_MARK}{len(self.found) - 1}{_MARK} "

        self.left = pattern.sub(taken, self.left)

    def folded(self) -> None:
        """Go on with the letters as they are compared."""
        self.left = " ".join(fold(self.left).split())


#: Stands around the number of a day that was found; a letter that nobody writes and `fold` keeps.
_MARK = "\u16a0"


def read(
    text: str, today: date, *, earliest: date | None = None, latest: date | None = None
) -> Reading[date]:
    """The day that `text` names, counted from `today`. Never raises.

    Digits of any script, day first ("12/3/2027", "12-03-27", "12.3"), or year first ("2027-03-12"); months
    and weekdays by name, today and its neighbours, "dans 3 jours", "le 28", in Arabic, Darija, French,
    Tamazight and English. Polite words around a day do no harm.

    A day without a year, a weekday and the number of a day are the nearest to come, or the nearest gone by
    where `latest` is not after today. Of two years, two weekdays or two orders of day and month the one
    within the limits is meant; else it is in doubt. A certain day may be outside the limits.
    """
    if len(text) > _LONGEST:
        return NOTHING
    plain = (
        day_words.DIRECTIONS.sub("", digits(text)).replace("\u00a0", " ").replace("،", ",").strip()
    )
    for slash in "⁄∕／\\":
        plain = plain.replace(slash, "/")
    for dash in "‐‑‒–—−":
        plain = plain.replace(dash, "-")
    if day_words.ALWAYS_OPEN.search(plain):
        return NOTHING
    asking = "?" in plain or "؟" in plain
    found = _Text(Frame(today, earliest, latest), day_words.CLOCK.sub(" ", plain))
    _take_written(found)
    found.folded()
    _take_named(found)
    reading = _judged(found)
    return doubtful(*reading.values) if asking else reading


# --------------------------------------------------------------------------- digits


def _take_written(text: _Text) -> None:
    frame = text.frame

    def year_first(met: re.Match[str]) -> _Mention:
        return _Mention(calendar.dated(frame, int(met[3]), int(met[2]), int(met[1])))

    def day_first(met: re.Match[str]) -> _Mention:
        return _ordered(frame, int(met[1]), int(met[3]), met[4])

    def without_year(met: re.Match[str]) -> _Mention:
        return _ordered(frame, int(met[1]), int(met[2]), None)

    def alone(met: re.Match[str]) -> _Mention:
        # "2.5" may be a number with decimals.
        made = _ordered(frame, int(met[1]), int(met[3]), None)
        return replace(made, sure=made.sure and met[2] != ".")

    text.take(day_words.YEAR_FIRST, year_first)
    text.take(day_words.DAY_FIRST, day_first)
    text.take(day_words.WITHOUT_YEAR, without_year)
    left = text.left.strip()
    if day_words.WITHOUT_YEAR_ALONE.fullmatch(left):
        text.take(day_words.WITHOUT_YEAR_ALONE, alone)
    elif day_words.SPACED.fullmatch(left):
        text.take(day_words.SPACED, lambda met: _ordered(frame, int(met[1]), int(met[2]), met[3]))


def _ordered(frame: Frame, day: int, month: int, year: str | None) -> _Mention:
    """A day by its numbers; where only the month can stand first ("12/25/2026") that is in doubt."""
    number = int(year) if year else None
    size = len(year or "")
    days = calendar.dated(frame, day, month, number, size)
    if days or day > 12 or month <= 12:
        return _Mention(days, loose=year is None)
    return _Mention(calendar.dated(frame, month, day, number, size), sure=False)


# --------------------------------------------------------------------------- words

#: Before a number they are a Tuesday, or seven, to who writes French.
_OTHER_WORDS = frozenset({"mar", "sept"})


def _take_named(text: _Text) -> None:
    frame = text.frame
    text.left = _numbered(text.left)

    def named(met: re.Match[str]) -> _Mention:
        day, month = int(met[2] or 1), day_words.MONTH_OF[met[4]]
        year = met[5]
        looked = Frame(frame.today, latest=frame.today) if met[6] and not year else frame
        days = calendar.dated(looked, day, month, int(year) if year else None, len(year or ""))
        if year and len(year) == 2 and int(year) <= _HOURS:
            # "12 mars 10" may be at ten o'clock.
            return _Mention((*days, *calendar.dated(frame, day, month, None)), sure=False)
        return _with_weekday(frame, days, met[1], month)

    def month_first(met: re.Match[str]) -> _Mention:
        days = calendar.dated(
            frame, int(met[3]), day_words.MONTH_OF[met[2]], int(met[4]) if met[4] else None
        )
        made = _with_weekday(frame, days, met[1], day_words.MONTH_OF[met[2]], loose=not met[4])
        return replace(made, sure=made.sure and met[2] not in _OTHER_WORDS)

    def relative(met: re.Match[str]) -> _Mention:
        return _Mention(calendar.away(frame.today, day_words.AWAY[met[1]]))

    def of_week(met: re.Match[str]) -> _Mention:
        which = (
            "next" if met["next"] or met["then"] else "last" if met["last"] or met["gone"] else ""
        )
        which = which or ("this" if met["this"] or met["now"] else "")
        wanted = day_words.WEEKDAY_OF[met["day"]]
        if met["number"]:
            days = calendar.of_month(frame, int(met["number"]))
            return _with_weekday(frame, days, met["day"], days[0].month if days else 0)
        return _Mention(calendar.weekday(frame, wanted, which), loose=True, of_week=wanted)

    def of_month(met: re.Match[str]) -> _Mention:
        return _Mention(calendar.of_month(frame, int(met[1] or met[2] or met[3])), loose=True)

    def end_of_month(met: re.Match[str]) -> _Mention:
        return _Mention(calendar.end_of_month(frame), sure=False)

    text.take(day_words.NAMED, named)
    text.take(day_words.MONTH_FIRST, month_first)
    text.take(day_words.RELATIVE, relative)
    for pattern in (day_words.SPAN, day_words.SPAN_AFTER):
        text.take(pattern, lambda met: _span(frame, met))
    text.take(day_words.OF_WEEK, of_week)
    text.take(day_words.END_OF_MONTH, end_of_month)
    text.take(day_words.OF_MONTH, of_month)
    if text.left.isdecimal() and len(text.left) <= 2:
        text.found.append(_Mention(calendar.of_month(frame, int(text.left)), sure=False))
        text.left = ""


def _with_weekday(
    frame: Frame, days: Days, weekday: str | None, month: int, *, loose: bool = False
) -> _Mention:
    """A day with its weekday before it: where they differ either may be meant."""
    if weekday is None or not days:
        return _Mention(days, loose=loose, month=month)
    agreeing = tuple(day for day in days if day.isoweekday() == day_words.WEEKDAY_OF[weekday])
    if agreeing:
        return _Mention(agreeing, month=month)
    return _Mention(
        (*days, *calendar.weekday(frame, day_words.WEEKDAY_OF[weekday])), sure=False, month=month
    )


def _span(frame: Frame, met: re.Match[str]) -> _Mention | None:
    """So many days, weeks or months from today."""
    group = met.groupdict()
    forwards = 1 if group["ahead"] else -1
    said = group["n"]
    number = 1 if said is None or not said.isdecimal() else int(said)
    if group.get("two_days") or group.get("two_weeks"):
        number = 2
    elif said is None and (group["days"] or group["ahead"] is None or group["months"]):
        # "après la semaine", "قبل الشهر": a word more would be needed.
        return None
    if group["months"]:
        return _Mention(calendar.months_away(frame.today, forwards * number), sure=False)
    if group["weeks"] or group.get("two_weeks"):
        return _Mention(calendar.away(frame.today, forwards * 7 * number))
    days = calendar.away(frame.today, forwards * number)
    if number in _FORTNIGHTS:
        # In French eight days are a week, and fifteen are two.
        return _Mention((*days, *calendar.away(frame.today, forwards * (number - 1))))
    return _Mention(days)


_FORTNIGHTS = frozenset({8, 15})


def _numbered(folded: str) -> str:
    """Number words before a month, days or weeks, and after "le", as digits."""
    tokens = folded.split()
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and not tokens[end].isdecimal()
            and (is_part(tokens[end]) or (end > at and joins(tokens[end])))
        ):
            end += 1
        while end > at:
            run = tokens[at:end]
            value = (
                spelled(" ".join(run)) if len(run) > 1 else COUNTING.get(run[0], spelled(run[0]))
            )
            before_unit = value is not None and day_words.NUMBER_BEFORE.match(
                " " + " ".join(tokens[end:])
            )
            after_article = at and tokens[at - 1] in {"le", "the"} and library(run) == value
            if value is not None and value < 1000 and (before_unit or after_article):
                tokens[at:end] = [str(value)]
                break
            end -= 1
        at += 1
    return " ".join(tokens)


# --------------------------------------------------------------------------- what is meant


def _judged(text: _Text) -> Reading[date]:
    if not text.found or not all(mention.days for mention in text.found):
        return NOTHING
    beside, lonely = _beside(text)
    found = _agreeing(text.found)
    if "refusing" in beside:
        return NOTHING
    days = dict.fromkeys(day for mention in found for day in mention.days)
    if len(found) == 1 and found[0].month:
        month = found[0].month
        for number in lonely:
            days = {**dict.fromkeys(calendar.dated(text.frame, number, month, None)), **days}
    doubted = (
        len(days) > 1
        or lonely
        or "doubt" in beside
        or not all(mention.sure for mention in found)
        or ("unknown" in beside and any(mention.loose for mention in found))
    )
    meant = tuple(days)[:_MOST]
    return doubtful(*meant) if doubted else certain(meant[0])


def _agreeing(found: Sequence[_Mention]) -> Sequence[_Mention]:
    """The days named, without a weekday that only says again what another is ("lundi 30/11/2026")."""
    dated = [mention for mention in found if not mention.of_week]
    if len(dated) != 1 or len(dated[0].days) != 1:
        return found
    (day,) = dated[0].days
    return [one for one in found if not one.of_week or one.of_week != day.isoweekday()]


def _beside(text: _Text) -> tuple[set[str], list[int]]:
    """What the words around the days mean, and the numbers among them that are no hours."""
    tokens = text.left.split()
    meanings: set[str] = set()
    lonely: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.startswith(_MARK):
            at += 1
            continue
        if token.isdecimal():
            if (
                at
                and tokens[at - 1] in day_words.AT
                and any(_MARK in before for before in tokens[:at])
            ):
                at += 1
                continue
            lonely.append(int(token[:4]))
            at += 1
            continue
        for size in range(min(day_words.LONGEST_PHRASE, len(tokens) - at), 0, -1):
            meaning = day_words.MEANINGS.get(" ".join(tokens[at : at + size]))
            if meaning is None and size > 1:
                continue
            if meaning == "labels":
                # "n° 12/3" is an address, "ass n 12 mars" a day.
                meaning = (
                    "refusing" if _loose_next(text, tokens, at + size) else _LABEL_ELSE.get(token)
                )
            meanings.add(meaning or "unknown")
            at += size
            break
    if tokens and tokens[-1] in _NO_AT_THE_END:
        meanings.add("refusing")
    return meanings, lonely


#: "ghedda la"; before a word it is the French article.
_NO_AT_THE_END = frozenset({"la"})


#: In Tamazight "n" is "of".
_LABEL_ELSE = {"n": "plain"}


def _loose_next(text: _Text, tokens: Sequence[str], at: int) -> bool:
    """Whether a day stands there that could be other numbers as well."""
    following = tokens[at].strip(_MARK) if at < len(tokens) and tokens[at][0] == _MARK else ""
    return following.isdecimal() and text.found[int(following)].loose
