"""Whole tables of an SQLite database as files and back, over a connection of their own."""

import contextlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from storage.database import StorageError
from storage.tables import LEFT_OUT, Table, Writer, rows_of


def dump(path: str, folder: Path) -> dict[str, Table]:
    """Write every table into a folder, all as of one moment."""
    found = {}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("BEGIN")
        names = base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        for (name,) in names:
            if name in LEFT_OUT:
                continue
            columns = [row[1] for row in base.execute(f"PRAGMA table_info({name})")]
            writer = Writer(folder, name, columns)
            writer.write(base.execute(f"SELECT {', '.join(columns)} FROM {name}"))
            found[name] = writer.close()
    return found


def load(path: str, folder: Path, tables: Mapping[str, Table]) -> None:
    """Read tables back, all or none. Raises StorageError, sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=15)) as base:
        base.execute("PRAGMA foreign_keys=OFF")
        base.execute("BEGIN IMMEDIATE")
        for name, table in tables.items():
            base.execute(f"DELETE FROM {name}")
            places = ", ".join("?" * len(table.columns))
            base.executemany(
                f"INSERT INTO {name} ({', '.join(table.columns)}) VALUES ({places})",
                rows_of(folder, name),
            )
            (count,) = base.execute(f"SELECT COUNT(*) FROM {name}").fetchone()
            if count != table.rows:
                raise StorageError(f"table {name} has {count} rows, and should have {table.rows}")
        lost = base.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise StorageError(f"a row of {lost[0]} refers to one of {lost[2]} that is not there")
        base.execute("COMMIT")
