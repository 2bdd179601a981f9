"""The rows: what each answered, beside a profile that many share, in no order."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.reports.rendered import printable
from bot.reports.rows.variables import (
    Variable,
    Words,
    answer_variables,
    left_out,
    plain,
    profile_variables,
)
from flows.dialog.definition import Head
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.statistics.asked import Given
from flows.statistics.coarsening import COLUMNS, Coarsened, Profile
from flows.statistics.disclosure import UNSAID
from flows.statistics.summary import Response
from flows.wording.text import Text

#: What a cell may hold: a code, several, a number, a day, words; None for who was not asked or skipped it.
Value = str | int | float | date | list[str] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, the version of the definition that it was given to, and its `Profile.cohort`."""

    response: Response
    version: int = 1
    cohort: int = 0


@dataclass(frozen=True, slots=True)
class RowData:
    """Columns and rows; `notes` say what was left out and why."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[Text, ...]


def row_data(
    definition: Head,
    council: Council,
    answered: Sequence[Answered],
    made: Coarsened,
    several: str = "each",
) -> RowData:
    """The rows of these answers, beside what `made` tells of their profiles.

    `several` is "each" for a column of each choice where several are possible, or "one" for one column.
    """
    kind = kinds()[definition.kind]
    asked = kind.asked(definition, council)
    # Words that stand on the desk under a reference would lead from a row to it.
    words = kind.case is None
    told = [made.of(profile_of(one)) for one in answered]
    seen = [{row[at] for row in told} for at in range(len(made.recoding.columns))]
    used = {name.lower() for name in COLUMNS}
    variables = (
        *profile_variables(made, seen),
        *answer_variables(asked, several, words, used),
    )
    questions = {question.id: question for question in asked}
    answers = variables[len(seen) :]
    rows: list[tuple[Value, ...]] = []
    for profile, one in zip(told, answered, strict=True):
        given = {g.question: g for g in kind.given(questions, definition, one.response)}
        rows.append((*profile, *(_cell(v, given.get(v.question)) for v in answers)))
    # In another order each time: that of the answers would tell who came when.
    secrets.SystemRandom().shuffle(rows)
    return RowData(variables, tuple(rows), tuple(left_out(made, asked, words)))


def profile_of(one: Answered) -> Profile:
    """What is known of who answered."""
    response = one.response
    return Profile(
        gender=response.gender or UNSAID,
        age_band=response.age_band or UNSAID,
        place=response.commune or UNSAID,
        disability=response.disability or UNSAID,
        round=response.phase or UNSAID,
        version=str(one.version),
        cohort=one.cohort,
    )


def _cell(variable: Variable, given: Given | None) -> Value:
    if given is None or given.value is None:
        return None
    value: Any = given.value
    match variable.kind:
        case "flag":
            return int(variable.id in value)
        case "rank":
            return value.index(variable.id) + 1 if variable.id in value else None
        case "codes":
            return [str(one) for one in value]
        case "date":
            return date.fromisoformat(value)
        case "number":
            return value if isinstance(value, int) else float(value)
        case "text":
            return printable(value) or None
        case _:
            return str(value)


def written(
    row: Sequence[Value], variables: Sequence[Variable], words: Words | None
) -> list[Value]:
    """A row as files have it: labels in the language of `words`, else codes; several in one text."""
    return [_written(value, v, words) for value, v in zip(row, variables, strict=True)]


def _written(value: Value, variable: Variable, words: Words | None) -> Value:
    labels: Mapping[str, Text] = variable.values if words is not None else {}
    match value:
        case list():
            shown = [words(labels[one]) if words and one in labels else one for one in value]
            return ("; " if words else " ").join(shown)
        case str() if variable.kind == "text":
            return plain_words(value)
        case str() if words and value in labels:
            return words(labels[value])
        case _:
            return value


def plain_words(text: str) -> str:
    """Somebody's words without marks of direction; their lines stay."""
    return "\n".join(plain(line) for line in text.split("\n")).strip()
