"""What in a citizen's own words should perhaps not be shown to everyone?

Open answers and needs are read by other citizens once staff publish them. `suspects` points at
phone numbers, identity and bank numbers, addresses and accounts, number plates and insults;
`masked` hides all of that but the insults, `excerpt` is the beginning of it. It is a suggestion to whoever publishes: nothing is
deleted, and what was sent stays as it was sent.

Names of people are not looked for: most Moroccan names are ordinary words or places too, and a
guess would be wrong too often to help. Insults: `flows.understanding.beside.insults`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from flows.understanding import scripts
from flows.understanding.beside.insults import insults
from flows.understanding.identity import APART, NO_CARDS, cin, introduced
from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import phrase_set

Kind = Literal["phone", "national_id", "email", "link", "card", "rib", "plate", "insult"]

#: What is put in the place of personal data: the same in every language.
MARK: Final = "•••"

#: Longest excerpt of somebody's words, in characters.
EXCERPT: Final = 60

#: Stands for words that are not shown.
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something found: `text[start:end]` of the text that was looked at.

    `national_id` is a CIN, or a passport's number, which looks the same; `card` a payment card,
    `rib` a bank account (RIB or IBAN); `link` a web address or an account's @name.
    """

    kind: Kind
    start: int
    end: int


def suspects(text: str) -> tuple[Suspect, ...]:
    """Everything suspicious in `text`, in the order in which it stands there; nothing overlaps."""
    found, seen = _personal(text)
    found += [Suspect("insult", start, end) for start, end in insults(seen)]
    return tuple(sorted(found, key=lambda suspect: suspect.start))


def _personal(text: str) -> tuple[list[Suspect], str]:
    """The personal data in `text`, and what is left of it besides."""
    found: list[Suspect] = []
    # Each find is blanked out, so that no part of it is found again as something else.
    seen = scripts.digits(text)
    for kind, sign, finder in _FINDERS:
        # Most texts have none of it, and one look says so.
        if sign.search(seen) is None:
            continue
        spans = list(finder(seen))
        found += [Suspect(kind, start, end) for start, end in spans]
        seen = _blanked(seen, spans)
    return found, seen


def masked(text: str) -> str:
    """`text` with `MARK` for each piece of personal data (`PERSONAL`); all else is as it was."""
    spans = [(s.start, s.end) for s in _personal(text)[0]]
    parts: list[str] = []
    done = 0
    for start, end in sorted([*spans, *introduced(text)]):
        if start >= done:
            parts += [text[done:start], MARK]
            done = end
    return "".join([*parts, text[done:]])


def excerpt(text: str) -> str:
    """The first words of `text` (at most `EXCERPT` characters) in one line, masked.

    Whether they may be shown at all is not asked here: what staff hid has no excerpt for others.
    """
    line = masked(" ".join(text.split()))
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


Span = tuple[int, int]

_BLANK = "\x00"


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + _BLANK * (end - start) + text[end:]
    return text


# --------------------------------------------------------------------------- addresses

_EMAIL = re.compile(
    r"[A-Za-z0-9][\w.%+-]{0,63}\s?(?:@|\(at\)|\[at\]|\s(?:arobase|arobas)\s)\s?"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?=[A-Za-z0-9])){0,120}\.[A-Za-z]{2,}",
    re.ASCII | re.IGNORECASE,
)
# "walo.ma kaynch" is Darija with a space left out: a bare name in .ma or .me needs more to be a link.
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\x00<>\"«»]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|net|org|info|gov\.ma|ac\.ma|co\.ma|fr|io|app)(?![\w-])(?:/[^\s\x00]*)?"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:ma|me|ly|gl|tv|be)/[^\s\x00]+"
    r"|(?<![\w@.])@[a-z_][\w.]{3,}",
    re.ASCII | re.IGNORECASE,
)
_END_OF_SENTENCE = ".,;:!?)]}'\"\u060c\u061b\u061f"


def _emails(text: str) -> Iterator[Span]:
    for met in _EMAIL.finditer(text):
        yield met.span()


def _links(text: str) -> Iterator[Span]:
    for met in _LINK.finditer(text):
        yield met.start(), met.start() + len(met[0].rstrip(_END_OF_SENTENCE))


