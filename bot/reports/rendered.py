"""A Summary in one language: every text a string, numbers and dates still numbers and dates.

Every format is written from this, so that all of them say the same.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flows.statistics.summary import Brief, Cell, Column, Heard, Summary, Suppressed, Table
from flows.wording import Renderer
from flows.wording.text import RIGHT_TO_LEFT, Code, Text, Translated, Verbatim, msg, stand_in

#: A cell in a language. Suppressed cells stay what they are; formats show `Rendered.hidden`.
Shown = str | int | float | Decimal | date | Suppressed | None

# Control characters that XML cannot hold, halves of surrogate pairs, and non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report says about itself.

    `code` is the consultation's ("" where the report is about more than one), `council` the council's name by language, `made_at` the local time,
    `responses` how many were read (None where it is made from none), `version` that of the product. `filters` says in the reader's
    words what was left out; empty if nothing was.
    """

    code: str
    council: Mapping[str, str]
    made_at: datetime
    responses: int | None
    version: str
    filters: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A figure, or a line of what the report says about itself. `kind` is as in `Column`."""

    id: str
    title: str
    value: Shown
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column; `kind` is as in `flows.statistics.summary.Column`."""

    id: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `ids` names its rows for machines, where the summary gave them ids; `apart` gives it a page.

    `more` is how many rows there are besides these.
    """

    id: str
    title: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Shown, ...], ...]
    ids: tuple[str, ...] | None
    note: str | None
    chart: str | None
    apart: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Voices:
    """What was written in answer to one question: groups of alike answers, each with its number and the words
    of one, or the words that many said with the number of each. `note` says which, and of how many answers.
    """

    title: str
    note: str
    groups: tuple[tuple[int, str], ...]
    words: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What is read in two minutes (`flows.statistics.summary.Brief`)."""

    said: tuple[str, ...]
    unsaid: tuple[str, ...]
    heard: tuple[Voices, ...]
    owed: tuple[str, ...]
    credit: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A summary in a language. `hidden` is the word that stands for a suppressed cell."""

    language: str
    right_to_left: bool
    title: str
    hidden: str
    about: tuple[Item, ...]
    figures: tuple[Item, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    words: Mapping[str, str]
    brief: FirstPage | None = None

    def shown(self, value: Shown) -> str | int | float | Decimal | date | None:
        """A cell's value, with the word for hidden in the place of a suppressed one."""
        return self.hidden if isinstance(value, Suppressed) else value


#: Headings that formats use, by the end of their id in the catalogue.
_WORDS = (
    "about",
    "figures",
    "notes",
    "sheet",
    "title",
    "brief",
    "unsaid",
    "owed",
    "nothing_owed",
    "every_question",
)


def rendered(summary: Summary, language: str, facts: ReportFacts) -> Rendered:
    """`summary` in `language`, one of `flows.wording.text.LANGUAGES`."""
    words = _Words(language)
    figures = tuple(
        Item(f.id, words.text(f.title), words.cell(f.value), _kind_of(f.value))
        for f in summary.figures
    )
    return Rendered(
        language=language,
        right_to_left=language in RIGHT_TO_LEFT,
        title=words.text(summary.title),
        hidden=words.text(msg("report.hidden")),
        about=_about(summary, facts, figures, words),
        figures=figures,
        sheets=tuple(_sheet(table, words) for table in summary.tables),
        notes=tuple(words.text(note) for note in summary.notes),
        words={word: words.text(msg(f"report.{word}")) for word in _WORDS},
        brief=_first_page(summary.brief, words) if summary.brief is not None else None,
    )


def _first_page(brief: Brief, words: "_Words") -> FirstPage:
    return FirstPage(
        tuple(words.text(text) for text in brief.said),
        tuple(words.text(text) for text in brief.unsaid),
        tuple(
            Voices(
                words.text(one.title),
                words.text(_looked_at(one)),
                tuple((number, words.raw(text)) for number, text in one.groups),
                tuple((number, words.raw(text)) for number, text in one.words),
            )
            for one in brief.heard
        ),
        tuple(words.text(text) for text in brief.owed),
        brief.credit,
    )


