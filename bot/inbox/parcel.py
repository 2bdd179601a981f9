"""A message on its way into a batch."""

import asyncio
from dataclasses import dataclass, field

from bot.channels.port import Arrival
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
