"""Messages of citizens and to them, once they are handled and old.

    came, handled      forgotten, all of it
    a reply that went  forgotten, all of it
    of a broadcast, or an answer of staff: its words go; that it went, to whom, and what became of it stay

What waits, is held after a restore or was put aside stays until somebody has seen to it. A hold keeps everything.
The rows are walked through in the order of their ids, which are times, a few at a time: nobody waits for it.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.core.localtime import now_ms
from storage.database import Storage, Transaction
from storage.ids import first_at
from storage.rows.arrivals import LastArrival
from storage.rows.inbox import CameUpTo, StandingHold, WentUpTo

#: Rows that are looked at in one transaction, and how many transactions there are in a round for each table.
AT_ONCE: Final = 1_000
PAGES: Final = 20

#: So long after a walk has begun the next one begins with the oldest again, for what waited then; ms.
ANEW_MS: Final = 24 * 60 * 60 * 1000

#: The channel that is asked, after a while away, what came since its last message.
_ASKED: Final = "whatsapp"


class Retention:
    """Forgets messages that are older than so many days; 0 keeps them."""

    def __init__(self, storage: Storage, days: int) -> None:
        self._storage, self._days = storage, days
        self._began = 0
        #: How far each table has been walked through.
        self._came = self._went = 0
        #: When the last message of the channel had come that is asked what came since; ms.
        self._latest = 0

    async def round(self) -> None:
        """Go on from where the last round ended. Raises storage.database.Unavailable."""
        at = now_ms()
        if not self._days:
            return
        if at - self._began >= ANEW_MS:
            # A table is looked through for it: once a walk, and while nobody waits to write.
            async with self._storage.reading() as tx:
                latest = await tx.row(LastArrival, channel=_ASKED)
            self._latest = latest.at or 0 if latest is not None else 0
            self._began, self._came, self._went = at, 0, 0
        before = first_at(at - self._days * 86_400_000)
        for _ in range(PAGES):
            async with self._storage.transaction() as tx:
                if await tx.row(StandingHold) is not None:
                    return
                came = await self._forget_came(tx, before)
                went = await self._forget_went(tx, before)
            # Only what is committed has been walked through.
            self._came, self._went = came or self._came, went or self._went
            if not came and not went:
                return

    async def _forget_came(self, tx: Transaction, before: int) -> int:
        page: Mapping[str, Any] = {"after": self._came, "before": before, "most": AT_ONCE}
        last = await tx.row(CameUpTo, **page)
        if last is None:
            return 0
        await tx.run(
            "drop_handled",
            after=self._came,
            up_to=last.id,
            channel=_ASKED,
            latest=self._latest,
        )
        return last.id

    async def _forget_went(self, tx: Transaction, before: int) -> int:
        page: Mapping[str, Any] = {"after": self._went, "before": before, "most": AT_ONCE}
        last = await tx.row(WentUpTo, **page)
        if last is None:
            return 0
        await tx.run("drop_replies", after=self._went, up_to=last.id)
        await tx.run("empty_pushes", after=self._went, up_to=last.id)
        return last.id
