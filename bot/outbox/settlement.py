"""What became of messages, until it is written down: with the next transaction, or soon by itself.

    async with settlement.along() as write, storage.transaction() as tx:
        await write(tx)
        ...

Whoever opens a transaction takes along what waits; if it is rolled back, it waits for the next.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.core.localtime import now_ms
from bot.outbox.owners import Owners
from storage.database import Storage, Transaction, batch

log = logging.getLogger("tachawor.delivery")

#: Seconds before what was settled is written if no message comes by to take it along.
SETTLE_AFTER = 0.05

#: Seconds before it is tried again where it could not be written.
WRITE_AGAIN = 1.0


class Settlement:
    """States of messages, closed addresses and pauses on their way into the database."""

    def __init__(self, storage: Storage, owners: Owners | None = None) -> None:
        self._storage = storage
        self._owners = owners
        self._messages: list[dict[str, Any]] = []
        self._closed: list[tuple[str, str, str, str]] = []
        self._missed: list[tuple[str, str, str]] = []
        self._pauses: list[dict[str, Any]] = []
        self._writer: asyncio.Task[None] | None = None
        self._writers: set[asyncio.Task[None]] = set()

    def settle(
        self,
        id: int,
        state: str,
        *,
        not_before: int,
        provider_id: str | None = None,
        error: str | None = None,
        tries: int = 1,
        doubts: int = 0,
    ) -> None:
        """Note what became of a message; `doubts`: tries that may have arrived, of `tries`."""
        self._messages.append(
            {
                "id": id,
                "state": state,
                "tries": tries,
                "doubts": doubts,
                "not_before": not_before,
                "provider_id": provider_id,
                "error": error,
                "at": now_ms(),
                "owner": self._owners.mine if self._owners is not None else None,
            }
        )
        if self._writer is None:
            self._begin(SETTLE_AFTER)

    def close_address(self, channel: str, account: str, address: str, state: str) -> None:
        """Note that nobody is reached at an address any more; written with its message's state."""
        self._closed.append((channel, account, address, state))

    def missed(self, channel: str, account: str, address: str) -> None:
        """Note that a reply never arrived at an address; whoever is there is told when they write."""
        self._missed.append((channel, account, address))

    def pause(self, channel: str, account: str, seconds: float, reason: str) -> None:
        """Note that a provider wants to hear nothing for a while."""
        until = now_ms() + int(seconds * 1000)
        self._pauses.append(
            {"channel": channel, "account": account, "until": until, "reason": reason}
        )
        # A restart must know of it, so it does not wait for company.
        if self._writer is not None:
            self._writer.cancel()
        self._begin(0)

    @asynccontextmanager
    async def along(self) -> AsyncIterator[Callable[[Transaction], Awaitable[None]]]:
        """What writes all that waits into a transaction; an error in the block keeps it waiting."""
        messages, self._messages = self._messages, []
        closed, self._closed = self._closed, []
        missed, self._missed = self._missed, []
        pauses, self._pauses = self._pauses, []

        async def write(tx: Transaction) -> None:
            if messages:
                await tx.run("settle_messages", rows=batch(_last_words(messages)))
            for channel, account, address, state in closed:
                await tx.run(
                    "close_address", channel=channel, account=account, address=address, state=state
                )
            if missed:
                await tx.run("count_missed", rows=batch(_counted(missed)))
            for pause in pauses:
                await tx.run("save_pause", **pause)

        try:
            yield write
        except BaseException:
            self._messages = messages + self._messages
            self._closed = closed + self._closed
            self._missed = missed + self._missed
            self._pauses = pauses + self._pauses
            raise

    @property
    def _empty(self) -> bool:
        return not (self._messages or self._closed or self._missed or self._pauses)

    def _begin(self, seconds: float) -> None:
        self._writer = asyncio.create_task(self._soon(seconds))
        self._writers.add(self._writer)
        self._writer.add_done_callback(self._writers.discard)

    async def _soon(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._writer = None
        if self._empty:
            return
        try:
            await self._write_down()
        except Exception as error:
            log.warning(
                "what became of messages could not be written (%s); it is kept",
                type(error).__name__,
            )
            if self._writer is None:
                self._begin(WRITE_AGAIN)

    async def _write_down(self) -> None:
        async with self.along() as write, self._storage.transaction() as tx:
            await write(tx)

    async def idle(self) -> None:
        """Wait until what waits is written by itself."""
        while self._writers:
            await asyncio.gather(*self._writers, return_exceptions=True)

    async def close(self) -> None:
        """Write down what waits."""
        if self._writer is not None:
            self._writer.cancel()
        if not self._empty:
            await self._write_down()


def _last_words(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last word on each message, with all its tries; a set-based update takes one row for each."""
    latest: dict[int, dict[str, Any]] = {}
    for row in messages:
        before = latest.get(row["id"])
        if before is not None:
            tries, doubts = before["tries"] + row["tries"], before["doubts"] + row["doubts"]
            row = {**row, "tries": tries, "doubts": doubts}  # the same message
        latest[row["id"]] = row
    return list(latest.values())


def _counted(missed: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """How many replies were missed at each address."""
    return [
        {"channel": channel, "account": account, "address": address, "n": n}
        for (channel, account, address), n in Counter(missed).items()
    ]
