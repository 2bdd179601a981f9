"""What is made around a vote on projects: the call for ideas before it, what the council promises after it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from bot.consultations import definitions
from bot.core.councils import Register
from bot.core.localtime import local, now_ms
from bot.core.refusals import refused
from bot.kinds.budget import ideas
from bot.kinds.budget.rows import BudgetPromises
from flows.dialog.definition import CODE, REFERENCE
from flows.dialog.facts import Texts
from flows.kinds import begun, check
from flows.kinds.budget.six_weeks import Calendar
from flows.kinds.outline import FOLLOW, GATHER, Outline, titled, written
from flows.wording.text import Code, Translated, Verbatim, msg
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Longest code: the call for ideas has a word more.
LONGEST_CODE: Final = 30


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())


def checked(code: str) -> str:
    """A code as it is kept. Raises NotAllowed where it can be none."""
    code = code.strip().upper()
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE or REFERENCE.fullmatch(code):
        raise refused("budget_desk.no.code", most=LONGEST_CODE, example=Code("OZT-BUDGET-2027"))
    return code


async def begin(
    tx: Transaction,
    register: Register,
    council_id: int,
    code: str,
    title: Texts,
    amount: int,
    calendar: Calendar,
) -> str:
    """Make the drafts of a call for ideas and of the vote after it. Returns the vote's code. Raises NotAllowed."""
    code, calls = checked(code), f"{checked(code)}-IDEAS"
    for one in (code, calls):
        if await register.by_code(tx, one) is not None:
            raise refused("budget_desk.no.taken", code=Code(one))
    council = register.council(council_id)
    call = Outline(
        calls,
        titled("budget.ideas_title", title),
        opens=_start(calendar.ideas_first),
        closes=_end(calendar.ideas_last),
        amount=amount,
    )
    raw, head, problems = begun(GATHER, call, council)
    vote: dict[str, Any] = {
        "kind": "budget",
        "code": code,
        "council": council.code,
        "title": title,
        "amount": amount,
        "opens": _start(calendar.vote_first).isoformat(),
        "closes": _end(calendar.vote_last).isoformat(),
        "minutes": 3,
    }
    made, more = check(vote, council)
    if head is None or made is None or problems or more:
        said = next((str(one) for one in (*problems, *more)), "")
        raise refused("budget_desk.no.wrong", problem=Verbatim(said))
    await definitions.add(tx, register, raw, head)
    await definitions.add(tx, register, vote, made)
    row = await register.by_code(tx, code)
    if row is None:
        raise LookupError(f"{code} was added and is not there")
    await ideas.set_call(tx, row, calls, calendar.result.isoformat())
    return code


async def promises_of(tx: Transaction, row: StoredConsultation) -> dict[str, str]:
    """By which consultation each winner is followed: project -> code."""
    found = await tx.rows(BudgetPromises, consultation_id=row.id)
    return {one.project: one.code for one in found}


async def promise(
    tx: Transaction,
    register: Register,
    row: StoredConsultation,
    winners: Sequence[str],
    owner: str,
    due: date | None,
) -> int:
    """Make what is followed of each winner, as a draft, where it is not there yet. Returns how many. Raises NotAllowed."""
    if row.state not in ("closed", "archived"):
        raise refused("budget_desk.no.open")
    if not owner.strip() or due is None:
        raise refused("budget_desk.no.owner")
    budget, council = ideas.budget_of(row), register.council(row.council_id)
    known = await promises_of(tx, row)
    count = 0
    for number, project in enumerate(budget.projects, 1):
        if project.id not in winners or project.id in known:
            continue
        indicator = written(msg("budget.promised", title=Translated(project.text)), project.text)
        outline = Outline(
            await definitions.free_code(tx, register, f"{row.code}-P{number}"),
            project.text,
            project.about,
            owner=owner.strip(),
            due=due,
            indicator=indicator,
            reference=f"{row.code}, {local(row.closes_at or now_ms()).date().isoformat()}",
        )
        raw, head, problems = begun(FOLLOW, outline, council)
        if head is None or problems:
            said = str(problems[0]) if problems else ""
            raise refused("budget_desk.no.wrong", problem=Verbatim(said))
        await definitions.add(tx, register, raw, head)
        made = await register.by_code(tx, head.code)
        if made is None:
            raise LookupError(f"{head.code} was added and is not there")
        await tx.run(
            "set_budget_promise", consultation_id=row.id, project=project.id, promise_id=made.id
        )
        count += 1
    return count
