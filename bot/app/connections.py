"""Connections that people wait on, and those that only keep a place: these end, or make room.

no request yet     HEADER_SECONDS, from its first byte or from the beginning
a body that stops  IDLE_SECONDS without a byte; BODY_SECONDS in all
an answer unread   IDLE_SECONDS
too many           the oldest that has said nothing goes; where all are at work, the new one is told to come again
"""

import asyncio
import contextlib
import functools
import sys
from collections.abc import Callable
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds until a request's first line and headers are there.
HEADER_SECONDS: Final = 10.0

#: Seconds for which nothing of a body comes, or of an answer is read.
IDLE_SECONDS: Final = 20.0

#: Seconds that a body may take: a photo over a poor line.
BODY_SECONDS: Final = 600.0

#: Most connections at once, and how many files are left to everything else.
MOST: Final = 4000
OTHER_FILES: Final = 300

BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def most_connections() -> int:
    """How many there may be, after asking the system for as many files as it gives."""
    if sys.platform == "win32":
        return MOST
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + OTHER_FILES
    if soft < wanted and (hard == resource.RLIM_INFINITY or hard > soft):
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(MOST, max(soft - OTHER_FILES, 20))


def protocol() -> type[asyncio.Protocol]:
    """What uvicorn makes for each connection of one server."""
    return cast("type[asyncio.Protocol]", functools.partial(Connection, Crowd(most_connections())))


class Crowd:
    """The connections of a server; those without a request, the oldest first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: set[Connection] = set()
        self._silent: dict[Connection, None] = {}

    def comes(self, connection: "Connection") -> bool:
        """Take one more in, for which the oldest silent one may have to go. False if there is no room."""
        if len(self._all) >= self._most:
            oldest = next(iter(self._silent), None)
            if oldest is None:
                return False
            self.leaves(oldest)
            oldest.transport.abort()
        self._all.add(connection)
        return True

    def silent(self, connection: "Connection") -> None:
        """It has no request just now."""
        if connection in self._all:
            self._silent[connection] = None

    def speaks(self, connection: "Connection") -> None:
        """Its request is there."""
        self._silent.pop(connection, None)

    def leaves(self, connection: "Connection") -> None:
        """It is over."""
        self._all.discard(connection)
        self._silent.pop(connection, None)


class Connection(HttpToolsProtocol):
    """One connection, with its patience."""

    def __init__(self, crowd: Crowd, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._crowd = crowd
        self._timer: asyncio.TimerHandle | None = None
        self._blocked: asyncio.TimerHandle | None = None
        self._body_until: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        if not self._crowd.comes(self):
            transport.write(BUSY)
            transport.close()
            return
        self._crowd.silent(self)
        self._end_in(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._end_in(None)
        self._unblocked()
        self._crowd.leaves(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something has come."""
        if self._body_until is not None:
            left = self._body_until - self.loop.time()
            self._end_in(min(IDLE_SECONDS, max(left, 0.0)))
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._end_in(HEADER_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """What is asked for is known."""
        self._crowd.speaks(self)
        self._body_until = self.loop.time() + BODY_SECONDS
        self._end_in(IDLE_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole; from here on it is we who are waited for."""
        self._body_until = None
        self._end_in(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered; the next request may come."""
        if self._body_until is None:
            self._crowd.silent(self)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Nobody reads what we answer."""
        super().pause_writing()
        self._blocked = self.loop.call_later(IDLE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """They read on."""
        self._unblocked()
        super().resume_writing()

    def _unblocked(self) -> None:
        if self._blocked is not None:
            self._blocked.cancel()
            self._blocked = None

    def _end_in(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._over)

    def _over(self) -> None:
        reading: Callable[[], bool] = self.transport.is_reading
        if self._body_until is not None and not reading() and self._body_until > self.loop.time():
            # It is we who do not read on.
            self._end_in(IDLE_SECONDS)
            return
        self.transport.abort()
