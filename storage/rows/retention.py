"""Records of `storage/sql/retention.sql`."""

from storage.rows import Identified, Record


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
