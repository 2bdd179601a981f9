"""What a petition keeps about people: signatures, told in their copy and forgotten with them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.conversation.context import OwnData
from bot.conversation.erasure import when_text
from bot.core.vault import Vault
from bot.kinds.petition import claims, entries
from bot.kinds.petition.rows import (
    AllSignaturesOf,
    ClaimsOfAll,
    DoubledSignatures,
    PetitionsClaimed,
    SignaturesToErase,
)
from flows.understanding import identity
from flows.wording.text import Text, msg
from storage.database import Transaction


async def copied(tx: Transaction, vault: Vault, person_id: int) -> Mapping[str, Any]:
    """A person's signatures, for their own copy."""
    return {
        "signatures": [
            {
                "petition": row.code,
                "at": when_text(row.at),
                **_signed(vault, row),
            }
            for row in await tx.rows(AllSignaturesOf, person_id=person_id)
        ]
        + [
            {"petition": row.code, "at": when_text(row.at), **_claimed(vault, row)}
            for row in await tx.rows(ClaimsOfAll, person_id=person_id)
        ]
    }


def _signed(vault: Vault, row: AllSignaturesOf) -> dict[str, Any]:
    """What a citizen wrote in the chat to sign.

    What stands on paper was typed by staff, and is theirs by a number or reference only: it could be
    a neighbour's, so the copy says that there is a paper, and no more.
    """
    if row.source == "paper":
        return {"on_paper": True}
    found: dict[str, Any] = msgspec.json.decode(vault.open(row.sealed, f"signatures/{row.id}"))
    # They know their card; whoever else gets hold of the copy shall not.
    return {**found, "cin": identity.mask(found["cin"])}


def _claimed(vault: Vault, row: ClaimsOfAll) -> dict[str, Any]:
    """The same, also where another signature stands for the card: that is not told."""
    found: dict[str, Any] = msgspec.json.decode(vault.open(row.sealed, f"signatures/{row.id}"))
    masked = identity.mask(found["cin"])
    if row.state == "reported":
        return {"card_said_to_be_misused": masked}
    return {**found, "cin": masked}


async def doubled(tx: Transaction, old: int, new: int, at: int) -> None:
    """Who has signed an open petition in both chats has signed once; a paper stays, as nobody's."""
    for row in await tx.rows(DoubledSignatures, old=old, new=new):
        await entries.left(tx, row, "withdrawn", row, row.on_paper, at)
        for query in ("drop_signatures", "keep_papers", "drop_claims"):
            await tx.run(query, consultation_id=row.consultation_id, person_id=old)


async def known_better(tx: Transaction, person_id: int, at: int) -> None:
    """What somebody signed on the open page, and confirms now, is weighed anew."""
    for row in await tx.rows(PetitionsClaimed, person_id=person_id):
        petition = claims.Petition(row.id, row.council_id, row.code)
        await claims.rise(tx, petition, person_id, at)
        await claims.fill(tx, petition, at)


async def erasing(tx: Transaction, person_id: int, at: int) -> Text | None:
    """The ledger says that a signature was erased; a paper was signed by hand, and stays: they are told so.

    For the cards of who is forgotten, who else claims them best stands from now on.
    """
    signed = await tx.rows(SignaturesToErase, person_id=person_id)
    for row in signed:
        await entries.left(tx, row, "erased", row, row.on_paper, at)
    for query in ("erase_claims", "erase_signatures"):
        await tx.run(query, person_id=person_id)
    petitions = {claims.Petition(row.id, row.council_id, row.code) for row in signed}
    for petition in sorted(petitions, key=lambda one: one.id):
        await claims.fill(tx, petition, at)
    return msg("petition.paper_stays") if any(row.on_paper for row in signed) else None


OWN_DATA = OwnData(
    erased=("erase_claimed_papers", "erase_signed_papers"),
    joined=(
        "join_signatures",
        "join_claims",
        "confirm_signatures",
        "confirm_claims",
        "join_assurance",
    ),
    remembered=("remember_signatures", "remember_claims"),
    parted=("apart_signatures", "apart_claims", "apart_known", "apart_claims_known"),
    doubled=doubled,
    known_better=known_better,
    copied=copied,
    erasing=erasing,
)
