"""Records of `queries.sql`."""

from storage.rows import Record


class AddProgramme(Record, frozen=True):
    """The programme that was added."""

    id: int


class ProgrammesOf(Record, frozen=True):
    """A programme of a council as it stands."""

    id: int
    council_id: int
    code: str
    version: int
    body: str
    made_by: str
    at: int


class ProgrammeByCode(ProgrammesOf, frozen=True):
    """A programme as it stands."""


class ProgrammeVersion(Record, frozen=True):
    """What it was made of at one time."""

    body: str


class MoveProgramme(Record, frozen=True):
    """The programme whose next version counts."""

    id: int


class ProgrammeParts(Record, frozen=True):
    """A consultation that was made of a part."""

    part: str
    id: int
    code: str
    state: str
    kind: str
    opens_at: int | None
    closes_local: str | None
    created_at: int


class ProgrammeAttached(Record, frozen=True):
    """What is attached to a problem."""

    problem: str
    reference: str
