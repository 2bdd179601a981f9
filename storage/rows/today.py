"""Records of `storage/sql/today.sql`."""

from storage.rows import Record


class CameIn(Record, frozen=True):
    """What came in since a moment, by consultation."""

    code: str
    kind: str
    definition: str
    n: int


class TroublesOf(Record, frozen=True):
    """Messages of a council that did not arrive of late, by channel and reason."""

    channel: str
    state: str
    error: str | None
    n: int


class WaitingLongest(Record, frozen=True):
    """Needs that nobody has answered, the oldest first."""

    reference: str
    body: str
    created_at: int
    theme: str
    due_day: str | None
    nature: str
    urgent: int
    answered_at: int | None
    waiting: int
    state: str
    kind: str
    hidden: str | None
