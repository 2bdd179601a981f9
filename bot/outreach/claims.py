"""Messages of our own accord on their way out: which go now, which wait or are dropped, and why.

A round of `bot.outreach.sender` or `bot.outreach.answers` decides about each due row, and writes all
of it down in the transaction in which it read them, before any call is made.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.channels.port import Envelope
from bot.core.vault import Vault
from bot.outbox.outgoing import stored
from storage.database import Transaction, batch
from storage.rows.answers import DueAnswers
from storage.rows.broadcasts import DuePushes

#: Most messages claimed in one transaction: more would keep a citizen's answer waiting for it.
CLAIM = 128
#: Who wrote so lately is in the middle of something, and is asked a little later; ms.
BUSY_MS = 10 * 60 * 1000


@dataclass(slots=True)
class Fate:
    """What is to become of a due row: "go", "wait" until `until`, or "drop", and why."""

    what: str
    why: str = ""
    until: int = 0


@dataclass(slots=True)
class Claim:
    """What a transaction decides about the due messages of one channel.

    `pulled` channels are read, not called: there a message is sent once it is written.
    """

    vault: Vault
    channel: str
    pulled: bool
    at: int
    #: The process that sends, None where there is but one.
    owner: int | None = None
    #: Handed to delivery after the COMMIT, with how often each was tried.
    going: list[tuple[Envelope, int]] = field(default_factory=list)
    #: Addresses of a pulled channel at which there is something new to read.
    shown: list[str] = field(default_factory=list)
    #: How many rows were due.
    moved: int = 0
    _shifted: list[dict[str, Any]] = field(default_factory=list)
    _gone: list[dict[str, Any]] = field(default_factory=list)
    #: Person -> the last message that awaits their answer; one may get several at once.
    _awaiting: dict[int, int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """How much of the channel's room is taken."""
        return len(self.going) + len(self.shown)

    def hold(self, one: DueAnswers | DuePushes, fate: Fate) -> None:
        """This one does not go now."""
        state = "queued" if fate.what == "wait" else "dropped"
        self._shift(one, state, fate.why, fate.until)

    def give_up(self, one: DueAnswers | DuePushes, why: str) -> None:
        """This one cannot be put into words: it failed, and the others go on."""
        self._shift(one, "failed", why, self.at)

    def go(self, one: DueAnswers | DuePushes, envelope: Envelope, *, asks: bool) -> None:
        """This one goes; with `asks`, whatever the citizen says next answers it."""
        # A provider is told at once; a page reads its words in the outbox.
        written = (
            stored(envelope.message, self.vault, envelope.id, private=False) if self.pulled else ""
        )
        self._gone.append(
            {
                "id": one.id,
                "new_id": envelope.id,
                "state": "sent" if self.pulled else "sending",
                "channel": self.channel,
                "account": envelope.account,
                "address": envelope.address,
                "intent": written,
                "at": self.at,
                "owner": self.owner,
            }
        )
        if asks and one.person_id is not None:
            self._awaiting[one.person_id] = envelope.id
        if self.pulled:
            self.shown.append(envelope.address)
        else:
            self.going.append((envelope, one.tries))

    async def write(self, tx: Transaction) -> None:
        """Write all of it down."""
        if self._shifted:
            await tx.run("shift_pushes", rows=batch(self._shifted))
        if self._gone:
            await tx.run("claim_pushes", rows=batch(self._gone))
        if self._awaiting:
            rows = [{"person_id": p, "outbox_id": id} for p, id in self._awaiting.items()]
            await tx.run("await_answers", rows=batch(rows))

    def _shift(self, one: DueAnswers | DuePushes, state: str, why: str, until: int) -> None:
        self._shifted.append({"id": one.id, "state": state, "error": why, "not_before": until})
