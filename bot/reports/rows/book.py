"""The code book of row data: a line for each column, and one for each value that may stand in it.

In every language that there is. It is a table of its own, so that programs can read it as they read the rows.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.reports.rows.variables import Variable, Words, headings
from flows.wording.text import LANGUAGES, Text, Translated, msg

#: The columns of a code book, in their order; a label in each language comes after them.
COLUMNS: Final = ("variable", "value", "number", "kind", "label", "note")


def columns() -> list[str]:
    """The names of the columns, the same in every language."""
    return [*COLUMNS, *(f"label_{language}" for language in LANGUAGES)]


def lines(variables: Sequence[Variable], language: str) -> Iterator[list[str | int | None]]:
    """Every column with what it is, then its values; `label` and `note` are in `language`."""
    words = Words(language)
    others = {code: Words(code) for code in LANGUAGES}

    def labels(text: Text, more: Text | None = None) -> list[str | int | None]:
        found: list[str | int | None] = []
        for code in LANGUAGES:
            said = _in(text, code, others[code])
            also = "" if more is None else _in(more, code, others[code])
            found.append(f"{said} · {also}" if said and also else said or also)
        return found

    # As they stand in the file: of two alike the second has a number.
    for variable, heading in zip(variables, headings(variables, words), strict=True):
        yield [
            variable.name,
            "",
            None,
            words(msg(f"rows.kind.{variable.kind}")),
            heading,
            words(variable.note) if variable.note is not None else "",
            *labels(variable.text, variable.choice),
        ]
        for value, label in variable.values.items():
            number = int(value) if variable.kind in ("flag", "number") else variable.number(value)
            yield [variable.name, value, number, "", words(label), "", *labels(label)]


def _in(text: Text, language: str, words: Words) -> str:
    """An organizer's text in a language that they wrote, our own in any; "" where there is none."""
    if isinstance(text, Translated) and not text.texts.get(language):
        return ""
    return words(text)
