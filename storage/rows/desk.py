"""Records of `storage/sql/desk.sql`."""

from storage.rows import Counted, OfResponse, Record, StoredDownload, StoredSignature


class CameIn(Record, frozen=True):
    """What came in since a moment, by consultation."""

    code: str
    kind: str
    definition: str
    n: int


class CaseByReference(Record, frozen=True):
    """One need with all that the desk knows."""

    id: int
    reference: str
    person_id: int | None
    consultation_id: int
    body: str
    state: str
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
    extended: int
    due_day: str | None
    assignee_id: int | None
    merged_into: int | None
    split_from: int | None
    answered_at: int | None
    unread: int
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


class CasesByPlace(Record, frozen=True):
    """Where the needs that the same filters find are, the most named places first; `body` is one of
    them.
    """

    commune: str | None
    place: str
    n: int
    body: str


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
    due_day: str | None
    assignee_id: int | None
    unread: int
    answered_at: int | None
    code: str
    said: int
    assignee: str | None
    hidden: str | None


class CountCases(Counted, frozen=True):
    """How many needs the same filters find."""


class DepositsWaiting(Record, frozen=True):
    """Petitions that were deposited and have no answer yet."""

    code: str
    definition: str
    day: str
    due_day: str | None
    receipt: str


class Download(StoredDownload, frozen=True):
    """One such file."""

    state: str
    done: int
    whole: int
    file: str | None
    name: str | None
    size: int | None
    sha256: str | None
    error: str | None
    created_at: int
    touched_at: int


class DownloadsBy(Record, frozen=True):
    """The files of a member of staff, newest first."""

    id: int
    what: str
    object: str
    format: str
    language: str
    filters: str
    identities: int
    state: str
    done: int
    whole: int
    name: str | None
    size: int | None
    sha256: str | None
    error: str | None
    created_at: int
    touched_at: int


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


class EntriesWith(Record, frozen=True):
    """What was said between the person and the staff, for their own copy."""

    reference: str
    what: str
    text: str
    at: int


class HeldOfPerson(Record, frozen=True):
    """What councils hold about a person: how much, for each of them."""

    council_id: int
    kind: str
    n: int


class HidingsOf(Record, frozen=True):
    """What is not shown of a consultation's responses."""

    response_id: int
    field: str
    reason: str
    made_by: str
    at: int


class KnownElsewhere(Record, frozen=True):
    """Whether another council knows a person: by a response, a voice, or a list."""

    known: int


class LikeCases(Record, frozen=True):
    """Needs of the same theme that stand by themselves, newest first: what might say the same."""

    id: int
    reference: str
    body: str
    state: str
    created_at: int
    sought: str
    place: str
    hidden: str | None


class LockCases(OfResponse, frozen=True):
    """Two needs, held until the end of the transaction (on a database where others write beside
    us).
    """


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
    hidden: str | None


class NeedsCounted(Record, frozen=True):
    """The same needs counted by theme and status."""

    theme: str
    state: str
    n: int
    answered: int | None


class NeedsStream(Record, frozen=True):
    """The needs that the desk's filters find, some at a time, for a file."""

    id: int
    reference: str
    body: str
    state: str
    language: str
    channel: str
    commune: str | None
    created_at: int
    code: str
    theme: str
    nature: str
    due_day: str | None
    answered_at: int | None
    said: int
    hidden: str | None
    address: str | None


class NeedsWithoutCase(Record, frozen=True):
    """Needs that were told before there was a desk."""

    id: int
    body: str
    created_at: int
    council_id: int


class OldDownloads(Record, frozen=True):
    """Files that have been there long enough."""

    id: int
    file: str


class PapersOf(Record, frozen=True):
    """What staff sent to the person about their needs, for the files that came with it."""

    media: str


class PersonOfAddress(Record, frozen=True):
    """Whose address this is."""

    person_id: int


class PersonOfReference(Record, frozen=True):
    """Whose response has a reference, and for which council."""

    person_id: int | None
    council_id: int


class ResponsesPage(Record, frozen=True):
    """The responses of a consultation, some at a time."""

    id: int
    reference: str
    body: str
    state: str
    channel: str
    language: str
    commune: str | None
    age_band: str | None
    gender: str | None
    disability: str | None
    assurance: str
    created_at: int
    updated_at: int
    voices: int


class Signatories(StoredSignature, frozen=True):
    """The signatures of a petition, sealed as they are, some at a time, for a file with identities."""

    invalid_reason: str | None


class TakeDownload(StoredDownload, frozen=True):
    """The next file to make: one that waits, or whose maker has not been heard of for long."""


class TranscriptsIn(Record, frozen=True):
    """What the voice notes of a council's needs say."""

    response_id: int
    text: str


class TranscriptsOf(Record, frozen=True):
    """What the voice notes of a need say."""

    media: str
    text: str
    made_by: str
    at: int


class TroublesOf(Record, frozen=True):
    """Messages of a council that did not arrive of late, by channel and reason."""

    channel: str
    state: str
    error: str | None
    n: int


class UnmergeCase(OfResponse, frozen=True):
    """Let it stand by itself again."""


class WaitingLongest(Record, frozen=True):
    """Needs that nobody has answered, the oldest first."""

    reference: str
    body: str
    created_at: int
    theme: str
    due_day: str | None
    nature: str
    urgent: int
    answered_at: int | None
    state: str
    hidden: str | None
