"""What the process says of itself: a line for a person at a terminal, JSON for whoever collects it.

No line has personal data: our own messages name numbers and kinds of errors, and of an exception only its kind
and its place are written, for its message may repeat what somebody wrote.
"""

import functools
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final

from storage.database import Unavailable

log = logging.getLogger("tachawor.serving")

#: Seconds within which a line that says the same with other figures is counted instead of said again.
QUIET_SECONDS: Final = 60.0


class Once(logging.Filter):
    """Lets a warning through once in `QUIET_SECONDS`, and says with the next how many it stood for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        #: What is said -> when it was, and how often since.
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is said."""
        if record.levelno < logging.WARNING:
            return True
        key, now = (record.name, str(record.msg)), self._clock()
        at, more = self._said.get(key, (-QUIET_SECONDS, 0))
        if now - at < QUIET_SECONDS:
            self._said[key] = (at, more + 1)
            return False
        self._said[key] = (now, 0)
        record.more = more
        return True


class Plain(logging.Formatter):
    """A line, and the place of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        trace = _trace(record)
        lines = [f"{at} {record.levelname} {record.name}: {_said(record)}", *trace]
        return "\n".join(lines)


class Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        about: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "from": record.name,
            "said": _said(record),
        }
        trace = _trace(record)
        if trace:
            about["trace"] = trace
        return json.dumps(about, ensure_ascii=False)


def set_up(*, verbose: bool) -> None:
    """Say what happens on the error stream: warnings, and with `verbose` what our own rooms do."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain() if sys.stderr.isatty() else Json())
    handler.addFilter(Once())
    # Libraries say at lower levels whom they call with what; nobody's number belongs into a log.
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("tachawor").setLevel(logging.INFO if verbose else logging.WARNING)


def calm(
    job: Callable[..., Coroutine[Any, Any, object]],
) -> Callable[..., Coroutine[Any, Any, None]]:
    """The job, which a database that does not work costs a line in the log, and its next turn waits."""

    @functools.wraps(job)
    async def calmly(*values: Any) -> None:
        try:
            await job(*values)
        except Unavailable as error:
            log.warning("%s: %s", job.__name__, error)

    return calmly


def _said(record: logging.LogRecord) -> str:
    more = getattr(record, "more", 0)
    return record.getMessage() + (f" (and {more} more like it)" if more else "")


def _trace(record: logging.LogRecord) -> list[str]:
    if not record.exc_info or record.exc_info[0] is None:
        return []
    places = [
        f"{place.filename}:{place.lineno} {place.name}"
        for place in traceback.extract_tb(record.exc_info[2])
    ]
    return [record.exc_info[0].__name__, *places]
