"""A clock that was set forward while the process runs: nothing is deleted or closed by it until a person has looked.

What is deleted too early is gone, and what is closed too early has told citizens so. The process compares the
wall clock with one that nobody sets; a person who finds the time right starts the process again.
"""

import functools
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from prometheus_client import Gauge

log = logging.getLogger("tachawor.clock")

#: Seconds by which the clock may be set forward.
MOST_AHEAD: Final = 3600.0

AHEAD: Final = Gauge(
    "tachawor_clock_ahead_seconds", "How far the clock was set forward since the process began."
)


def steady() -> float:
    """Seconds of a clock that nobody sets; it goes on while the machine sleeps, where there is such a one."""
    which: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if which is None else time.clock_gettime(which)


class Clock:
    """The wall clock, as far as it is to be believed."""

    def __init__(
        self, wall: Callable[[], float] = time.time, other: Callable[[], float] = steady
    ) -> None:
        self._wall, self._other = wall, other
        self._began = wall() - other()

    @property
    def ahead(self) -> float:
        """Seconds by which it was set forward since the beginning; below nought if it was set back."""
        return self._wall() - self._other() - self._began

    @property
    def believed(self) -> bool:
        """Whether what cannot be taken back may be done by it."""
        ahead = self.ahead
        AHEAD.set(ahead)
        return ahead <= MOST_AHEAD

    def guarded(
        self, job: Callable[..., Coroutine[Any, Any, object]]
    ) -> Callable[..., Coroutine[Any, Any, None]]:
        """The job, which is left out while the clock is not believed."""

        @functools.wraps(job)
        async def careful(*values: Any) -> None:
            if self.believed:
                await job(*values)
                return
            log.error(
                "the clock was set forward by %.0f minutes: nothing is deleted, closed or sent at its time. Set it "
                "right; if it is right, start the process again",
                self.ahead / 60,
            )

        return careful
