"""Links that carry a right: onto a list (`b_...`), a chat of staff (`s_...`).

A link holds an id and a ticket of the vault that is good until a moment.
"""

from bot.core.numbers import next_number
from bot.core.vault import Vault
from storage.database import Transaction
from storage.rows import CitizenList
from storage.rows.lists import ListById


def list_payload(vault: Vault, list_id: int, until: int) -> str:
    """What a link onto a list says, good until `until` (ms), for as many as it is given to."""
    return f"b_{list_id:x}_{vault.stamp(f'body:{list_id}', until)}"


async def list_of(tx: Transaction, vault: Vault, payload: str, at: int) -> CitizenList | None:
    """The list that a link leads onto, None if it is not good (any more)."""
    list_id = _signed(vault, payload, "body", at)
    return await tx.row(ListById, id=list_id) if list_id is not None else None


def staff_payload(vault: Vault, staff_id: int, until: int) -> str:
    """What the link says that makes a chat a member of staff's own; good once, until `until`."""
    return f"s_{staff_id:x}_{vault.stamp(f'staff:{staff_id}', until)}"


async def staff_of(tx: Transaction, vault: Vault, payload: str, at: int) -> int | None:
    """The member of staff whose link this is; None if it is not good or was used."""
    staff_id = _signed(vault, payload, "staff", at)
    if staff_id is None:
        return None
    used = await next_number(tx, f"link {payload.rpartition('-')[2]}")
    return staff_id if used == 1 else None


def _signed(vault: Vault, payload: str, purpose: str, at: int) -> int | None:
    _, _, rest = payload.partition("_")
    who, _, ticket = rest.partition("_")
    try:
        id = int(who, 16)
    except ValueError:
        return None
    return id if id < 2**63 and vault.stamped(ticket, f"{purpose}:{id}", at) else None
