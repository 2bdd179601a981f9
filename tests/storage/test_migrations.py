"""A database of any earlier version, with rows in every table of it, becomes what a fresh one is."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from bot.app.build import kind_folders
from storage.database import Storage
from storage.opening import open_storage
from storage.queries import migrations, migrations_in
from storage.tables import LEFT_OUT, rows_of

NAMES = [name for name, _ in (*migrations(), *migrations_in(kind_folders()))]

#: What is read as JSON by a migration.
FITTING = {"rows": "[]", "media": "[]", "body": "{}", "definition": "{}"}


@asynccontextmanager
async def opened(url: str, folders: Sequence[Path] = kind_folders()) -> AsyncIterator[Storage]:
    storage = await open_storage(url, folders)
    try:
        yield storage
    finally:
        await storage.close()


def fill(path: Path, number: int) -> None:
    """A row in every table, as the tables are now, or the row of before; what is referred to is there."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA foreign_keys = ON")
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        left = [name for (name,) in base.execute(names) if name not in LEFT_OUT]
        while left:
            before = len(left)
            for table in list(left):
                if _insert(base, table, number):
                    left.remove(table)
            assert len(left) < before, f"nothing can be written into {left}"


def _insert(base: sqlite3.Connection, table: str, number: int) -> bool:
    parents = {
        row[3]: (row[2], row[4]) for row in base.execute(f"PRAGMA foreign_key_list({table})")
    }
    values: dict[str, object] = {}
    for _, name, kind, needed, usual, key in base.execute(f"PRAGMA table_info({table})"):
        if name in parents:
            parent, column = parents[name]
            found = base.execute(
                f"SELECT {column or 'rowid'} FROM {parent} ORDER BY rowid DESC"
            ).fetchone()
            if found is None and needed:
                return False
            values[name] = found and found[0]
        elif usual is None and (needed or key):
            text = kind.upper() == "TEXT"
            values[name] = FITTING.get(name, f"{name} {number}") if text else number
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    base.execute(
        f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", list(values.values())
    )
    return base.execute(f"SELECT 1 FROM {table}").fetchone() is not None


def shape(path: Path) -> dict[str, object]:
    """Every column of every table, and every index, of an SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as base:
        names = base.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY name")
        return {
            name: base.execute(
                f"PRAGMA {'table' if kind == 'table' else 'index'}_info({name})"
            ).fetchall()
            for kind, name, _ in names
        }


async def server_shape(url: str) -> dict[str, object]:
    """The same of PostgreSQL."""
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        indexes = await connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
        )
        keys = await connection.fetch(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
        )
    finally:
        await connection.close()
    return {
        "columns": [tuple(row) for row in columns],
        "indexes": [tuple(row) for row in indexes],
        "keys": [tuple(row) for row in keys],
    }


async def contents(storage: Storage, folder: Path) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """Every row of every table, whatever the order."""
    folder.mkdir()
    tables = await storage.dump(folder)
    return {
        name: sorted(
            tuple(
                sorted(
                    (column, repr(value)) for column, value in zip(table.columns, row, strict=True)
                )
            )
            for row in rows_of(folder, name)
        )
        for name, table in tables.items()
    }


@pytest.mark.unmigrated
async def test_every_version_with_rows_in_it_becomes_what_a_fresh_one_is(tmp_path: Path) -> None:
    """One migration after the other, with a row in each table before each of them: none is lost."""
    old, fresh = tmp_path / "old.sqlite", tmp_path / "fresh.sqlite"
    async with opened(f"sqlite:///{fresh}") as storage:
        assert await storage.migrate() == NAMES
    for number, _ in enumerate(NAMES, 1):
        async with opened(f"sqlite:///{old}") as storage:
            before = await contents(storage, tmp_path / f"before {number}") if number > 1 else {}
            await storage.migrate(NAMES[:number])
            after = await contents(storage, tmp_path / f"after {number}")
        for table, rows in before.items():
            assert len(after.get(table, [])) >= len(rows), f"{NAMES[number - 1]} loses {table}"
        fill(old, number)
    assert shape(old) == shape(fresh)
    async with opened(f"sqlite:///{old}") as storage:
        await storage.examine()


@pytest.mark.unmigrated
@pytest.mark.parametrize("version", [1, 2 * len(NAMES) // 3])
async def test_both_databases_make_the_same_of_an_earlier_version(
    tmp_path: Path, version: int, fresh_postgresql: str
) -> None:
    """Its rows are the same afterwards, and PostgreSQL is as if it had been made today."""
    path = tmp_path / "old.sqlite"
    async with opened(f"sqlite:///{path}") as storage:
        await storage.migrate(NAMES[:version])
        fill(path, 1)
        (tmp_path / "saved").mkdir()
        tables = await storage.dump(tmp_path / "saved")
        async with opened(fresh_postgresql) as server:
            await server.migrate(NAMES[:version])
            await server.load(tmp_path / "saved", tables)
            await server.migrate()
            await storage.migrate()
            there = await contents(server, tmp_path / "there")
        assert there == await contents(storage, tmp_path / "here")
    grown = await server_shape(fresh_postgresql)
    connection = await asyncpg.connect(fresh_postgresql)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    async with opened(fresh_postgresql) as server:
        await server.migrate()
    assert grown == await server_shape(fresh_postgresql)


@pytest.mark.unmigrated
async def test_several_that_migrate_at_once_do_it_once(url: str, tmp_path: Path) -> None:
    """Processes that start together on a new database, and on an older one; also what changes rows only."""
    added = tmp_path / "added" / "migrations"
    added.mkdir(parents=True)
    (added / "0001_once.sql").write_text("DELETE FROM mutes;")
    (added / "0002_counted.sql").write_text("UPDATE mutes SET at = at + 1;")
    names = [*NAMES, "added/0001_once", "added/0002_counted"]
    async with contextlib.AsyncExitStack() as stack:
        several = [
            await stack.enter_async_context(opened(url, (*kind_folders(), tmp_path / "added")))
            for _ in range(4)
        ]
        for wanted in (names[: len(names) // 2], names):
            done = await asyncio.gather(*(one.migrate(wanted) for one in several))
            ran = [name for each in done for name in each]
            assert len(ran) == len(set(ran)) > 0
            assert await several[0].migrated() == sorted(wanted)
