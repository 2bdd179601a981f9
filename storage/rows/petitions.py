"""Records of `storage/sql/petitions.sql`."""

from storage.rows import (
    Counted,
    Identified,
    LedgerEntry,
    OfCard,
    PersonAt,
    Receipted,
    Record,
    StoredSignature,
)


class AddDeposit(Receipted, frozen=True):
    """The petition was brought; nothing comes back if it was before."""


class CountLonePledges(Counted, frozen=True):
    """Pledges of people who have no valid signature. Of who was erased, A3 still says that a paper
    with their name stays, so that they are not counted twice.
    """


class Deposit(Record, frozen=True):
    """What became of a petition after it was brought to the council."""

    receipt: str
    day: str
    signatures: int
    due_day: str | None
    received_by: str
    at: int
    outcome: str | None
    outcome_day: str | None
    reasons: str
    decided_by: str | None
    decided_at: int | None


class DepositEntries(LedgerEntry, frozen=True):
    """What the ledger says about a receipt, by its text."""


class DropDeposit(Receipted, frozen=True):
    """It was entered by mistake; nothing comes back if there is none, or an answer was given."""


class InvalidateSignature(OfCard, frozen=True):
    """It does not count any more; nothing comes back if it did not count before."""


class LinkPaper(Identified, frozen=True):
    """Who completes in the chat what stands on paper already is one person; nothing comes back if
    the paper is somebody's already, or there is none.
    """


class LockPetition(Identified, frozen=True):
    """A petition, held while its papers are entered (on a database where others write beside us)."""


class PetitionsOf(Record, frozen=True):
    """The petitions of a council, newest first: who supports, who signed, what became of them."""

    id: int
    council_id: int
    code: str
    kind: str
    state: str
    definition: str
    closes_at: int | None
    closes_local: str | None
    pledges: int
    signatures: int
    receipt: str | None
    day: str | None
    due_day: str | None
    outcome: str | None
    outcome_day: str | None


class PledgesWithPhone(PersonAt, frozen=True):
    """People whose pledge stands, by the number they use on WhatsApp."""


class PledgesWithReference(Record, frozen=True):
    """Pledges that stand, by reference."""

    reference: str
    person_id: int | None


class RestoreSignature(OfCard, frozen=True):
    """It counts again; nothing comes back if it did."""


class SetOutcome(Receipted, frozen=True):
    """The council's answer; nothing comes back if there is one, or nothing was deposited."""


class SignaturesByCommune(Record, frozen=True):
    """Valid signatures by commune."""

    commune: str | None
    n: int


class SignaturesBySource(Record, frozen=True):
    """Valid signatures from the chat, those on paper, those that are both, and invalid ones."""

    chat: int
    paper: int
    both_ways: int
    invalid: int


class SignaturesInFull(StoredSignature, frozen=True):
    """Every signature of a petition, sealed as it is, valid or not, the latest first."""

    entered_by: str | None
    invalid_reason: str | None
    invalid_by: str | None
    invalid_at: int | None


class SignaturesWith(Record, frozen=True):
    """Which of these cards have signed a petition."""

    id: int
    person_id: int | None
    cin_digest: str
    sealed: str
    source: str
    on_paper: int
    line: str
    invalid_reason: str | None


class TakeOffPaper(Record, frozen=True):
    """A signature of the chat that was marked as on paper by mistake; nothing comes back if it is
    none.
    """

    cin_digest: str
    person_id: int | None
