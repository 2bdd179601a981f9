"""Messages to citizens as the outbox keeps them: JSON, sealed where they repeat private answers."""

from enum import IntEnum

import msgspec

from bot.channels import counts
from bot.channels.port import PULLED, Envelope, OutgoingMessage
from bot.core.vault import Vault
from storage.database import Transaction
from storage.rows.outbox import OwnMessages, Transcript

#: Begins a sealed message; JSON never does.
SEALED = "sealed:"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(OutgoingMessage).decode


def stored(message: OutgoingMessage, vault: Vault, id: int, *, private: bool) -> str:
    """The text for the outbox row `id`."""
    text = _encode(message).decode()
    return SEALED + vault.seal(text, f"outbox/{id}") if private else text


def restored(text: str, vault: Vault, id: int) -> OutgoingMessage:
    """The message of the outbox row `id`. Raises Unreadable."""
    if text.startswith(SEALED):
        text = vault.open(text.removeprefix(SEALED), f"outbox/{id}")
    return _decode(text)


class Form(IntEnum):
    """In which form a message goes: the richest there is, until it was refused."""

    RICH = 0
    PLAIN = 1
    TEMPLATE = 2


def in_form(envelope: Envelope, form: int) -> Envelope:
    """The message in this form; only an approved template goes to who wrote too long ago."""
    if form == Form.PLAIN:
        return msgspec.structs.replace(envelope, plain=True)
    return msgspec.structs.replace(envelope, last_in_at=0) if form == Form.TEMPLATE else envelope


def row_of(
    channel: str,
    envelope: Envelope,
    vault: Vault,
    *,
    person_id: int | None,
    reason: str,
    at: int,
    private: bool = False,
) -> dict[str, object]:
    """A message that goes at once, as `queue_messages` takes it; sent already where it is pulled."""
    if channel in PULLED:
        counts.SENT.labels(channel).inc()
    return {
        "id": envelope.id,
        "person_id": person_id,
        "channel": channel,
        "account": envelope.account,
        "address": envelope.address,
        "reason": reason,
        "intent": stored(envelope.message, vault, envelope.id, private=private),
        "state": "sent" if channel in PULLED else "sending",
        "created_at": at,
    }


# ---------------------------------------------------------------------- what is read and not called


async def transcript(
    tx: Transaction, channel: str, address: str, after: int, most: int
) -> list[Transcript]:
    """The last messages to an address after the one with the id `after`, oldest first."""
    rows = await tx.rows(Transcript, channel=channel, address=address, after=after, most=most)
    return rows[::-1]


async def own_messages(tx: Transaction, channel: str, address: str, most: int) -> list[OwnMessages]:
    """The last messages that came from an address."""
    return await tx.rows(OwnMessages, channel=channel, address=address, most=most)
