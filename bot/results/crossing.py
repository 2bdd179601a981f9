"""Cross tables of a consultation: each question with choices by gender, age, disability, place and round."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.councils import Register, head_of
from bot.results import summaries
from bot.results.shown import releases
from flows.kinds import kinds
from flows.statistics.asked import Asked, Given
from flows.statistics.crossing import Crossed, cross_table, groupings
from flows.statistics.disclosure import hidden_ids
from flows.statistics.release import in_steps
from flows.statistics.summary import Figure, Summary, Table
from flows.wording.text import msg
from storage.database import Transaction
from storage.rows import StoredConsultation


async def crossed(
    register: Register, tx: Transaction, row: StoredConsultation
) -> tuple[Summary, int]:
    """The tables, and how many responses they were made from; none while the results are told once a day."""
    summary, responses = await summaries.summary_of(register, tx, row)
    if releases.frozen(row):
        later = replace(summary, figures=(), tables=(), notes=(msg("cross.open"),))
        return later, in_steps(len(responses.standing))
    standing = responses.standing
    head, council = head_of(row), register.council(row.council_id)
    kind = kinds()[row.kind]
    asked = kind.asked(head, council)
    known = {question.id: question for question in asked}
    given = [{g.question: g for g in kind.given(known, head, one)} for one in standing]
    tables = {table.id: table for table in summary.tables}
    persons = [one.person for one in standing]
    groups = list(groupings(standing, _kept_back(tables)))
    made = [
        table
        for question in _questions(asked, given, tables)
        for grouping in groups
        if (table := cross_table(question, grouping, persons)) is not None
    ]
    figures: Sequence[Figure] = [f for f in summary.figures if f.id == "responses"]
    notes = (msg("cross.note"), *summary.notes) if made else (msg("cross.none"),)
    return replace(summary, figures=tuple(figures), tables=tuple(made), notes=notes), len(standing)


def _kept_back(tables: Mapping[str, Table]) -> Mapping[str, frozenset[str]]:
    """The groups that the tables of who took part keep back."""
    return {
        id: hidden_ids(tables[id]) for id in ("gender", "age_band", "disability") if id in tables
    }


def _questions(
    asked: Sequence[Asked], given: Sequence[Mapping[str, Given]], tables: Mapping[str, Table]
) -> Sequence[Crossed]:
    """The questions that have choices, but those that the law protects or that tell a place."""
    return [
        Crossed(
            question.id,
            question.text,
            question.choices,
            question.type != "select_many",
            [_ticks(one.get(question.id)) for one in given],
            frozenset().union(
                *(hidden_ids(tables[id]) for id in _tables_of(question.id) if id in tables)
            )
            & question.choices.keys(),
        )
        for question in asked
        if question.choices
        and not question.ranked
        and not question.sensitive
        and not question.where
    ]


def _tables_of(question: str) -> tuple[str, ...]:
    """What a kind may call the table of a question."""
    return question, f"q.{question}", f"{question}s"


def _ticks(given: Given | None) -> frozenset[str]:
    value: Any = given.value if given is not None else None
    if value is None:
        return frozenset()
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset((str(value),))
