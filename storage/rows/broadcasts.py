"""Records of `storage/sql/broadcasts.sql`."""

from storage.rows import Identified, Record, StoredBroadcast


class AudienceCount(Record, frozen=True):
    """How many people an audience is, by channel and language, and how many wrote since
    `window_from`.
    """

    channel: str
    language: str
    n: int
    fresh: int | None


class AudiencePage(Record, frozen=True):
    """The next people of an audience, each with the chat they used last."""

    person_id: int
    channel: str
    account: str
    address: str
    last_in_at: int
    language: str | None
    part_of_day: str | None


class Broadcast(StoredBroadcast, frozen=True):
    """One broadcast."""

    ended_at: int | None
    code: str | None


class BroadcastsOf(Record, frozen=True):
    """A council's broadcasts, newest first."""

    id: int
    council_id: int
    consultation_id: int | None
    what: str
    state: str
    made_by: str
    created_at: int
    started_at: int | None
    ended_at: int | None
    code: str | None


class CancelBroadcast(Identified, frozen=True):
    """End it before its end."""


class ChangesOf(Record, frozen=True):
    """What was changed after the opening, latest first."""

    version: int
    what: str
    made_by: str
    at: int


class DecisionsOf(Record, frozen=True):
    """What the council did with a consultation, latest first."""

    id: int
    texts: str
    day: str | None
    made_by: str
    at: int


class DuePushes(Record, frozen=True):
    """What of a broadcast is due on a channel, with all that decides whether it goes now."""

    id: int
    person_id: int | None
    account: str
    address: str
    reason: str
    tries: int
    form: int
    not_before: int
    language: str | None
    letters: str | None
    stopped_at: int | None
    council_id: int | None
    address_state: str
    last_in_at: int
    per_week: int | None
    part_of_day: str
    muted: bool
    agreed: int
    declined: bool
    answered: bool
    busy: bool
    this_week: int
    first_this_week: int | None


class EffectOf(Record, frozen=True):
    """How many of a broadcast's recipients have answered since, and how many have had enough."""

    answered: int
    opted_out: int
    declined: int


class EndBroadcasts(Record, frozen=True):
    """Broadcasts of which nothing is left to do."""

    id: int
    council_id: int
    consultation_id: int | None
    what: str
    made_by: str


class ExpireClaims(Identified, frozen=True):
    """Nobody knows what became of these: the process that had them is gone. They are not sent
    again.
    """


class Gather(Identified, frozen=True):
    """Note how far the recipients are written; nothing comes back if another process was faster."""


class LockPeople(Identified, frozen=True):
    """These people, ours alone until the end of the transaction (where several processes write)."""


class MoveBroadcast(Identified, frozen=True):
    """Pause or go on; nothing comes back if it was not in the state before."""


class MutesOf(Record, frozen=True):
    """Councils that a person wants to hear nothing from."""

    council_id: int
    at: int


class Pauses(Record, frozen=True):
    """Who wants to hear nothing now."""

    channel: str
    account: str
    until: int
    reason: str


class PreferencesOf(Record, frozen=True):
    """How often and when a person wants to be written to."""

    per_week: int | None
    part_of_day: str


class ProgressOf(Record, frozen=True):
    """How far a broadcast is: its messages by state, reason of a failure, and channel."""

    channel: str
    state: str
    error: str
    n: int


class Push(Record, frozen=True):
    """What a person was sent, and by which broadcast."""

    id: int
    reason: str
    broadcast_id: int | None
    state: str
    council_id: int
    consultation_id: int | None
    what: str
    body: str
    broadcast_state: str


class PushByProvider(Identified, frozen=True):
    """The message of a broadcast or of staff that a person answers, as the provider calls it."""


class QueueLater(Identified, frozen=True):
    """This invitation once more, later; nothing comes back if it was asked for before."""


class RunningBroadcasts(StoredBroadcast, frozen=True):
    """What is to be gathered or sent, in the order in which it began."""

    started_at: int


class StartBroadcast(Identified, frozen=True):
    """Begin a draft; nothing comes back if it has begun before."""


class Templates(Record, frozen=True):
    """The templates of a channel."""

    channel: str
    account: str
    name: str
    language: str
    sid: str
    state: str
    body: str
    variables: int
    refreshed_at: int


class TopicsOf(Record, frozen=True):
    """What a person asked a council to be told of."""

    topic: str


class RunningAbout(Record, frozen=True):
    """A broadcast that is on its way."""

    id: int


class ThemesOf(Record, frozen=True):
    """The themes a person wants to hear about."""

    theme: str
