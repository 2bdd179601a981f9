"""Records of `storage/sql/inbox.sql` and `storage/sql/retention.sql`."""

from storage.rows import Identified, Record


class ChatsWaiting(Record, frozen=True):
    """The chats of which something waits."""

    channel: str
    account: str
    waits_in: str


class ClaimWaiting(Identified, frozen=True):
    """Handle what waited: only rows that still did come back."""


class WaitingOf(Record, frozen=True):
    """Of which of these chats something waits."""

    channel: str
    account: str
    waits_in: str


class WaitingIn(Record, frozen=True):
    """What waits in a chat, in its order; an album and more."""

    id: int
    external_id: str
    payload: str
    files: str | None


class BytesFrom(Record, frozen=True):
    """How much is kept of the files that a chat's author has sent since a moment."""

    bytes: int


class MediaToLookAt(Record, frozen=True):
    """A file of which it is to be asked whether anybody's answer names it."""

    name: str


class MediaInUse(Record, frozen=True):
    """A file that an answer, a thread, an open conversation or a waiting message names."""

    name: str


class KnownMedia(Record, frozen=True):
    """A file that has a row."""

    name: str


class FilesWaiting(Record, frozen=True):
    """The files of a message that waits, as JSON."""

    files: str


class AddressesFrom(Record, frozen=True):
    """A page of addresses, to see which are not covered yet."""

    id: int
    channel: str
    address: str


class SentFrom(Record, frozen=True):
    """A page of messages that were sent or are to be."""

    id: int
    channel: str
    address: str
    intent: str


class CameFrom(Record, frozen=True):
    """A page of messages that came in."""

    id: int
    channel: str
    waits_in: str | None
    payload: str


class LiftHold(Identified, frozen=True):
    """A hold that stood until now."""


class Holds(Record, frozen=True):
    """A hold: why, who made and who lifted it; ms."""

    id: int
    reason: str
    made_by: str
    made_at: int
    lifted_by: str | None
    lifted_at: int | None


class StandingHold(Identified, frozen=True):
    """A hold that stands."""


class CameUpTo(Identified, frozen=True):
    """The last of so many messages that came."""


class WentUpTo(Identified, frozen=True):
    """The last of so many messages that went."""
