"""One try of one reply, and what follows from how it ended.

sent         it is over
Later        the chat, or the account, waits as long as the provider says
Transient    nothing arrived: again after a pause (`retries`)
Uncertain    it may have arrived: again, but not for ever
Unfit        again in the plainest form: words, and numbers for the choices
OutsideWindow  again as the approved template, where there is one
Refused, too late, too often   lost: the citizen hears of it when they next write
"""

import logging
from collections.abc import Mapping
from typing import Any

from bot.channels import counts
from bot.channels.port import (
    Channel,
    Halted,
    Later,
    OutsideWindow,
    Refused,
    SendError,
    Uncertain,
    Unfit,
    Unreachable,
)
from bot.core.contact import uncovered
from bot.core.localtime import now_ms
from bot.core.vault import Vault
from bot.outbox import retries
from bot.outbox.outgoing import Form, in_form
from bot.outbox.pauses import SLOW_DOWN, Pauses
from bot.outbox.settlement import Settlement
from bot.outbox.waiting import Parcel

log = logging.getLogger("tachawor.delivery")


class Replies:
    """Tries replies, and notes what became of them."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        settlement: Settlement,
        pauses: Pauses,
        vault: Vault,
    ) -> None:
        self._vault = vault
        self._channels = channels
        self._settlement = settlement
        self._pauses = pauses

    async def attempt(self, name: str, parcel: Parcel) -> bool:
        """One try. Returns whether the message is over and done with."""
        parcel.tries += 1
        try:
            provider_id = await counts.send(
                self._channels[name], uncovered(self._vault, parcel.outgoing)
            )
        except Unreachable as gone:
            envelope = parcel.envelope
            self._settle(parcel, "failed", error=gone.why)
            self._settlement.close_address(name, envelope.account, envelope.address, gone.gone)
            return True
        except (Unfit, OutsideWindow) as unfit:
            return not self._otherwise(parcel, unfit) and self._lost(name, parcel, unfit.why)
        except Refused as refused:
            return self._lost(name, parcel, refused.why)
        except SendError as error:
            return self._again(name, parcel, error)
        except Exception:
            log.exception("%s: message %d could not be sent", name, parcel.envelope.id)
            return self._lost(name, parcel, "internal error")
        self._settle(parcel, "sent", provider_id=provider_id)
        return True

    @staticmethod
    def _otherwise(parcel: Parcel, unfit: Unfit | OutsideWindow) -> bool:
        """Whether there is another form in which the provider may take it; it goes in that next."""
        envelope = parcel.envelope
        if isinstance(unfit, OutsideWindow):
            if envelope.message.template is None or not envelope.last_in_at:
                return False
            parcel.envelope = in_form(envelope, Form.TEMPLATE)
        elif envelope.plain:
            return False
        else:
            parcel.envelope = in_form(envelope, Form.PLAIN)
        return True

    def _again(self, name: str, parcel: Parcel, error: SendError) -> bool:
        """A reply is tried again, also when it may have gone out: better twice than never."""
        envelope = parcel.envelope
        doubtful = isinstance(error, Uncertain)
        parcel.doubts += doubtful
        pause: float | None
        if isinstance(error, Later):
            self._pauses.refused(name, envelope.account, envelope.address, error)
            pause = error.seconds
        elif isinstance(error, Halted):
            pause = self._pauses.halted(name, envelope.account, error)
        elif doubtful:
            pause = retries.pause_after_doubt(parcel.doubts)
        else:
            pause = retries.pause_after(parcel.tries)
        if pause is None or retries.too_old(parcel.born, now_ms()):
            why = f"{type(error).__name__}, {parcel.tries} tries"
            return self._lost(name, parcel, why, doubtful=doubtful)
        parcel.not_before = now_ms() + int(pause * 1000)
        told = isinstance(error, Later | Halted)
        # Being told to wait is no try.
        parcel.tries -= told
        why = SLOW_DOWN if told else type(error).__name__
        self._settle(parcel, "queued", error=why, tries=int(not told), doubts=int(doubtful))
        return False

    def _lost(self, name: str, parcel: Parcel, why: str, *, doubtful: bool = False) -> bool:
        """A reply is given up: the citizen hears of it when they next write, and staff see it."""
        envelope = parcel.envelope
        state = "uncertain" if parcel.doubts else "failed"
        log.warning("%s: message %d is %s: %s", name, envelope.id, state, why)
        self._settle(parcel, state, error=why, doubts=int(doubtful))
        self._settlement.missed(name, envelope.account, envelope.address)
        return True

    def _settle(self, parcel: Parcel, state: str, **more: Any) -> None:
        self._settlement.settle(parcel.envelope.id, state, not_before=parcel.not_before, **more)
