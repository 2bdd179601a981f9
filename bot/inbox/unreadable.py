"""What an authenticated provider brings and nobody can read: kept as it came, sealed, and put aside.

It stands where messages stand that could not be handled, and is read again when it is released: a later
version of the program may know what it is. Whose it is cannot be told, so the default council sees to it.
"""

import base64
import hashlib
import logging
from collections.abc import Mapping
from typing import Final

import msgspec

from bot.channels.port import Arrival, BadWebhook, Channel, Status
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from storage.database import Storage
from storage.ids import new_id
from storage.rows.arrivals import QuarantinedOf

log = logging.getLogger("tachawor.inbox")

#: What its id begins with, in the place of the provider's.
RAW: Final = "raw:"


class Raw(msgspec.Struct, frozen=True):
    """What the inbox keeps of it: the body in base64, sealed."""

    raw: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Raw).decode


def is_raw(row: QuarantinedOf) -> bool:
    """Whether a message put aside is one that could not be read."""
    return row.external_id.startswith(RAW)


class Unreadable:
    """Keeps what cannot be read, and reads it again. `channels` by their names."""

    def __init__(self, storage: Storage, vault: Vault, channels: Mapping[str, Channel]) -> None:
        self._storage = storage
        self._vault = vault
        self._channels = channels

    async def keep(self, channel: Channel, body: bytes, problem: str) -> None:
        """Put a body aside; returns once it is committed. The same body again is a duplicate.

        `problem` says why it cannot be read, without its words.
        """
        log.error("%s: what came cannot be read and was put aside: %s", channel.name, problem)
        id = new_id()
        raw = Raw(self._vault.seal(base64.b64encode(body).decode(), f"inbox/{id}"))
        async with self._storage.transaction() as tx:
            await tx.run(
                "put_aside",
                id=id,
                channel=channel.name,
                account=channel.account,
                external_id=RAW + hashlib.sha256(body).hexdigest()[:40],
                payload=_encode(raw).decode(),
                trace=self._vault.seal(problem, f"inbox/{id}/trace"),
                at=now_ms(),
            )

    def read(self, row: QuarantinedOf) -> list[Arrival | Status]:
        """What it holds, now that somebody looks again. Raises BadWebhook if nobody can read it yet."""
        sealed = _decode(row.payload).raw
        body = base64.b64decode(self._vault.open(sealed, f"inbox/{row.id}"))
        channel = self._channels.get(row.channel)
        if channel is None:
            raise BadWebhook(f"{row.channel} is not connected any more")
        return channel.read(body, row.received_at)
