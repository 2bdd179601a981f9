"""Records of `storage/sql/inbox.sql`."""

from storage.rows import Identified, Record


class ChatsWaiting(Record, frozen=True):
    """The chats of which something waits."""

    channel: str
    account: str
    waits_in: str


class ClaimWaiting(Identified, frozen=True):
    """Handle what waited: only rows that still did come back."""


class WaitingIn(Record, frozen=True):
    """What waits in a chat, in its order."""

    id: int
    external_id: str
    payload: str
