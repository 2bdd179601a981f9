"""Records of `queries.sql`."""

from storage.rows import Record


class SeatOf(Record, frozen=True):
    """How somebody stands, and how many wait before them."""

    id: int
    state: str
    code: str
    since: int
    until: int
    unsure: int
    before: int


class SeatsByState(Record, frozen=True):
    """How many places are in a state, how many of those people were there, how many may not come any more."""

    state: str
    n: int
    present: int
    unsure: int


class ToldOf(Record, frozen=True):
    """What was told of a meeting's place and end (JSON), and how often that changed."""

    told: str
    moves: int


class OthersAt(Record, frozen=True):
    """How many came who had not signed up: typed on the desk, and noted by telephones."""

    others: int
    noted: int


class FirstWaiting(Record, frozen=True):
    """Who has waited longest."""

    id: int
    person_id: int


class LateOffer(Record, frozen=True):
    """A place that was offered and not taken in time."""

    id: int


class SeatByCode(Record, frozen=True):
    """Whose place a code is; when they were there; the word of their ticket, "" where none was made."""

    id: int
    present_at: int | None
    ticket: str


class TicketOf(Record, frozen=True):
    """The word of somebody's ticket."""

    ticket: str


class TicketsOf(Record, frozen=True):
    """The word of somebody's ticket."""

    ticket: str


class TicketsOver(Record, frozen=True):
    """The word of a ticket that is of no use any more."""

    id: int
    ticket: str


class ToRemind(Record, frozen=True):
    """Who is to be reminded."""

    id: int
    person_id: int
    code: str
    ticket: str


class OtherSeatsOf(Record, frozen=True):
    """Another meeting at which somebody has a place, or waits for one."""

    code: str
    council_id: int
    kind: str
    definition: str


class ToTellMoved(Record, frozen=True):
    """Who was told another beginning."""

    id: int
    person_id: int
    state: str


class ToTellOff(Record, frozen=True):
    """Who still counts on a meeting that will not be."""

    id: int
    person_id: int


class ToTellOn(Record, frozen=True):
    """Who was told that a meeting will not be which is to be all the same, and since when they counted on it."""

    id: int
    person_id: int
    state: str
    since: int


class MeetingsOn(Record, frozen=True):
    """A meeting to which somebody has signed up."""

    id: int


class CodesOf(Record, frozen=True):
    """The code of somebody who has a place."""

    code: str


class AllSeatsOf(Record, frozen=True):
    """A meeting that somebody signed up to."""

    consultation: str
    state: str
    code: str
    since: int
    present_at: int | None


class Groupable(Record, frozen=True):
    """Who is put into a group, with what they told of themselves ("" where nothing)."""

    id: int
    code: str
    gender: str
    age: str
    body: str


class GroupingsOf(Record, frozen=True):
    """How groups were made for an item, "" for the whole meeting; since when people are told theirs."""

    item: str
    seed: str
    groups_made: int
    made_at: int
    told_at: int | None


class GroupsOf(Record, frozen=True):
    """Somebody's group; the one that they were told, 0 for none."""

    seat_id: int
    code: str
    item: str
    number: int
    by_hand: int
    told: int


class GroupsTold(Record, frozen=True):
    """Somebody's group, as far as people are told theirs."""

    item: str
    number: int
    told: int


class ToTellGroups(Record, frozen=True):
    """Who has another group than they were told."""

    id: int
    person_id: int


class OutcomeOf(Record, frozen=True):
    """What staff wrote of what came of a meeting (JSON); since when it is told."""

    body: str
    told_at: int | None


class OutcomesTold(Record, frozen=True):
    """What came of a meeting (JSON), by its id and code."""

    id: int
    code: str
    body: str


class ChatsThere(Record, frozen=True):
    """Who was there, and their chat."""

    person_id: int
    channel: str
    account: str
    address: str


class ToTellOutcome(Record, frozen=True):
    """Who was there and was not told yet."""

    id: int
    person_id: int


class PhonesOf(Record, frozen=True):
    """A telephone at the door: who has it, who let it in, when it was heard of last."""

    id: int
    name: str
    made_by: str
    made_at: int
    heard_at: int | None
    ended_at: int | None


class PhoneByDigest(Record, frozen=True):
    """Whose link it is, and for which meeting."""

    id: int
    consultation_id: int
    name: str
    made_by: str
    ended_at: int | None


class NoteWalkIn(Record, frozen=True):
    """What was written down just now."""

    id: int


class WalkInsOf(Record, frozen=True):
    """Somebody who came without having signed up; the name is sealed, "" without one."""

    id: int
    entry: str
    name: str
    came_at: int
    phone: str


class WalkInDue(Record, frozen=True):
    """A name whose time is over."""

    id: int


class ThereOf(Record, frozen=True):
    """A code at the door, and when its person came."""

    code: str
    present_at: int | None


class PhotosOf(Record, frozen=True):
    """A photo of what came of a meeting."""

    id: int
    name: str
    hidden: int


class PhotosPublic(Record, frozen=True):
    """A photo that everybody may see."""

    name: str
