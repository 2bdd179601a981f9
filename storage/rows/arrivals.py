"""Records of `storage/sql/arrivals.sql`."""

from storage.rows import Identified, Record


class ConsentsOf(Record, frozen=True):
    """The latest word of a person on each purpose."""

    purpose: str
    given: int
    version: str
    language: str
    channel: str
    at: int


class FactsOf(Record, frozen=True):
    """The facts a conversation was started with."""

    body: str


class LastArrival(Record, frozen=True):
    """When something last came in through a channel."""

    at: int | None


class QuarantinedOf(Record, frozen=True):
    """Messages put aside whose author belongs to a council (with `or_none`, to none yet), oldest
    first.
    """

    id: int
    channel: str
    account: str
    external_id: str
    payload: str
    tries: int
    received_at: int


class ReleaseArrival(Identified, frozen=True):
    """A message put aside is handled once more; nothing comes back if it was released already."""


class LockChats(Identified, frozen=True):
    """These chats, ours until the end of the transaction: whoever writes to SQLite is alone."""


class LockWriters(Identified, frozen=True):
    """The people behind these chats, too."""


class TakenArrivals(Identified, frozen=True):
    """Which of these were handled, or came and wait: asked after a COMMIT whose answer was lost."""


class StatesOf(Record, frozen=True):
    """The people behind some addresses, each with the conversations that are not over, latest last."""

    channel: str
    account: str
    address: str
    address_id: int
    address_state: str
    last_in_at: int
    missed: int
    joined_at: int | None
    paced_until: int
    uploads_until: int
    person_id: int
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
    letters: str
    conversation_id: int | None
    flow: str | None
    consultation_id: int | None
    facts: str | None
    own: str | None
    answers: str | None
    awaited: str | None
    state: str | None
    tries: int | None
    opened_at: int | None
    touched_at: int | None
    pending: int | None
    agreed: int


class TakeArrivals(Identified, frozen=True):
    """Note what came in. Only rows that were not known yet come back: the index decides what is a
    duplicate.
    """


class Unagreed(Record, frozen=True):
    """People who have not agreed since what they wrote."""

    person_id: int


class UnagreedMedia(Record, frozen=True):
    """The files that came with what nobody has agreed to."""

    name: str


class ToldBy(Record, frozen=True):
    """What somebody is in the middle of."""

    id: int
    own: str
    answers: str
