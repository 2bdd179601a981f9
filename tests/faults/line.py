"""A line to PostgreSQL that can be cut, swallow everything, or lose the answer to a COMMIT.

async with Line(url) as line:
    app = await open_app(config_in(folder, line.url))
    line.cut()            every connection breaks, and no new one is taken
    line.swallow()        nothing passes any more, in either direction; nobody is told
    line.lose_commits(1)  the next COMMIT is done, and the line breaks before its answer
    line.heal()
"""

import asyncio
import contextlib
from typing import Self
from urllib.parse import parse_qs, urlsplit


class Line:
    """Passes bytes between whoever connects to `url` and the server at the address it is made with."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._socket = parse_qs(parts.query)["host"][0]
        self._name = parts.path.lstrip("/")
        self._user = parts.username or "postgres"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._refusing = False
        self._commits = 0
        #: Set when one is lost.
        self.losing = asyncio.Event()
        #: COMMITs whose answers were lost.
        self.lost = 0

    @property
    def url(self) -> str:
        """The address to connect to."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"postgresql://{self._user}@127.0.0.1:{port}/{self._name}?sslmode=disable"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        assert self._server is not None
        self._server.close()

    def cut(self) -> None:
        """Break every connection, and take no new one."""
        self._refusing = True
        for writer in list(self._open):
            writer.transport.abort()

    def swallow(self) -> None:
        """Let nothing pass, and tell nobody."""
        self._passing.clear()

    def lose_commits(self, number: int) -> None:
        """Lose the answers to the next COMMITs."""
        self._commits = number

    def heal(self) -> None:
        """Work again; what was swallowed stays lost."""
        if not self._passing.is_set():
            for writer in list(self._open):
                writer.transport.abort()
        self._refusing = False
        self._passing.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            writer.transport.abort()
            return
        await self._passing.wait()
        there, to = await asyncio.open_unix_connection(f"{self._socket}/.s.PGSQL.5432")
        self._open |= {writer, to}
        asked = asyncio.create_task(self._pass(reader, to, asking=True, back=writer))
        told = asyncio.create_task(self._pass(there, writer, asking=False, back=to))
        await asyncio.wait({asked, told}, return_when=asyncio.FIRST_COMPLETED)
        for task in (asked, told):
            task.cancel()
        for end in (writer, to):
            self._open.discard(end)
            end.transport.abort()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        asking: bool,
        back: asyncio.StreamWriter,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._passing.wait()
                losing = asking and self._commits > 0 and b"COMMIT" in data
                if losing:
                    self._commits -= 1
                    self.lost += 1
                    self.losing.set()
                    # Whoever asked hears nothing of what is done now.
                    back.transport.abort()
                writer.write(data)
                await writer.drain()
                if losing:
                    await asyncio.sleep(0.2)
                    return
