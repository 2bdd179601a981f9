"""Records of `storage/sql/people.sql`."""

from storage.rows import Counted, Identified, Record


class AddressesOf(Record, frozen=True):
    """The addresses of a person."""

    channel: str
    account: str
    address: str
    state: str
    last_in_at: int
    joined_at: int | None


class AllResponsesOf(Record, frozen=True):
    """Everything a person contributed, taken back or not."""

    reference: str
    body: str
    state: str
    channel: str
    language: str
    created_at: int
    updated_at: int
    code: str
    kind: str


class AllThemesOf(Record, frozen=True):
    """The themes a person chose, of every council."""

    council: str
    theme: str


class AllTopicsOf(Record, frozen=True):
    """What a person asked to be told of, of every council."""

    council: str
    topic: str


class Brought(Counted, frozen=True):
    """How much of their own one side of a join had."""


class ChatOf(Record, frozen=True):
    """Where somebody can be written to."""

    channel: str
    account: str
    address: str
    last_in_at: int
    language: str | None


class ConversationsOf(Record, frozen=True):
    """What a person is in the middle of."""

    flow: str
    answers: str
    opened_at: int


class DeclinesOf(Record, frozen=True):
    """Consultations that a person does not want to be invited to."""

    code: str
    at: int


class ExportNamed(Record, frozen=True):
    """One such copy."""

    sealed: str
    created_at: int


class FollowsOf(Record, frozen=True):
    """The places a person follows."""

    place: str
    since: int


class HeldOfPerson(Record, frozen=True):
    """What councils hold about a person: how much, for each of them."""

    council_id: int
    kind: str
    n: int


class KnownElsewhere(Record, frozen=True):
    """Whether another council knows a person: by a response, a voice, or a list."""

    known: int


class MediaOf(Record, frozen=True):
    """The files of a person."""

    name: str
    kind: str
    type: str
    size: int


class MembershipsOf(Record, frozen=True):
    """The lists a person is on, and what was written down as proof."""

    council: str
    name: str
    proof: str
    at: int


class MutesIn(Record, frozen=True):
    """Councils that a person wants to hear nothing from, by code."""

    council: str
    at: int


class PapersOf(Record, frozen=True):
    """What staff sent to the person about their needs, for the files that came with it."""

    media: str


class Person(Record, frozen=True):
    """One person."""

    id: int
    language: str | None
    council_id: int | None
    commune: str | None
    abroad: int
    age_band: str | None
    gender: str | None
    disability: str | None
    profile_asked_at: int | None
    stopped_at: int | None
    keeps_answers: int
    created_at: int
    letters: str = ""


class PersonOfAddress(Record, frozen=True):
    """Whose address this is."""

    person_id: int


class PersonOfReference(Record, frozen=True):
    """Whose response has a reference, and for which council."""

    person_id: int | None
    council_id: int


class PushesOf(Record, frozen=True):
    """What councils sent to a person of their own accord, and what staff wrote to them."""

    reason: str
    code: str | None
    channel: str
    state: str
    claimed_at: int | None


class ResponsesToErase(Record, frozen=True):
    """What the person contributed, to be stripped of words."""

    id: int
    body: str
    kind: str
    definition: str


class JoinChats(Record, frozen=True):
    """The chats of one side of a join."""

    channel: str
    account: str
    address: str
    last_in_at: int
    person_id: int
    language: str | None


class JoinCode(Record, frozen=True):
    """The chat that shows a code which is still good, and who wrote there."""

    person_id: int
    channel: str
    account: str
    address: str
    last_in_at: int
    language: str | None


class JoinOf(Record, frozen=True):
    """The latest join of a person that can still be undone."""

    id: int
    person_id: int
    other_id: int
    sealed: str
    at: int


class JoinTries(Counted, frozen=True):
    """How many such codes a person typed of late."""


class JoinedConversations(Identified, frozen=True):
    """What who joined was in the middle of."""


class WishesSince(Record, frozen=True):
    """What citizens wished since a moment, which a backup of before does not know."""

    what: str
    at: int
    person_id: int
    other_id: int
    word: str


class StopAgain(Identified, frozen=True):
    """Who stopped messages after the backup."""


class MuteAgain(Identified, frozen=True):
    """Who wanted to hear no more from a council after the backup."""


class CapAgain(Identified, frozen=True):
    """Who said after the backup how many messages a week they want."""


class RefuseAgain(Identified, frozen=True):
    """Who took an agreement back after the backup."""


class WithdrawnAfter(Record, frozen=True):
    """A response that was taken back after the backup, if it still stands."""

    reference: str
