"""Records of `queries.sql`."""

from storage.rows import Record


class CommitmentChanges(Record, frozen=True):
    """What was said of a commitment once."""

    state: str
    why: str
    proof: str
    made_by: str
    at: int


class CommitmentsOf(Record, frozen=True):
    """What was said last of a commitment."""

    consultation_id: int
    state: str
    why: str
    proof: str
    at: int
