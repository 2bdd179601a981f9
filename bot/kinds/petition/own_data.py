"""What a petition keeps about people: signatures, told in their copy and forgotten with them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.conversation.context import OwnData
from bot.conversation.erasure import when_text
from bot.core import ledger
from bot.core.vault import Vault
from bot.kinds.petition.rows import AllSignaturesOf, DoubledSignatures
from flows.understanding import identity
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


async def doubled(tx: Transaction, old: int, new: int, at: int) -> None:
    """Who has signed an open petition in both chats has signed once; a paper stays, as nobody's."""
    for row in await tx.rows(DoubledSignatures, old=old, new=new):
        entry = {"what": "withdrawn", "petition": row.code, "digest": row.cin_digest}
        more = {"stays": "paper"} if row.on_paper else {}
        await ledger.append(tx, row.council_id, {**entry, **more}, at)
        for query in ("drop_signatures", "keep_papers"):
            await tx.run(query, consultation_id=row.consultation_id, person_id=old)


OWN_DATA = OwnData(
    erased=("erase_signatures", "erase_signed_papers"),
    joined=("join_signatures", "join_assurance"),
    remembered=("remember_signatures",),
    parted=("apart_signatures",),
    doubled=doubled,
    copied=copied,
)
