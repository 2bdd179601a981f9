"""Records of `queries.sql`."""

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
    """Pledges of people who have no signature that counts, nor claim a card whose signature does. Of
    who was erased, A3 still says that a paper with their name stays, so that they are not counted
    twice.
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
    """Signatures that count, by commune."""

    commune: str | None
    n: int


class SignaturesBySource(Record, frozen=True):
    """Valid signatures from the chat, those on paper, those that are both, invalid ones, and those of
    the open page, which nobody has confirmed.
    """

    chat: int
    paper: int
    both_ways: int
    invalid: int
    unconfirmed: int


class SignaturesInFull(StoredSignature, frozen=True):
    """Every signature of a petition, sealed as it is, valid or not, the latest first."""

    assurance: str
    entered_by: str | None
    invalid_reason: str | None
    invalid_by: str | None
    invalid_at: int | None


class SignaturesWith(Record, frozen=True):
    """Which of these cards have signed a petition."""

    id: int
    person_id: int | None
    cin_digest: str
    mark: str
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
    mark: str
    person_id: int | None


class AllSignaturesOf(Record, frozen=True):
    """The signatures that are a person's, sealed as they are: from their phone, or of their paper."""

    id: int
    sealed: str
    at: int
    source: str
    code: str


class SignaturesToErase(Record, frozen=True):
    """The signatures of somebody who is to be forgotten."""

    id: int
    council_id: int
    code: str
    cin_digest: str
    mark: str
    on_paper: int


class PublicDeposits(Record, frozen=True):
    """The petitions that were brought to a council, and its answers. No names."""

    consultation_id: int
    day: str
    signatures: int
    at: int
    outcome: str | None
    outcome_day: str | None


class AddSignature(Identified, frozen=True):
    """A completed signature; nothing comes back if another stands for this card."""


class CountSignatures(Counted, frozen=True):
    """Signatures that count: completed in the chat, on paper, or both; one card counts once."""


class SignaturesOf(Record, frozen=True):
    """The signatures that count, sealed as they are."""

    id: int
    person_id: int | None
    sealed: str
    commune: str | None
    at: int


class DigestsOf(Record, frozen=True):
    """The digests of the signatures that are one person's: from their phone, or of their paper."""

    cin_digest: str
    mark: str
    on_paper: int


class DepositsWaiting(Record, frozen=True):
    """Petitions that were deposited and have no answer yet."""

    code: str
    definition: str
    day: str
    due_day: str | None
    receipt: str


class Signatories(StoredSignature, frozen=True):
    """The signatures of a petition, sealed as they are, some at a time, for a file with identities."""

    assurance: str
    invalid_reason: str | None


class PublicSignatures(Record, frozen=True):
    """How many signatures count for each petition that citizens can see."""

    id: int
    n: int


class MeasuredDeposits(Counted, frozen=True):
    """Petitions brought to a council in a stretch of time (days as texts), and those it has answered
    since.
    """

    answered: int


class DoubledSignatures(Record, frozen=True):
    """What somebody has signed who turns out to be another that has signed it too, while it is open."""

    consultation_id: int
    council_id: int
    code: str
    cin_digest: str
    mark: str
    on_paper: int


class StandingFor(Identified, frozen=True):
    """The signature that stands for a card."""

    person_id: int | None
    mark: str
    assurance: str
    invalid_reason: str | None
    on_paper: int


class ClaimedBefore(Identified, frozen=True):
    """Whether somebody has said so already."""


class SignersOf(Counted, frozen=True):
    """For how many cards somebody has signed, or tried to."""


class Claim(Identified, frozen=True):
    """One of them."""

    cin_digest: str
    assurance: str
    state: str


class ClaimsOfPerson(Claim, frozen=True):
    """What somebody claims beside what stands, with what stands for the same card."""


class BestClaims(Identified, frozen=True):
    """For cards for which nothing stands any more: who claims them best, the first of equals."""

    cin_digest: str


class ClaimsOf(Identified, frozen=True):
    """Who else claims a card, signatures set aside, cards said to be misused; beside each the
    signature that stands. What a clerk has not looked at comes first.
    """

    sealed: str
    commune: str | None
    at: int
    assurance: str
    state: str
    other_id: int | None
    other: str | None
    other_at: int | None
    other_assurance: str | None
    other_on_paper: int | None


class CountClaims(Counted, frozen=True):
    """How many claims a clerk has not looked at."""


class ClaimsOfAll(Identified, frozen=True):
    """All that somebody claims beside what stands, sealed as it is."""

    sealed: str
    at: int
    state: str
    code: str


class PetitionsClaimed(Identified, frozen=True):
    """Open petitions for which somebody claims a card beside what stands."""

    council_id: int
    code: str
