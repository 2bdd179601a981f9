"""Which accounts want to hear nothing for a while.

A "too many" (429) does not say whether the chat or the account had too many. It is taken as the
chat's; if a second chat is refused before the first one's wait is over, it was the account's.
"""

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.port import Halted, Later
from bot.core.localtime import now_ms
from bot.outbox.settlement import Settlement
from storage.rows.broadcasts import Pauses as Stored

log = logging.getLogger("tachawor.delivery")

#: Seconds to wait when the account itself is refused.
HALT = 60.0

#: Says in the outbox that the provider asked to wait: a restart heeds it.
SLOW_DOWN = "slow down"


class Pauses:
    """Channel -> until when it is not called; and which chats were told to wait."""

    def __init__(self, settlement: Settlement) -> None:
        self._settlement = settlement
        self._until: dict[str, float] = {}
        self._chats: dict[str, dict[str, float]] = {}

    def left(self, channel: str) -> float:
        """Seconds until the provider may be called again; not above 0 if at once."""
        return self._until.get(channel, 0) - asyncio.get_running_loop().time()

    def begin(self, channel: str, seconds: float) -> None:
        """The account waits; a longer wait that was begun before stands."""
        until = asyncio.get_running_loop().time() + seconds
        self._until[channel] = max(self._until.get(channel, 0), until)

    def heed(self, stored: Sequence[Stored]) -> None:
        """Keep pauses that were noted before, here or by another process."""
        for row in stored:
            self.begin(row.channel, (row.until - now_ms()) / 1000)

    def refuse(self, channel: str, address: str, seconds: float) -> bool:
        """A chat was told to wait. Returns whether another one was too, and still waits."""
        now = asyncio.get_running_loop().time()
        waiting = self._chats.setdefault(channel, {})
        for over in [chat for chat, until in waiting.items() if until <= now]:
            del waiting[over]
        waiting[address] = max(waiting.get(address, 0), now + seconds)
        return len(waiting) > 1

    def left_in_chat(self, channel: str, address: str) -> float:
        """Seconds until this chat may be written to again; not above 0 if at once."""
        return self._chats.get(channel, {}).get(address, 0) - asyncio.get_running_loop().time()

    def refused(self, channel: str, account: str, address: str, later: Later) -> bool:
        """The provider asks to wait. Returns whether the account's pause begins with this."""
        second = self.refuse(channel, address, later.seconds)
        if not (later.everyone or second):
            return False
        begins = self.left(channel) <= 0
        self._pause(channel, account, later.seconds, SLOW_DOWN)
        return begins

    def halted(self, channel: str, account: str, error: Halted) -> float:
        """The account itself is refused. Returns the seconds to wait."""
        log.warning("%s: the account is refused (%s); waiting %d s", channel, error, HALT)
        self._pause(channel, account, HALT, str(error))
        return HALT

    def _pause(self, channel: str, account: str, seconds: float, reason: str) -> None:
        self.begin(channel, seconds)
        log.warning("%s asks to wait %.1f s", channel, seconds)
        self._settlement.pause(channel, account, seconds, reason)
