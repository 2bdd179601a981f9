"""What a meeting keeps about people: their places, told in their copy and forgotten with them."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.context import OwnData
from bot.conversation.erasure import when_text
from bot.core.vault import Vault
from bot.kinds.meeting.door import ticket
from bot.kinds.meeting.rows import AllSeatsOf
from storage.database import Transaction


async def copied(tx: Transaction, vault: Vault, person_id: int) -> Mapping[str, Any]:
    """A person's places, for their own copy."""
    return {
        "meetings": [
            {
                "meeting": row.consultation,
                "state": row.state,
                "code": row.code,
                "at": when_text(row.since),
                "was_there": when_text(row.present_at) if row.present_at is not None else None,
            }
            for row in await tx.rows(AllSeatsOf, person_id=person_id)
        ]
    }


OWN_DATA = OwnData(
    erased=("erase_groups", "erase_seats"),
    joined=("join_drop_groups", "join_drop_seats", "join_seats"),
    remembered=("remember_seats",),
    parted=("apart_seats",),
    copied=copied,
    files=ticket.files_of,
)
