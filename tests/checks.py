"""Records of `tests/checks.sql`: what only tests ask of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from storage.queries import Query, load_queries, read_queries
from storage.rows import Record


@contextmanager
def known() -> Iterator[None]:
    """Databases opened within know these queries, too."""
    text = (Path(__file__).parent / "checks.sql").read_text("utf-8")

    def with_checks(dialect: str) -> dict[str, Query]:
        return {**load_queries(dialect), **read_queries(dialect, text)}

    with (
        mock.patch("storage.sqlite.load_queries", with_checks),
        mock.patch("storage.postgresql.load_queries", with_checks),
    ):
        yield


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


class OutboxOf(Record, frozen=True):
    """Every message of a channel and what became of it, in the order of their making."""

    id: int
    address: str
    intent: str
    state: str
    error: str | None


class AnswersOf(Record, frozen=True):
    """Every answer to who wrote on a channel and what became of it, in the order of their making."""

    id: int
    address: str
    intent: str
    state: str
    error: str | None


class ArrivalsOf(Record, frozen=True):
    """Everything that came in on a channel and could be read, in its order."""

    external_id: str
    state: str


class AnsweredBy(Record, frozen=True):
    """Who answered a consultation, by the address they wrote from, and what."""

    address: str
    reference: str
    body: str


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
    missed: int


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


class AllStopped(Record, frozen=True):
    """Who gets no messages (for checks)."""

    id: int
    keeps_answers: int


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


class InboxTexts(Record, frozen=True):
    """What the inbox still says."""

    payload: str


class OwnOf(Record, frozen=True):
    """What conversations that are not over were told when they began."""

    own: str


class RollMarks(Record, frozen=True):
    """A mark of a roll."""

    digest: str
    used: int
