"""A message on its way into a batch."""

import asyncio
from dataclasses import dataclass, field

from bot.channels.port import Arrival
from bot.outbox.media_files import Fetched
from flows.dialog.dialog import Media
from flows.wording.text import Text, msg

#: What is told of a part of a message that cannot be read.
LOST = {"file": msg("chat.file_lost"), "location": msg("chat.pin_lost")}


def _done() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True)
class Parcel:
    """An arrival that waits for its batch, with its files and what could not be kept of them."""

    arrival: Arrival
    id: int
    media: tuple[Media, ...] = ()
    trouble: Text | None = None
    #: Whether its row is in the inbox already, in the state 'waiting'.
    waited: bool = False
    #: Rows of the other messages that came as one with it (an album).
    parts: tuple[int, ...] = ()
    #: What became of its files by their place, if it is to wait with them.
    fetched: Fetched | None = None
    #: Whether it was taken in and has to wait.
    held: bool = False
    #: When the next one of its chat may be handled; ms since 1970 UTC.
    next_at: int = 0
    #: Set once what became of it is committed.
    done: asyncio.Future[None] = field(default_factory=_done)

    def settle(self, error: Exception | None = None) -> None:
        """Tell who waits for it; whoever does not any more has gone."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
