"""Records of `storage/sql/downloads.sql`."""

from storage.rows import Identified, Record, StoredDownload


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


class NeedsCounted(Record, frozen=True):
    """The same needs counted by theme and status."""

    theme: str
    state: str
    n: int
    answered: int | None


class NeedsStream(Identified, frozen=True):
    """The needs that the desk's filters find, some at a time, for a file."""

    reference: str
    body: str
    state: str
    language: str
    channel: str
    commune: str | None
    created_at: int
    code: str
    kind: str
    theme: str
    nature: str
    due_day: str | None
    answered_at: int | None
    said: int
    hidden: str | None
    address: str | None


class DownloadsAbout(Record, frozen=True):
    """The files that may hold what somebody said."""

    id: int
    file: str


class EndDownload(Identified, frozen=True):
    """It is made, or cannot be; not where it is to be made again meanwhile."""


class OldDownloads(Record, frozen=True):
    """Files that have been there long enough."""

    id: int
    file: str


class ResponsesPage(Identified, frozen=True):
    """The responses of a consultation, some at a time.

    `kept_state` is the state it has again if it counts one day: it is set aside while it has one.
    """

    person_id: int | None
    reference: str
    body: str
    state: str
    kept_state: str | None
    channel: str
    language: str
    commune: str | None
    age_band: str | None
    gender: str | None
    disability: str | None
    assurance: str
    phase: str
    created_at: int
    updated_at: int
    voices: int


class AgreedResponsesPage(ResponsesPage, frozen=True):
    """The responses of who agreed, by their latest word, to a version of the consent from `since` on."""


class RowRelease(Record, frozen=True):
    """What rows the last file of a consultation held."""

    held: str
    at: int


class ReleaseRows(Identified, frozen=True):
    """The rows that a file holds now, unless another was made meanwhile."""


class TakeDownload(StoredDownload, frozen=True):
    """The next file to make: one that waits, or whose maker has not been heard of for long."""


class TranscriptsIn(Record, frozen=True):
    """What the voice notes of a council's needs say."""

    response_id: int
    text: str
