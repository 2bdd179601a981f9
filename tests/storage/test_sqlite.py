"""What is peculiar to SQLite: writes wait for the next read or the COMMIT."""

import sqlite3
from pathlib import Path

import pytest

from storage.opening import open_storage


async def test_a_write_is_seen_by_the_next_read_of_its_transaction(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path}/test.sqlite")
    await storage.migrate()
    async with storage.transaction() as tx:
        await tx.run("save_facts", hash="one", body="{}")
        assert await tx.row("facts_of", hash="one") is not None
    await storage.close()


async def test_a_write_that_fails_at_the_commit_takes_all_others_back(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path}/test.sqlite")
    await storage.migrate()

    async def write() -> None:
        async with storage.transaction() as tx:
            await tx.run("save_facts", hash="one", body="{}")
            await tx.run("save_facts", hash="two", body=None)

    with pytest.raises(sqlite3.IntegrityError):
        await write()
    async with storage.transaction() as tx:
        assert await tx.row("facts_of", hash="one") is None
        await tx.run("save_facts", hash="three", body="{}")
    async with storage.reading() as tx:
        assert await tx.row("facts_of", hash="three") is not None
    await storage.close()
