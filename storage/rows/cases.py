"""Records of `storage/sql/cases.sql`."""

from storage.rows import Counted, OfResponse, Record


class AwaitedAnswers(Record, frozen=True):
    """What a person told and the council still owes an answer to, the latest first."""

    reference: str


class CaseByReference(Record, frozen=True):
    """One need with all that the desk knows; `aside`: it is in no number, until a clerk has decided on its crowd."""

    id: int
    reference: str
    person_id: int | None
    consultation_id: int
    body: str
    state: str
    aside: int
    language: str
    channel: str
    commune: str | None
    created_at: int
    updated_at: int
    code: str
    definition: str
    kind: str
    council_id: int
    theme: str
    nature: str
    urgent: int
    danger: str
    extended: int
    due_day: str | None
    assignee_id: int | None
    merged_into: int | None
    split_from: int | None
    answered_at: int | None
    unread: int
    waiting: int
    assignee: str | None
    hidden: str | None
    merged_reference: str | None
    split_reference: str | None
    said: int


class CaseStates(Record, frozen=True):
    """How many needs are in which state; how many are overdue or have something unread."""

    state: str
    n: int
    overdue: int | None
    unread: int | None


class CasesOf(Record, frozen=True):
    """How many responses to a consultation have no answer yet, how many of them are past their day, and which
    day is the next.
    """

    unanswered: int
    overdue: int | None
    next_day: str | None


class CasesByPlace(Record, frozen=True):
    """Where the needs that the same filters find are, the most named places first; `body` is one of
    them.
    """

    commune: str | None
    place: str
    n: int
    body: str
    kind: str


class CasesPage(Record, frozen=True):
    """A page of the needs desk. Empty or 0 leaves a filter out; `before` is the newest moment of
    filing, assignee -1 means nobody.
    """

    id: int
    reference: str
    body: str
    state: str
    language: str
    channel: str
    commune: str | None
    created_at: int
    theme: str
    nature: str
    urgent: int
    danger: str
    due_day: str | None
    assignee_id: int | None
    unread: int
    answered_at: int | None
    waiting: int
    code: str
    kind: str
    said: int
    assignee: str | None
    hidden: str | None


class CountCases(Counted, frozen=True):
    """How many needs the same filters find."""


class EntriesOf(Record, frozen=True):
    """All of it in its order, and how far what was sent has come."""

    id: int
    what: str
    text: str
    media: str
    detail: str
    made_by: str
    at: int
    sent_state: str | None
    sent_error: str | None


class EntriesOfMerged(EntriesOf, frozen=True):
    """What the authors of needs that were put to this one said afterwards, in its order."""

    reference: str


class EntriesWith(Record, frozen=True):
    """What was said between the person and the staff, for their own copy."""

    reference: str
    what: str
    text: str
    at: int


class LikeCases(Record, frozen=True):
    """Needs of the same theme that stand by themselves, newest first: what might say the same."""

    id: int
    reference: str
    body: str
    state: str
    created_at: int
    sought: str
    place: str
    kind: str
    hidden: str | None


class LockCases(OfResponse, frozen=True):
    """Two needs, held until the end of the transaction (on a database where others write beside
    us).
    """


class MediaNamed(Record, frozen=True):
    """A file that a citizen sent."""

    name: str
    person_id: int | None
    kind: str
    type: str
    size: int


class MergeCase(OfResponse, frozen=True):
    """Put a need to another; nothing comes back if either is merged already."""


class MergedCases(Record, frozen=True):
    """The needs that were found to say the same."""

    id: int
    reference: str
    person_id: int | None
    consultation_id: int
    body: str
    state: str
    created_at: int
    kind: str
    hidden: str | None


class TranscriptsOf(Record, frozen=True):
    """What the voice notes of a need say."""

    media: str
    text: str
    made_by: str
    at: int


class UnmergeCase(OfResponse, frozen=True):
    """Let it stand by itself again."""


class WithoutCase(Record, frozen=True):
    """Responses of these kinds that came before there was a desk for them."""

    id: int
    body: str
    state: str
    created_at: int
    council_id: int
    kind: str


class DangersTold(Counted, frozen=True):
    """How often a danger was told of on the open page since a moment."""


class Rest(Record, frozen=True):
    """Whether something is due that is done once in a while."""

    name: str
