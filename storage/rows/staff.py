"""Records of `storage/sql/staff.sql`."""

from storage.rows import Counted, Identified, Record, StoredApproval


class Approval(StoredApproval, frozen=True):
    """One such request."""


class ApprovalsOf(StoredApproval, frozen=True):
    """The requests of a council that wait, and those of late."""


class AuditActions(Record, frozen=True):
    """The sorts of things that staff of a council did, and who did anything."""

    action: str
    actor: str


class AuditBetween(Record, frozen=True):
    """Some of a council's log, the oldest first."""

    id: int
    actor: str
    action: str
    object: str
    detail: str
    at: int


class AuditOf(Record, frozen=True):
    """What staff of a council did, newest first; by one of them, or of one sort, if asked."""

    id: int
    actor: str
    action: str
    object: str
    detail: str
    at: int


class BrowserOf(Record, frozen=True):
    """Who signed in last in a browser."""

    staff_id: int


class ChainedTo(Record, frozen=True):
    """The councils whose log does not stand in their ledger up to a row yet, and up to where it does."""

    council_id: int
    up_to: int


class CountRecoveryCodes(Counted, frozen=True):
    """How many are left."""


class CountSignInAsks(Counted, frozen=True):
    """How many links were asked for from a network of late."""


class CountSignIns(Counted, frozen=True):
    """How many links of a member are open that one browser asked for."""


class DecideApproval(Identified, frozen=True):
    """The second person's word; nothing comes back if the two are one, or it was decided already."""

    council_id: int
    what: str
    digest: str


class KeepChained(Record, frozen=True):
    """It does now; nothing comes back if another process was faster."""

    council_id: int


class LastLedgerEntry(Record, frozen=True):
    """The head of a council's ledger."""

    number: int
    head: str


class LedgerHeadBefore(Record, frozen=True):
    """The head that a council's ledger had at a moment."""

    head: str


class LedgerOf(Record, frozen=True):
    """A council's ledger from its beginning."""

    number: int
    entry: str
    head: str
    at: int


class LockLedger(Identified, frozen=True):
    """A council, whose ledger nobody else adds to until the end of the transaction (where others write
    beside us).
    """


class LockStaff(Identified, frozen=True):
    """Who works for a council, held until the end of the transaction (where others write beside
    us).
    """


class SecondFactor(Record, frozen=True):
    """A member's second factor, on or not yet."""

    staff_id: int
    sealed: str
    last_step: int
    tries: int
    tried_at: int
    confirmed_at: int | None


class Session(Record, frozen=True):
    """Who is signed in with this cookie, if it is neither too old nor idle for too long."""

    staff_id: int
    name: str
    role: str
    council_id: int
    council: str
    seen_at: int
    proven_at: int | None
    confirmed_at: int | None


class SignIn(Record, frozen=True):
    """A one-time link, good or not."""

    staff_id: int
    expires_at: int
    used_at: int | None
    browser: str | None


class SignInsOfBrowser(Record, frozen=True):
    """The codes that may be typed in a browser now."""

    digest: str
    staff_id: int
    code: str | None


class SentAloneOn(Counted, frozen=True):
    """How many are written to on a day without a second person."""


class StaffTies(Record, frozen=True):
    """Who let whom in of late."""

    one_id: int
    other_id: int


class StaffById(Record, frozen=True):
    """A member of staff."""

    id: int
    council_id: int
    name: str
    role: str
    state: str


class ChatsToldOfDanger(Identified, frozen=True):
    """The chats of members of staff who are told at once, each the one used last: those named, else
    all of these roles.
    """

    name: str
    person_id: int
    language: str | None
    channel: str
    account: str
    address: str
    last_in_at: int


class StaffChat(Record, frozen=True):
    """The chat of a member of staff: the one used last."""

    id: int
    person_id: int | None
    language: str | None
    channel: str
    account: str
    address: str
    last_in_at: int


class StaffInChat(Record, frozen=True):
    """Who of the staff uses this chat."""

    id: int
    council_id: int
    name: str
    role: str


class StaffMember(Record, frozen=True):
    """A member of staff by name."""

    id: int
    name: str
    role: str
    state: str


class StaffOf(Record, frozen=True):
    """Who works for a council, and when they were here last."""

    id: int
    name: str
    role: str
    state: str
    created_at: int
    has_chat: bool
    seen_at: int | None
    has_factor: bool


class UseApproval(Record, frozen=True):
    """Use a second person's word up, if there is a fresh one for just this."""

    id: int
    council_id: int
    decided_by: int | None


class UseRecoveryCode(Record, frozen=True):
    """Use one; nothing comes back if it is none, or was used."""

    staff_id: int


class UseStep(Record, frozen=True):
    """A code was right; nothing comes back if it, or a later one, was used."""

    staff_id: int


class UseSignIn(Record, frozen=True):
    """Use a one-time link up; nothing comes back if it is unknown, used or too old."""

    staff_id: int


class WaitingApproval(Identified, frozen=True):
    """Whether the same was asked for already and waits."""