# --------------------------------------------------------------------------- numbers

#: What people put between the groups of one number; a bidirectional control may be among it.
_GAP = r"[ \t.\-/()_·\u00a0\u202f\u2010-\u2015\u2212\u200e\u200f\u2066-\u2069]{0,3}"
_NO_DIGIT = r"(?<![\dA-Za-z+])"

#: A Moroccan account: bank, town, number, key; as an IBAN with MA and a check before it.
_RIB = re.compile(
    r"(?<![A-Za-z\d])(?<!\d[ .\-])(?:MA\d\d[ \-]?)?\d(?:[ \u00a0.\-]?\d){23}(?![ .\-]?\d)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<!\d)[3-6]\d{3}([ \u00a0.\-]?)(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{5})(?!\d)")
_IBAN = re.compile(
    r"(?<![A-Za-z\d])[A-Za-z]{2}\d{2}(?:[ \u00a0\-]?[A-Za-z\d]){11,30}(?![A-Za-z\d])"
)


def _ribs(text: str) -> Iterator[Span]:
    spans = [met.span() for met in _RIB.finditer(text)]
    yield from spans
    for met in _IBAN.finditer(_blanked(text, spans)):
        # What follows may look like more of it: the longest beginning that is an account counts.
        ends = [end.start() for end in _GAPS.finditer(met[0])][::-1]
        for end in (len(met[0]), *ends):
            if _is_iban(re.sub(r"[ \u00a0\-]", "", met[0][:end])):
                yield met.start(), met.start() + end
                break


_GAPS = re.compile(r"[ \u00a0\-]")


def _is_iban(code: str) -> bool:
    """Whether letters and digits are an account: its check digits hold, and its country writes it so."""
    if len(code) < 15 or int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 != 1:
        return False
    # The register of countries takes megabytes; few texts ever need it.
    from stdnum import iban

    return bool(iban.is_valid(code, check_country=False))


def _cards(text: str) -> Iterator[Span]:
    for met in _CARD.finditer(text):
        if _luhn("".join(character for character in met[0] if character.isdecimal())):
            yield met.span()


def _luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a payment card (ISO/IEC 7812)."""
    doubled = (int(d) * (2 if at % 2 else 1) for at, d in enumerate(reversed(number)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


#: Numbers that are no phone, however many digits stand in a row: dates, times, our references.
_PLAIN_NUMBERS = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)\d\d|(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2})(?!\d)"
    r"|(?<!\d)\d{1,2}\s?[h:]\s?\d\d(?!\d)|[A-Z]{2,6}-\d{4}-\d{3,7}"
)
_MONEY_OR_MEASURE = re.compile(
    r"\s?(?:dhs?|mad|dirhams?|drahem|ryal|rial|euros?|€|\$|m2|m²|km|kg|litres?|habitants?|"
    r"درهم|دراهم|ريال|اورو|أورو|متر|كلم|لتر|نسمة|سنتيم|مليون)",
    re.IGNORECASE,
)
_MOROCCAN = re.compile(
    rf"{_NO_DIGIT}(?:(?:\+|00){_GAP}212|212){_GAP}(?:0{_GAP})?[5-8](?:{_GAP}\d){{8}}(?!\d)"
    rf"|\+{_GAP}212{_GAP}(?:0{_GAP})?[5-8](?:{_GAP}\d){{8}}(?!\d)"
    rf"|(?:(?<![\d+])0|(?<![\w+])[oO]){_GAP}[5-8](?:{_GAP}\d){{8}}(?!\d)"
    rf"|{_NO_DIGIT}0[5-8](?:,\d\d){{4}}(?![\d,])"
)
_BARE = re.compile(r"(?<![\d.,+A-Za-z-])[67]\d{8}(?![\d.,]?\d)")
_ABROAD = re.compile(rf"(?<![\d+])(?:\+|00)[ ]?[1-9](?:{_GAP}\d){{8,11}}(?!\d)")


def _phones(text: str) -> Iterator[Span]:
    text = _blanked(text, [met.span() for met in _PLAIN_NUMBERS.finditer(text)])
    spans = [met.span() for met in _MOROCCAN.finditer(text)]
    for start, end in spans:
        opened = text[start - 1 : start] == "(" and ")" in text[start:end]
        yield start - opened, end
    text = _blanked(text, spans)
    for pattern in (_ABROAD, _BARE):
        for met in pattern.finditer(text):
            # Nine digits may be a budget: round, or followed by what is counted.
            if met[0].endswith("000") or _MONEY_OR_MEASURE.match(text, met.end()):
                continue
            if pattern is _ABROAD or not _counts(text[: met.start()]):
                yield met.span()
        text = _blanked(text, [met.span() for met in pattern.finditer(text)])


def _counts(before: str) -> bool:
    """Whether the words before a number say that it is a meter's, a bill's or a file's."""
    for word in reversed(scripts.fold(before[-80:]).split()[-6:]):
        if word in _PHONE_WORDS:
            return False
        if word in _COUNTED:
            return True
    return False


