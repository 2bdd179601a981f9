"""The outbox on its way out: order in each chat, retries, pauses, uncertainty.

A reply is written to the outbox as 'sending' in the same transaction as its reason, so the
intent is committed before the call is made. What a process leaves behind as 'sending' may or may
not have gone out: a reply is sent again under the same reference. A message of a broadcast (a
"push", see `bot.outreach.sender`) is never sent twice: it is tried once for each time it is claimed, and
what may have gone out is 'uncertain'.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.port import (
    Channel,
    Envelope,
    Halted,
    Later,
    Refused,
    Status,
    Transient,
    Uncertain,
    Unreachable,
)
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox.outgoing import restored
from bot.outbox.rate_limit import RateLimit
from bot.outbox.settlement import Settlement
from storage.database import Row, Storage

log = logging.getLogger("tachawor.delivery")

#: Calls to one channel under way at once, for replies and for broadcasts.
AT_ONCE = 256
PUSHES_AT_ONCE = 96

#: Tries of one message before it is given up.
TRIES = 6

#: Seconds to wait when the account itself is refused.
HALT = 60.0

#: A push that could not leave for so long, behind replies of its chat, is looked at again; ms.
STALE_MS = 3000

#: Messages of broadcasts a second where the configuration says nothing.
PER_SECOND = 20.0

RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4, "failed": 5}


@dataclass(slots=True)
class Parcel:
    """A message on its way, with how often it was tried; `push`: it belongs to a broadcast."""

    envelope: Envelope
    tries: int = 0
    not_before: int = 0
    push: bool = False
    #: When a push was handed over; it is to leave at once, or to be looked at again.
    since: int = 0


class Delivery:
    """Sends what the outbox holds. `per_second`: channel -> most messages of broadcasts."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        vault: Vault,
        per_second: Mapping[str, float] | None = None,
    ) -> None:
        self._storage = storage
        self._vault = vault
        self._channels = channels
        self._chats: dict[tuple[str, str], deque[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._limits = {
            name: RateLimit((per_second or {}).get(name, PER_SECOND)) for name in channels
        }
        self._pushing = dict.fromkeys(channels, 0)
        self._paused_until: dict[str, float] = {}
        #: What became of messages; whoever opens a transaction takes it along.
        self.settlement = Settlement(storage)
        self._stopping = False

    async def resume(self) -> int:
        """Take up what a process that ended left behind. Returns how many messages."""
        async with self._storage.reading() as tx:
            self.heed(await tx.rows("pauses", at=now_ms()))
            rows = await tx.rows("unfinished_messages")
        for row in rows:
            envelope = Envelope(
                id=row["id"],
                account=row["account"],
                address=row["address"],
                message=restored(row["intent"], self._vault, row["id"]),
                last_in_at=row["last_in_at"],
            )
            self.send(row["channel"], envelope, tries=row["tries"], not_before=row["not_before"])
        return len(rows)

    def heed(self, pauses: Sequence[Row]) -> None:
        """Keep pauses that were noted before, here or by another process."""
        loop = asyncio.get_running_loop()
        for row in pauses:
            until = loop.time() + (row["until"] - now_ms()) / 1000
            name = row["channel"]
            self._paused_until[name] = max(self._paused_until.get(name, 0), until)

    # ------------------------------------------------------------------ into the chats

    def send(
        self, channel: str, envelope: Envelope, *, tries: int = 0, not_before: int = 0
    ) -> None:
        """Send a message that the outbox holds, after those already waiting in its chat."""
        self._put(channel, Parcel(envelope, tries, not_before))

    def push(self, channel: str, envelope: Envelope, *, tries: int = 0) -> None:
        """Try a claimed message of a broadcast, once; what becomes of it is written down."""
        if channel in self._channels:
            self._pushing[channel] += 1
        self._put(channel, Parcel(envelope, tries, push=True, since=now_ms()))

    def room(self, channel: str, most: int) -> int:
        """How many pushes may go on a channel now: after replies, and never in a pause."""
        if self._stopping or self._pause_left(channel) > 0:
            return 0
        free = min(most, PUSHES_AT_ONCE - self._pushing[channel])
        return (
            self._limits[channel].take(asyncio.get_running_loop().time(), free) if free > 0 else 0
        )

    def give_back(self, channel: str, number: int) -> None:
        """So many pushes that there was room for did not go."""
        self._limits[channel].give_back(number)

    def hush(self, channel: str, address: str) -> None:
        """Whoever is in this chat said stop: pushes that have not begun to leave do not."""
        chat = self._chats.get((channel, address))
        if chat is None:
            return
        for parcel in [parcel for parcel in chat if parcel.push]:
            chat.remove(parcel)
            self._push_over(channel, parcel, "dropped", error="stopped")

    def _put(self, channel: str, parcel: Parcel) -> None:
        if channel not in self._channels:
            return
        key = (channel, parcel.envelope.address)
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
                if parcel.push:
                    chat.popleft()
                    await self._try_push(name, parcel)
                elif await self._try_reply(name, parcel):
                    chat.popleft()
        finally:
            del self._chats[key]
            for parcel in chat:
                if parcel.push:
                    self._later(name, parcel, 0)

    # ------------------------------------------------------------------ replies

    async def _try_reply(self, name: str, parcel: Parcel) -> bool:
        """Wait until the reply may go, and try it. Returns whether it is over and done with."""
        await self._wait(name, parcel)
        async with self._slots[name]:
            if self._pause_left(name) > 0:
                return False
            return await self._try(name, parcel)

    async def _wait(self, name: str, parcel: Parcel) -> None:
        while True:
            wait = max(self._pause_left(name), (parcel.not_before - now_ms()) / 1000)
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    def paused(self, channel: str) -> bool:
        """Whether the provider wants to hear nothing now."""
        return self._pause_left(channel) > 0

    async def out_of_pause(self, channel: str) -> None:
        """Wait until the provider may be called."""
        while (left := self._pause_left(channel)) > 0:  # noqa: ASYNC110  # it may grow meanwhile
            await asyncio.sleep(left)

    def _pause_left(self, name: str) -> float:
        """Seconds until the provider may be called again."""
        return self._paused_until.get(name, 0) - asyncio.get_running_loop().time()

    async def _try(self, name: str, parcel: Parcel) -> bool:
        """One attempt. Returns whether the message is over and done with."""
        parcel.tries += 1
        self._limits[name].replied()
        envelope = parcel.envelope
        try:
            provider_id = await self._channels[name].send(envelope)
        except Later as later:
            self._pause(name, later.seconds, envelope, "slow down", everyone=later.everyone)
            parcel.not_before = now_ms() + int(later.seconds * 1000)
            parcel.tries -= 1
            self._settle(parcel, "queued")
            return False
        except Halted as halted:
            self._halt(name, halted, envelope)
            parcel.tries -= 1
            return False
        except Unreachable as gone:
            self._settle(parcel, "failed", error=gone.why)
            self.settlement.close_address(name, envelope.account, envelope.address, gone.gone)
            return True
        except Refused as refused:
            log.warning("%s: message %d refused: %s", name, envelope.id, refused.why)
            self._settle(parcel, "failed", error=refused.why)
            return True
        except (Transient, Uncertain) as error:
            return self._again(name, parcel, error)
        except Exception:
            log.exception("%s: message %d could not be sent", name, envelope.id)
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
            log.warning("%s: message %d is %s", name, parcel.envelope.id, state)
            return True
        parcel.not_before = now_ms() + 500 * 2**parcel.tries
        self._settle(parcel, "queued", error=type(error).__name__)
        return False

    # ------------------------------------------------------------------ broadcasts

    async def _try_push(self, name: str, parcel: Parcel) -> None:
        """One attempt at a push; what has to come later goes back to the outbox."""
        left = self._pause_left(name)
        if left > 0 or now_ms() - parcel.since > STALE_MS:
            # Whatever allowed it (the hour, the citizen's word) may have changed meanwhile.
            self._later(name, parcel, max(left, 0))
            return
        envelope = parcel.envelope
        parcel.tries += 1
        try:
            provider_id = await self._channels[name].send(envelope)
        except Later as later:
            if later.everyone and self._pause_left(name) <= 0:
                # Calls on the wire at the same time get the same answer: that is one "too many".
                self._limits[name].slow_down()
            self._pause(name, later.seconds, envelope, "slow down", everyone=later.everyone)
            self._later(name, parcel, later.seconds)
        except Halted as halted:
            self._halt(name, halted, envelope)
            self._later(name, parcel, HALT)
        except Unreachable as gone:
            self.settlement.close_address(name, envelope.account, envelope.address, gone.gone)
            self._push_over(name, parcel, "failed", error=gone.why)
        except Refused as refused:
            self._push_over(name, parcel, "failed", error=refused.why)
        except Transient as error:
            if parcel.tries >= TRIES:
                self._push_over(name, parcel, "failed", error=f"{error} ({parcel.tries} tries)")
            else:
                parcel.not_before = now_ms() + 1000 * 2**parcel.tries
                self._push_over(name, parcel, "queued", error=type(error).__name__)
        except Uncertain as error:
            # It may have gone out; a citizen who is asked twice is worse than one not asked.
            self._push_over(name, parcel, "uncertain", error=str(error))
        except asyncio.CancelledError:
            self._push_over(name, parcel, "uncertain", error="stopped in mid-call")
            raise
        except Exception:
            log.exception("%s: message %d could not be sent", name, envelope.id)
            self._push_over(name, parcel, "failed", error="internal error")
        else:
            self._push_over(name, parcel, "sent", provider_id=provider_id)

    def _later(self, name: str, parcel: Parcel, seconds: float) -> None:
        """Back to the outbox: nothing was sent, and it was not the message's fault."""
        parcel.not_before = now_ms() + int(seconds * 1000) + 1
        self._push_over(name, parcel, "queued", tries=0)

    def _push_over(self, name: str, parcel: Parcel, state: str, **more: Any) -> None:
        self._pushing[name] -= 1
        self._settle(parcel, state, **more)

    # ------------------------------------------------------------------ writing it down

    def _halt(self, name: str, halted: Halted, envelope: Envelope) -> None:
        log.warning("%s: the account is refused (%s); waiting %d s", name, halted, HALT)
        self._pause(name, HALT, envelope, str(halted), everyone=True)

    def _pause(
        self, name: str, seconds: float, envelope: Envelope, reason: str, *, everyone: bool
    ) -> None:
        if not everyone:
            return
        until = asyncio.get_running_loop().time() + seconds
        self._paused_until[name] = max(self._paused_until.get(name, 0), until)
        log.info("%s asks to wait %.1f s", name, seconds)
        self.settlement.pause(name, envelope.account, seconds, reason)

    def _settle(self, parcel: Parcel, state: str, **more: Any) -> None:
        self.settlement.settle(parcel.envelope.id, state, not_before=parcel.not_before, **more)

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
                if status.gone:
                    await tx.run(
                        "close_address_of",
                        channel=status.channel,
                        id=status.id or 0,
                        provider_id=status.provider_id,
                        state=status.gone,
                    )

    async def idle(self) -> None:
        """Wait until nothing is under way, and what became of it is written down."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.settlement.idle()

    async def close(self, patience: float = 5.0) -> None:
        """Finish what is under way, but wait no longer than `patience` seconds; write the rest down."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.settlement.close()
