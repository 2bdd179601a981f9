"""The handle that rooms above are given: what a running Tachawor is made of.

What stands above this module (conversations, the sender of broadcasts) is seen here as a Protocol. A
function that needs one of these takes that one, not the handle.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.channels.port import Arrival, Channel
from bot.core.config import Config
from bot.core.councils import Register
from bot.core.vault import Vault
from bot.outbox.delivery import Delivery
from bot.outbox.media_files import MediaFiles
from storage.database import Storage
from storage.rows.arrivals import QuarantinedOf


class Receiver(Protocol):
    """Takes in what citizens send (`bot.conversation.inbound`)."""

    #: Called with (channel, address) when there is something new to read.
    listeners: list[Callable[[str, str], None]]

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Take in what arrived; returns once it is committed."""

    async def put_aside(self, channel: Channel, body: bytes, problem: str) -> None:
        """Keep what a provider brought and cannot be read; returns once it is committed."""

    async def replay(self, row: QuarantinedOf) -> bool:
        """Handle a message that was put aside once more. False if it fails again."""


class Sender(Protocol):
    """Sends broadcasts (`bot.outreach.sender`)."""

    def nudge(self) -> None:
        """There is something to send."""


@dataclass(slots=True)
class Services:
    """A running Tachawor as pages, results and outreach see it."""

    config: Config
    storage: Storage
    register: Register
    vault: Vault
    media: MediaFiles
    delivery: Delivery
    channels: Mapping[str, Channel]
    sender: Sender
    conversations: Receiver
    #: How channels stand, by name, where they do not simply work.
    states: dict[str, str] = field(default_factory=dict)
    #: Set when somebody on the staff wants a file made.
    wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def links(self, payload: str) -> Sequence[str]:
        """A deep link into `payload` on every channel that has them."""
        found = (channel.link(payload) for channel in self.channels.values())
        return [link for link in found if link]
