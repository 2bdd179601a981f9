"""What does a heading in a file that somebody brings mean?

Lists of numbers and petitions signed on paper come as people write them: in Arabic, French or
English, abbreviated, in capitals, or in two languages at once ("الهاتف / Téléphone"). The table is
`words/headings.toml`.
"""

import re
from typing import Final

from flows.understanding import scripts
from flows.understanding.lines.files import words_of

#: What says nothing in a heading, and how "N°" is written besides.
_BESIDE: Final = frozenset(
    [
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "et",
        "the",
        "of",
        "and",
        "votre",
        "vos",
        "notre",
        "your",
        "quel",
        "quelle",
        "est",
        "what",
        "is",
    ]
)
_NUMBER: Final = frozenset(["n", "no", "nr", "num", "numero"])

#: What is more than a heading; characters.
LONGEST: Final = 90

#: "1. Nom", "Q2) Adresse", "_3_Telephone": the questions of a form.
_COUNTED: Final = re.compile(r"^[\s_]*[qQ]?\d+[\s_]*[.)_:-][\s_]*(?=\D)")

_PARTS: Final = re.compile(r"[/|\n\r()\[\]•–—]| - ")

#: Two halves that make one: "Prénom / Nom" is a whole name.
_HALVES: Final = frozenset({"given", "family", "name"})


def _key(heading: str) -> str:
    words = scripts.fold(_COUNTED.sub("", heading)).split()
    if words and words[-1] in _NUMBER and words[0] not in _NUMBER and len(words[-2]) > 1:
        words.insert(0, words.pop())
    count = ["n"] if words and words[0] in _NUMBER else []
    told = [word for word in words[len(count) :] if word not in _BESIDE or len(word) == 1]
    # "C.I.N." is one word; an article of one letter ("l'adresse") is none.
    one = "".join(told) if len(told) > 1 and all(len(word) == 1 for word in told) else ""
    kept = [one] if one else [word for word in told if word not in _BESIDE]
    # Folding leaves nothing of "#".
    return " ".join(count + kept) or heading.strip()


_COLUMN_OF: Final = {
    _key(word): column
    for column, languages in words_of("headings").items()
    for words in languages.values()
    for word in words.split("/")
}


def is_one_word(heading: str) -> bool:
    """Whether a heading is one word, in each of its languages: "Nom", "Nom / الاسم", and not "Nom et prénom"."""
    parts = [_key(part) for part in _PARTS.split(heading) if part.strip()]
    return all(len(part.split()) == 1 for part in parts)


def column(heading: str) -> str | None:
    """The column that a heading means; None if it is none of the table's, or names two at once."""
    if len(heading) > LONGEST:
        return None
    whole = _COLUMN_OF.get(_key(heading))
    if whole is not None:
        return whole
    found = {_COLUMN_OF.get(_key(part)) for part in _PARTS.split(heading) if part.strip()} - {None}
    telling = found - {"number", "ignored"} or found
    if len(telling) == 1:
        return telling.pop()
    return "name" if telling and telling <= _HALVES else None
