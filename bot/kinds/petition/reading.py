"""Petitions as staff read them: the list, the deposit of one, its signatures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.councils import Register
from bot.kinds.petition import procedure
from bot.kinds.petition.rows import (
    ClaimsOf,
    CountClaims,
    Deposit,
    DepositsWaiting,
    LockPetition,
    PetitionsOf,
    SignaturesInFull,
    SignaturesOf,
)
from flows.dialog.facts import Council
from flows.kinds.petition import Signatures
from flows.wording.text import Code, Text, msg
from storage.database import Transaction
from storage.rows import StoredConsultation


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk of one petition shows.

    `day` is that of its deposit, else the one on which it is looked at: its rule is what it is
    measured by.
    """

    held: Deposit | None
    day: date
    standing: procedure.Standing
    #: Claims of cards that no clerk has looked at.
    claims: int


async def petitions_of(tx: Transaction, council_id: int) -> list[PetitionsOf]:
    """The petitions of a council, newest first."""
    return await tx.rows(PetitionsOf, council_id=council_id)


async def awaiting_answer(tx: Transaction, council_id: int) -> list[DepositsWaiting]:
    """Those that were deposited and have no answer yet, the most urgent first."""
    return await tx.rows(DepositsWaiting, council_id=council_id)


async def owed(
    tx: Transaction, row: StoredConsultation, council: Council, today: date
) -> Sequence[Text]:
    """The answer to what was deposited, and cards that two people claim."""
    told: list[Text] = []
    held = await deposit_of(tx, row.id)
    if held is not None and held.due_day and not held.outcome:
        due = date.fromisoformat(held.due_day)
        entry = "brief.petition_late" if due < today else "brief.petition_answer"
        told.append(msg(entry, day=Code(f"{due:%d/%m/%Y}")))
    if await claims_waiting(tx, row.id):
        told.append(msg("brief.petition_claims"))
    return told


async def desk(tx: Transaction, register: Register, row: StoredConsultation, today: date) -> Desk:
    """How one petition stands."""
    held = await deposit_of(tx, row.id)
    day = date.fromisoformat(held.day) if held else today
    standing = await procedure.standing(tx, register, row, day)
    return Desk(held, day, standing, await claims_waiting(tx, row.id))


async def deposit_of(tx: Transaction, consultation_id: int) -> Deposit | None:
    """What became of a petition after it was brought to the council. None if it was not brought."""
    return await tx.row(Deposit, consultation_id=consultation_id)


async def signatures(tx: Transaction, consultation_id: int) -> list[SignaturesInFull]:
    """Every signature of a petition, sealed as it is, valid or not, the latest first."""
    return await tx.rows(SignaturesInFull, consultation_id=consultation_id)


async def claims(tx: Transaction, consultation_id: int) -> list[ClaimsOf]:
    """Who else claims a card, what was set aside, what is said to be misused; first what waits for a clerk."""
    return await tx.rows(ClaimsOf, consultation_id=consultation_id)


async def claims_waiting(tx: Transaction, consultation_id: int) -> int:
    """How many claims no clerk has looked at."""
    (counted,) = await tx.rows(CountClaims, consultation_id=consultation_id)
    return counted.n


async def lock(tx: Transaction, row: StoredConsultation) -> None:
    """Hold a petition until the end of the transaction, while its papers are entered."""
    await tx.rows(LockPetition, id=row.id)


async def counted(tx: Transaction, consultation_id: int) -> Signatures:
    """The signatures that count, as the summary sees them."""
    rows = await tx.rows(SignaturesOf, consultation_id=consultation_id)
    return Signatures(len(rows), Counter(row.commune for row in rows if row.commune))
