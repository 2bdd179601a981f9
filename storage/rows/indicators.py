"""Records of `storage/sql/indicators.sql`."""

from storage.rows import Record


class MeasuredClosed(Record, frozen=True):
    """What closed in a stretch of time, whether a decision is recorded, and whether it was told."""

    id: int
    code: str
    decisions: int
    told: int


class MeasuredNeeds(Record, frozen=True):
    """The needs told in a stretch of time: when told, when first answered."""

    created_at: int
    answered_at: int | None


class MeasuredPeople(Record, frozen=True):
    """Who contributed in a stretch of time, by what they told of themselves; how many had done
    before.
    """

    gender: str | None
    age_band: str | None
    disability: str | None
    commune: str | None
    n: int
    came_again: int


class MeasuredRequests(Record, frozen=True):
    """Requests for information whose last day falls into a stretch of time (days as texts)."""

    due_day: str
    answered_at: int | None
