"""Who serves from a database: one process from a file, any number from PostgreSQL."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import StorageError
from storage.opening import open_storage

HOLDER = """
import asyncio, sys
from storage.opening import open_storage

async def hold():
    storage = await open_storage(sys.argv[1])
    with storage.claim():
        print("held", flush=True)
        sys.stdin.read()

asyncio.run(hold())
"""


async def test_a_second_process_on_the_same_file_is_refused_and_told_what_to_do(
    tmp_path: Path,
) -> None:
    """Until the first one is gone, however it went."""
    url = f"sqlite:///{tmp_path}/a.sqlite"
    holder = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", HOLDER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    storage = await open_storage(url)
    with pytest.raises(StorageError, match=r"another process serves from .*PostgreSQL"):
        storage.claim().__enter__()
    holder.kill()
    holder.communicate()
    with storage.claim():
        pass
    await storage.close()


async def test_any_number_may_serve_from_postgresql(fresh_postgresql: str) -> None:
    """Each with what is its own."""
    one, other = await open_storage(fresh_postgresql), await open_storage(fresh_postgresql)
    with one.claim(), other.claim():
        pass
    await one.close()
    await other.close()
