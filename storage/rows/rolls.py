"""Records of `sql/rolls.sql`."""

from storage.rows import Record


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
