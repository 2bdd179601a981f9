"""Where messages come in: their files are fetched, they keep their order, and form batches.

receive -> files -> the batch under way takes 256 at most -> whoever brought them hears that it is committed
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.port import Arrival
from bot.inbox.parcel import Parcel
from bot.inbox.waiting_room import Chat, WaitingRoom, chat_of
from bot.outbox.media_files import MediaFiles
from storage.database import Storage
from storage.ids import new_id

#: Most messages in one transaction.
BATCH = 256

#: So many of one chat are taken at a time, while others have some.
TURN = 8


class Reception:
    """Hands messages over in batches, one batch at a time.

    `hand_over` sees to it that each parcel of a batch is settled (`Parcel.settle`).
    """

    def __init__(
        self,
        storage: Storage,
        media: MediaFiles,
        hand_over: Callable[[list[Parcel]], Awaitable[None]],
    ) -> None:
        self._media = media
        self._hand_over = hand_over
        #: What waits for a batch, by its chat; the chats in the order of their turns.
        self._queue: dict[Chat, deque[Parcel]] = {}
        self._writer: asyncio.Task[None] | None = None
        #: Whose turn it is in chats in which files are fetched, and who stands there.
        self._fetching: dict[Chat, tuple[asyncio.Lock, set[int]]] = {}
        #: Where messages are until they can be handled.
        self.waiting = WaitingRoom(storage, media, self._enqueue)
        self._forgetting: set[asyncio.Task[None]] = set()

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Take in what arrived; returns once it is committed."""
        if len(arrivals) == 1:
            await self._receive_one(arrivals[0])
        elif arrivals:
            await asyncio.gather(*(self._receive_one(arrival) for arrival in arrivals))

    async def _receive_one(self, arrival: Arrival) -> None:
        chat = chat_of(arrival)
        if arrival.media or chat in self._fetching:
            # A file takes time to fetch; later messages of the same chat wait for it.
            turn, standing = self._fetching.setdefault(chat, (asyncio.Lock(), set()))
            try:
                standing.add(id(arrival))
                async with turn:
                    fetched = await self.waiting.fetched(arrival)
                    if fetched is not None:
                        media, trouble = fetched.media, fetched.trouble
                        parcel = Parcel(arrival, new_id(), media, trouble, fetched=fetched)
                        await self._enqueue(parcel)
            finally:
                standing.discard(id(arrival))
                if not standing:
                    self._fetching.pop(chat, None)
        elif self.waiting.holds(chat):
            await self.waiting.add(arrival)
        else:
            await self._enqueue(Parcel(arrival, new_id()))

    async def _enqueue(self, parcel: Parcel) -> None:
        self._queue.setdefault(chat_of(parcel.arrival), deque()).append(parcel)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await parcel.done
        if parcel.media and not parcel.held:
            task = asyncio.create_task(self._media.forget(parcel.arrival, parcel.media))
            self._forgetting.add(task)
            task.add_done_callback(self._forgetting.discard)

    async def _write(self) -> None:
        """Hand over until nothing waits; what arrives meanwhile forms the next batch."""
        try:
            while self._queue:
                await self._hand_over(self._next())
        finally:
            self._writer = None

    def _next(self) -> list[Parcel]:
        """The next batch: some of each chat in its turn, so that one that sends much holds up no other."""
        parcels: list[Parcel] = []
        while self._queue and len(parcels) < BATCH:
            chat = next(iter(self._queue))
            line = self._queue.pop(chat)
            for _ in range(min(TURN, len(line), BATCH - len(parcels))):
                parcels.append(line.popleft())
            if line:
                # At the end: the others come first.
                self._queue[chat] = line
        return parcels

    async def close(self) -> None:
        """Finish the batch under way; what waits is left for the next start."""
        await self.waiting.close()
        if self._writer is not None:
            await asyncio.wait({self._writer})
        if self._forgetting:
            await asyncio.wait(set(self._forgetting))
