"""Who sends what, where several processes serve from one database.

    every few seconds   this process says that it is there (`beat`)
    a message           is its author's to send, or whoever's who sends in that chat already (`queue`);
                        of who serves pages only, any process's that sends
    a process is gone   it was not heard of for a while; another takes over what it had
    a process was away  and comes back: what it had is another's, so it forgets it and begins anew

The id that a process serves under is its fencing token: it never comes again, and what is written
about a message counts only from who has it. Where there is but one process nothing of this is asked.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.channels.port import PULLED
from storage.database import Served, Storage, Transaction, Unavailable, batch
from storage.ids import new_id
from storage.rows import query_of
from storage.rows.outbox import (
    Beat,
    Clock,
    GiveUpPushes,
    HeardOf,
    Living,
    LockProcesses,
    QueueMessages,
    Senders,
    TakeOver,
    Wake,
)

log = logging.getLogger("tachawor.delivery")

#: Seconds between two words that a process is there.
BEAT_SECONDS = 5.0

#: A process that was not heard of for so long is gone, ms; it knows that itself a little sooner.
GONE_MS = 20_000
SURE_SECONDS = 15.0


async def serving(storage: Storage) -> bool:
    """Whether a process serves from a database now. Raises StorageError."""
    if storage.dialect == "sqlite":
        try:
            with storage.claim():
                return False
        except Served:
            return True
    async with storage.reading() as tx:
        (clock,) = await tx.rows(Clock)
        (heard,) = await tx.rows(HeardOf, since=clock.at - GONE_MS)
    return heard.n > 0


class Owners:
    """This process among those that serve from a database."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        #: Whether there may be others.
        self.several = storage.dialect == "postgresql"
        self.id = new_id()
        #: Whether this process sends at all; else it only says that it is there.
        self.sending = True
        #: How many processes there are, and how many of them send.
        self.living = 1
        self.sharing = 1
        #: Messages that were another's, or nobody's, until the last beat.
        self.taken_over: set[int] = set()
        self._begun = False
        self._sure_until = 0.0
        self._elsewhere: set[int] = set()
        #: What is this process's to send -> what goes before it in its chat.
        self._behind: dict[int, int] = {}
        #: Called with (channel, address) when there is something new to read on a page.
        self.listeners: list[Callable[[str, str], None]] = []

    @property
    def mine(self) -> int | None:
        """Under whose name this process sends; None where there is but one, or it sends nothing."""
        return self.id if self.several and self.sending else None

    @property
    def sure(self) -> bool:
        """Whether nobody else can have taken over what this process has."""
        if not self.several or not self._begun:
            return True
        return asyncio.get_running_loop().time() < self._sure_until

    async def queue(self, tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write messages into the outbox, and tell whoever is to send or to show them."""
        if not self.several:
            await tx.run(query_of(QueueMessages), rows=batch(rows))
            return
        owner = self.mine if self.sending else await self._anybody(tx)
        mine = [{**row, "owner": owner} for row in rows]
        found = await tx.rows(QueueMessages, rows=batch(mine))
        others = {row.owner for row in found if row.owner not in (self.mine, None)}
        if self.sending:
            self._elsewhere |= {row.id for row in found if row.owner != self.id}
            after = (row for row in found if row.owner == self.id)
            self._behind |= {row.id: row.behind for row in after if row.behind is not None}
        calls = [f"send {owner}" for owner in others]
        calls += [f"show {r['channel']} {r['address']}" for r in rows if r["channel"] in PULLED]
        if calls:
            await tx.run(query_of(Wake), rows=batch([{"x": call} for call in calls]))

    async def _anybody(self, tx: Transaction) -> int | None:
        """A process that sends; where there is none, the first to begin takes over what waits."""
        senders = await tx.rows(Senders)
        return random.choice(senders).id if senders else None  # noqa: S311  # nothing to guess

    def sends(self, id: int) -> bool:
        """Whether a message that was queued here is this process's to send."""
        if not self.sending:
            return False
        if id not in self._elsewhere:
            return True
        self._elsewhere.discard(id)
        return False

    def before(self, id: int) -> int | None:
        """What goes before a message of this process's in its chat; asked once."""
        return self._behind.pop(id, None)

    async def beat(self) -> bool:
        """Say that this process is there, and take over from who is not.

        Returns whether what this process had in hand is its own still.
        """
        if not self.several:
            return True
        before = asyncio.get_running_loop().time()
        async with self._storage.transaction() as tx:
            await tx.rows(LockProcesses)
            (clock,) = await tx.rows(Clock)
            kept = self._begun and await tx.row(Beat, id=self.id, at=clock.at) is not None
            if not kept:
                self.id = new_id() if self._begun else self.id
                await tx.run("begin_process", id=self.id, at=clock.at, sends=int(self.sending))
            await tx.run("bury", before=clock.at - GONE_MS)
            if self.sending:
                found = await tx.rows(TakeOver, owner=self.id)
                self.taken_over = {row.id for row in found if row.owner == self.id}
            lost = await tx.rows(GiveUpPushes)
            (living,) = await tx.rows(Living)
        if lost:
            log.warning("broadcasts: %d messages may or may not have gone out", len(lost))
        self.living, self.sharing = living.n, max(living.sending, 1)
        self._sure_until = before + SURE_SECONDS
        first, self._begun = not self._begun, True
        if not kept and not first:
            log.warning("this process was given up by the others, and begins anew")
        return kept or first

    async def end(self) -> None:
        """Have the others take over at once what is left. Best effort."""
        if self.several and self._begun:
            try:
                async with self._storage.transaction() as tx:
                    await tx.run("end_process", id=self.id)
            except Unavailable as error:
                log.warning("the others hear of our end by themselves: %s", error)

    def heard(self, call: str) -> bool:
        """What another process called out; whether there is something for this one to send."""
        word, _, rest = call.partition(" ")
        if word == "show":
            channel, _, address = rest.partition(" ")
            for listener in self.listeners:
                listener(channel, address)
        return word == "send" and rest == str(self.id)
