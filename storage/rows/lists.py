"""Records of `storage/sql/lists.sql`."""

from storage.rows import CitizenList, PersonAt, Record


class KnownAddresses(PersonAt, frozen=True):
    """Which of these addresses are somebody's already."""


class ListById(CitizenList, frozen=True):
    """One list."""


class ListNamed(CitizenList, frozen=True):
    """One list."""


class ListsFor(Record, frozen=True):
    """The lists of a council, and whether a person is on each."""

    code: str
    name: str
    mine: int


class ListsOf(Record, frozen=True):
    """The lists of a council with how many are on them."""

    id: int
    code: str
    name: str
    kind: str
    made_by: str
    created_at: int
    members: int
