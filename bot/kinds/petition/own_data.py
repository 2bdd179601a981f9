"""What a petition keeps about people: signatures, told in their copy and forgotten with them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.conversation.context import OwnData
from bot.conversation.erasure import when_text
from bot.core.vault import Vault
from bot.kinds.petition.rows import AllSignaturesOf
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
    return found


OWN_DATA = OwnData(
    erased=("erase_signatures", "erase_signed_papers"), joined=("join_signatures",), copied=copied
)
