"""What is printed of a petition: the official list with its signatories, the receipt of a deposit."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from bot.core.councils import Register
from bot.core.vault import Vault
from bot.kinds.petition import procedure, reading
from bot.kinds.petition.paper import opened
from bot.kinds.petition.papers import DepositReceipt, Signatory, SignatureList
from bot.kinds.petition.rows import DepositEntries
from flows.kinds.petition import plainly
from flows.understanding import identity
from flows.wording.text import msg
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Who of a list is printed: signatures of the chat that stand on no paper yet, all, or none.
Chosen = Literal["waiting", "all", "none"]


async def receipt_of(
    register: Register, tx: Transaction, row: StoredConsultation
) -> DepositReceipt | None:
    """What the receipt of a deposit says; None if there is no deposit, or no rule for the answer.

    How many of the signatures were on paper that day stands in the ledger.
    """
    held = await reading.deposit_of(tx, row.id)
    if held is None:
        return None
    place, deposited = procedure.place_of(register, row), date.fromisoformat(held.day)
    due = procedure.answer_due(place, deposited)
    if due is None:
        return None
    marked = f'%"receipt":"{held.receipt}"%'
    rows = await tx.rows(DepositEntries, council_id=row.council_id, marked=marked)
    said = [entry for r in rows if (entry := msgspec.json.decode(r.entry))["what"] == "deposit"]
    paper = said[0]["paper"] if said else 0
    head = procedure.petition_of(row)
    return DepositReceipt(
        council=register.council(row.council_id).name,
        title=head.title,
        code=row.code,
        representative=head.representative,
        deposited=deposited,
        number=held.receipt,
        signatures_chat=held.signatures - paper,
        signatures_paper=paper,
        answer_by=due.last_day,
        citation=plainly(due.rule),
    )


def list_head(register: Register, row: StoredConsultation, day: date) -> SignatureList:
    """The head of a list for signing by hand."""
    head = procedure.petition_of(row)
    needed = procedure.requirement(procedure.place_of(register, row), day)
    return SignatureList(
        council=register.council(row.council_id).name,
        title=head.title,
        code=row.code,
        demand=head.demand,
        representative=head.representative,
        citation=plainly(needed.rule) if needed else msg("pdesk.no_rule"),
    )


async def signatories(
    tx: Transaction, vault: Vault, row: StoredConsultation, chosen: Chosen, *, full: bool
) -> list[Signatory]:
    """The filled rows of a list, the first to sign first; the card's number is masked unless `full`."""
    if chosen == "none":
        return []
    rows = await reading.signatures(tx, row.id)
    return [
        _signatory(opened(vault, one), full)
        for one in reversed(rows)
        if one.invalid_reason is None and (chosen == "all" or not one.on_paper)
    ]


def _signatory(value: Mapping[str, Any], full: bool) -> Signatory:
    cin = value["cin"] if full else identity.mask(value["cin"])
    return Signatory(value["name"], cin, value["address"])
