"""National identity numbers and phone numbers: one spelling per person, and how to show them masked."""

import re
import unicodedata

from flows.understanding.lines.files import words_of
from flows.understanding.numbers.lexicon import phrase_set
from flows.understanding.scripts import clean, digits, fold

#: Capitals of other alphabets that look like a Latin one, as a phone's keyboard may produce them.
_LOOK_ALIKES = str.maketrans(
    # Cyrillic, then Greek
    "АВЕЅІЈКМНОРСТХУԚԜҮѴ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTXYQWYV" + "ABEZHIKMNOPTYX",
)
_SEPARATORS = re.compile(r"[\s._/\\|,;:°#*()\[\]'\"’«»\-\u2010-\u2015\u2212\u0640\u200c\u200d]+")
_CIN = re.compile(r"([A-Z]{1,2})([0-9]{1,7})")
#: In "n° 12345" the N is no part of the number.
_NUMBER_SIGN = re.compile(r"\bN\s*°")
_CIN_LABEL = re.compile(
    r"^(?:C\.?I\.?N\.?E?|CNIE|CNI|CARTE NATIONALE|CARTE|LA CARTE|رقم البطاقة الوطنية|رقم البطاقة|البطاقة الوطنية"
    r"|البطاقة|رقم)?\s*(?:N[°O.]|NUM[EÉ]RO|NUMBER)?\s*[:=\-]?\s+(?=\S)"
)


def cin(text: str) -> str | None:
    """The canonical spelling of a Moroccan national identity number (CIN, CNIE), or None.

    One or two Latin capitals (the office of first issue), then the number: "AB123456". Cards in use
    carry five or six digits, older ones fewer; we accept 1 to 7. No public text that we have read fixes
    the range, nor which letters exist, nor a check digit, so nothing stricter is refused.

    One person has one spelling: capitals, no spaces or hyphens, ASCII digits, and *no leading zeros* in
    the number, because people and registers write "A012345" and "A12345" for one card. A number of
    zeros alone is None. Look-alike Cyrillic, Greek and full-width letters are read as Latin.
    """
    if len(text) > 60:
        return None
    plain = digits(unicodedata.normalize("NFKC", clean(text).replace("º", "°"))).upper()
    plain = _NUMBER_SIGN.sub(" ", plain.translate(_LOOK_ALIKES))
    met = _CIN.fullmatch(_SEPARATORS.sub("", plain))
    if met is None:
        label = _CIN_LABEL.match(plain)
        met = label and _CIN.fullmatch(_SEPARATORS.sub("", plain[label.end() :]))
    if met is None:
        return None
    number = met[2].lstrip("0")
    return met[1] + number if number else None


# --------------------------------------------------------------------------- a card in a reply

_WORDS = words_of("cards")
_LABELS = phrase_set(_WORDS["labels"]["words"])
_POLITE = phrase_set(_WORDS["labels"]["plain"])
#: Letters before a number that are no office of first issue, or are not where they stand apart from it.
NO_CARDS = phrase_set(_WORDS["no_cards"]["always"])
_WORDS_APART = phrase_set(_WORDS["no_cards"]["apart"])
_ABBREVIATIONS = phrase_set(_WORDS["no_cards"]["abbreviations"])
APART = _WORDS_APART | _ABBREVIATIONS

_WRITTEN = re.compile(
    r"(?<![^\W_])(?P<letters>[A-Z]{1,2}|[A-Z][ .][A-Z])(?P<gap>[\s._/:\-\u2010-\u2015]{0,3})"
    r"(?P<number>\d{1,3}(?:[ .\-]\d{2,3})+|\d{1,7})(?![^\W_])(?![\-/@.]\w)"
)
#: Digits that a card's number has at least: written in one, apart from its letters, after "CIN".
_FEWEST, _FEWEST_APART, _FEWEST_LABELLED = 4, 5, 3
_MOST = 7


def card(text: str) -> str | None:
    """The number of the card that a whole reply surely gives, as `cin` spells it, or None.

    Stricter than `cin`, for people answer a question about their card with other things too: "le 5",
    "ok 12" and "RC 12345" are none, nor is a number among words that say nothing about a card. A short
    number of an old card needs "CIN" before it.
    """
    if len(text) > 80:
        return None
    plain = digits(unicodedata.normalize("NFKC", clean(text).replace("º", "°"))).upper()
    plain = plain.translate(_LOOK_ALIKES)
    found = list(_WRITTEN.finditer(plain))
    if len(found) != 1:
        return None
    met = found[0]
    labelled = _labelled(fold(plain[: met.start()]).split() + fold(plain[met.end() :]).split())
    letters = re.sub("[^A-Z]", "", met["letters"])
    number = re.sub(r"\D", "", met["number"]).lstrip("0")
    if labelled is None or fold(letters) in NO_CARDS or not 0 < len(number) <= _MOST:
        return None
    if met["gap"] and fold(letters) in (_WORDS_APART if labelled else APART):
        return None
    # "b 20000" and "b20000" are Darija: "for 20000".
    as_on_the_card = not met["gap"] and met["letters"] in text
    if not labelled and len(letters) == 1 and number.endswith("000") and not as_on_the_card:
        return None
    fewest = _FEWEST_LABELLED if labelled else _FEWEST_APART if met["gap"] else _FEWEST
    return letters + number if len(number) >= fewest else None


