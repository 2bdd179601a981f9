"""Records of `storage/sql/inbox.sql`."""

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
