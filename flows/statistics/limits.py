"""How much may come at once, and how much an hour after that: a bucket that runs empty by itself.

A limit is written "120 + 60/h": 120 at once, and after those 60 an hour. A bucket is two moments: when it
will be empty again, and since when it has not been. Nobody is refused by one: what runs over is handled
later, or set aside for a person to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from flows.dialog.facts import Limits

_WRITTEN = re.compile(r"([0-9]{1,7}) \+ ([0-9]{1,7})/h")

#: How a limit is written, for whoever wrote it otherwise.
EXAMPLE: Final = "120 + 60/h"

HOUR_MS: Final = 60 * 60 * 1000

#: Most times that a limit may be widened while people are invited.
MOST_TIMES: Final = 1000

#: A network's burst is set aside where it is so much of what came from the open page meanwhile.
SHARE: Final = 2 / 3

#: A flood begins gently: what came from its network so long before the burst is set aside with it.
BEFORE_MS: Final = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and then so many an hour."""

    at_once: int
    an_hour: int

    def times(self, number: int) -> "Limit":
        """The same, so many times wider."""
        return Limit(self.at_once * number, self.an_hour * number)

    @property
    def step_ms(self) -> int:
        """How long one takes to run out of the bucket; ms."""
        return max(1, HOUR_MS // self.an_hour)


@dataclass(frozen=True, slots=True)
class Bucket:
    """When it will be empty, and since when it has not been; ms since 1970 UTC."""

    until: int = 0
    since: int = 0

    def over_ms(self, limit: Limit, at: int) -> int:
        """How long what came at a moment is ahead of the limit; 0 if it is within.

        What came before the burst began, by a clock that goes behind, is taken for its beginning.
        """
        return max(0, self.until - max(at, self.since) - limit.at_once * limit.step_ms)


def drawn(bucket: Bucket, limit: Limit, at: int, number: int = 1) -> Bucket:
    """The bucket after so many more have come. (The query `draw` does the same.)"""
    full = bucket.until > at
    return Bucket(
        (bucket.until if full else at) + number * limit.step_ms, bucket.since if full else at
    )


@lru_cache(maxsize=1000)
def limit(written: str) -> Limit:
    """The limit that a text means. Raises ValueError."""
    found = _WRITTEN.fullmatch(written)
    if found is None or not int(found[1]) or not int(found[2]):
        raise ValueError(
            f"is {written!r}; write it like {EXAMPLE!r}: so many at once, and so many an hour"
        )
    return Limit(int(found[1]), int(found[2]))


def problems(limits: Limits) -> Iterator[tuple[str, str]]:
    """What is wrong with a council's limits, each with its key."""
    for scope in ("network", "chat", "consultation", "council"):
        for field, written in msgspec.structs.asdict(getattr(limits, scope)).items():
            if isinstance(written, str):
                try:
                    limit(written)
                except ValueError as error:
                    yield f"limits.{scope}.{field}", str(error)
    if not 1 <= limits.invited <= MOST_TIMES:
        yield "limits.invited", f"is {limits.invited}; it must be from 1 to {MOST_TIMES}"
    if not 1 <= limits.chat.signers <= 100:
        yield "limits.chat.signers", f"is {limits.chat.signers}; it must be from 1 to 100"