def _labelled(words: list[str]) -> bool | None:
    """Whether words say that a card follows; None if they say anything else."""
    said = False
    at = 0
    while at < len(words):
        for size in range(min(4, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            if phrase in _LABELS or phrase in _POLITE:
                said = said or phrase in _LABELS
                at += size
                break
        else:
            return None
    return said


# --------------------------------------------------------------------------- phones

_PHONE_LABEL = re.compile(
    r"^(?:t[eé]l(?:[eé]phone)?|phone|gsm|mobile|num[eé]ro|n°|whatsapp|tel|الهاتف|هاتف|رقم الهاتف|تيليفون|التيليفون"
    r"|نمرة|النمرة|رقمي|رقم|tilifoun|nmra|nemra)\s*[.:]*\s*",
    re.IGNORECASE,
)
_PHONE_NOISE = re.compile(r"[\s.\-/()\u2010-\u2015\u2212\u00a0]+")
#: A Moroccan national number after the 0: fixed 5, mobile 6 and 7, special 8.
_NATIONAL = re.compile(r"[5-8][0-9]{8}")
_ABROAD = re.compile(r"[1-9][0-9]{6,14}")


def phone(text: str) -> str | None:
    """A phone number in E.164 ("+212612345678"), or None.

    Without a country it is Moroccan: ten digits from 05, 06, 07 or 08, or "212" and nine digits (a
    stray 0 after the country code, "+212 (0)6…", is dropped), or nine digits from 6 or 7. Numbers
    abroad need "+" or "00" and have 7 to 15 digits; whether they exist is not checked.
    """
    if len(text) > 60:
        return None
    plain = _PHONE_LABEL.sub("", digits(unicodedata.normalize("NFKC", clean(text))))
    # In right-to-left text the plus sign often lands at the end.
    if plain.endswith("+") and not plain.startswith("+"):
        plain = "+" + plain[:-1]
    number = _PHONE_NOISE.sub("", plain)
    if number.startswith("+"):
        number = number[1:].removeprefix("00")
    elif number.startswith("00"):
        number = number[2:]
    elif re.fullmatch(r"0[5-8][0-9]{8}|[67][0-9]{8}", number):
        return "+212" + number.removeprefix("0")
    elif not re.fullmatch("2120?[5-8][0-9]{8}", number):
        return None
    if number.startswith("212"):
        national = number[3:].removeprefix("0")
        return "+212" + national if _NATIONAL.fullmatch(national) else None
    return "+" + number if _ABROAD.fullmatch(number) else None


def mask(value: str) -> str:
    """All but the last two characters as "•": "••••••56". A value of two or less is hidden wholly."""
    return "•" * len(value) if len(value) <= 2 else "•" * (len(value) - 2) + value[-2:]


# --------------------------------------------------------------------------- a name in a reply

_NO_NAME = frozenset(map(fold, _WORDS["names"]["no_name"].split()))
_BEFORE_A_NAME = sorted(
    (tuple(fold(phrase).split()) for phrase in _WORDS["names"]["before"].split("/")),
    key=len,
    reverse=True,
)


def full_name(text: str) -> str | None:
    """The first and the family name that a reply gives, without "my name is"; None if it gives none.

    Two words at least; digits, questions and words that are no part of a name give none.
    """
    said = clean(text).strip(" .,،;:!")
    if said.endswith(("?", "؟")) or any(character.isdigit() for character in said):
        return None
    words = list(re.finditer(r"[^\s'’:]+", said))
    folded = [fold(word[0]) for word in words]
    for phrase in _BEFORE_A_NAME:
        if tuple(folded[: len(phrase)]) == phrase and len(folded) >= len(phrase) + 2:
            # The name as it is written, whatever stood between the words before it.
            said = said[words[len(phrase)].start() :]
            folded = folded[len(phrase) :]
            break
    if len(folded) < 2 or not _NO_NAME.isdisjoint(folded):
        return None
    return said


_SURELY_BEFORE = sorted(
    (tuple(fold(phrase).split()) for phrase in _WORDS["names"]["surely"].split("/")),
    key=len,
    reverse=True,
)

#: The first word of each.
_SURELY_BEGUN = sorted({phrase[0] for phrase in _SURELY_BEFORE})

#: How many words behind "my name is" are taken for the name.
NAME_WORDS = 2


def introduced(text: str) -> list[tuple[int, int]]:
    """Where in `text` somebody says their own name, "my name is Zineb Lamrani": the name's begin and end."""
    whole = fold(text)
    # Few texts have any of it, and to fold them word by word takes long.
    if not any(first in whole for first in _SURELY_BEGUN):
        return []
    words = list(re.finditer(r"[^\s'’:,.،؛;!?()]+", text))
    folded = [fold(word[0]) for word in words]
    found: list[tuple[int, int]] = []
    for at in range(len(words)):
        for phrase in _SURELY_BEFORE:
            end = at + len(phrase)
            if tuple(folded[at:end]) == phrase and end < len(words):
                last = end
                while last + 1 < min(end + NAME_WORDS, len(words)) and _follows(
                    text, words[last], words[last + 1]
                ):
                    last += 1
                found.append((words[end].start(), words[last].end()))
                break
    return found


def _follows(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether nothing but a space stands between two words."""
    return not text[one.end() : other.start()].strip("-'’ ")
