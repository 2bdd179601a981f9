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


# ---------------------------------------------------------------------- numbers that a council gave out


class RollByCode(Record, frozen=True):
    """A council's roll."""

    id: int
    code: str
    name: str


class RollsOf(Record, frozen=True):
    """A council's roll, and how many numbers are on it."""

    id: int
    code: str
    name: str
    numbers: int


class NumberOnRoll(Record, frozen=True):
    """A number that is on a roll."""

    there: int


class MarkOf(Record, frozen=True):
    """Whether a number was used."""

    used: int


class UseMark(Record, frozen=True):
    """A number that was used just now."""

    used: int


class Admitted(Record, frozen=True):
    """Somebody who may take part."""

    there: int