_LISTS = words_of("masking")["before_digits"]
_COUNTED, _PHONE_WORDS = phrase_set(_LISTS["counted"]), phrase_set(_LISTS["phones"])

_CIN_LABEL = (
    r"(?:c\.?i\.?n\.?e?|cnie|cni|carte nationale|la carte|lakart|lacarte|"
    r"رقم البطاقة الوطنية|رقم البطاقة|البطاقة الوطنية|بطاقتي الوطنية|بطاقة التعريف الوطنية|لاكارط)"
    r"(?:\s*(?:est|is|هو|هي|رقم|رقمها|dyali|ديالي|n°|no?|num[eé]ro))*\s*[:=#\-]?\s*"
)
_LABELLED_CIN = re.compile(
    rf"(?<!\w){_CIN_LABEL}(?P<id>[A-Za-z]{{1,2}}[ .\-]?\d{{3,7}})(?![\w])", re.IGNORECASE
)
_CIN = re.compile(
    r"(?<![\w\-/.])(?:[A-Za-z]{1,2}\d{5,7}|[A-Za-z]{2}[ .\-]\d{5,6}|[A-Z][ .]\d{6})(?![\w]|[\-/]\d)"
)


def _national_ids(text: str) -> Iterator[Span]:
    labelled = [met.span("id") for met in _LABELLED_CIN.finditer(text) if cin(met["id"])]
    yield from labelled
    text = _blanked(text, labelled)
    for met in _CIN.finditer(text):
        id = met[0].upper()
        letters = scripts.fold(id.rstrip("0123456789"))
        apart = not id[len(letters)].isdecimal()
        # "b20000 dh" is Darija: "for 20000 dirhams".
        money = id.endswith("000") or _MONEY_OR_MEASURE.match(text, met.end())
        if cin(id) and letters not in NO_CARDS and not (apart and letters in APART) and not money:
            yield met.span()


#: Number, series letter, prefecture or province. Low numbers are mostly doors and lots; with spaces alone "12 و 6" would be one.
_PLATE = re.compile(
    r"(?<![\w\-/|])(?!(?:19|20)\d\d\s?[-|])\d{4,5}\s?[-|]\s?(?:[ABDEHTW]|[أابدهوط]|هـ)\s?[-|]\s?[1-8]?\d(?![\w]|[\-/]\d)"
)


def _plates(text: str) -> Iterator[Span]:
    for met in _PLATE.finditer(text):
        yield met.span()


_AT = re.compile(r"@|\(at\)|\[at\]|arobas", re.IGNORECASE)
_DOT = re.compile(r"[.@]|://")
_DIGIT = re.compile(r"\d")

#: What is looked for, the sign without which there is none of it, and how: in this order.
_FINDERS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], Iterator[Span]]], ...] = (
    ("email", _AT, _emails),
    ("link", _DOT, _links),
    ("rib", _DIGIT, _ribs),
    ("card", _DIGIT, _cards),
    ("phone", _DIGIT, _phones),
    ("national_id", _DIGIT, _national_ids),
    ("plate", _DIGIT, _plates),
)

#: The kinds that `masked` hides. A link is among them, because many lead to somebody's own page.
PERSONAL: Final[frozenset[Kind]] = frozenset(kind for kind, _, _ in _FINDERS)
