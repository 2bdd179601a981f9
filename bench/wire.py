"""HTTP/1.1 with as little around it as will do: neither end of a measurement may be its bottleneck.

Both ends are ours, so only what they say to each other is understood: kept-alive connections,
Content-Length, one request at a time on each connection.
"""

import asyncio
import re
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


class _Messages(asyncio.Protocol):
    """Cuts what comes in into messages: (first line and headers, body)."""

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Hand on every message that is complete."""
        self._buffer += data
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._buffer[:end]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            self.message(head, body)

    def message(self, head: bytes, body: bytes) -> None:
        """A complete message."""
        raise NotImplementedError


class Answering(_Messages):
    """The server's end of a connection: `answer(path, body, send)` sends when it likes to."""

    def __init__(self, answer: Callable[[str, bytes, Callable[[bytes], None]], None]) -> None:
        super().__init__()
        self._answer = answer

    def message(self, head: bytes, body: bytes) -> None:
        """A request."""
        path = head.split(b" ", 2)[1].decode()
        self._answer(path, body, self._send)

    def _send(self, body: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )


class _Line(_Messages):
    """The client's end of a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None

    def message(self, head: bytes, body: bytes) -> None:
        """The answer to the request under way."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody answers any more."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(exc or ConnectionResetError("closed while waiting"))


class Caller:
    """Posts JSON to one address over as many connections as there are requests at once."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._free: list[_Line] = []

    async def post(self, path: str, body: bytes, headers: str = "") -> tuple[int, bytes]:
        """Status and body of the answer. Raises OSError if there is none."""
        line = await self._line()
        line.answer = asyncio.get_running_loop().create_future()
        line.transport.write(
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{headers}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = await line.answer
        self._free.append(line)
        return answer

    async def _line(self) -> _Line:
        while self._free:
            line = self._free.pop()
            if not line.transport.is_closing():
                return line
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(_Line, self._host, self._port)
        return line

    def close(self) -> None:
        """Close the connections."""
        for line in self._free:
            line.transport.close()
        self._free.clear()
