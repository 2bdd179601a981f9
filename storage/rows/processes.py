"""Records of `storage/sql/processes.sql`."""

from storage.rows import Counted, Identified, Record


class Clock(Record, frozen=True):
    """The moment by the database's clock, ms since 1970 UTC."""

    at: int


class Beat(Identified, frozen=True):
    """This process is there; nothing comes back if it was given up meanwhile."""


class Living(Counted, frozen=True):
    """How many processes serve now."""


class GiveUpPushes(Identified, frozen=True):
    """What a process that is no more was sending of broadcasts may have gone: it is not sent again."""


class Wake(Identified, frozen=True):
    """Tell the other processes that there is something for them."""
