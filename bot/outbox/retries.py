"""How long a reply is tried: with pauses that grow to ten minutes, for six hours.

A try of which it is sure that nothing arrived may be repeated as often as there is time. One that
may have arrived is repeated eight times at most: a citizen may read the same answer twice, but not
all afternoon. Those repeats are spread over half an hour, so that a provider's worst minutes pass.
"""

from typing import Final

#: Seconds after the first try that failed; each wait is twice the last, up to the longest.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 600.0

#: Seconds before each repeat of a try that may have arrived; after the last there is none.
DOUBTFUL_PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 60.0, 300.0, 600.0, 600.0)

#: A reply that was written longer ago is tried once more and given up, ms.
LONGEST_MS: Final = 6 * 60 * 60 * 1000


def pause_after(tries: int) -> float:
    """Seconds to wait after so many tries, of which at least one failed and none may have arrived."""
    # Beyond ten doublings it is the longest anyway.
    return min(FIRST_PAUSE * 2.0 ** min(tries - 1, 10), LONGEST_PAUSE)


def pause_after_doubt(doubts: int) -> float | None:
    """Seconds to wait after so many tries that may have arrived; None if that was the last."""
    return DOUBTFUL_PAUSES[doubts - 1] if doubts <= len(DOUBTFUL_PAUSES) else None


def too_old(born: int, at: int) -> bool:
    """Whether a reply that was written at `born` (ms) has had its time at `at`."""
    return at - born >= LONGEST_MS
