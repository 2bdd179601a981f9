"""The outbox on its way out: order in each chat, retries, pauses, uncertainty.

A reply is written to the outbox as 'sending' in the same transaction as its reason, so the
intent is committed before the call is made. What a process leaves behind as 'sending' may or may
not have gone out: a reply is sent again under the same reference.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot import intents
from bot.channels.port import (
    Channel,
    Halted,
    Later,
    Outgoing,
    Refused,
    Status,
    Transient,
    Uncertain,
    Unreachable,
)
from bot.localtime import now_ms
from bot.vault import Vault
from storage.database import Storage, Transaction, batch

log = logging.getLogger("tachawor.delivery")

#: Calls to one channel under way at once.
AT_ONCE = 256

#: Tries of one message before it is given up.
TRIES = 6

#: Seconds before what was settled is written if no message comes by to take it along.
SETTLE_AFTER = 0.05

#: Seconds to wait when the account itself is refused.
HALT = 60.0

RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4, "failed": 5}


@dataclass(slots=True)
class Parcel:
    """A message on its way, with how often it was tried."""

    outgoing: Outgoing
    tries: int = 0
    not_before: int = 0


class Delivery:
    """Sends what the outbox holds."""

    def __init__(self, storage: Storage, channels: Mapping[str, Channel], vault: Vault) -> None:
        self._storage = storage
        self._vault = vault
        self._channels = channels
        self._chats: dict[tuple[str, str], deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._paused_until: dict[str, float] = {}
        self._settled: list[dict[str, Any]] = []
        self._closed_addresses: list[tuple[str, str, str, str]] = []
        self._settler: asyncio.Task[None] | None = None
        self._stopping = False

    async def resume(self) -> int:
        """Take up what a process that ended left behind. Returns how many messages."""
        async with self._storage.reading() as tx:
            rows = await tx.rows("unfinished_messages")
        for row in rows:
            outgoing = Outgoing(
                id=row["id"],
                account=row["account"],
                address=row["address"],
                intent=intents.read(row["intent"], self._vault, row["id"]),
                last_in_at=row["last_in_at"],
            )
            self.send(row["channel"], outgoing, tries=row["tries"], not_before=row["not_before"])
        return len(rows)

    def send(
        self, channel: str, outgoing: Outgoing, *, tries: int = 0, not_before: int = 0
    ) -> None:
        """Send a message that the outbox holds, after those already waiting in its chat."""
        if channel not in self._channels:
            return
        parcel = Parcel(outgoing, tries, not_before)
        key = (channel, outgoing.address)
        chat = self._chats.get(key)
        if chat is not None:
            chat.append(parcel)
            return
        self._chats[key] = deque([parcel])
        task = asyncio.create_task(self._run_chat(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_chat(self, key: tuple[str, str]) -> None:
        """Send the messages of one chat, one after the other."""
        name, _ = key
        chat = self._chats[key]
        try:
            while chat and not self._stopping:
                parcel = chat[0]
                await self._wait(name, parcel)
                async with self._slots[name]:
                    over = await self._try(name, parcel)
                if over:
                    chat.popleft()
        finally:
            del self._chats[key]

    async def _wait(self, name: str, parcel: Parcel) -> None:
        loop = asyncio.get_running_loop()
        while True:
            wait = max(
                self._paused_until.get(name, 0) - loop.time(),
                (parcel.not_before - now_ms()) / 1000,
            )
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    async def _try(self, name: str, parcel: Parcel) -> bool:
        """One attempt. Returns whether the message is over and done with."""
        parcel.tries += 1
        channel = self._channels[name]
        outgoing = parcel.outgoing
        try:
            provider_id = await channel.send(outgoing)
        except Later as later:
            self._pause(name, later.seconds, outgoing, everyone=later.everyone)
            parcel.not_before = now_ms() + int(later.seconds * 1000)
            parcel.tries -= 1
            self._settle(parcel, "queued")
            return False
        except Halted as halted:
            log.warning("%s: the account is refused (%s); waiting %d s", name, halted, HALT)
            self._pause(name, HALT, outgoing, everyone=True)
            parcel.tries -= 1
            return False
        except Unreachable as gone:
            self._settle(parcel, "failed", error=gone.why)
            self._closed_addresses.append((name, outgoing.account, outgoing.address, "closed"))
            return True
        except Refused as refused:
            log.warning("%s: message %d refused: %s", name, outgoing.id, refused.why)
            self._settle(parcel, "failed", error=refused.why)
            return True
        except (Transient, Uncertain) as error:
            return self._again(name, parcel, error)
        except Exception:
            log.exception("%s: message %d could not be sent", name, outgoing.id)
            self._settle(parcel, "failed", error="internal error")
            return True
        self._settle(parcel, "sent", provider_id=provider_id)
        return True

    def _again(self, name: str, parcel: Parcel, error: Exception) -> bool:
        """A reply is tried again, also when it may have gone out: better twice than never."""
        if parcel.tries >= TRIES or (isinstance(error, Uncertain) and parcel.tries >= 2):
            state = "uncertain" if isinstance(error, Uncertain) else "failed"
            # An uncertain reply that was sent twice is over: it is not taken up at the next start.
            self._settle(parcel, "failed", error=f"{state} after {parcel.tries} tries")
            log.warning("%s: message %d is %s", name, parcel.outgoing.id, state)
            return True
        parcel.not_before = now_ms() + 500 * 2**parcel.tries
        self._settle(parcel, "queued", error=type(error).__name__)
        return False

    def _pause(self, name: str, seconds: float, outgoing: Outgoing, *, everyone: bool) -> None:
        if everyone:
            until = asyncio.get_running_loop().time() + seconds
            self._paused_until[name] = max(self._paused_until.get(name, 0), until)
            log.info("%s asks to wait %.1f s", name, seconds)

    def _settle(
        self,
        parcel: Parcel,
        state: str,
        *,
        provider_id: str | None = None,
        error: str | None = None,
    ) -> None:
        self._settled.append(
            {
                "id": parcel.outgoing.id,
                "state": state,
                "tries": 1,
                "not_before": parcel.not_before,
                "provider_id": provider_id,
                "error": error,
                "at": now_ms(),
            }
        )
        if self._settler is None:
            self._settler = asyncio.create_task(self._settle_soon())

    async def _settle_soon(self) -> None:
        await asyncio.sleep(SETTLE_AFTER)
        self._settler = None
        if self._settled or self._closed_addresses:
            try:
                async with self.transaction():
                    pass
            except Exception:
                log.exception("what became of messages could not be written; it is kept")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction that takes along what became of messages; a rollback keeps it for the next."""
        settled, self._settled = self._settled, []
        closed, self._closed_addresses = self._closed_addresses, []
        try:
            async with self._storage.transaction() as tx:
                if settled:
                    # The last word on a message counts; a set-based update takes one row for each.
                    latest = {row["id"]: row for row in settled}
                    await tx.run("settle_messages", rows=batch(list(latest.values())))
                for channel, account, address, state in closed:
                    await tx.run(
                        "close_address",
                        channel=channel,
                        account=account,
                        address=address,
                        state=state,
                    )
                yield tx
        except BaseException:
            self._settled = settled + self._settled
            self._closed_addresses = closed + self._closed_addresses
            raise

    async def report(self, statuses: Sequence[Status]) -> None:
        """A provider's later words on messages it took."""
        async with self._storage.transaction() as tx:
            for status in statuses:
                values = {
                    "provider_id": status.provider_id,
                    "state": status.state,
                    "rank": RANK[status.state],
                    "error": status.error,
                }
                if status.id is not None:
                    await tx.run("report_by_id", id=status.id, **values)
                else:
                    await tx.run("report_by_provider_id", channel=status.channel, **values)

    async def idle(self) -> None:
        """Wait until nothing is under way (for tests and for stopping)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self, patience: float = 5.0) -> None:
        """Finish what is under way, but wait no longer than `patience` seconds; write the rest down."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in list(self._tasks):
            task.cancel()
        if self._settler is not None:
            self._settler.cancel()
        if self._settled or self._closed_addresses:
            async with self.transaction():
                pass
