"""How fast broadcasts may leave: what replies leave over of a provider's rate."""

#: Seconds of its rate that a pace may save up.
SAVED = 0.5

#: A pace that was slowed down grows again by this share of its limit a second.
REGAINED = 0.005

#: The share of the rate that broadcasts have, however many replies there are.
KEPT = 0.2

#: The slowest pace, as a share of the limit.
SLOWEST = 1 / 32


class RateLimit:
    """A token bucket that replies draw on without asking, and broadcasts as far as it goes.

    `limit` is the most messages a second that one account sends. After the provider said "too
    many", broadcasts go at half the pace, and win it back slowly. Times are in seconds, of any
    clock that only runs forward.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.rate = limit
        self._room = 0.0
        self._replies = 0.0
        self._at: float | None = None

    def replied(self) -> None:
        """A reply went out: broadcasts have that much less room, but never none."""
        self._replies += 1

    def take(self, now: float, most: int) -> int:
        """How many messages of broadcasts may go now, `most` at most; they count as gone."""
        if self._at is not None:
            passed = max(now - self._at, 0.0)
            self.rate = min(self.limit, self.rate + passed * self.limit * REGAINED)
            grown = passed * self.rate
            used = min(self._replies, grown * (1 - KEPT))
            # No more than a second's worth of replies is remembered.
            self._replies = min(self._replies - used, self.limit)
            self._room = min(self._room + grown - used, self.rate * SAVED)
        self._at = now
        taken = int(max(0.0, min(self._room, most)))
        self._room -= taken
        return taken

    def give_back(self, number: int) -> None:
        """So many of those taken did not go after all."""
        self._room += number

    def share(self, limit: float, between: int) -> None:
        """So many processes share the limit from now on."""
        share = limit / between
        self.rate *= share / self.limit
        self.limit = share

    def slow_down(self) -> None:
        """The provider has had too many."""
        self.rate = max(self.rate / 2, self.limit * SLOWEST)
        self._room = min(self._room, 0.0)
