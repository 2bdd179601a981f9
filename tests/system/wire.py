"""A telephone's network, which goes and comes.

A browser can be told to be without one; but a page that is opened again, or the worker behind it, is told late on a
busy machine, and sends. So the bytes go through here, and nothing passes while the network is gone.
"""

import asyncio
import contextlib
from typing import Self
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext


class Wire:
    """Passes bytes between one browser and the server at an address."""

    def __init__(self, server: str) -> None:
        self._port = urlsplit(server).port
        self._listening: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._there = True

    @property
    def address(self) -> str:
        """What the browser calls."""
        assert self._listening is not None
        return f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._listening is not None
        self._cut()
        self._listening.close()

    async def goes(self, context: BrowserContext) -> None:
        """The network is gone."""
        self._there = False
        self._cut()
        await context.set_offline(True)

    async def comes(self, context: BrowserContext) -> None:
        """The network is there, and the browser is told."""
        self._there = True
        await context.set_offline(False)

    def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._there:
            writer.transport.abort()
            return
        there, to = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, to}
        await asyncio.gather(_pass(reader, to), _pass(there, writer))
        self._open -= {writer, to}


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
