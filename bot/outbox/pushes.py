"""Messages of broadcasts on their way: one try for each time one is claimed, and never twice.

What has to come later goes back to the outbox, where the sender asks the hour and the citizen's word
again; what may have gone out is 'uncertain' and stays so.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from bot.channels import counts
from bot.channels.port import (
    Channel,
    Envelope,
    Halted,
    Later,
    Refused,
    Transient,
    Uncertain,
    Unfit,
    Unreachable,
)
from bot.core.contact import uncovered
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox import retries
from bot.outbox.outgoing import Form, in_form
from bot.outbox.pauses import HALT, Pauses
from bot.outbox.rate_limit import RateLimit
from bot.outbox.settlement import Settlement
from bot.outbox.waiting import Parcel

log = logging.getLogger("tachawor.delivery")

#: Calls to one channel under way at once: a second's worth of its rate, within these.
PUSHES_AT_ONCE = 96
MOST_AT_ONCE = 512

#: Tries of one push of which nothing arrived: with their pauses, they take six hours.
TRIES = 45

#: A push that could not leave for so long, behind replies of its chat, is looked at again; ms.
STALE_MS = 3000


def at_once(per_second: float) -> int:
    """How many may be under way: with fewer, a provider that takes its time would set the pace."""
    return int(min(max(per_second, PUSHES_AT_ONCE), MOST_AT_ONCE))


class Pushes:
    """Tries pushes, and notes what became of them. `limits`: channel -> how fast they may leave."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        settlement: Settlement,
        pauses: Pauses,
        limits: Mapping[str, RateLimit],
        vault: Vault,
    ) -> None:
        self._vault = vault
        self._channels = channels
        self._settlement = settlement
        self._pauses = pauses
        self._limits = limits
        #: Channel -> how many are claimed and not over.
        self.under_way = dict.fromkeys(channels, 0)

    def room(self, channel: str, most: int) -> int:
        """How many may go on a channel now, `most` at most; they count as gone."""
        free = min(most, at_once(self._limits[channel].limit) - self.under_way[channel])
        if free <= 0 or self._pauses.left(channel) > 0:
            return 0
        return self._limits[channel].take(asyncio.get_running_loop().time(), free)

    async def attempt(self, name: str, parcel: Parcel) -> None:
        """One attempt at a push; what has to come later goes back to the outbox."""
        envelope = parcel.envelope
        left = max(self._pauses.left(name), self._pauses.left_in_chat(name, envelope.address))
        if left > 0 or now_ms() - parcel.since > STALE_MS:
            # Whatever allowed it (the hour, the citizen's word) may have changed meanwhile.
            self.later(name, parcel, max(left, 0))
            return
        parcel.tries += 1
        try:
            provider_id = await self._in_any_form(name, envelope)
        except Later as later:
            if self._pauses.refused(name, envelope.account, envelope.address, later):
                # Calls on the wire at the same time get the same answer: that is one "too many".
                self._limits[name].slow_down()
            self.later(name, parcel, later.seconds)
        except Halted as halted:
            self._pauses.halted(name, envelope.account, halted)
            self.later(name, parcel, HALT)
        except Unreachable as gone:
            self._settlement.close_address(name, envelope.account, envelope.address, gone.gone)
            self.over(name, parcel, "failed", error=gone.why)
        except Refused as refused:
            self.over(name, parcel, "failed", error=refused.why)
        except Transient as error:
            if parcel.tries >= TRIES:
                self.over(name, parcel, "failed", error=f"{error} ({parcel.tries} tries)")
            else:
                parcel.not_before = now_ms() + int(1000 * retries.pause_after(parcel.tries + 1))
                self.over(name, parcel, "queued", error=type(error).__name__)
        except Uncertain as error:
            # It may have gone out; a citizen who is asked twice is worse than one not asked.
            self.over(name, parcel, "uncertain", error=str(error))
        except asyncio.CancelledError:
            self.over(name, parcel, "uncertain", error="stopped in mid-call")
            raise
        except Exception:
            log.exception("%s: message %d could not be sent", name, envelope.id)
            self.over(name, parcel, "failed", error="internal error")
        else:
            self.over(name, parcel, "sent", provider_id=provider_id)

    async def _in_any_form(self, name: str, envelope: Envelope) -> str:
        channel, outgoing = self._channels[name], uncovered(self._vault, envelope)
        try:
            return await counts.send(channel, outgoing)
        except Unfit:
            return await counts.send(channel, in_form(outgoing, Form.PLAIN))

    def later(self, name: str, parcel: Parcel, seconds: float) -> None:
        """Back to the outbox: nothing was sent, and it was not the message's fault."""
        parcel.not_before = now_ms() + int(seconds * 1000) + 1
        self.over(name, parcel, "queued", tries=0)

    def over(self, name: str, parcel: Parcel, state: str, **more: Any) -> None:
        """A push is off the wire: what became of it."""
        self.under_way[name] -= 1
        self._settlement.settle(parcel.envelope.id, state, not_before=parcel.not_before, **more)
