"""All that a council has done with its citizens, as one summary: consultations, needs, petitions."""

from collections import Counter

from bot.cases.handling import states
from bot.core.councils import Register, head_of
from bot.core.localtime import local_day, now_ms
from flows.kinds import kinds
from flows.statistics.disclosure import hidden_if_few
from flows.statistics.summary import SMALLEST, Cell, Column, Figure, Summary, Table
from flows.wording.text import Text, Translated, msg
from storage.database import Transaction
from storage.rows.broadcasts import DecisionsOf
from storage.rows.cases import CaseStates
from storage.rows.consultations import Consultations

#: States of a consultation that citizens have met.
MET = ("open", "closed", "archived")


async def summary(register: Register, tx: Transaction, council_id: int) -> tuple[Summary, int]:
    """The record of a council, and how many responses it speaks of.

    Needs are counted openly, as in their own summary; fewer than five answers to a poll or pledges
    for a petition are kept back.
    """
    council = register.council(council_id)
    rows = [
        row
        for row in await tx.rows(Consultations)
        if row.council_id == council_id and row.state in MET
    ]
    decisions = {row.id: len(await tx.rows(DecisionsOf, consultation_id=row.id)) for row in rows}
    standing = await tx.rows(
        CaseStates, council_id=council_id, today=local_day(now_ms()).isoformat()
    )
    by_state = Counter({row.state: row.n for row in standing})
    needs = sum(by_state.values())
    opened = Counter(row.state for row in rows)
    lines: list[tuple[Cell, ...]] = []
    for row in rows:
        open_count = kinds()[row.kind].publicity.openly
        lines.append(
            (
                row.code,
                Translated(head_of(row).title),
                kinds()[row.kind].label,
                msg(f"consultation.{row.state}"),
                row.responses if open_count else hidden_if_few(row.responses, row.responses),
                _day(row.opens_at or row.created_at),
                _day(row.closes_at),
                decisions[row.id],
            )
        )
    columns = (
        Column("code", msg("staff.code"), "code"),
        Column("title", msg("downloads.title")),
        Column("kind", msg("staff.kind")),
        Column("state", msg("staff.state")),
        Column("responses", msg("staff.responses"), "count"),
        Column("opened", msg("staff.opens"), "date"),
        Column("closes", msg("staff.closes"), "date"),
        Column("decisions", msg("downloads.decisions"), "count"),
    )
    count = Column("count", msg("summary.count"), "count")
    figures = (
        Figure("open", msg("downloads.open"), opened["open"]),
        Figure("closed", msg("downloads.closed"), opened["closed"] + opened["archived"]),
        Figure("needs", msg("downloads.needs_told"), needs),
        Figure("overdue", msg("desk.overdue"), sum(row.overdue or 0 for row in standing)),
        Figure("decisions", msg("downloads.decisions"), sum(decisions.values())),
    )
    tables = (
        Table(
            "states",
            msg("summary.states"),
            (Column("id", msg("summary.id"), "id"), Column("name", msg("summary.state")), count),
            tuple((state, msg(f"state.{state}"), by_state[state]) for state in states()),
            chart="bar",
        ),
        Table(
            "consultations",
            msg("downloads.consultations"),
            columns,
            tuple(lines),
            msg("summary.kept_back", smallest=SMALLEST),
        ),
    )
    # What is kept back above must not be found by subtraction from a total.
    total = sum(line[4] for line in lines if isinstance(line[4], int))
    title: Text = msg("downloads.council", council=Translated(council.name))
    return Summary(title, figures, tables), total


def _day(at: int | None) -> Cell:
    return local_day(at) if at is not None else None
