"""What commitments keep about people: who said that one is not done."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.context import OwnData
from bot.conversation.erasure import when_text
from bot.core.vault import Vault
from bot.kinds.commitment.rows import AllDoubtsOf
from storage.database import Transaction


async def copied(tx: Transaction, vault: Vault, person_id: int) -> Mapping[str, Any]:
    """What a person said is not done, for their own copy."""
    return {
        "not_done": [
            {"commitment": row.consultation, "at": when_text(row.at)}
            for row in await tx.rows(AllDoubtsOf, person_id=person_id)
        ]
    }


OWN_DATA = OwnData(
    erased=("erase_doubts",),
    joined=("join_drop_doubts", "join_doubts"),
    remembered=("remember_doubts",),
    parted=("apart_doubts",),
    copied=copied,
)
