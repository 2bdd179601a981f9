"""What a number or a day that is in doubt is asked back as: how it is shown, and the reply that surely means it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime

from flows.dialog.dialog import Candidate, Reply, Unsure
from flows.wording.text import Code, Text, Translated

#: Under which name each of our languages stands in the locale data; Darija names months as Morocco does.
_LOCALES = {"ary": "ar_MA", "ar": "ar_MA", "fr": "fr", "zgh": "zgh", "en": "en_GB"}


def numbers_in_doubt(values: Iterable[int | Decimal]) -> Unsure | None:
    """ "Did you mean 5 000?"; None where a number typed in reply could mean a place in that list too.

    "2" under "1) 2  2) 3" is both the first and the second: then the question is better asked anew.
    """
    offered = tuple(values)[:3]
    # The place after the last is "something else".
    places = range(1, len(offered) + 2)
    if any(value in places for value in offered):
        return None
    return Unsure(tuple(Candidate(_shown(value), Reply(text=_written(value))) for value in offered))


def _shown(value: int | Decimal) -> Text:
    return Code(f"{_short(value):,}".replace(",", "\N{NO-BREAK SPACE}"))


def _written(value: int | Decimal) -> str:
    """Digits with one reading: three decimals could be thousands, four are not."""
    short = _short(value)
    text = str(short) if isinstance(short, int) else f"{short:f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def _short(value: int | Decimal) -> int | Decimal:
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def days_in_doubt(days: Iterable[date]) -> Unsure:
    """ "Did you mean Monday 7 December 2026?"."""
    return Unsure(tuple(Candidate(day_in_words(day), Reply(text=day.isoformat())) for day in days))


def moments_in_doubt(walls: Iterable[datetime]) -> Unsure:
    """ "Did you mean Monday 7 December 2026, 18:30?"."""
    return Unsure(
        tuple(
            Candidate(_in_words(wall, "EEE d MMM y HH:mm"), Reply(text=f"{wall:%Y-%m-%d %H:%M}"))
            for wall in walls
        )
    )


@lru_cache(256)
def day_in_words(day: date) -> Text:
    """A day with its weekday and the name of its month, in every language; short enough for a button."""
    return _in_words(day, "EEE d MMMM y")


def _in_words(moment: date, pattern: str) -> Text:
    return Translated(
        {
            language: format_datetime(moment, pattern, locale=locale)
            if isinstance(moment, datetime)
            else format_date(moment, pattern, locale=locale)
            for language, locale in _LOCALES.items()
        }
    )
