"""A provider that answers as a test says, and messages on their way to it."""

import asyncio
from typing import Any

from bot.channels.port import Envelope, OutgoingMessage
from bot.channels.webchat import Pulled
from bot.core.vault import Vault
from bot.outbox.outgoing import stored
from bot.outbox.owners import Owners
from storage.database import Storage, batch
from storage.ids import new_id
from tests.citizen import NOON

VAULT = Vault(b"v" * 32)


class Scripted(Pulled):
    """A provider that answers as the test says: an error, or None for "sent"."""

    def __init__(self) -> None:
        super().__init__("scripted", "ours")
        self.answers: list[Exception | None] = []
        self.sent: list[str] = []
        self.tried: list[str] = []
        #: Set once a message was refused in some way.
        self.refused = asyncio.Event()

    async def send(self, envelope: Envelope) -> str:
        """Answer as told; in silence everything is taken."""
        self.tried.append(envelope.message.text)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            self.refused.set()
            raise answer
        self.sent.append(envelope.message.text)
        return f"p{len(self.sent)}"


class Formed(Scripted):
    """Looks at the form in which it is given things, and answers as told."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[str] = []

    async def send(self, envelope: Envelope) -> str:
        """Note the form."""
        windowless = envelope.message.template is not None and not envelope.last_in_at
        self.forms.append("plain" if envelope.plain else "template" if windowless else "rich")
        return await super().send(envelope)


async def queued(
    storage: Storage,
    text: str,
    address: str = "amina",
    *,
    template: str | None = None,
    owners: Owners | None = None,
    reason: str = "reply",
    at: int = NOON,
) -> Envelope:
    """A reply in the outbox, about to go; who is to get it wrote at noon. `owners`: the process it is of.

    `at`: when what it answers came in (ms).
    """
    message = OutgoingMessage(text=text, language="en", template=template)
    envelope = Envelope(
        id=new_id(), account="ours", address=address, message=message, last_in_at=NOON
    )
    row = {
        "id": envelope.id,
        "person_id": None,
        "channel": "scripted",
        "account": "ours",
        "address": address,
        "reason": reason,
        "intent": stored(message, VAULT, envelope.id, private=False),
        "state": "sending",
        "created_at": at,
    }
    async with storage.transaction() as tx:
        if owners is not None:
            await owners.queue(tx, [row])
        else:
            await tx.run("queue_messages", rows=batch([row]))
    return envelope


async def fate(storage: Storage, envelope: Envelope) -> tuple[str, Any]:
    """What the outbox says became of a message: its state, and why."""
    async with storage.reading() as tx:
        rows = await tx.rows("message_fate", id=envelope.id)
    return rows[0]["state"], rows[0]["error"]


async def row_of(storage: Storage, envelope: Envelope) -> dict[str, Any]:
    """All that the outbox knows of a message's way."""
    async with storage.reading() as tx:
        (row,) = await tx.rows("message_fate", id=envelope.id)
    return dict(row)


async def lives(storage: Storage, address: str) -> None:
    """Somebody is reached at an address."""
    person = new_id()
    who = {"id": person, "language": "en", "abroad": 0, "keeps_answers": 0, "created_at": NOON}
    where = {
        "id": new_id(),
        "person_id": person,
        "channel": "scripted",
        "account": "ours",
        "address": address,
        "state": "open",
        "last_in_at": NOON,
    }
    async with storage.transaction() as tx:
        await tx.run("save_people", rows=batch([who]))
        await tx.run("save_addresses", rows=batch([where]))


async def standing(storage: Storage) -> dict[str, str]:
    """Address -> whether somebody is reached there."""
    async with storage.reading() as tx:
        rows = await tx.rows("address_states")
    return {row["address"]: row["state"] for row in rows}


async def missed(storage: Storage) -> dict[str, int]:
    """Address -> how many replies never arrived there."""
    async with storage.reading() as tx:
        rows = await tx.rows("address_states")
    return {row["address"]: row["missed"] for row in rows if row["missed"]}
