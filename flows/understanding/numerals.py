"""The number of a choice that a person typed: digits of any script, number words, ordinals.

The whole message must be the number, give or take what people put around one ("n° 2", "the second
one", "2️⃣"). The answer to "how many?" is read by `flows.understanding.numbers.quantity`.
"""

import re
import unicodedata
from decimal import Decimal

from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import phrase_set, phrases, valued
from flows.understanding.numbers.spelled import OWN_WORDS, spelled
from flows.understanding.scripts import digits, fold

#: Longer messages are not numbers, and int() refuses thousands of digits with an error.
_LONGEST = 60
_MOST_DIGITS = 18

# --------------------------------------------------------------------------- words

_LISTS = words_of("numbers")


def _word_table() -> dict[str, int]:
    """Folded words -> value: what needs no grammar, and the ordinals to 20."""
    table = dict(OWN_WORDS)
    for word, value in valued(_LISTS["ordinals"]).items():
        table.setdefault(word, value)
        if "\u0621" <= word[0] <= "\u064a":
            table.setdefault(f"ال{word}", value)
        for tail in phrases(_LISTS["ordinals"]["after"]):
            table.setdefault(f"{word} {tail}", value)
    return table


_WORDS = _word_table()
_MAKES_ORDINALS = phrase_set(_LISTS["ordinals"]["before"])
#: What may stand before a number ("le numéro 2", "الاختيار رقم 2").
_BEFORE = phrase_set(_LISTS["labels"]["words"])
_ARTICLES = phrase_set(_LISTS["labels"]["articles"])
#: Between choices; the French "ou" is no "and" here, whatever it is in Darija.
_AND = phrase_set(_LISTS["joins"]["and"], "et and puis aussi plus") - {"ou"}

# --------------------------------------------------------------------------- digits

_KEYCAP = re.compile("(?<=[0-9*#])\ufe0f?\u20e3")
_PLAIN = r"[0-9]+(?:[.,٫][0-9]+)?"
_GROUPED = (
    r"[1-9][0-9]{0,2}(?:(?: [0-9]{3})+(?:[.,٫][0-9]+)?|(?:\.[0-9]{3})+(?:[,٫][0-9]+)?"
    r"|(?:[٬'’][0-9]{3})+(?:[.,٫][0-9]+)?|(?:,[0-9]{3}){2,}(?:[.٫][0-9]+)?|(?:,[0-9]{3})+\.[0-9]+)"
)
_NUMERIC = re.compile(
    rf"(?:- )?(?P<sign>[+\-−]?)(?P<number>{_GROUPED}|{_PLAIN})"
    r"(?:\s?(?:er|ere|ère|re|e|eme|ème|ieme|ième|st|nd|nde|rd|th))?\W*"
)
_GROUPS = re.compile(_GROUPED)
_EDGE = re.compile(r"[^\w+\-−]+")
_WORDS_BEFORE = re.compile(r"(?:[^\W\d_]+[^\w+\-−]*){1,3}(?=[+\-−]?[0-9])")
_JOINED = re.compile(r"(?<=\d)و(?=\d)")
_TOKEN = re.compile(r"و?([0-9]{1,9})(?:er|ere|re|e|eme|ieme|st|nd|nde|rd|th)?")


def _plain(text: str) -> str:
    """Casefolded, one kind of digit and space; a keycap emoji becomes its digit and a space."""
    text = text.casefold()
    if not text.isascii():
        text = _KEYCAP.sub(" ", text).replace("🔟", "10 ").replace("٬", "'")
        text = digits(unicodedata.normalize("NFKC", text)).replace("\ufe0f", "")
    return text.strip()


def _value(written: str) -> int | Decimal | None:
    """What "1 234,5" is worth; `written` matches one of the two patterns of digits."""
    if sum(map(str.isdecimal, written)) > _MOST_DIGITS:
        return None
    if _GROUPS.fullmatch(written):
        separator = next(character for character in written if not character.isdecimal())
        written = written.replace(separator, "").replace("’", "").replace("'", "")
    written = written.replace(",", ".").replace("٫", ".")
    return Decimal(written) if "." in written else int(written)


def number(text: str) -> int | Decimal | None:
    """The number that the whole of `text` is, or None. Never raises.

    Digits of any script, with a sign, a decimal comma or point, and thousands grouped by spaces, dots,
    "٬" or apostrophes; words and ordinals from 0 to 100 in Arabic, Darija, French, Tamazight and
    English. Whole numbers are `int`; what was written with decimals is `Decimal`.

    "1.500" is fifteen hundred and "1,500" one and a half, as Moroccans and the French write. Numbers of
    more than 18 digits are None.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    edge = _EDGE.match(plain)
    start = plain[edge.end() :] if edge else plain
    before = _WORDS_BEFORE.match(start)
    # "la2" is a Darija no, not the second.
    if before and before[0] not in _ARTICLES and _BEFORE.issuperset(fold(before[0]).split()):
        start = start[before.end() :]
    met = _NUMERIC.fullmatch(start)
    if met:
        value = _value(met["number"])
        return -value if value is not None and met["sign"] in {"-", "−"} else value
    return _worded(fold(plain))


def _worded(folded: str) -> int | None:
    if not folded:
        return None
    value = _WORDS.get(folded)
    if value is not None:
        return value
    words = folded.split()
    while words and words[0] in _BEFORE:
        words.pop(0)
    return _word(" ".join(words))


def _word(words: str) -> int | None:
    """A number word, with or without its article or the "and" that Arabic writes with it."""
    value = _WORDS.get(words)
    for prefix in ("ال", "وال", "و"):
        if value is None and words.startswith(prefix):
            value = _WORDS.get(words.removeprefix(prefix))
    for prefix in _MAKES_ORDINALS:
        if value is None and words.startswith(prefix):
            value = OWN_WORDS.get(words.removeprefix(prefix).strip())
    return spelled(words) if value is None else value


def numbers(text: str) -> list[int] | None:
    """The whole numbers of which alone `text` is made, in order, each once; else None.

    For "choose several": "1, 3 و 5", "1 et 4", "un et trois", "1er et 3e", "١-٣". Whatever stands between
    digits separates: "1-3" is 1 and 3, never a range, "1.3" and "1 300" are two numbers each. (The bot
    says back what it understood before it counts.) Hesitation ("1 ou 3") is None.
    """
    if len(text) > 4 * _LONGEST:
        return None
    # "1و3" is written without spaces.
    tokens = _JOINED.sub(" ", fold(_plain(text))).split()
    found: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if met := _TOKEN.fullmatch(token):
            found.append(int(met[1]))
            at += 1
            continue
        for size in range(min(4, len(tokens) - at), 0, -1):
            value = _word(" ".join(tokens[at : at + size]))
            if value is not None:
                found.append(value)
                at += size
                break
        else:
            if token not in _AND and token not in _BEFORE:
                return None
            at += 1
    return list(dict.fromkeys(found)) or None
