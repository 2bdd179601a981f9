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


class CommitmentsBefore(CommitmentsOf, frozen=True):
    """What was said last of a commitment before a moment."""


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


class OwedCommitments(Record, frozen=True):
    """A commitment that the council still owes."""

    id: int
    code: str
    council_id: int
    kind: str
    definition: str


class RemindedOf(Record, frozen=True):
    """The last reminder that went about a day, None before the first."""

    step: int | None


class NoteReminder(Record, frozen=True):
    """The reminder that goes now."""

    step: int


class EvidenceOf(Record, frozen=True):
    """A photo of before or after."""

    id: int
    side: str
    name: str
    public: int


class EvidencePublic(Record, frozen=True):
    """A photo of before or after that everybody sees."""

    consultation_id: int
    side: str
    name: str
