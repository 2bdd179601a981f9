"""The columns of row data: their names for machines, what is asked, and the values they may have."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from flows.dialog.communes import place_name
from flows.morocco import census, places
from flows.statistics import coarsening, disclosure
from flows.statistics.asked import Asked
from flows.statistics.coarsening import Coarsened
from flows.statistics.participation import commune_name
from flows.wording import Renderer
from flows.wording.text import Code, Text, Verbatim, msg, stand_in

Kind = Literal["code", "codes", "flag", "rank", "number", "date", "text"]

#: The longest name, in characters: SPSS takes 64 bytes, and a choice may come after it.
LONGEST: Final = 30

#: Words that SPSS takes for its own.
_TAKEN: Final = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)

_MARKS: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A column.

    `name` is for machines: ASCII, unique whatever the case. `text` is the question, `choice` the choice
    that a column of its own is about. `values` are the codes that may stand in it with their labels, in
    order. `question` is the id of the question that it belongs to, "" for the profile; `id` the choice's.
    `note` says what was done to it.
    """

    name: str
    text: Text
    kind: Kind
    values: Mapping[str, Text] = field(default_factory=dict)
    question: str = ""
    id: str = ""
    choice: Text | None = None
    note: Text | None = None

    def number(self, code: str) -> int:
        """A code as a number: its place among the values, from 1."""
        return list(self.values).index(code) + 1


class Words:
    """Texts in a language, as files for machines have them: no line breaks, no marks of direction."""

    def __init__(self, language: str) -> None:
        self._renderer = Renderer(language, stand_in(language))

    def __call__(self, text: Text) -> str:
        """A text in one line."""
        if isinstance(text, Verbatim | Code):
            return plain(text.text)
        return plain(self._renderer.render(text))

    def heading(self, variable: Variable) -> str:
        """What stands above a column for people: the question, and the choice if it is about one."""
        asked = self(variable.text)
        return asked if variable.choice is None else f"{asked} · {self(variable.choice)}"


def plain(text: str) -> str:
    """A text in one line, without marks of direction."""
    return " ".join(_MARKS.sub("", text).split())


def headings(variables: Sequence[Variable], words: Words) -> list[str]:
    """A heading for each column; of two alike the second is told apart by a number."""
    found: list[str] = []
    used: set[str] = set()
    for variable in variables:
        said = words.heading(variable)[:200] or variable.name
        heading, number = said, 2
        while heading.casefold() in used:
            heading, number = f"{said} ({number})", number + 1
        used.add(heading.casefold())
        found.append(heading)
    return found


def profile_variables(made: Coarsened, seen: Sequence[Collection[str]]) -> Iterator[Variable]:
    """The columns of the profile; `seen` holds the values of each that are in the rows."""
    for name, values in zip(made.recoding.columns, seen, strict=True):
        labels = {code: _label(name, code) for code in sorted(values, key=_order)}
        wider = made.recoding.wider.get(name, {})
        yield Variable(
            name,
            msg(f"rows.column.{name}"),
            "code",
            labels,
            note=msg(f"rows.wider.{name}") if any(k != v for k, v in wider.items()) else None,
        )


def _order(code: str) -> tuple[bool, str]:
    return code.startswith("~"), code


def _label(name: str, code: str) -> Text:
    match name, code:
        case _, disclosure.UNSAID:
            return msg("summary.unsaid")
        case _, coarsening.WITHHELD:
            return msg("rows.withheld")
        case _, disclosure.GATHERED:
            return msg("rows.elsewhere_all")
        case "gender" | "disability", _:
            return msg(f"{name}.{code}")
        case "age_band", _ if code in census.AGE_BANDS:
            return msg(f"age.{code}")
        case "place", _:
            return _place(code)
        case "version", _:
            return msg("rows.version", number=Code(code))
        case _:
            return Code(code)


def _place(code: str) -> Text:
    try:
        level = places.place(code).level
    except KeyError:
        return commune_name(code)
    if level in ("province", "region"):
        return msg("rows.elsewhere", place=place_name(code))
    return place_name(code)


def answer_variables(
    asked: Sequence[Asked], several: str, words: bool, used: set[str]
) -> Iterator[Variable]:
    """The columns of the answers. `several` is "each" for a column of each choice, "one" for one of all.

    Without `words` there is none for what people wrote. `used` are names that are taken, in small letters.
    """
    for number, question in enumerate(asked, 1):
        if question.sensitive or question.where:
            continue
        if question.type in ("open", "text"):
            if words:
                yield Variable(
                    _name(question.id, number, used), question.text, "text", question=question.id
                )
            continue
        name = _name(question.id, number, used)
        kind, values = _kind(question)
        # Which rows were spoken is not told: who has heard the voice would know all else that it answered.
        note = msg("rows.spoken") if question.spoken else None
        if kind == "codes" and several == "each":
            flag: Kind = "rank" if question.ranked else "flag"
            for at, (id, label) in enumerate(question.choices.items(), 1):
                yield Variable(
                    _name(f"{name}_{_safe(id) or at}", at, used),
                    question.text,
                    flag,
                    {} if question.ranked else {"0": msg("button.no"), "1": msg("button.yes")},
                    question.id,
                    id,
                    label,
                    note,
                )
        else:
            yield Variable(name, question.text, kind, values, question.id, note=note)


def _kind(question: Asked) -> tuple[Kind, Mapping[str, Text]]:
    match question.type:
        case "select_one":
            return "code", question.choices
        case "select_many":
            return "codes", question.choices
        case "numeric":
            return "number", question.choices
        case "date":
            return "date", {}
        case other:
            raise ValueError(f"no column is known for a question of the type {other!r}")


def _safe(id: str) -> str:
    """An id as part of a name; "" where nothing of it may stand there."""
    ascii = unicodedata.normalize("NFKD", id).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", ascii).strip("_")[:LONGEST]


def _name(id: str, number: int, used: set[str]) -> str:
    name = _safe(id) if len(id) <= LONGEST else re.sub(r"[^A-Za-z0-9_]", "", id)[:60]
    if not name or not name[0].isalpha() or name.lower() in _TAKEN:
        name = f"q{number}_{name}".rstrip("_")
    found, again = name, 2
    while found.lower() in used:
        found, again = f"{name}_{again}", again + 1
    used.add(found.lower())
    return found


def left_out(made: Coarsened, asked: Sequence[Asked], words: bool) -> Iterator[Text]:
    """In sentences: which columns are not there, and how many rows have no profile."""
    for name in sorted(made.recoding.left_out):
        yield msg("rows.left_out", column=msg(f"rows.column.{name}"))
    if made.people:
        yield msg("rows.withheld_of", number=made.people, rows=made.everybody)
    for question in asked:
        if question.sensitive:
            yield msg("rows.protected", question=question.text)
        elif question.where:
            yield msg("rows.where", question=question.text)
        elif question.type in ("open", "text") and not words:
            yield msg("rows.no_words", question=question.text)
