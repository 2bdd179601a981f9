"""Records of `storage/sql/outbox.sql`."""

from storage.rows import Counted, Identified, Record


class QuestionOfMessage(Record, frozen=True):
    """Which question of which conversation a message asked, as the provider calls the message."""

    asked_in: int
    asked_key: str


class Transcript(Record, frozen=True):
    """What was sent to an address after a message, in order (the web chat reads its own outbox)."""

    id: int
    intent: str
    reason: str
    created_at: int


class OwnMessages(Record, frozen=True):
    """What whoever writes from an address has written lately, the latest first; what was emptied is left out."""

    id: int
    payload: str


class QueueMessages(Record, frozen=True):
    """A message that is to go out, and the process that sends it (none where there is but one)."""

    id: int
    owner: int | None
    #: What waits before it in its chat.
    behind: int | None


class UnfinishedMessages(Record, frozen=True):
    """What a process has to send and has not, in the order in which it is to go."""

    id: int
    channel: str
    account: str
    address: str
    intent: str
    reason: str
    tries: int
    doubts: int
    form: int
    not_before: int
    error: str | None
    created_at: int
    last_in_at: int


class MessageReported(UnfinishedMessages, frozen=True):
    """A message that a provider took, and now says it could not deliver."""

    pushed: int


class Clock(Record, frozen=True):
    """The moment by the database's clock, ms since 1970 UTC."""

    at: int


class Beat(Identified, frozen=True):
    """This process is there; nothing comes back if it was given up meanwhile."""


class Living(Counted, frozen=True):
    """How many processes serve now, and how many of them send."""

    sending: int


class HeardOf(Counted, frozen=True):
    """How many processes were heard of since a moment."""


class Senders(Identified, frozen=True):
    """A process that sends."""


class LockProcesses(Identified, frozen=True):
    """Who takes over does so alone until the end of the transaction."""


class TakeOver(Record, frozen=True):
    """A reply that a process had in hand which is no more, and whose it is now."""

    id: int
    owner: int | None


class GiveUpPushes(Identified, frozen=True):
    """What a process that is no more was sending of broadcasts may have gone: it is not sent again."""


class Wake(Identified, frozen=True):
    """Tell the other processes that there is something for them."""


class AgreedValue(Record, frozen=True):
    """What all processes have agreed on."""

    value: str


class LatestIds(Record, frozen=True):
    """The latest of our own ids, by the tables that grow fastest."""

    sent: int
    came: int


class AnyCouncil(Identified, frozen=True):
    """Whether anybody has worked with this database."""


class AgreedOn(Record, frozen=True):
    """What all processes have agreed on."""

    value: str


class OutboxStanding(Record, frozen=True):
    """How many messages wait or are being sent, and since when the oldest does."""

    state: str
    n: int
    oldest: int


class OutboxTroubled(Record, frozen=True):
    """How many messages failed or may not have arrived since a moment, and the oldest of them."""

    state: str
    n: int
    oldest: int


class QuarantinedCount(Record, frozen=True):
    """How many messages were put aside."""

    n: int


class HeldOutbox(Record, frozen=True):
    """What is held, by why it was written."""

    reason: str
    channel: str
    n: int
    oldest: int
