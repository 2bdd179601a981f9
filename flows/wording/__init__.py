"""Every word a citizen reads: the gettext catalogues, and texts rendered in a language.

The catalogues are package data, read once: `ar.po`, `ary.po`, `fr.po`, `zgh.po` and `en.po` hold
all that a citizen reads; `staff.ar.po`, `staff.fr.po` and `staff.en.po` what staff read besides.
`ary-latn.po` has what is read most in Darija for who reads it in Latin letters.
Entries have permanent ids such as `need.theme.ask`, placeholders in braces, and as many plural
forms as the language has.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from io import BytesIO
from typing import NamedTuple

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.pofile import read_po

from flows.understanding import scripts
from flows.wording.text import (
    LANGUAGES,
    LATIN,
    RIGHT_TO_LEFT,
    WRITTEN_LANGUAGE,
    Code,
    Lines,
    Message,
    Text,
    Translated,
    Value,
    Verbatim,
)

#: Where to look when an organizer's text lacks the citizen's language, before the council's own.
NEAREST: Mapping[str, tuple[str, ...]] = {
    "ary": ("ar",),
    "ar": ("ary",),
    "zgh": (),
    "fr": (),
    "en": (),
}


#: A colon after the end of a sentence: "Where?: here" says "Where? here".
_GLUED = re.compile("([?؟!.…]\u2069?)\u00a0?:(?=\\s)")


class UnknownMessage(KeyError):
    """No catalogue has an entry with this id."""


class Catalogue(NamedTuple):
    """The entries of one language: id -> its plural forms (one where there is no plural)."""

    language: str
    entries: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of one of `flows.wording.text.LANGUAGES`."""
    citizens = _read(f"{language}.po")
    staff = _read(f"staff.{WRITTEN_LANGUAGE[language]}.po")
    entries = {**_entries(staff), **_entries(citizens)}
    return Catalogue(language, entries, gettext.c2py(citizens.plural_expr))


#: The languages with a catalogue of their own in Latin letters. It holds what is read most; the rest is
#: read in the language's own letters.
IN_LATIN_LETTERS = ("ary",)


@cache
def in_latin_letters(language: str) -> Catalogue:
    """What one of `IN_LATIN_LETTERS` has in Latin letters, written by hand: no rule spells Darija."""
    written = _read(f"{language}{LATIN}.po")
    return Catalogue(language, _entries(written), gettext.c2py(written.plural_expr))


def _read(name: str) -> PoCatalog:
    source = resources.files("flows.wording").joinpath(name).read_bytes()
    return read_po(BytesIO(source), abort_invalid=True)


def _entries(parsed: PoCatalog) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for entry in parsed:
        id = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = (entry.string,) if isinstance(entry.string, str) else (entry.string or ())
        if id:
            found[id] = tuple(form or "" for form in forms)
    return found


class Renderer:
    """Renders texts for one citizen, and remembers which language had to stand in.

    `default` is the council's own language, used where an organizer's text lacks the citizen's;
    `letters` is "latin" for who reads the language so and not in its own letters.
    """

    def __init__(self, language: str, default: str = "ar", letters: str = "") -> None:
        self.language = language
        self.default = default
        self.letters = letters
        #: The language that an organizer's text was shown in, where it was not the citizen's.
        self.stood_in: str | None = None

    @property
    def right_to_left(self) -> bool:
        """Whether it is read from the right."""
        return self.language in RIGHT_TO_LEFT and self.letters != "latin"

    def render(self, text: Text) -> str:
        """`text` in the citizen's language."""
        match text:
            case Message():
                return self._message(text)
            case Translated():
                return self._translated(text)
            case Verbatim():
                return scripts.isolate(text.text)
            case Code():
                return scripts.ltr(text.text) if self.language in RIGHT_TO_LEFT else text.text
            case Lines():
                return ("\n" * (text.gap + 1)).join(self.render(part) for part in text.parts)

    def _message(self, message: Message) -> str:
        book = self._book(message.id)
        forms = book.entries.get(message.id)
        if not forms:
            raise UnknownMessage(f"no entry {message.id!r} in the catalogue {self.language!r}")
        form = forms[0]
        if message.count is not None and len(forms) > 1:
            form = forms[book.plural(message.count)]
        if "{" not in form:
            return form
        values = {name: self._value(value) for name, value in message.values.items()}
        if message.count is not None:
            values.setdefault("count", self._value(message.count))
        return _GLUED.sub(r"\1", form.format_map(values))

    def _book(self, id: str) -> Catalogue:
        """The catalogue to read an entry in."""
        if self.letters == "latin" and self.language in IN_LATIN_LETTERS:
            book = in_latin_letters(self.language)
            if id in book.entries:
                return book
        return catalogue(self.language)

    def _translated(self, text: Translated) -> str:
        if self.letters == "latin" and (latin := text.texts.get(f"{self.language}{LATIN}")):
            return latin
        for language in (self.language, *NEAREST[self.language], self.default, *LANGUAGES):
            if text.texts.get(language):
                if language != self.language and not {language, self.language} <= RIGHT_TO_LEFT:
                    self.stood_in = language
                return text.texts[language]
        return ""

    def _value(self, value: Value) -> str:
        if isinstance(value, int | Decimal):
            return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")
        if isinstance(value, str):
            return value
        rendered = self.render(value)
        if isinstance(value, Translated):
            return scripts.isolate(rendered)
        return rendered


def render(text: Text, language: str, default: str = "ar") -> str:
    """`text` in `language`."""
    return Renderer(language, default).render(text)


def in_every_language(text: Text) -> tuple[str, ...]:
    """`text` in each language it exists in: what a citizen may type to mean it."""
    match text:
        case Translated():
            return tuple(text.texts.values())
        case Verbatim() | Code():
            return (text.text,)
        case _:
            latin = (
                Renderer(language, letters="latin").render(text)
                for language in IN_LATIN_LETTERS
                # What has no text of its own in them would be rendered twice.
                if isinstance(text, Message) and text.id in in_latin_letters(language).entries
            )
            return (*(render(text, language) for language in LANGUAGES), *latin)
