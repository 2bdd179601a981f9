"""The answer to "how many?": a number with what people write around it, certain or in doubt.

    "30 ans", "حنا 5", "environ 20"           the number
    "5,000", "2 ou 3", "plus de 100", "< 5"   asked back
    "2²", "12/03/2026", "un peu"              no number

The words around a number stand in `words/around_numbers.toml`. With one that is not there, digits are
asked back and number words are none ("un peu").
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from flows.understanding.lines.files import words_of
from flows.understanding.numbers import NOTHING, Reading, certain, doubtful
from flows.understanding.numbers.lexicon import phrases
from flows.understanding.numbers.spelled import is_part, joins, spelled
from flows.understanding.numbers.written import NUMERAL, worth
from flows.understanding.scripts import clean, digits, fold

Worth = int | Decimal

#: Longer messages are no numbers.
LONGEST = 80

#: Number words are certain up to here.
MILLION = 1_000_000

_LISTS = words_of("around_numbers")


def _meanings() -> dict[str, frozenset[str]]:
    """Phrase -> what it may be around a number."""
    found: dict[str, set[str]] = defaultdict(set)
    doubt, halves = _LISTS["doubt"], _LISTS["halves"]
    for meaning, line in {
        **_LISTS["plain"],
        "doubtful unit": doubt["units"],
        "doubt": doubt["words"],
        **{name: doubt[name] for name in _DOUBTS},
        "half": halves["words"],
        "point": halves["point"],
    }.items():
        for phrase in phrases(line):
            found[phrase].add(
                {"words": "plain", "about": "plain", "units": "unit"}.get(meaning, meaning)
            )
    return {phrase: frozenset(meanings) for phrase, meanings in found.items()}


_DOUBTS = ("either", "range", "between", "joined", "nothing", "refusing")
_MEANINGS = _meanings()
_LONGEST_PHRASE = max(len(phrase.split()) for phrase in _MEANINGS)
_UNKNOWN = frozenset({"unknown"})
_ORDINAL_TAILS = frozenset(["er", "ere", "re", "e", "eme", "ieme", "st", "nd", "nde", "rd", "th"])

_KEYCAP = re.compile("(?<=[0-9])\ufe0f?\u20e3")
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_FRACTION = re.compile(rf"(\d{{1,9}})?\s?([{''.join(_FRACTIONS)}])")
#: Powers and fractions, which NFKC would write as digits.
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2089\u2150-\u215f½¼¾]")
_GLUED = re.compile(r"(?<![\w.,])([\d.,٫']*\d)([^\W\d_]+|m2)(?!\w)")
_TOKEN = re.compile(
    rf"(?P<number>(?<!\w){NUMERAL}(?![^\W_]))|(?P<word>[^\W_](?:[^\W_]|[\u064b-\u065f\u0640])*)|(?P<sign>\S)"
)
_DOUBTFUL_SIGNS = frozenset("<>≤≥+±?؟⩽⩾")
_DASHES = frozenset("-–—−‑")
#: Between two numbers they make something else of both: a date, a time, a product.
_OTHER_THINGS = frozenset(":*×^=;,.،")


@dataclass(slots=True)
class _Found:
    """What stands in a reply, in its order: the numbers, and between them what words and signs mean."""

    numbers: list[Reading[Worth]] = field(default_factory=list)
    worded: bool = False
    #: What stands before the first number, between the first and the second ... and after the last.
    between: list[set[str]] = field(default_factory=lambda: [set()])
    thousands: bool = False

    def add(self, reading: Reading[Worth], *, worded: bool) -> None:
        """One more number."""
        self.numbers.append(reading)
        self.between.append(set())
        self.worded = self.worded or worded

    @property
    def meanings(self) -> set[str]:
        """What all words and signs mean."""
        return set().union(*self.between)


def quantity(text: str, *, decimals: bool = False) -> Reading[Worth]:
    """The number that a reply means. Never raises.

    Digits of any script with the separators of every locale, words in five languages, with units,
    articles and "about" around them. Whole numbers are `int`; without `decimals` others are none.
    Asked back is what has two readings ("5,000"), what compares or hesitates ("plus de 100", "2 ou 3"),
    and digits among words that we do not know.
    """
    if len(text) > LONGEST:
        return NOTHING
    raw = clean(text).replace("m²", "m2").replace("،", ",")
    if _RAISED.search(raw):
        return _fraction(digits(raw), decimals=decimals)
    plain = _KEYCAP.sub(" ", raw.casefold()).replace("🔟", "10 ")
    plain = _apart(digits(unicodedata.normalize("NFKC", plain)).strip())
    return _meaning(_found(plain, decimals=decimals), decimals=decimals)


def _fraction(text: str, *, decimals: bool) -> Reading[Worth]:
    met = _FRACTION.fullmatch(text.strip())
    if met is None or not decimals:
        return NOTHING
    return certain(int(met[1] or 0) + _FRACTIONS[met[2]])


def _apart(plain: str) -> str:
    """A unit that is written onto its number stands apart: "10dh", not "3ndi"."""

    def apart(met: re.Match[str]) -> str:
        unit = fold(met[2])
        known = fold(met[0])
        if known in _MEANINGS or (is_part(known) and not known.isdecimal()):
            return met[0]
        glued = unit in _ORDINAL_TAILS or _MEANINGS.get(unit, _UNKNOWN) & {"unit", "doubtful unit"}
        return f"{met[1]} {met[2]}" if glued else met[0]

    return _GLUED.sub(apart, plain)


# --------------------------------------------------------------------------- what stands there


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    reading: Reading[Worth] = NOTHING


def _tokens(plain: str, *, decimals: bool) -> list[_Token]:
    found = []
    for met in _TOKEN.finditer(plain):
        kind = str(met.lastgroup)
        if kind == "number":
            negative = met.start() == 1 and plain[0] in "-−"
            reading = worth(met[0], decimals=decimals)
            if negative:
                reading = Reading(tuple(-value for value in reading.values), reading.certain)
            found.append(_Token(kind, met[0], reading))
        elif kind == "word":
            found += [_Token(kind, word) for word in fold(met[0]).split()]
        elif not (met.start() == 0 and plain[:1] in "-−" and plain[1:2].isdecimal()):
            found.append(_Token(kind, met[0]))
    return found


def _found(plain: str, *, decimals: bool) -> _Found:
    tokens = _tokens(plain, decimals=decimals)
    found = _Found()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        size, meanings = _phrase(tokens, at)
        run = _run(tokens, at)
        if token.kind == "sign":
            found.between[-1] |= _sign(token.text)
            at += 1
        elif run and not (size > 1 and meanings & {"nothing", "half"}):
            at += _add_worded(found, tokens[at : at + run])
        elif token.kind == "number":
            found.add(token.reading, worded=False)
            at += 1
        else:
            if (
                "half" not in meanings
                and token.text == "k"
                and at
                and tokens[at - 1].kind == "number"
            ):
                found.thousands = True
            # "12 a" is a door, "a 12" counts.
            found.between[-1] |= (
                _UNKNOWN if size == 1 and token.text == "a" and found.numbers else meanings
            )
            at += size
    return found


def _phrase(tokens: Sequence[_Token], at: int) -> tuple[int, frozenset[str]]:
    """How many tokens from `at` are a phrase that we know, and what it means."""
    if tokens[at].kind != "word":
        return 1, _UNKNOWN
    words = [
        token.text for token in tokens[at : at + 2 * _LONGEST_PHRASE] if token.text not in "'’"
    ]
    for size in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
        meanings = _MEANINGS.get(" ".join(words[:size]))
        if meanings is not None:
            signs = 0
            while sum(token.text not in "'’" for token in tokens[at : at + size + signs]) < size:
                signs += 1
            return size + signs, meanings
    if tokens[at].text in _ORDINAL_TAILS and at and tokens[at - 1].kind == "number":
        return 1, frozenset({"doubt"})
    return 1, _UNKNOWN


def _run(tokens: Sequence[_Token], at: int) -> int:
    """How many tokens from `at` are a number in words, with digits among them ("2 mille") or without."""
    end = at
    worded = False
    last = at
    while end < len(tokens):
        token = tokens[end]
        if token.kind == "word" and is_part(token.text):
            worded = True
            last = end + 1
        elif token.kind == "number" and token.text.isdecimal() and len(token.text) <= 6:
            last = end + 1
        elif token.kind == "sign" and token.text in _DASHES and end > at:
            pass
        elif not (token.kind == "word" and joins(token.text) and (end > at or token.text == "a")):
            break
        end += 1
    return last - at if worded and last > at else 0


def _add_worded(found: _Found, run: Sequence[_Token]) -> int:
    """Add the number that a run of words is, or else the several that it is; how many tokens that was."""
    words = [token.text for token in run if token.kind != "sign"]
    value = spelled(" ".join(words))
    if value is not None:
        found.add(certain(value), worded=True)
        return len(run)
    parts: list[list[str]] = [[]]
    links: list[str] = []
    for word in words:
        if joins(word):
            parts.append([])
            links.append(word)
        else:
            parts[-1].append(word)
    for number, part in enumerate(parts):
        if number:
            found.between[-1] |= _MEANINGS.get(links[number - 1], _UNKNOWN)
        value = spelled(" ".join(part)) if part else None
        if value is None:
            found.between[-1] |= {"refusing"}
        else:
            found.add(certain(value), worded=True)
    return len(run)


def _sign(sign: str) -> set[str]:
    if sign in _DOUBTFUL_SIGNS:
        return {"doubt"}
    if sign in _DASHES:
        return {"range", "plain"}
    if sign in "€$":
        return {"doubtful unit"}
    if sign == "/":
        return {"thing", "doubt"}
    return {"thing"} if sign in _OTHER_THINGS else set()


# --------------------------------------------------------------------------- what it means


def _meaning(found: _Found, *, decimals: bool) -> Reading[Worth]:
    meanings = found.meanings
    if not found.numbers:
        return doubtful(0) if "nothing" in meanings and "unknown" not in meanings else NOTHING
    if "refusing" in meanings or not all(number.values for number in found.numbers):
        return NOTHING
    if len(found.numbers) == 2:
        return _of_two(found, decimals=decimals)
    if len(found.numbers) > 2 or (found.worded and "unknown" in meanings):
        return NOTHING
    (reading,) = found.numbers
    if "half" in meanings:
        half = Decimal("0.5")
        return certain(reading.values[0] + half) if decimals and reading.certain else NOTHING
    if found.worded and reading.values[0] > MILLION:
        # People say millions of centimes: "2 مليون" may be 20,000 dirhams.
        return doubtful(*reading.values)
    if found.thousands:
        return doubtful(*(value * 1000 for value in reading.values), *reading.values)
    unsure = meanings & {"doubt", "doubtful unit", "either", "between", "nothing", "unknown"}
    # "rue 12", "étage 3": a unit counts after its number; before it, it may be an address.
    unsure |= found.between[0] & {"unit"}
    if "range" in meanings and "plain" not in meanings:
        unsure.add("range")
    return reading if not unsure else doubtful(*reading.values)


def _of_two(found: _Found, *, decimals: bool) -> Reading[Worth]:
    """Two numbers: the parts of one decimal, the ends of a range, one or the other; or a sum."""
    first, second = (number.values for number in found.numbers)
    link = found.between[1]
    if "point" in link and decimals and found.worded and isinstance(first[0], int):
        return certain(Decimal(f"{first[0]}.{second[0]}"))
    if link & {"thing", "unknown", "half", "point"}:
        return NOTHING
    linked = link & {"either", "range"} or ("joined" in link and "between" in found.between[0])
    return doubtful(*first, *second) if linked else NOTHING
