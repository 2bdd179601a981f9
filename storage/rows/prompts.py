"""Records of `storage/sql/prompts.sql`."""

from storage.rows import Identified, Record, StoredPrompt


class ActivePrompts(Record, frozen=True):
    """Everything that is still to come."""

    id: int
    rule: str
    next_at: int | None
    next_local: str | None
    consultation_id: int | None
    opens_at: int | None
    closes_at: int | None


class AdvancePrompt(Identified, frozen=True):
    """Go on to the next occurrence; nothing comes back if another process has done so."""


class DuePrompts(StoredPrompt, frozen=True):
    """What is due, earliest first."""

    spread_ms: int
    next_at: int
    next_local: str
    made_by: str
    agreed: str
    opens_at: int | None
    closes_at: int | None
    state: str | None


class EndingConsultations(Identified, frozen=True):
    """Open consultations whose end has come."""


class NoteRun(Record, frozen=True):
    """What became of an occurrence; nothing comes back if it is noted already."""

    occurrence: int


class Prompt(StoredPrompt, frozen=True):
    """One of them."""

    state: str
    next_at: int | None
    next_local: str | None
    made_by: str
    code: str | None
    opens_at: int | None
    closes_at: int | None


class PromptsAbout(Record, frozen=True):
    """What was ever planned for a consultation."""

    id: int
    what: str
    rule: str
    body: str
    state: str


class PromptsOf(Record, frozen=True):
    """What a council has planned, what comes first at the top."""

    id: int
    consultation_id: int | None
    what: str
    rule: str
    late: str
    audience: str
    body: str
    state: str
    next_at: int | None
    next_local: str | None
    made_by: str
    code: str | None


class RunsOf(Record, frozen=True):
    """What became of a council's occurrences, latest first."""

    prompt_id: int
    occurrence: int
    occurrence_local: str
    outcome: str
    reason: str
    broadcast_id: int | None
    at: int
    what: str
    code: str | None
