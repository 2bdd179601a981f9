"""Texts that have no language yet.

A flow says *what* to tell a citizen; the language is chosen when the text is rendered
(`flows.wording`). So a citizen may change the language in mid-conversation, and a stored
conversation has no language in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

#: The languages of the catalogues, in the order in which they are offered.
LANGUAGES: tuple[str, ...] = ("ary", "ar", "fr", "zgh", "en")

#: What follows a language's code where it is in Latin letters instead of its own.
LATIN = "-latn"

#: Darija in Latin letters, in which a name or a law may have a text of its own.
DARIJA_IN_LATIN = f"ary{LATIN}"

#: Languages written from right to left.
RIGHT_TO_LEFT: frozenset[str] = frozenset({"ar", "ary"})

#: The language of what is written in three languages only (staff pages, files, rules of law, names
#: of holidays), for who reads the key's language.
WRITTEN_LANGUAGE: Mapping[str, str] = {
    "ary": "ar",
    "ar": "ar",
    "fr": "fr",
    "zgh": "fr",
    "en": "en",
}


def stand_in(language: str) -> str:
    """The language of an organizer's words in a file that they are not written in: the one, of the
    two that councils write, whose letters its reader reads.
    """
    return "ar" if language in RIGHT_TO_LEFT else "fr"


@dataclass(frozen=True, slots=True)
class Message:
    """An entry of the catalogues, with the values of its placeholders.

    `count` chooses the plural form and fills the placeholder `{count}`.
    """

    id: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    """What an organizer wrote, in the languages they had."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What a person typed; shown as it is, isolated from the text around it."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A reference, phone number or the like: reads left to right in every language."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts, each on its own line (`gap` = blank lines between them)."""

    parts: tuple["Text", ...]
    gap: int = 0


Text: TypeAlias = Message | Translated | Verbatim | Code | Lines
Value: TypeAlias = "Text | str | int | Decimal"


def msg(id: str, /, count: int | None = None, **values: Value) -> Message:
    """The catalogue entry `id` with its values."""
    return Message(id, values, count)


def lines(*parts: Text | None, gap: int = 0) -> Lines:
    """The given texts one under the other; None is left out."""
    return Lines(tuple(part for part in parts if part is not None), gap)
