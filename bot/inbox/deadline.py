"""How long the handling of one message may take, waits for the database not counted.

    async with Deadline(tx) as deadline:      one for a batch
        for parcel in parcels:
            deadline.begin(parcel)            raises TooLong(parcel) where it takes longer
            ...

A handler that waits for what never comes is cancelled by the loop's clock. One that never lets go of the
processor keeps that clock from ticking: `bot.inbox.watchdog` sees it from outside, and calls `interrupt`.
"""

import asyncio
from types import TracebackType
from typing import Self

from bot.channels.port import Arrival
from bot.inbox.parcel import Parcel
from storage.database import Transaction

#: Seconds that the handling of one message may take.
SECONDS = 10.0

#: Seconds between two looks at whether it waits for the database just now.
TICK = 0.25

#: What is being handled, and by which task.
_under_way: dict[asyncio.Task[object], Parcel] = {}


class TooLong(Exception):  # what was wrong with the message
    """A message whose handling takes too long; a second try would take as long."""

    def __init__(self, parcel: Parcel) -> None:
        super().__init__("its handling took longer than it may")
        self.parcel = parcel


class Deadline:
    """Watches over a batch, one message after the other."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._spent = 0.0
        self._limit = asyncio.timeout(None)
        self._parcel: Parcel | None = None

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        self._loop = asyncio.get_running_loop()
        self._ticking = self._loop.call_later(TICK, self._tick)
        self._task = asyncio.current_task()
        return self

    def begin(self, parcel: Parcel) -> None:
        """The handling of a message begins; so the one before is over."""
        self._parcel = parcel
        self._spent = 0.0
        if self._task is not None:
            _under_way[self._task] = parcel

    def _tick(self) -> None:
        if not self._tx.waits:
            self._spent += TICK
        if self._spent < SECONDS:
            self._ticking = self._loop.call_later(TICK, self._tick)
        else:
            self._limit.reschedule(self._loop.time())

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ticking.cancel()
        if self._task is not None:
            _under_way.pop(self._task, None)
        try:
            await self._limit.__aexit__(kind, error, trace)
        except TimeoutError as late:
            if self._parcel is not None and self._limit.expired():
                raise TooLong(self._parcel) from late
            raise


def handled_by(loop: asyncio.AbstractEventLoop) -> Arrival | None:
    """What a loop is at just now; any thread may ask."""
    task = asyncio.current_task(loop)
    parcel = _under_way.get(task) if task is not None else None
    return parcel.arrival if parcel is not None else None


def interrupt() -> None:
    """Raise TooLong in the handler that runs just now, if one does. Called in the loop's own thread."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return
    if task in _under_way:
        raise TooLong(_under_way[task])
