"""Records of `storage/sql/moderation.sql`."""

from storage.rows import Record


class HidingsOf(Record, frozen=True):
    """What is not shown of a consultation's responses."""

    response_id: int
    field: str
    reason: str
    made_by: str
    at: int
