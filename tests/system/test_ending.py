"""The word to end is the end, within ten seconds, whatever hangs."""

import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from bot.app import ending
from tests.system.running import tachawor
from tests.visitor import visitor

#: What service managers and containers give a process at the least.
GIVEN = 10.0


async def test_a_process_at_rest_ends_at_once(tmp_path: Path) -> None:
    async with tachawor(tmp_path) as server:
        began = time.monotonic()
        server.tell()
        assert await server.ended(GIVEN) == 0
        assert time.monotonic() - began < GIVEN


@pytest.mark.parametrize("hung", ["database", "long polls"])
async def test_a_process_in_which_something_hangs_ends_in_time(tmp_path: Path, hung: str) -> None:
    """What was not answered was not acknowledged: nothing is lost by it."""
    async with (
        tachawor(tmp_path) as server,
        visitor(base_url=server.address, timeout=60) as client,
    ):
        await client.get("/")
        other = sqlite3.connect(tmp_path / "data/test.sqlite", isolation_level=None)
        if hung == "database":
            other.execute("BEGIN IMMEDIATE")
            asking = [client.post("/chat/send", data={"id": "some-id-1", "text": "salam"})]
        else:
            asking = [client.get("/chat/messages?wait=1&after=0") for _ in range(30)]
        tasks = [asyncio.create_task(one) for one in asking]
        await asyncio.sleep(1)
        began = time.monotonic()
        server.tell()
        assert await server.ended(GIVEN + 5) == 0
        assert time.monotonic() - began < GIVEN
        for task in tasks:
            with contextlib.suppress(httpx.HTTPError):
                assert (await task).status_code in (200, 503, 500)
        other.close()
    assert ending.SECONDS < GIVEN
