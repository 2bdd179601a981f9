"""The words and shapes in which days are written: `words/days.toml` as patterns."""

import re

from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import phrase_set, phrases, valued

LISTS = words_of("days")
MONTH_OF = valued(LISTS["months"])
AWAY = valued(LISTS["away"])
WEEKDAY_OF = valued(LISTS["weekdays"])
SPANS = LISTS["spans"]


def _any_of(*lists: str) -> str:
    """An alternation of the phrases of some lists, longest first, each a whole word or several."""
    found = sorted(phrase_set(*lists), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, found))})"


MONTH = _any_of(*LISTS["months"].values())
WEEKDAY = _any_of(*LISTS["weekdays"].values())
NEXT, LAST, THIS = (_any_of(LISTS["beside"][which]) for which in ("next", "last", "this"))
FIRST = _any_of(LISTS["day_of_month"]["first"])
ONE = _any_of(SPANS["one"])
UNIT = {unit: _any_of(SPANS[unit]) for unit in ("days", "weeks", "months")}
TWO = {"days": _any_of(SPANS["two_days"]), "weeks": _any_of(SPANS["two_weeks"])}

# Matched on text with plain digits.
YEAR_FIRST = re.compile(
    r"(?<![\d/.\-])(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?![\d/\-]|\.\d)"
)
DAY_FIRST = re.compile(
    r"(?<![\d/.\-,])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/\-]|[.,]\d)"
)
WITHOUT_YEAR = re.compile(r"(?<![\d/.\-,])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/\-²³]|[.,]\d)")
WITHOUT_YEAR_ALONE = re.compile(r"(?:(?:le|the)\s)?(\d{1,2})\s?([.-])\s?(\d{1,2})\.?")
SPACED = re.compile(r"(\d{1,2})\s+(\d{1,2})\s+(\d{4}|\d{2})")
#: Said of what never closes; "17/7" and "24/7/2027" are days.
ALWAYS_OPEN = re.compile(
    r"(?<![\d/])(?:24\s?h?/\s?(?:24|7)|7\s?j?\s?/\s?7)(?!\d|\s?/)", re.IGNORECASE
)
CLOCK = re.compile(
    r"(?<![\d/.\-:])(?:[01]?\d|2[0-4])\s?(?:h(?!\w)|h\s?[0-5]\d|heures?(?!\w)|:[0-5]\d|[ap]m\b)",
    re.IGNORECASE,
)
DIRECTIONS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640]")

# Matched on folded text.
OF = r"(?:of|de|du|n|ⵏ|من|في|ف|شهر)"
NAMED = re.compile(
    rf"(?<!\w)(?:({WEEKDAY}) )?(?:le |the |ce |this |نهار |يوم )?(?:(\d{{1,2}})(?: ?(?:er|e|eme|st|nd|rd|th))?|({FIRST})) ?{OF}? ?(?:شهر )?"
    rf"({MONTH})(?: (?:de|سنه|عام)? ?(\d{{4}}|\d{{2}})(?![\w]))?(?: (?:({LAST})|{NEXT}))?(?!\w)"
)
MONTH_FIRST = re.compile(
    rf"(?<!\w)(?:({WEEKDAY}) )?({MONTH}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?(?!\w)"
)
RELATIVE = re.compile(rf"(?<!\w)({_any_of(*LISTS['away'].values())})(?!\w)")
SPAN = re.compile(
    rf"(?<!\w)(?:(?P<ahead>{_any_of(SPANS['ahead'])})|(?P<ago>{_any_of(SPANS['ago'])})) ?(?:ل ?)?"
    rf"(?:(?P<n>\d{{1,3}}|{ONE}) )?"
    rf"(?:(?P<days>{UNIT['days']})|(?P<weeks>{UNIT['weeks']})|(?P<months>{UNIT['months']})"
    rf"|(?P<two_days>{TWO['days']})|(?P<two_weeks>{TWO['weeks']}))(?!\w)"
)
SPAN_AFTER = re.compile(
    rf"(?<!\w)(?P<n>\d{{1,3}}|{ONE}) (?:(?P<days>{UNIT['days']})|(?P<weeks>{UNIT['weeks']})|(?P<months>{UNIT['months']}))"
    rf" (?:(?P<ahead>{_any_of(SPANS['from_now'])})|(?P<ago>{_any_of(SPANS['before_now'])}))(?!\w)"
)
OF_WEEK = re.compile(
    rf"(?<!\w)(?:(?P<this>{THIS}) |(?P<next>{NEXT}) |(?P<last>{LAST}) )?(?P<day>{WEEKDAY})"
    rf"(?: (?:le |the )?(?P<number>\d{{1,2}}))?(?: (?:(?P<then>{NEXT})|(?P<gone>{LAST})|(?P<now>{THIS})))?(?!\w)"
)
OF_MONTH = re.compile(
    rf"(?<!\w)(?:{_any_of(LISTS['day_of_month']['before'])} (\d{{1,2}})(?:er|st|nd|rd|th)?"
    rf"|(\d{{1,2}})(?:er|st|nd|rd|th)(?: of)?)(?: {_any_of(LISTS['day_of_month']['this_month'])})?(?!\w)"
    rf"|(?<!\w)(\d{{1,2}}) {_any_of(LISTS['day_of_month']['this_month'])}(?!\w)"
)
END_OF_MONTH = re.compile(rf"(?<!\w){_any_of(LISTS['day_of_month']['end_of_month'])}(?!\w)")
NUMBER_BEFORE = re.compile(rf"(?: ?{OF})?(?: شهر)? (?:{MONTH}|{'|'.join(UNIT.values())})(?!\w)")


def _meanings() -> dict[str, str]:
    """Phrase -> what it does to a day beside it; the graver of two."""
    found: dict[str, str] = {}
    doubt = LISTS["doubt"]
    modifiers = " ".join(LISTS["beside"][which] for which in ("next", "last", "this"))
    for meaning, line in (
        ("plain", LISTS["beside"]["plain"]),
        ("doubt", modifiers),
        ("doubt", doubt["words"]),
        ("labels", doubt["labels"]),
        ("refusing", doubt["refusing"]),
        ("refusing", LISTS["other_calendars"]["months"]),
    ):
        for phrase in phrases(line):
            found[phrase] = meaning
    return found


MEANINGS = _meanings()
LONGEST_PHRASE = max(len(phrase.split()) for phrase in MEANINGS)


#: Between a day and its hour: "demain à 10".
AT = phrase_set("at a à مع m3a الساعة")