def _looked_at(heard: Heard) -> Text:
    """What is shown of the answers in people's own words, and of how many."""
    kind = "groups" if heard.groups else "words"
    if heard.answers == heard.given:
        return msg(f"report.heard_{kind}", number=heard.given)
    return msg(f"report.heard_{kind}_of", number=heard.answers, given=heard.given)


def _about(
    summary: Summary, facts: ReportFacts, figures: Sequence[Item], words: "_Words"
) -> tuple[Item, ...]:
    # The number of people is hidden here where the summary hides it.
    counted = ("responses", "participants")
    secret = any(f.id in counted and isinstance(f.value, Suppressed) for f in figures)
    return (
        Item(
            "what",
            words.text(msg("report.what_label")),
            words.text(msg("report.what", title=summary.title) if facts.code else summary.title),
        ),
        *(
            [
                Item(
                    "consultation",
                    words.text(msg("report.consultation")),
                    words.raw(facts.code),
                    "code",
                )
            ]
            if facts.code
            else []
        ),
        Item(
            "council",
            words.text(msg("report.council")),
            words.text(Translated(dict(facts.council))),
        ),
        Item("made_at", words.text(msg("report.made_at")), facts.made_at, "date"),
        Item(
            "filters",
            words.text(msg("report.filters")),
            words.raw(facts.filters) or words.text(msg("report.no_filters")),
        ),
        *(
            [
                Item(
                    "responses",
                    words.text(msg("report.how_many")),
                    Suppressed() if secret else facts.responses,
                    "count",
                )
            ]
            if facts.responses is not None
            else []
        ),
        Item(
            "version",
            words.text(msg("report.version")),
            words.text(msg("report.product", version=Code(facts.version))),
        ),
    )


def _kind_of(value: Cell) -> str:
    match value:
        case bool() | int():
            return "count"
        case Decimal() | float():
            return "number"
        case date():
            return "date"
        case Code():
            return "code"
        case _:
            return "text"


def _sheet(table: Table, words: "_Words") -> Sheet:
    named = bool(table.columns) and table.columns[0].kind == "id"
    first = 1 if named else 0
    return Sheet(
        table.id,
        words.text(table.title),
        tuple(_heading(column, words) for column in table.columns[first:]),
        tuple(tuple(words.cell(cell) for cell in row[first:]) for row in table.rows),
        tuple(str(row[0]) for row in table.rows) if named else None,
        words.text(table.note) if table.note is not None else None,
        table.chart,
        table.apart,
        table.more,
    )


def sheet_of(table: Table, language: str) -> Sheet:
    """One table in `language`."""
    return _sheet(table, _Words(language))


def _heading(column: Column, words: "_Words") -> Heading:
    return Heading(column.id, words.text(column.title), column.kind)


class _Words:
    """Texts of one report."""

    def __init__(self, language: str) -> None:
        # Names of places are in Arabic and French: who reads Latin letters gets the French.
        default = stand_in(language)
        self._renderer = Renderer(language, default)

    def text(self, text: Text) -> str:
        """A text. What stands alone in a cell needs no isolates, and is found without them."""
        if isinstance(text, Verbatim | Code):
            return self.raw(text.text)
        return self.raw(self._renderer.render(text))

    def raw(self, text: str) -> str:
        """A person's words, without what no spreadsheet can hold."""
        return printable(text)

    def cell(self, cell: Cell) -> Shown:
        """A cell: texts become strings, all else stays."""
        match cell:
            case str():
                return self.raw(cell)
            case int() | float() | Decimal() | date() | Suppressed() | None:
                return cell
            case _:
                return self.text(cell)


def printable(text: str) -> str:
    """`text` without control characters and halves of characters; line breaks are all alike."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def checksum(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sidecar(name: str, content: bytes) -> str:
    """The text of `name`.sha256, which `sha256sum --check` reads."""
    return f"{checksum(content)}  {name}\n"
