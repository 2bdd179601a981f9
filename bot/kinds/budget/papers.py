"""Ballots on paper, and those that staff enter for somebody who is there: who voted is marked on the roll, what they
chose is counted apart, and nothing leads from the one to the other.

    numbers of the roll -> marked used, once each, whether here or in the chat
    ballots -> added to those that chose just the same; no more of them than people were marked
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, get_args

from bot.core.councils import head_of, is_open
from bot.core.refusals import refused
from bot.core.vault import Vault
from bot.kinds.budget.ideas import budget_of
from bot.kinds.budget.rows import BudgetPapers, MoreBudgetPapers, MorePaperVoters, PaperVoters
from bot.staff import rolls
from flows.kinds.budget.outcome import Ballot
from flows.kinds.budget.papers import Papers, Roll
from flows.wording.text import Verbatim
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationById
from storage.rows.lists import RollsOf

#: How a ballot came; a void one chose nothing that can be counted.
How = Literal["paper", "assisted", "void"]
HOWS: Final[tuple[How, ...]] = get_args(How)

#: Most numbers, and most alike ballots, that are entered at once.
MOST_AT_ONCE: Final = 500

#: Numbers that are named where they cannot be marked.
_NAMED: Final = 10


async def counted(tx: Transaction, consultation_id: int) -> Papers:
    """What a vote has beside the answers in the chat."""
    ballots: Counter[Ballot] = Counter()
    ways: Counter[str] = Counter()
    for row in await tx.rows(BudgetPapers, consultation_id=consultation_id):
        ways[row.how] += row.n
        if row.how != "void":
            ballots[frozenset(row.choice.split())] += row.n
    stored = await tx.row(ConsultationById, id=consultation_id)
    roll = await _roll(tx, stored) if stored is not None else None
    return Papers(ballots, ways["paper"], ways["assisted"], ways["void"], roll)


async def _roll(tx: Transaction, row: StoredConsultation) -> Roll | None:
    code = head_of(row).roll
    found = await tx.rows(RollsOf, council_id=row.council_id) if code else []
    return next(
        (Roll(one.name or one.code, one.numbers) for one in found if one.code == code), None
    )


async def voters(tx: Transaction, consultation_id: int) -> int:
    """How many people were marked for ballots that were not given in the chat."""
    row = await tx.row(PaperVoters, consultation_id=consultation_id)
    return row.n if row is not None else 0


async def enter(
    tx: Transaction,
    vault: Vault,
    row: StoredConsultation,
    numbers: Sequence[str],
    projects: Sequence[str],
    how: str,
    copies: int,
    at: int,
) -> None:
    """Mark numbers of the roll, and add ballots that are all alike; all of it or nothing. Raises NotAllowed."""
    _may(row, at)
    if len(numbers) > MOST_AT_ONCE or copies > MOST_AT_ONCE:
        raise refused("budget_desk.no.many", most=MOST_AT_ONCE)
    if not numbers and not copies:
        raise refused("budget_desk.no.nothing")
    choice, came = _choice(row, projects, how) if copies else ("", "void")
    wrong = []
    for number in numbers:
        if await rolls.use(tx, vault, row, number, at) != "in":
            wrong.append(number)
    if wrong:
        raise refused("budget_desk.no.numbers", numbers=Verbatim(", ".join(wrong[:_NAMED])))
    marked = await tx.row(MorePaperVoters, consultation_id=row.id, more=len(numbers))
    if copies:
        await tx.row(MoreBudgetPapers, consultation_id=row.id, choice=choice, how=came, more=copies)
    there = await counted(tx, row.id)
    total = there.paper + there.assisted + there.void
    if marked is None or total > marked.n:
        raise refused("budget_desk.no.more_ballots", voters=marked.n if marked else 0)


async def take_back(
    tx: Transaction,
    row: StoredConsultation,
    projects: Sequence[str],
    how: str,
    copies: int,
    at: int,
) -> None:
    """Take ballots back that were typed wrongly; who voted stays marked. Raises NotAllowed."""
    _may(row, at)
    if not copies:
        raise refused("budget_desk.no.nothing")
    choice, came = _choice(row, projects, how)
    left = await tx.row(
        MoreBudgetPapers, consultation_id=row.id, choice=choice, how=came, more=-copies
    )
    if left is None or left.n < 0:
        raise refused("budget_desk.no.not_there")


def _may(row: StoredConsultation, at: int) -> None:
    """Raises NotAllowed where nobody can vote, or where nothing would show that somebody votes twice."""
    if not is_open(row, at):
        raise refused("budget_desk.no.not_open")
    if not head_of(row).roll:
        raise refused("budget_desk.no.roll")


def _choice(row: StoredConsultation, projects: Sequence[str], how: str) -> tuple[str, How]:
    """What a ballot chose, as it is kept. Raises NotAllowed."""
    budget = budget_of(row)
    wanted = [one.id for one in budget.projects if one.id in projects]
    came = next((one for one in HOWS if one == how), None)
    if came is None:
        raise refused("budget_desk.no.how")
    if came == "void":
        return "", came
    if not 1 <= len(wanted) <= budget.choices:
        raise refused("budget_desk.no.choices", most=budget.choices)
    return " ".join(wanted), came
