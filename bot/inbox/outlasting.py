"""Outlast a database that does not work for seconds; and find out about a COMMIT whose answer was lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from storage.database import Unavailable

#: Seconds that a batch waits for a database that does not work, and between its tries; then whoever
#: brought the messages hears of it. Twilio waits for 15 seconds, Telegram for longer.
PATIENCE: Final = 8.0
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 1.0

W = TypeVar("W")


async def outlast(
    new: Callable[[], W],
    transact: Callable[[W], Awaitable[None]],
    anything: Callable[[W], bool],
    there: Callable[[], Awaitable[bool]],
) -> W:
    """One transaction, again and again while the database does not work. Returns what it came to.

    `transact` fills what `new` makes; `anything`: whether there was something new for it to do;
    `there`: whether a transaction that was tried is in the database. Raises Unavailable if the
    database does not work by then: nobody is to blame, and what was brought is to be brought again.
    """
    end = asyncio.get_running_loop().time() + PATIENCE
    pause = FIRST_PAUSE
    tried: W | None = None
    while True:
        work = new()
        try:
            await transact(work)
            # Nothing was new: is it what was tried before, and the answer to its COMMIT was lost?
            if tried is not None and not anything(work) and await there():
                return tried
        except Unavailable:
            if asyncio.get_running_loop().time() + pause > end:
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            tried = work if anything(work) else tried
        else:
            return work
