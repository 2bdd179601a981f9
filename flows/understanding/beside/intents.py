"""What do people say besides answers and needs? A greeting, "who are you", "where is my request", "I want a person".

The shapes are lines of `words/intents.toml`, a table for each intent, tried in a fixed order. A need comes before
all of them: whoever names a thing of the town that is broken or wanted ("bonjour, l'eau est coupée") tells a need,
and nothing of it is small talk. What is nothing but courteous words is a greeting or thanks; one word more is not.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from flows.understanding import scripts
from flows.understanding.beside.strangers import is_of_another_language
from flows.understanding.lines.files import Heard, heard
from flows.understanding.lines.patterns import Shapes, shapes
from flows.understanding.lines.vocabulary import Vocabulary, vocabulary
from flows.understanding.themes import LEAST
from flows.understanding.themes.usual import usual_in


class Intent(StrEnum):
    """What somebody wants who neither answers nor tells a need."""

    WHERE_IS_MY_REQUEST = "where_is_my_request"
    INSULT = "insult"
    NUMBER_CHANGED = "number_changed"
    PETITION = "own_petition"
    MOTION = "motion"
    COMPLAINT = "complaint"
    MISTAKE = "mistake"
    IS_IT_SAFE = "is_it_safe"
    IS_IT_FREE = "is_it_free"
    WHO_READS = "who_reads"
    HOURS = "hours"
    WHO_ARE_YOU = "who_are_you"
    HOW_LONG = "how_long"
    PERSON = "person"
    INFORMATION = "information"
    QUESTION = "question"
    OTHER_LANGUAGE = "other_language"
    THANKS = "thanks"
    GREETING = "greeting"


#: What is written in so many words is about something else, unless it is kept as a message for the council. Words.
LONGEST: Final = 16

#: A message that is kept for the council may be longer. Words.
LONGEST_KEPT: Final = 60

#: These the council gets as what they are; a thing of the town may be named in them.
KEPT: Final = frozenset(
    {
        Intent.PERSON,
        Intent.COMPLAINT,
        Intent.INFORMATION,
        Intent.PETITION,
        Intent.MOTION,
        Intent.QUESTION,
    }
)

#: What stays so even where a thing of the town and what is wrong with it are told.
_IN_ANY_CASE: Final = frozenset({Intent.PETITION, Intent.MOTION})

#: In these a thing of the town may be named, if nothing is wrong with it: "where is my request about the water".
_ABOUT_A_THING: Final = frozenset(
    {Intent.WHERE_IS_MY_REQUEST, Intent.PERSON, Intent.INFORMATION, Intent.QUESTION, *_IN_ANY_CASE}
)

#: A short question that no line is about more precisely, by what is named in it.
_ASKED_ABOUT: Final = {
    "about_safety": Intent.IS_IT_SAFE,
    "about_reading": Intent.WHO_READS,
    "about_a_request": Intent.WHERE_IS_MY_REQUEST,
    "about_money": Intent.IS_IT_FREE,
    "about_identity": Intent.WHO_ARE_YOU,
    "about_the_office": Intent.HOURS,
    "about_length": Intent.HOW_LONG,
    "about_a_document": Intent.INFORMATION,
    "about_the_council": Intent.QUESTION,
}

#: A question in more words than this is about more than one thing. Words.
LONGEST_ASKED: Final = 10

#: Courtesies in so few words may have so many that are not known: "salam drari", "merci, bonne continuation".
_COURTEOUS: Final = 7
_STRANGE: Final = 2

#: So few words name somebody, and tell of nothing.
_SHORT: Final = 4

#: Looked for by their lines, in this order: the first that is met is meant.
_IN_ORDER: Final = tuple(
    one for one in Intent if one not in {Intent.OTHER_LANGUAGE, Intent.THANKS, Intent.GREETING}
)


#: By the names of their tables: a name is found faster than a member.
_BY_NAME: Final = {one.value: one for one in _IN_ORDER}


@cache
def _lines() -> Shapes:
    return shapes(
        "intents",
        *_BY_NAME,
        *_ASKED_ABOUT,
        "asked",
        "addressed",
        "thing",
        "fault",
        "broken",
        "wanted",
        "thanks",
        "greeting",
    )


@cache
def _courteous() -> Mapping[Intent, Vocabulary]:
    """Words of which nothing but a greeting, and nothing but thanks, consists."""
    return {
        Intent.THANKS: vocabulary("intents", "thanks", "beside_thanks", "greeting", "beside"),
        Intent.GREETING: vocabulary("intents", "greeting", "beside"),
    }


def intent(text: str) -> Intent | None:
    """What `text` says besides answers and needs; None for everything else. Never raises."""
    if not text.strip() or len(text) > 1000:
        return None
    if reference(text) is not None:
        return Intent.WHERE_IS_MY_REQUEST
    message = heard(text)
    if not message.folded:
        return _sign(text)
    if len(message.folded) > LONGEST_KEPT:
        return None
    found = _lines().found(message)
    asks = "asked" in found or text.rstrip().endswith(("?", "؟"))
    first = next((one for name, one in _BY_NAME.items() if name in found), None)
    if first is Intent.INSULT and asks and Intent.IS_IT_SAFE.value in found:
        first = Intent.IS_IT_SAFE  # "Is this a swindle?" calls nobody a swindler.
    if first is not None:
        need = _is_need(first, text, to_us="addressed" in found)
        return first if _may_be(first, found, message, asks=asks) and not need else None
    need = not found.isdisjoint({"thing", "fault"})
    if asks and found.isdisjoint({"thing", "broken"}):
        about = next((one for one in _ASKED_ABOUT if one in found), None)
        if about is not None and len(message.folded) <= LONGEST_ASKED:
            meant = _ASKED_ABOUT[about]
            return None if meant in _OF_US and _is_of_the_town(text) else meant
    for one in (Intent.THANKS, Intent.GREETING):
        if one.value in found and _is_courteous(
            one, message, plain=not need and "wanted" not in found
        ):
            return one
    if is_of_another_language(text, surely=need or "greeting" in found):
        return Intent.OTHER_LANGUAGE
    return None


#: What is asked about us; whoever names a theme of the town as well ("why is the cinema closed") does not mean us.
_OF_US: Final = frozenset({Intent.WHO_ARE_YOU, Intent.WHO_READS, Intent.HOW_LONG})

#: What is seldom meant where a theme of the town is told of: insults are shouted at thieves, too.
_SELDOM: Final = frozenset(
    {
        Intent.INSULT,
        Intent.HOURS,
        Intent.HOW_LONG,
        Intent.IS_IT_FREE,
        Intent.WHO_ARE_YOU,
        Intent.MISTAKE,
    }
)


def _is_need(first: Intent, text: str, *, to_us: bool) -> bool:
    """Whether a text that sounds like one of these tells of the town, and asks nothing."""
    asks = text.rstrip().endswith(("?", "؟"))
    # Who asks for a counter's hours or telephone names what it does: "the number of the registry".
    # Thieves and dogs we are called; "shame on you, the sewer runs over" is no name.
    but: set[str] = set()
    if first is Intent.HOURS:
        but = {"housing"}
    elif first is Intent.INSULT and to_us:
        but = {"security", "waste"}
    long = len(text.split()) > 1
    return first in _SELDOM and not asks and long and _is_of_the_town(text, but=but)


def tells_a_need(text: str) -> bool:
    """Whether a thing of the town, or what is wrong with one, is named in `text`."""
    return not _lines().found(heard(text)).isdisjoint({"thing", "fault"})


def tells_a_fault(text: str) -> bool:
    """Whether it is told that something is broken, closed, dirty, missing."""
    return "fault" in _lines().found(heard(text))


def _is_courteous(one: Intent, message: Heard, *, plain: bool) -> bool:
    """Whether nothing is said but courtesies: all words are known as such, or all but one or two of few."""
    unknown = _courteous()[one].others(message)
    size = len(message.folded)
    few = size <= (_COURTEOUS if one is Intent.THANKS else _SHORT)
    return not unknown or (plain and few and unknown <= _STRANGE and unknown < size)


def _may_be(first: Intent, found: set[str], message: Heard, *, asks: bool) -> bool:
    """Whether it is that, and not a need in which the same words stand."""
    size = len(message.folded)
    thing, fault = "thing" in found, "fault" in found
    if first in _IN_ANY_CASE:
        need = False
    elif first in _ABOUT_A_THING:
        need = thing and fault
    elif first is Intent.COMPLAINT:
        need = thing
    elif first is Intent.INSULT:
        # Dogs are called names with, and are a nuisance of the town.
        need = thing and (fault or size > _SHORT) and "addressed" not in found
    else:
        # What somebody asks about may be wanting: "what do I have to pay".
        need = thing or ("broken" in found if asks else fault)
    return not need and size <= (LONGEST_KEPT if first in KEPT else LONGEST)


_THANKING: Final = frozenset("🙏💐🌹❤♥🫶")
_GREETING: Final = frozenset("👋🤚✋🖐")


def _sign(text: str) -> Intent | None:
    """What signs alone say."""
    if any(sign in _THANKING for sign in text):
        return Intent.THANKS
    return Intent.GREETING if any(sign in _GREETING for sign in text) else None


# --------------------------------------------------------------------------- references


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as far as it was written: "ozt 2026 6" has all of it, "006" only its end."""

    number: int
    year: int | None = None
    prefix: str = ""

    def fits(self, reference: str) -> bool:
        """Whether a whole reference ("OZT-2026-000006") is the one that was written."""
        prefix, year, number = reference.split("-")
        return (
            int(number) == self.number
            and self.year in (None, int(year))
            and self.prefix in ("", prefix)
        )


