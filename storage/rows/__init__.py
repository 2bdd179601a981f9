"""What the named queries of `storage/sql` return: a record for each, named after it.

    row = await tx.row(ConsultationByCode, code="OZT-LIGHT")  # runs consultation_by_code
    row.closes_at

A record's fields are the query's columns in their order; tests hold the two together on both
databases. Numbers are whole; moments are ms since 1970 UTC; 0 and 1 stand for no and yes.
"""

import re
from functools import cache

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """A row that a named query returned."""


@cache
def query_of(record: type[Record]) -> str:
    """The name of the query that a record is named after: ConsultationByCode, consultation_by_code."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__).lower()


# What several queries have in common.


class Identified(Record, frozen=True):
    """The id of a row that was found or changed."""

    id: int


class Counted(Record, frozen=True):
    """How many."""

    n: int


class OfResponse(Record, frozen=True):
    """The response that a row belongs to."""

    response_id: int


class LedgerEntry(Record, frozen=True):
    """An entry of the ledger, as JSON."""

    entry: str


class Receipted(Record, frozen=True):
    """The number of a deposit's receipt."""

    receipt: str


class OfCard(Record, frozen=True):
    """The digest of the card that a signature was made with, and its mark in the ledger ("": the digest is)."""

    cin_digest: str
    mark: str


class PersonAt(Record, frozen=True):
    """Who is at an address."""

    address: str
    person_id: int


class StoredConsultation(Record, frozen=True):
    """A consultation with its definition (JSON), its times and its council."""

    id: int
    council_id: int
    council: str
    code: str
    kind: str
    state: str
    version: int
    definition: str
    opens_at: int | None
    closes_at: int | None
    opens_local: str | None
    closes_local: str | None
    created_at: int


class StoredBroadcast(Record, frozen=True):
    """A message of the council's to many."""

    id: int
    council_id: int
    consultation_id: int | None
    what: str
    body: str
    audience: str
    state: str
    spread_ms: int
    gathered_to: int | None
    made_by: str
    person_id: int | None
    created_at: int
    started_at: int | None


class StoredApproval(Record, frozen=True):
    """What waits, or waited, for a second person's word."""

    id: int
    council_id: int
    what: str
    object: str
    reason: str
    plan: str
    people: int
    asked_by: int
    asked_at: int
    decided_by: int | None
    decided_at: int | None
    decision: str | None
    used_at: int | None
    asker: str
    decider: str | None


class StoredDownload(Record, frozen=True):
    """A file that somebody on the staff wants."""

    id: int
    council_id: int
    staff_id: int
    what: str
    object: str
    format: str
    language: str
    filters: str
    identities: int


class StoredPrompt(Record, frozen=True):
    """Something planned: what, by which rule, to whom."""

    id: int
    council_id: int
    consultation_id: int | None
    what: str
    rule: str
    late: str
    audience: str
    body: str


class StoredSignature(Identified, frozen=True):
    """A signature, sealed."""

    sealed: str
    commune: str | None
    at: int
    source: str
    on_paper: int
    line: str


class CitizenList(Record, frozen=True):
    """A list that a council keeps."""

    id: int
    council_id: int
    code: str
    name: str
    kind: str
