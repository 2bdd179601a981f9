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
