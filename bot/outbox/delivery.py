"""The outbox on its way out: order in each chat, retries, pauses, uncertainty.

A reply is written to the outbox as 'sending' in the same transaction as its reason, so the
intent is committed before the call is made. What a process leaves behind as 'sending' may or may
not have gone out: a reply is sent again under the same reference. A message of a broadcast (a
"push", see `bot.outreach.sender`) is never sent twice: it is tried once for each time it is claimed, and
what may have gone out is 'uncertain'.

How long a reply is tried says `retries`; what waits in a chat, `waiting`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.port import (
    Channel,
    Envelope,
    Halted,
    Later,
    Status,
)
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox import reports, waiting
from bot.outbox.outgoing import in_form, restored
from bot.outbox.owners import BEAT_SECONDS, Owners
from bot.outbox.pauses import SLOW_DOWN, Pauses
from bot.outbox.pushes import Pushes
from bot.outbox.rate_limit import RateLimit
from bot.outbox.replies import Replies
from bot.outbox.settlement import Settlement
from bot.outbox.waiting import Chat, Parcel
from storage.database import Storage, Unavailable
from storage.rows.broadcasts import Pauses as StoredPauses
from storage.rows.outbox import UnfinishedMessages

log = logging.getLogger("tachawor.delivery")

#: Calls to one channel under way at once for replies.
AT_ONCE = 256

#: Messages of broadcasts a second where the configuration says nothing.
PER_SECOND = 20.0

#: Replies a second in one chat where the configuration says nothing.
CHAT_PER_SECOND = 1.0

#: Seconds between two tries that may have arrived, however often the citizen writes meanwhile.
DOUBTFUL_PACE = 60.0

#: Messages remembered as taken up: what the outbox shows again is not sent again.
TAKEN_KEPT = 50_000

#: Seconds until it is asked again whether this process has what it has.
UNSURE_SECONDS = 0.5

#: What was written less long ago may be on its way to whoever sends it, ms.
MOMENT_MS = 5000

#: Chats whose last reply is remembered for their pace.
CHATS_KEPT = 10_000


class Delivery:
    """Sends what the outbox holds.

    `per_second`: channel -> most messages of broadcasts; `chat_per_second`: channel -> most replies
    in one chat.
    """

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        vault: Vault,
        per_second: Mapping[str, float] | None = None,
        chat_per_second: Mapping[str, float] | None = None,
    ) -> None:
        self._storage = storage
        self._vault = vault
        self._channels = channels
        self._chats: dict[tuple[str, str], Chat] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hearing: set[asyncio.Task[None]] = set()
        self._slots = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._per_second = {name: (per_second or {}).get(name, PER_SECOND) for name in channels}
        self._limits = {name: RateLimit(rate) for name, rate in self._per_second.items()}
        self._pace = {
            name: 1 / (chat_per_second or {}).get(name, CHAT_PER_SECOND) for name in channels
        }
        #: When the last reply of a chat was tried, by the loop's clock.
        self._tried_at: dict[tuple[str, str], float] = {}
        #: Messages that were taken up here lately.
        self._taken: dict[int, None] = {}
        #: Which of several processes sends what.
        self.owners = Owners(storage)
        #: What became of messages; whoever opens a transaction takes it along.
        self.settlement = Settlement(storage, self.owners)
        self._pauses = Pauses(self.settlement)
        self._replies = Replies(channels, self.settlement, self._pauses, vault)
        self._pushes = Pushes(channels, self.settlement, self._pauses, self._limits, vault)
        self._stopping = False

    async def resume(self) -> int:
        """Begin to serve: take up what a process that ended left behind. Returns how many messages."""
        await self.owners.beat()
        if not self.owners.sending:
            return 0
        async with self._storage.reading() as tx:
            self.heed(await tx.rows(StoredPauses, at=now_ms()))
            rows = await tx.rows(UnfinishedMessages, owner=self.owners.mine)
        for row in rows:
            self._take(row)
        return len(rows)

    async def take_up(self, before: int) -> None:
        """Take up what was written before a moment (ms) and nobody here knows of.

        After trouble with the database: what was committed without our hearing of it.
        """
        async with self.settlement.along() as write, self._storage.transaction() as tx:
            # What is known to be over is written first, so that it is not found.
            await write(tx)
            rows = await tx.rows(UnfinishedMessages, owner=self.owners.mine)
        later: set[tuple[str, str]] = set()
        for row in rows:
            chat = row.channel, row.address
            # What came in first may have been answered last: nothing goes before what is left for later.
            if row.created_at < before and chat not in later:
                self._take(row)
            else:
                later.add(chat)

    def _take(self, row: UnfinishedMessages) -> None:
        """Take up a message that another had before; what its provider asked for stands."""
        if row.error == SLOW_DOWN:
            self._pauses.refuse(row.channel, row.address, (row.not_before - now_ms()) / 1000)
        self._put_once(row.channel, self._parcel(row))

    async def keep(self) -> None:
        """Say that this process is there, for ever, and send what it is given besides its own."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self.beat()
            except Unavailable as error:
                log.warning("the other processes do not hear of this one: %s", error)
            except Exception:
                log.exception("a beat failed; going on")

    async def beat(self) -> None:
        """Say that this process is there; take over what is its own now, and forget what is not."""
        if not await self.owners.beat():
            self._forget()
        here = {parcel.envelope.id for chat in self._chats.values() for parcel in chat}
        for id in self.owners.taken_over - here:
            # It went from here before, and is to go again: another process has heard of an error.
            self._taken.pop(id, None)
        for name, limit in self._limits.items():
            limit.share(self._per_second[name], self.owners.sharing)
        if self.owners.several and self.owners.sending:
            await self.take_up(now_ms() - MOMENT_MS)

    def heard(self, call: str) -> None:
        """What another process called out: there may be something for this one to send."""
        if self.owners.heard(call):
            self._look()

    def _look(self) -> None:
        """Take up what the outbox has for this process, in its order."""
        task = asyncio.create_task(self._take_up_all())
        self._hearing.add(task)
        task.add_done_callback(self._hearing.discard)

    async def _take_up_all(self) -> None:
        with contextlib.suppress(Unavailable):
            # What is missed now is found with the next beat.
            await self.take_up(now_ms() + MOMENT_MS)

    def _forget(self) -> None:
        """What waits here is another process's by now; what is on the wire may arrive twice."""
        for (name, _), chat in self._chats.items():
            for parcel in [parcel for parcel in chat if not parcel.calling]:
                chat.done(parcel)
                self._taken.pop(parcel.envelope.id, None)
                if parcel.push:
                    self._pushes.under_way[name] -= 1
            chat.news.set()

    def heed(self, pauses: Sequence[StoredPauses]) -> None:
        """Keep pauses that were noted before, here or by another process."""
        self._pauses.heed(pauses)

    def _parcel(self, row: UnfinishedMessages) -> Parcel:
        envelope = Envelope(
            id=row.id,
            account=row.account,
            address=row.address,
            message=restored(row.intent, self._vault, row.id),
            last_in_at=row.last_in_at,
        )
        return Parcel(
            in_form(envelope, row.form),
            row.created_at,
            tries=row.tries,
            doubts=row.doubts,
            not_before=row.not_before,
            answers=row.reason == "reply",
        )

    # ------------------------------------------------------------------ into the chats

    def send(self, channel: str, envelope: Envelope, *, answers: bool = False) -> None:
        """Send a message that the outbox holds, after those already waiting in its chat.

        Nothing is done if another process sends in that chat: it was told.

        `answers`: it answers what the citizen wrote, and may be superseded by a later answer.
        """
        if not self.owners.sends(envelope.id):
            return
        before = self.owners.before(envelope.id)
        if before is not None and before not in self._taken:
            # Another process wrote it for this one to send, which has not looked yet.
            self._look()
        else:
            self._put_once(channel, Parcel(envelope, now_ms(), answers=answers))

    def push(self, channel: str, envelope: Envelope, *, tries: int = 0) -> None:
        """Try a claimed message of a broadcast, once; what becomes of it is written down."""
        if channel in self._channels:
            self._pushes.under_way[channel] += 1
        at = now_ms()
        self._put(channel, Parcel(envelope, at, tries, push=True, since=at))

    def room(self, channel: str, most: int) -> int:
        """How many pushes may go on a channel now: after replies, and never in a pause."""
        if self._stopping or not self.owners.sure:
            return 0
        return self._pushes.room(channel, most)

    @property
    def fastest(self) -> float:
        """How many pushes a second may go now on the channel on which most do."""
        return max((limit.rate for limit in self._limits.values()), default=PER_SECOND)

    def give_back(self, channel: str, number: int) -> None:
        """So many pushes that there was room for did not go."""
        self._limits[channel].give_back(number)

    def hush(self, channel: str, address: str) -> None:
        """Whoever is in this chat said stop: pushes that have not begun to leave do not."""
        chat = self._chats.get((channel, address))
        if chat is None:
            return
        for parcel in [parcel for parcel in chat if parcel.push]:
            chat.done(parcel)
            self._pushes.over(channel, parcel, "dropped", error="stopped")

    def _put_once(self, channel: str, parcel: Parcel) -> None:
        """Take up a message of the outbox, unless it was taken up already."""
        id = parcel.envelope.id
        if id in self._taken:
            return
        self._taken[id] = None
        if len(self._taken) > TAKEN_KEPT:
            del self._taken[next(iter(self._taken))]
        self._put(channel, parcel)

    def _put(self, channel: str, parcel: Parcel) -> None:
        if channel not in self._channels:
            return
        key = (channel, parcel.envelope.address)
        chat = self._chats.get(key)
        if chat is None:
            self._chats[key] = chat = Chat()
            task = asyncio.create_task(self._run_chat(key, chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        for old, why in chat.put(parcel):
            old.not_before = 0
            self._settle(old, "dropped", error=why, tries=0)

    async def _run_chat(self, key: tuple[str, str], chat: Chat) -> None:
        """Send the messages of one chat, one after the other."""
        name, _ = key
        try:
            while chat and not self._stopping:
                parcel = chat.head
                if parcel.push:
                    chat.done(parcel)
                    await self._pushes.attempt(name, parcel)
                elif await self._try_reply(key, chat, parcel):
                    chat.done(parcel)
        finally:
            del self._chats[key]
            for parcel in chat:
                if parcel.push:
                    self._pushes.later(name, parcel, 0)

    # ------------------------------------------------------------------ replies

    async def _try_reply(self, key: tuple[str, str], chat: Chat, parcel: Parcel) -> bool:
        """Wait until the head of a chat may go, and try it. Returns whether it is over and done with."""
        name, _ = key
        chat.news.clear()
        wait = self._wait(key, parcel)
        if wait > 0:
            await waiting.rest(chat.news, wait)
            if chat.news.is_set():
                self._sooner(key, parcel)
            # Something else may be the head now, or the wait longer.
            return False
        async with self._slots[name]:
            if self._stopping or self._wait(key, parcel) > 0 or chat.head is not parcel:
                return False
            parcel.calling = True
            try:
                self._note_try(key)
                self._limits[name].replied()
                return await self._replies.attempt(name, parcel)
            finally:
                parcel.calling = False

    def _wait(self, key: tuple[str, str], parcel: Parcel) -> float:
        """Seconds until a reply may be tried: for the account, the chat, its pace and its own last try."""
        name, address = key
        now = asyncio.get_running_loop().time()
        return max(
            # Somebody else may have it by now.
            0.0 if self.owners.sure else UNSURE_SECONDS,
            self._pauses.left(name),
            self._pauses.left_in_chat(name, address),
            self._tried_at.get(key, -self._pace[name]) + self._pace[name] - now,
            (parcel.not_before - now_ms()) / 1000,
        )

    def _sooner(self, key: tuple[str, str], parcel: Parcel) -> None:
        """The citizen wrote again: what waits for its next try goes now, if it surely did not arrive."""
        now = asyncio.get_running_loop().time()
        since = now - self._tried_at.get(key, now)
        if not parcel.doubts or since >= DOUBTFUL_PACE:
            parcel.not_before = 0

    def _note_try(self, key: tuple[str, str]) -> None:
        self._tried_at.pop(key, None)
        self._tried_at[key] = asyncio.get_running_loop().time()
        if len(self._tried_at) > CHATS_KEPT:
            del self._tried_at[next(iter(self._tried_at))]

    def paused(self, channel: str) -> bool:
        """Whether the provider wants to hear nothing now."""
        return self._pauses.left(channel) > 0

    async def out_of_pause(self, channel: str) -> None:
        """Wait until the provider may be called."""
        while (left := self._pauses.left(channel)) > 0:  # noqa: ASYNC110  # it may grow meanwhile
            await asyncio.sleep(left)

    # ------------------------------------------------------------------ writing it down

    def _settle(self, parcel: Parcel, state: str, **more: Any) -> None:
        self.settlement.settle(parcel.envelope.id, state, not_before=parcel.not_before, **more)

    async def report(self, statuses: Sequence[Status]) -> None:
        """A provider's later words on messages it took; an error means what it would have meant at once."""
        async with self._storage.transaction() as tx:
            again = await reports.write(tx, statuses, self.owners.mine)
        for status, row in again:
            if isinstance(status.problem, Halted):
                self._pauses.halted(status.channel, row.account, status.problem)
            elif isinstance(status.problem, Later):
                self._pauses.refused(status.channel, row.account, row.address, status.problem)
            if not row.pushed and self.owners.sending:
                self._taken.pop(row.id, None)
                self._put_once(status.channel, self._parcel(row))

    async def idle(self) -> None:
        """Wait until nothing is under way, and what became of it is written down."""
        while self._tasks or self._hearing:
            await asyncio.gather(*self._tasks, *self._hearing, return_exceptions=True)
        await self.settlement.idle()

    async def close(self, patience: float = 5.0) -> None:
        """Finish what is under way, but wait no longer than `patience` seconds; write the rest down."""
        self._stopping = True
        for chat in self._chats.values():
            chat.news.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.settlement.close()
        await self.owners.end()
