"""Receipts: a vote that is over is counted once more for them, and each voter reads what theirs did, in chat and copy."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.conversation.context import Context, OwnData, Values
from bot.core.contact import Conversation
from bot.core.vault import Vault
from bot.kinds.budget.ideas import budget_of
from bot.kinds.budget.rows import BudgetVotesOf, UncountedBudgets
from bot.results import summaries
from bot.services import Services
from flows.dialog.dialog import Json
from flows.kinds import read_raw
from flows.kinds.budget.definition import Budget
from flows.kinds.budget.receipt import Counted, counted, sums
from flows.kinds.budget.results import about, cast, every_count_is_told, outcome_of
from flows.statistics.summary import SMALLEST
from storage.database import Transaction


async def look(services: Services) -> None:
    """Count what is over, and has its final result, for receipts."""
    async with services.storage.reading() as tx:
        due = await tx.rows(UncountedBudgets)
    for one in due:
        async with services.storage.reading() as tx:
            row = await services.register.by_id(tx, one.id)
            responses = await summaries.responses_of(services.register, tx, row)
        budget = budget_of(row)
        ballots = cast(budget, responses)
        found = Counted()
        if ballots.total() >= SMALLEST:
            exact = every_count_is_told(budget, ballots)
            found = counted(outcome_of(budget, ballots), exact=exact)
        async with services.storage.transaction() as tx:
            body = msgspec.json.encode(found).decode()
            await tx.run(
                "keep_budget_outcome", consultation_id=one.id, digest=one.digest, body=body
            )


async def own(context: Context, conversation: Conversation, values: Values) -> Json:
    """This person's vote with how all were counted; None if they did not vote."""
    rows = await context.tx.rows(BudgetVotesOf, person_id=context.person.id)
    found = next((row for row in rows if row.id == conversation.consultation_id), None)
    if found is None:
        return None
    return {
        "projects": [str(id) for id in msgspec.json.decode(found.body).get("projects", ())],
        "counted": msgspec.json.decode(found.counted) if found.counted is not None else None,
    }


async def copied(tx: Transaction, vault: Vault, person_id: int) -> Mapping[str, Any]:
    """What a person's votes did, for their own copy."""
    receipts = []
    for row in await tx.rows(BudgetVotesOf, person_id=person_id):
        if row.counted is None:
            continue
        budget = read_raw(msgspec.json.decode(row.definition), Budget)
        found = msgspec.json.decode(row.counted, type=Counted)
        chosen = [str(id) for id in msgspec.json.decode(row.body).get("projects", ())]
        paid = sums(found, chosen)
        names = {one.id: one.text for one in budget.projects}
        receipts.append(
            {
                "vote": row.code,
                "share_about": about(found.share) if paid and found.share else None,
                "projects": [
                    {
                        "name": names[id],
                        "chosen": id in found.winners,
                        "paid_about": paid.get(id),
                    }
                    for id in chosen
                    if id in names
                ],
            }
        )
    return {"votes_on_projects": receipts} if receipts else {}


OWN_DATA = OwnData(copied=copied)
