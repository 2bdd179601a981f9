"""What waits in one chat: its replies in their order, and no more of them than somebody reads.

A reply that says again all that a waiting one says takes its place (the same question, asked
again). Beyond five waiting replies, the newest stands for all that follow, and says how many
messages it stands for.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from bot.channels.port import Envelope, OutgoingMessage
from flows.wording import render
from flows.wording.text import msg

#: Replies that wait in one chat; one more stands for all that follow.
MOST_WAITING = 5


@dataclass(slots=True, eq=False)
class Parcel:
    """A message on its way, with how often it was tried; `push`: it belongs to a broadcast."""

    envelope: Envelope
    #: When it was written, ms since 1970 UTC.
    born: int
    tries: int = 0
    #: Tries that may have arrived.
    doubts: int = 0
    #: The next try is not before this moment, unless there is news; ms.
    not_before: int = 0
    push: bool = False
    #: Whether it answers what the citizen wrote; only such may stand for one another.
    answers: bool = False
    #: When a push was handed over; it is to leave at once, or to be looked at again.
    since: int = 0
    #: Whether the provider is being called with it.
    calling: bool = False
    #: How many replies before it are not sent because of it.
    stands_for: int = 0

    @property
    def outgoing(self) -> Envelope:
        """What is sent: with how many messages this is the answer to, if they are several."""
        if not self.stands_for:
            return self.envelope
        message = self.envelope.message
        kept = render(msg("chat.kept", count=self.stands_for), message.language)
        said = msgspec.structs.replace(message, text=f"{kept}\n\n{message.text}".strip())
        return msgspec.structs.replace(self.envelope, message=said)


@dataclass(slots=True)
class Chat:
    """The messages that wait in one chat, oldest first."""

    parcels: deque[Parcel] = field(default_factory=deque)
    #: Set when something new came: what waits for its next try is tried at once.
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def __bool__(self) -> bool:
        return bool(self.parcels)

    def __iter__(self) -> Iterator[Parcel]:
        return iter(self.parcels)

    @property
    def head(self) -> Parcel:
        """What goes next."""
        return self.parcels[0]

    def put(self, parcel: Parcel) -> list[tuple[Parcel, str]]:
        """Add a message at the end. Returns what is not sent because of it, and why."""
        over = self._made_superfluous(parcel) if parcel.answers else []
        self.parcels.append(parcel)
        self.news.set()
        return over

    def done(self, parcel: Parcel) -> None:
        """A message is over; it may have been superseded meanwhile."""
        with contextlib.suppress(ValueError):
            self.parcels.remove(parcel)

    def _made_superfluous(self, parcel: Parcel) -> list[tuple[Parcel, str]]:
        waiting = [p for p in self.parcels if p.answers and not p.calling]
        over: list[tuple[Parcel, str]] = []
        for old in waiting:
            if says_again(parcel.envelope.message, old.envelope.message):
                parcel.stands_for += old.stands_for
                over.append((old, "superseded"))
        left = len(waiting) - len(over)
        if left > MOST_WAITING and not (over and over[-1][0] is waiting[-1]):
            parcel.stands_for += waiting[-1].stands_for + 1
            over.append((waiting[-1], "folded"))
        for old, _ in over:
            self.parcels.remove(old)
        return over


def says_again(new: OutgoingMessage, old: OutgoingMessage) -> bool:
    """Whether somebody who reads `new` has read all of `old`, files and choices included."""
    said = set(new.text.split("\n\n"))
    return (
        said.issuperset(old.text.split("\n\n"))
        and new.thread == old.thread
        and set(new.media) >= set(old.media)
        and [button.label for button in new.buttons] == [button.label for button in old.buttons]
    )


async def rest(news: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until there is news."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), seconds)
