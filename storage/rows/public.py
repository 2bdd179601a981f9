"""Records of `storage/sql/public.sql`."""

from storage.rows import Identified, LedgerEntry, Record


class Closings(LedgerEntry, frozen=True):
    """What the ledger says of closings, by its text, in its order."""


class DueResults(Identified, frozen=True):
    """What has closed, and has no final result of this closing yet."""

    closed_at: int


class FinalDigests(Record, frozen=True):
    """The digests of the final results of a council's closed consultations."""

    consultation_id: int
    digest: str


class FinalResult(Record, frozen=True):
    """The final result of one."""

    digest: str
    body: str


class KeepFinal(Identified, frozen=True):
    """A final result; nothing comes back if it is there already, or if the closing is not that one
    any more.
    """


class PublicAnswered(Record, frozen=True):
    """Needs whose author had a word from the council; who is put to another need and told the same has `answered_at` too."""

    id: int
    answered: int


class PublicChanges(Record, frozen=True):
    """What was changed of its consultations after the opening, latest first."""

    consultation_id: int
    what: str
    at: int


class PublicConsultations(Record, frozen=True):
    """What a council shows to everyone, what is open first; what was put away is not shown."""

    id: int
    council_id: int
    code: str
    kind: str
    state: str
    version: int
    definition: str
    opens_at: int | None
    closes_at: int | None
    opens_local: str | None
    closes_local: str | None
    created_at: int


class PublicCounts(Record, frozen=True):
    """How many responses each has, and what would differ if any of them had changed."""

    id: int
    stored: int
    latest: int
    standing: int
    voices: int
    awaiting: int


class PublicDecisions(Record, frozen=True):
    """What a council did with its consultations, latest first."""

    id: int
    consultation_id: int
    texts: str
    day: str | None
    at: int


class ReleaseOf(Record, frozen=True):
    """The counts of an open consultation that are shown on a day, and when they were made."""

    made_at: int
    body: str
