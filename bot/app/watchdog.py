"""Sees that the process still listens, from a thread of its own, and does something about it.

The loop is asked every second whether it is there. Where it does not answer, and works all the time:

    after 10 s   the handler that spins is interrupted (`bot.inbox.deadline.interrupt`): its message is put aside
    after 20 s   it would not be interrupted: the process begins anew in its own place, under the same number

What counts is the processor's time, not the clock's: a machine that was asleep is no fault of a handler. Where
the loop waits and does not work (for a file, a lock), six times as much is allowed.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator

import msgspec

from bot.channels.port import Arrival
from bot.inbox import deadline

log = logging.getLogger("tachawor.watchdog")

#: Seconds between two questions to the loop.
ASK_SECONDS = 1.0

#: Seconds of work without an answer until the handler is interrupted, and until the process begins anew.
INTERRUPT_SECONDS = 10.0
REPLACE_SECONDS = 20.0

#: How much longer it may take if the loop only waits.
PATIENCE = 6

#: Names the file, in memory, with the message that was being handled when the process began anew.
STUCK = "TACHAWOR_STUCK"


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Watch over the running loop, which is the main thread's, where the system can do it."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGUSR1, lambda _, __: deadline.interrupt())
    dog = Watchdog(asyncio.get_running_loop())
    dog.start()
    try:
        yield
    finally:
        dog.end()
        signal.signal(signal.SIGUSR1, before)


class Watchdog:
    """Watches over one loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        replace: Callable[[Arrival | None], None] | None = None,
    ) -> None:
        self._loop = loop
        self._replace = replace or begin_anew
        self._watched = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._watched)
        self._over = threading.Event()
        self._answered = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        worked, waited = time.clock_gettime(self._clock), time.monotonic()
        interrupted = False
        self._ask()
        while not self._over.wait(ASK_SECONDS):
            if self._answered.is_set():
                worked, waited = time.clock_gettime(self._clock), time.monotonic()
                interrupted = False
                self._ask()
                continue
            spent = max(
                time.clock_gettime(self._clock) - worked, (time.monotonic() - waited) / PATIENCE
            )
            if spent >= INTERRUPT_SECONDS and not interrupted:
                interrupted = True
                self._tell("a handler is interrupted")
                signal.pthread_kill(self._watched, signal.SIGUSR1)
            elif spent >= REPLACE_SECONDS:
                self._tell("the process begins anew")
                self._replace(deadline.handled_by(self._loop))

    def _ask(self) -> None:
        self._answered.clear()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._answered.set)

    def _tell(self, what: str) -> None:
        """Say where it hangs: the lines of code only, no values."""
        frame = sys._current_frames().get(self._watched)  # what faulthandler shows, too
        where = "".join(traceback.format_stack(frame)[-12:]) if frame is not None else ""
        log.error("nothing else gets its turn; %s:\n%s", what, where)


def begin_anew(stuck: Arrival | None) -> None:
    """Become the same program again, in the same process, which holds nothing of what it held."""
    if stuck is not None and hasattr(os, "memfd_create"):
        # What somebody wrote belongs in no file.
        file = os.memfd_create("stuck", 0)
        os.write(file, msgspec.json.encode(stuck))
        os.environ[STUCK] = str(file)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # the same command


def stuck() -> Arrival | None:
    """The message at which this process hung before it began anew, if there is one; asked once."""
    number = os.environ.pop(STUCK, "")
    if not number.isdecimal():
        return None
    try:
        with os.fdopen(int(number), "rb") as file:
            file.seek(0)
            return msgspec.json.decode(file.read(), type=Arrival)
    except (OSError, msgspec.MsgspecError):
        return None
