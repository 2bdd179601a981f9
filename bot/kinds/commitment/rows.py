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


class CommitmentDoubts(Record, frozen=True):
    """What somebody who says that it is not done sent."""

    photos: str
    at: int


class DoubtedIn(Record, frozen=True):
    """A commitment that so many people say is not done."""

    id: int
    code: str
    n: int


class AllDoubtsOf(Record, frozen=True):
    """What somebody said is not done."""

    consultation: str
    at: int
