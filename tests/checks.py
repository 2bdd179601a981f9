"""Records of `tests/checks.sql`: what only tests ask of the database."""

from storage.rows import Record


class Quarantined(Record, frozen=True):
    """Messages put aside, oldest first."""

    id: int
    channel: str
    account: str
    external_id: str
    person_id: int | None
    payload: str
    tries: int
    trace: str | None
    received_at: int


class WaitingStates(Record, frozen=True):
    """What came in and is not handled."""

    id: int
    state: str


class MessageStates(Record, frozen=True):
    """How many messages of a channel are in which state."""

    state: str
    n: int


class Pushed(Record, frozen=True):
    """The messages of a broadcast (for checks)."""

    id: int
    person_id: int | None
    channel: str
    address: str
    state: str
    provider_id: str | None
    error: str | None


class AddressStates(Record, frozen=True):
    """How every address stands (for checks)."""

    channel: str
    address: str
    state: str


class AllConsents(Record, frozen=True):
    """Every word on every purpose (for checks)."""

    person_id: int
    purpose: str
    given: int
    version: str
    shown: str
    language: str
    channel: str
    at: int


class AllFollows(Record, frozen=True):
    """Who follows what (for checks)."""

    person_id: int
    place: str


class AllResponses(Record, frozen=True):
    """Every response of a consultation, for its summary."""

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
    phase: str
    person_id: int | None
    created_at: int
    updated_at: int
    voices: int