_WHOLE: Final = re.compile(r"(?<![A-Z0-9])([A-Z]{2,6})[ _./-]*(20\d\d)[ _./-]+0*(\d{1,6})(?!\d)")
#: With zeros before it or after a word for it, a number is the end of a reference; alone, one of a choice.
_END: Final = re.compile(r"#?\s*(0\d{2,5})\s*[?؟.!]*")
_NAMED: Final = re.compile(
    r"(?:\bR[EÉ]F[EÉ]RENCE|\bREF\w*\.?|\bDOSSIER|\bTICKET|الريفيرونس|المرجع|مرجع|رقم (?:الطلب|طلبي|الملف|الشكاية)"
    r"|(?:\bN[°O]\.?|\bNUM[EÉ]RO|#|الرقم|رقم)(?=\s*0))"
    r"\s*(?:DE\s|DU\s|EST\s|IS\s|N[°O]\s?|NUMBER\s|ديالي\s|هو\s|:)*\s*(?:(?:[A-Z]{2,6})[ -])?0*(\d{1,6})(?![\d ]*\d)"
)
_OF_MINE: Final = re.compile(
    r"DEMANDE|DOSSIER|REQUEST|R[EÉ]F|SIGNALE|TALAB|CHIKAYA|طلب|شكا|مرجع|رسال|ⵜⵓⵜⵔⴰ"
)
#: The six digits of a reference in a sentence about something that was sent; telephones and cards have more digits, or letters before.
_SIX: Final = re.compile(r"(?<![A-Z0-9+])(0\d{5})(?![\d]|[ .-]?\d)")


def reference(text: str) -> Reference | None:
    """The reference that is written in `text`, or the end of one; None without. Never raises."""
    if len(text) > 200:
        return None
    plain = scripts.digits(scripts.clean(text)).upper()
    if not any(sign.isdigit() for sign in plain):
        return None
    if whole := _WHOLE.search(plain):
        return Reference(int(whole[3]), int(whole[2]), whole[1])
    if end := _END.fullmatch(plain):
        return Reference(int(end[1]))
    found = _NAMED.search(plain) or (_SIX.search(plain) if _OF_MINE.search(plain) else None)
    if found is None or (len(plain.split()) > SHORTEST_NEED and _is_of_the_town(text)):
        # "Pole number 12" is where the lamp is out.
        return None
    return Reference(int(found[1]))


#: A longer text that tells of a theme of the town is a need, whatever else its words may mean. Words.
SHORTEST_NEED: Final = 2


def _is_of_the_town(text: str, but: Container[str] = ()) -> bool:
    """Whether a text surely tells of one of the usual themes of a commune, `but` some."""
    told = (weight for theme, weight in usual_in(text).items() if theme not in but)
    return max(told, default=0.0) >= LEAST
