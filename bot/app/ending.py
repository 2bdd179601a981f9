"""The end of the process: within seconds, whatever hangs. All that matters is in the database already."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn

log = logging.getLogger("tachawor.serving")

#: Seconds between the word to end and the end. (Service managers kill after ten, at the least.)
SECONDS: Final = 8.0


def begin() -> None:
    """End the process in `SECONDS` if it has not ended by itself: it is restarted from what is stored."""
    late = threading.Timer(SECONDS, _end)
    late.daemon = True
    late.start()


def _end() -> None:
    log.warning("something did not end within %.0f s; the process ends without it", SECONDS)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


class Server(uvicorn.Server):
    """uvicorn's server, which ends in time."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Somebody ends us."""
        begin()
        super().handle_exit(sig, frame)


def on_word(told: Callable[[], object]) -> None:
    """Have SIGINT and SIGTERM call `told`, and end the process in time."""

    def heard(number: int, frame: FrameType | None) -> None:
        begin()
        told()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heard)
