"""Connections that only keep a place: they end, and nobody else waits for them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import connections
from bot.core.config import Config
from tests.system.conftest import served
from tests.system.running import Running, tachawor
from tests.visitor import visitor

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-"


async def opened(port: int, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which so much was said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    return reader, writer


@asynccontextmanager
async def crowd(port: int, count: int) -> AsyncIterator[None]:
    """So many connections that ask for nothing; those that are ended are opened again."""
    writers: set[asyncio.StreamWriter] = set()

    async def keeps_a_place(number: int) -> None:
        while True:
            try:
                reader, writer = await opened(port, HALF if number % 2 else b"")
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writers.add(writer)
            with contextlib.suppress(OSError):
                await reader.read()
            writers.discard(writer)
            writer.close()
            # (On a machine of two cores whoever attacks without a pause is slowed down first.)
            await asyncio.sleep(3)

    tasks = [asyncio.create_task(keeps_a_place(number)) for number in range(count)]
    try:
        async with asyncio.timeout(60):
            while len(writers) < min(count, 500):  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.05)
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.close()


async def p95(server: Running, count: int = 40) -> float:
    """How long people wait for a page, each over a connection of their own; seconds."""
    waited = []
    none_kept = httpx.Limits(max_keepalive_connections=0)
    async with visitor(base_url=server.address, limits=none_kept, timeout=20) as client:
        for _ in range(count):
            began = time.monotonic()
            assert (await client.get("/")).status_code == 200
            waited.append(time.monotonic() - began)
    return sorted(waited)[int(count * 0.95)]


async def test_half_open_connections_keep_nobody_out(tmp_path: Path) -> None:
    """1,100 of them, where a process may have 1,024 files."""
    async with tachawor(tmp_path, files=1024) as server:
        await server.get("/")
        async with crowd(server.port, 1100):
            assert await p95(server) < 1


async def test_a_request_has_so_many_seconds_to_be_there(tmp_path: Path) -> None:
    """Nothing, half a line, a byte a second, half a body: each ends."""
    async with tachawor(tmp_path) as server:
        began = time.monotonic()

        async def ends(said: bytes, drip: bytes = b"") -> float:
            reader, writer = await opened(server.port, said)
            ended = asyncio.create_task(reader.read())
            while not ended.done():
                if drip:
                    with contextlib.suppress(OSError):
                        writer.write(drip)
                await asyncio.wait([ended], timeout=1)
            with contextlib.suppress(OSError):
                ended.result()
            writer.close()
            return time.monotonic() - began

        post = b"POST /chat/send HTTP/1.1\r\nHost: localhost\r\nCookie: tachawor_chat=" + b"k" * 30
        post += b"\r\nContent-Type: application/x-www-form-urlencoded"
        post += b"\r\nContent-Length: 5000\r\n\r\nx"
        nothing, half, dripping, body = await asyncio.gather(
            ends(b""), ends(HALF), ends(HALF, b"a"), ends(post)
        )
        limit = connections.HEADER_SECONDS
        for seconds in (nothing, half, dripping):
            assert limit - 1 < seconds < limit + 3
        assert connections.IDLE_SECONDS - 1 < body < connections.IDLE_SECONDS + 3


async def test_an_answer_that_nobody_reads_ends(tmp_path: Path) -> None:
    """It is not kept in memory for ever."""
    async with tachawor(tmp_path) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1000)
        request = b"GET /static/chat.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(400):
            writer.write(request)
        began = time.monotonic()
        with contextlib.suppress(OSError):
            async with asyncio.timeout(connections.IDLE_SECONDS + 15):
                while True:
                    await asyncio.sleep(1)
                    writer.write(request)
                    await writer.drain()
        assert time.monotonic() - began < connections.IDLE_SECONDS + 10
        writer.transport.abort()


@pytest.mark.parametrize("working", [20, 19])
async def test_where_all_are_at_work_one_more_is_told_to_come_again(
    tmp_path: Path, working: int
) -> None:
    """Where one of them has said nothing, it goes instead."""
    async with tachawor(tmp_path, files=connections.OTHER_FILES + 20) as server:
        polls = b"GET /chat/messages?wait=1&after=0 HTTP/1.1\r\nHost: localhost\r\n"
        polls += b"Cookie: tachawor_chat=" + b"k" * 30 + b"\r\n\r\n"
        # Let the connections of the beginning end.
        await asyncio.sleep(1)
        held = [await opened(server.port, polls) for _ in range(working)]
        held += [await opened(server.port, b"") for _ in range(20 - working)]
        await asyncio.sleep(0.5)
        one = await opened(server.port, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        line = await asyncio.wait_for(one[0].readline(), 10)
        assert line.startswith(b"HTTP/1.1 503" if working == 20 else b"HTTP/1.1 200")
        for _, writer in (*held, one):
            writer.close()


async def test_a_body_has_so_many_seconds_in_all(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However steadily it drips."""
    monkeypatch.setattr(connections, "BODY_SECONDS", 3.0)
    async with served(config) as (_, address):
        head = b"POST /chat/send HTTP/1.1\r\nHost: localhost\r\nCookie: tachawor_chat=" + b"k" * 30
        head += (
            b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n"
        )
        reader, writer = await opened(int(address.rpartition(":")[2]), head)
        began = time.monotonic()
        ended = asyncio.create_task(reader.read())
        while not ended.done():
            with contextlib.suppress(OSError):
                writer.write(b"x")
            await asyncio.wait([ended], timeout=0.2)
        assert 2.5 < time.monotonic() - began < 60
        with contextlib.suppress(OSError):
            ended.result()
        writer.close()
