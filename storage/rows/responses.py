"""Records of `storage/sql/responses.sql`."""

from storage.rows import Counted, Identified, OfResponse, Record


class AddVoice(OfResponse, frozen=True):
    """ "I say that too"; nothing comes back if it was said already."""


class ClaimSingle(OfResponse, frozen=True):
    """Make this the person's only response in a phase; nothing comes back if there is one already."""


class ContributionsOf(Record, frozen=True):
    """Everything a person contributed, newest first."""

    id: int
    reference: str
    body: str
    state: str
    created_at: int
    updated_at: int
    code: str
    kind: str
    consultation_state: str
    definition: str
    closes_at: int | None
    voices: int


class ConversationsQuoting(Record, frozen=True):
    """Conversations under way in which a need was offered that somebody else had told."""

    id: int
    answers: str
    reference: str


class CountStanding(Counted, frozen=True):
    """How many responses of a consultation stand."""


class OpenToCompare(Identified, frozen=True):
    """Consultations that can be answered, of which nobody was told yet who is missing."""

    council_id: int


class Profiles(Counted, frozen=True):
    """Who took part, by what they told of themselves."""

    age_band: str | None
    gender: str | None
    disability: str | None


class HidingsOf(Record, frozen=True):
    """What is not shown of a consultation's responses."""

    response_id: int
    field: str
    reason: str
    made_by: str
    at: int


class NextNumber(Record, frozen=True):
    """Count on, and return the new value."""

    value: int


class OpenResponses(Record, frozen=True):
    """The latest responses of a consultation that stand, with their voices, and why their words are
    not shown.
    """

    id: int
    reference: str
    person_id: int | None
    body: str
    state: str
    created_at: int
    hidden: str | None
    voices: int


class ResponseByReference(Record, frozen=True):
    """A response with the consultation it belongs to and how many added their voice."""

    id: int
    reference: str
    person_id: int | None
    body: str
    state: str
    phase: str
    created_at: int
    updated_at: int
    consultation_id: int
    code: str
    kind: str
    consultation_state: str
    definition: str
    closes_at: int | None
    council_id: int
    voices: int


class SingleResponse(Record, frozen=True):
    """The person's only response to a consultation, or to a phase of it."""

    id: int
    reference: str
    body: str
    state: str
    created_at: int
    updated_at: int


class UnfinishedAnswers(Record, frozen=True):
    """The conversations about a consultation that have not come to their end."""

    answers: str
    awaited: str | None


class ProvidersOf(Identified, frozen=True):
    """An address of somebody's that its provider knows as an account or a number."""


class MarksOf(Identified, frozen=True):
    """The latest contributions from the open page, with the group that one belongs to; without those of
    which somebody has said that they count.
    """

    network: str | None
    opened: int
    answers: int
    began_at: int
    at: int
    words: str | None
    quick: int
    sketch: str
    crowd_id: int | None


class InvitedSince(Identified, frozen=True):
    """Whether people were invited to a consultation lately."""


class OpenCrowd(Identified, frozen=True):
    """The group of this sort that nobody has decided on yet."""


class CrowdsOf(Identified, frozen=True):
    """The groups of a consultation, the latest first: how many, from when to when, from how many
    networks.
    """

    reason: str
    began_at: int
    counts: int | None
    decided_by: str | None
    decided_at: int | None
    n: int
    first_at: int
    last_at: int
    networks: int


class DecideCrowd(Identified, frozen=True):
    """Somebody decides on a group, or takes it back; nothing comes back if there is no such group."""


class CountAwaiting(Counted, frozen=True):
    """How many contributions await somebody's decision."""


class AwaitingIn(Record, frozen=True):
    """The consultations of a council with contributions that await a decision."""

    code: str
    n: int


class Draw(Record, frozen=True):
    """So much more has come: when each will be as if nothing had come, and since when it has not been so."""

    name: str
    until: int
    since: int


class BurstOf(Record, frozen=True):
    """What came from the open page since a moment, all of it and from one network."""

    n: int
    here: int


class BurstFromNetwork(Identified, frozen=True):
    """The contributions of that network, but for those on which somebody has decided or will."""


class BurstFromChat(Identified, frozen=True):
    """What somebody contributed to a consultation since a moment, but for what tells of danger."""


class AnswersToRemember(Record, frozen=True):
    """The only responses of somebody who is to be erased, to what is not closed."""

    consultation_id: int
    phase: str
    response_id: int


class UnconfirmedGroup(Identified, frozen=True):
    """The group of what does not count because it is not sure enough who it is from."""


class CountUnconfirmed(Counted, frozen=True):
    """How many contributions are not confirmed."""


class NotesHeard(Record, frozen=True):
    """What staff entered about the voice notes of a consultation's answers.

    `outcome` is "heard", "unclear", "waiting" or "none"; `answer` what was heard, as JSON, "" for nothing.
    `version` is how often something was entered.
    """

    response_id: int
    media: str
    field: str
    outcome: str
    answer: str
    version: int
    made_by: str
    at: int


class HeardOfPerson(NotesHeard, frozen=True):
    """The same, of somebody's answers."""


class WaitingHeardIn(Record, frozen=True):
    """The consultations of a council with voice notes that have to be heard to be counted, where staff may."""

    code: str
    n: int


class CountWaitingHeard(Counted, frozen=True):
    """How many voice notes of a consultation have to be heard to be counted."""


class EnterHeard(Counted, frozen=True):
    """Enter what was heard; nothing comes back where somebody else has entered something meanwhile."""


class SummaryMark(Record, frozen=True):
    """What differs once the summary of a consultation would; `latest` and `decided_at` in ms, 0 where there is none.

    All else are counts, but `versions`, which grows with each correction of what was heard.
    """

    stored: int
    latest: int
    withdrawn: int
    hidden: int
    lifted: int
    heard: int
    versions: int
    decided: int
    decided_at: int
    decisions: int
    erased: int
