"""A database of before addresses were covered: they are covered at the next start, once.

A page at a time, so that a start that is cut off goes on where it was.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from bot.channels.port import PULLED, Arrival, OutgoingMessage
from bot.core.contact import covered
from bot.core.vault import Vault
from storage.database import Storage, Transaction, batch
from storage.rows.inbox import AddressesFrom, CameFrom, SentFrom
from storage.rows.outbox import AgreedOn, AgreedValue

log = logging.getLogger("tachawor")

#: What stands in the database once all are covered.
NAME: Final = "covered"

#: Rows in one transaction.
PAGE: Final = 1000

_encode = msgspec.json.Encoder().encode
_arrival = msgspec.json.Decoder(Arrival).decode
_message = msgspec.json.Decoder(OutgoingMessage).decode

#: Reads a page after an id and covers what it finds: the last id, None after the last page.
Step = Callable[[Transaction, Vault, int], Awaitable[int | None]]


async def cover_all(storage: Storage, vault: Vault) -> None:
    """Cover every address that is kept in clear, where that was not done yet."""
    async with storage.reading() as tx:
        if await tx.row(AgreedValue, name=NAME) is not None:
            return
    some = False
    for step in (_addresses, _sent, _came):
        after: int | None = 0
        while after is not None:
            async with storage.transaction() as tx:
                after = await step(tx, vault, after)
            some = some or after is not None
    async with storage.transaction() as tx:
        await tx.run("drop_all_join_codes")
        await tx.row(AgreedOn, name=NAME, value="1")
    if some:
        log.info("covered the addresses of citizens in the database")
        # What they were stands in the database's free pages until then.
        await storage.forget_traces()


async def _addresses(tx: Transaction, vault: Vault, after: int) -> int | None:
    rows = await tx.rows(AddressesFrom, after=after, most=PAGE)
    changed = [
        {"id": row.id, "address": vault.cover(row.address)}
        for row in rows
        if _is_clear(vault, row.channel, row.address)
    ]
    if changed:
        await tx.run("cover_addresses", rows=batch(changed))
    return rows[-1].id if rows else None


async def _sent(tx: Transaction, vault: Vault, after: int) -> int | None:
    rows = await tx.rows(SentFrom, after=after, most=PAGE)
    changed = [
        {
            "id": row.id,
            "address": vault.cover(row.address),
            "intent": _unsigned(vault, row.intent),
        }
        for row in rows
        if _is_clear(vault, row.channel, row.address)
    ]
    if changed:
        await tx.run("cover_sent", rows=batch(changed))
    return rows[-1].id if rows else None


def _unsigned(vault: Vault, intent: str) -> str:
    """A message as it is kept, with the id of the tap that it answers covered."""
    if '"acknowledges"' not in intent or not intent.startswith("{"):
        return intent
    message = _message(intent)
    if message.acknowledges is None:
        return intent
    kept = msgspec.structs.replace(message, acknowledges=vault.cover(message.acknowledges))
    return _encode(kept).decode()


async def _came(tx: Transaction, vault: Vault, after: int) -> int | None:
    rows = await tx.rows(CameFrom, after=after, most=PAGE)
    changed = [found for row in rows if (found := _came_covered(vault, row)) is not None]
    if changed:
        await tx.run("cover_came", rows=batch(changed))
    return rows[-1].id if rows else None


def _came_covered(vault: Vault, row: CameFrom) -> dict[str, Any] | None:
    """What is to be written of a message that came in; None if nothing is."""
    waits_in, payload = row.waits_in, row.payload
    if waits_in is not None and _is_clear(vault, row.channel, waits_in):
        waits_in = vault.cover(waits_in)
    # What is sealed begins otherwise, and what nobody could read is sealed within.
    if payload.startswith("{") and '"address"' in payload:
        arrival = _arrival(payload)
        if _is_clear(vault, arrival.channel, arrival.address):
            payload = _encode(covered(vault, arrival)).decode()
    if (waits_in, payload) == (row.waits_in, row.payload):
        return None
    return {"id": row.id, "waits_in": waits_in, "payload": payload}


def _is_clear(vault: Vault, channel: str, address: str) -> bool:
    return channel not in PULLED and bool(address) and vault.uncover(address) == address
