"""SQLite: WAL, synchronous=FULL, one connection that writes, a few that read."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from storage.database import (
    Row,
    Served,
    Storage,
    StorageError,
    Transaction,
    Unavailable,
    not_newer,
)
from storage.queries import Query, load_queries, migrations, migrations_in, queries_in
from storage.sqlite_files import for_us_alone, lock
from storage.sqlite_tables import dump, load
from storage.tables import Table

#: NORMAL loses acknowledged rows on power loss, so it is not an option.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-32000",
    "PRAGMA temp_store=MEMORY",
)

READERS = 2

#: What is wrong with the file, the disk or another connection, and not with a statement
#: (https://www.sqlite.org/rescode.html, the primary codes).
_TROUBLES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


Statement = tuple[str, Mapping[str, Any]]


class Connection(aiosqlite.Connection):
    """Runs several statements in one hop to its thread: a hop costs more than most statements."""

    async def run_all(self, statements: Sequence[Statement]) -> list[Row]:
        """Run them in their order, up to the first error; the rows of the last. Raises Unavailable."""
        try:
            found: list[Row] = await self._execute(self._run_all, statements)  # type: ignore[no-untyped-call]  # aiosqlite has no types here
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None or code & 0xFF not in _TROUBLES:
                raise
            # The message of SQLite, which repeats nothing of a statement or its values.
            raise Unavailable(f"the database cannot be used now: {error}") from error
        return found

    async def undo(self) -> None:
        """Roll back the transaction under way, if there is one."""
        await self._execute(self._undo)  # type: ignore[no-untyped-call]  # as above

    def _run_all(self, statements: Sequence[Statement]) -> list[Any]:
        found: list[Any] = []
        for sql, values in statements:
            found = self._conn.execute(sql, values).fetchall()
        return found

    async def prepare_all(self, statements: Sequence[str]) -> None:
        """Have SQLite work out each of them, and run none. Raises sqlite3.OperationalError."""
        await self._execute(self._prepare_all, statements)  # type: ignore[no-untyped-call]  # as above

    def _prepare_all(self, statements: Sequence[str]) -> None:
        nothing: dict[str, Any] = defaultdict(lambda: None)
        for sql in statements:
            self._conn.execute(f"EXPLAIN {sql}", nothing).fetchall()

    def _undo(self) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")


class SqliteTransaction(Transaction):
    """Named queries on one connection.

    What returns no rows waits for the next query that does, or for the COMMIT, and is run with
    it; so does BEGIN. An error is raised there, and the transaction is rolled back as a whole.
    """

    def __init__(self, connection: Connection, queries: dict[str, Query], begin: str):
        self._connection = connection
        self._queries = queries
        self._waiting: list[Statement] = [(begin, {})]
        self._begun = False

    async def fetch(self, query: str, values: Mapping[str, Any]) -> list[Row]:
        """The rows that the query of this name returns."""
        waiting, self._waiting, self._begun = self._waiting, [], True
        self.waits = True
        try:
            return await self._connection.run_all([*waiting, (self._queries[query].sql, values)])
        finally:
            self.waits = False

    async def run(self, query: str, /, **values: Any) -> None:
        """Run the named query for its effect."""
        self._waiting.append((self._queries[query].sql, values))

    async def commit(self) -> None:
        """Run what waits, and commit."""
        if self._begun or len(self._waiting) > 1:
            await self._connection.run_all([*self._waiting, ("COMMIT", {})])


class SqliteStorage(Storage):
    """A SQLite database in a file."""

    dialect = "sqlite"

    def __init__(
        self,
        writer: Connection,
        readers: list[Connection],
        path: str,
        folders: Sequence[Path] = (),
    ) -> None:
        self._writer = writer
        self._writing = asyncio.Lock()
        self._writer_task: asyncio.Task[object] | None = None
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._all = [writer, *readers]
        self._queries = {**load_queries(self.dialect), **queries_in(folders, self.dialect)}
        self._folders = folders
        self.path = path

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        """A transaction that writes; one at a time."""
        if self._writing.locked() and self._writer_task is asyncio.current_task():
            # It would wait for itself, and everybody with it.
            raise RuntimeError("a transaction inside a transaction")
        async with self._writing:
            self._writer_task = asyncio.current_task()
            tx = SqliteTransaction(self._writer, self._queries, "BEGIN IMMEDIATE")
            try:
                yield tx
                await asyncio.shield(tx.commit())
            except BaseException:
                await asyncio.shield(self._writer.undo())
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteTransaction]:
        """A consistent view for reading."""
        reader = await self._readers.get()
        try:
            try:
                yield SqliteTransaction(reader, self._queries, "BEGIN")
            finally:
                await asyncio.shield(reader.undo())
        finally:
            self._readers.put_nowait(reader)

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold the lock file beside the database; it is let go however the process ends.

        Two that serve would each send what the other has in hand.
        """
        path = Path(f"{self.path}.lock")
        try:
            file = path.open("a")
        except OSError as error:
            raise StorageError(
                f"cannot write {str(path)!r}: {error.strerror}; give it to the bot's user, or remove it "
                "while nothing serves"
            ) from error
        with file:
            try:
                lock(file)
            except OSError as error:
                raise Served(
                    f"another process serves from {self.path!r}; end it first, or use PostgreSQL "
                    "for several"
                ) from error
            yield

    @asynccontextmanager
    async def starting(self) -> AsyncIterator[None]:
        """Each step that makes the database ready is a transaction that can be done once."""
        yield

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Nobody else is there."""
        await asyncio.Event().wait()

    async def migrate(self, only: Collection[str] | None = None) -> list[str]:
        """Run the migrations that have not run here, each in a transaction of its own."""
        try:
            async with self._writing:
                return await self._migrate(only)
        except sqlite3.Error as error:
            if self._writer.in_transaction:
                await self._writer.undo()
            raise StorageError(
                f"cannot bring the SQLite database {self.path!r} up to date: {error}{_what_to_do(error)}"
            ) from error

    async def _migrate(self, only: Collection[str] | None) -> list[str]:
        ran = []
        # In one statement, for another process may be making its tables just now.
        foreign = await self._writer.execute_fetchall(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT EXISTS "
            "(SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations') LIMIT 1"
        )
        for (name,) in foreign:
            raise StorageError(
                f"the SQLite database {self.path!r} is something else's: it has a table {name!r}; "
                "name another file"
            )
        await self._writer.execute_fetchall(
            "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"
        )
        known = await self._writer.execute_fetchall("SELECT name FROM migrations")
        done = {row[0] for row in known}
        ours = (*migrations(), *migrations_in(self._folders))
        not_newer(done, ours)
        for name, text in ours:
            if name in done or (only is not None and name not in only):
                continue
            # Only INTEGER PRIMARY KEY is the row's own number in SQLite; any other needs an index.
            text = text.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")
            try:
                await self._writer.executescript(
                    f"BEGIN IMMEDIATE;\nINSERT INTO migrations VALUES ('{name}');\n{text}\nCOMMIT;"
                )
            except (sqlite3.OperationalError, sqlite3.IntegrityError):
                await self._writer.undo()
                known = await self._writer.execute_fetchall(
                    "SELECT name FROM migrations WHERE name = ?", (name,)
                )
                if not list(known):
                    raise
                # Another process has done it meanwhile.
                continue
            ran.append(name)
        return ran

    async def migrated(self) -> list[str]:
        """The names of the migrations that have run here."""
        async with self._writing:
            return await self._migrated()

    async def _migrated(self) -> list[str]:
        found = await self._writer.execute_fetchall(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
        )
        if not list(found):
            return []
        rows = await self._writer.execute_fetchall("SELECT name FROM migrations ORDER BY name")
        return [row[0] for row in rows]

    async def dump(self, folder: Path) -> dict[str, Table]:
        """By a connection of its own, which sees one moment."""
        return await asyncio.to_thread(dump, self.path, folder)

    async def load(self, folder: Path, tables: Mapping[str, Table]) -> None:
        """By a connection of its own."""
        try:
            async with self._writing:
                await asyncio.to_thread(load, self.path, folder, tables)
        except sqlite3.Error as error:
            raise StorageError(
                f"cannot fill the SQLite database {self.path!r}: {error}{_what_to_do(error)}"
            ) from error

    async def examine(self) -> None:
        """Have SQLite look through the file. Raises StorageError."""
        reader = await self._readers.get()
        try:
            rows = await reader.execute_fetchall("PRAGMA quick_check(1)")
            said = [str(row[0]) for row in rows]
        except sqlite3.Error as error:
            said = [str(error)]
        finally:
            self._readers.put_nowait(reader)
        if said != ["ok"]:
            raise StorageError(
                f"the SQLite database {self.path!r} is damaged ({said[0]}); put a backup in its place"
            )

    async def fits(self) -> None:
        """By having SQLite prepare them."""
        reader = await self._readers.get()
        try:
            await reader.prepare_all([query.sql for query in self._queries.values()])
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"the SQLite database {self.path!r} is not whole ({error}); put a backup in its place"
            ) from error
        finally:
            self._readers.put_nowait(reader)

    async def forget_traces(self) -> None:
        """Truncate the WAL; deleted cells were zeroed by secure_delete already."""
        async with self._writing:
            await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._all:
            await connection.close()


async def _connect(path: str) -> Connection:
    connection = Connection(
        lambda: sqlite3.connect(path, isolation_level=None, cached_statements=512), 64
    )
    await connection
    try:
        connection.row_factory = aiosqlite.Row
        for pragma in PRAGMAS:
            await connection.execute_fetchall(pragma)
    except BaseException:
        # Its thread would keep the process alive.
        await connection.close()
        raise
    return connection


async def open_sqlite(path: str, folders: Sequence[Path] = ()) -> SqliteStorage:
    """Open the SQLite database in the file `path`; its folder is made if need be."""
    if not path:
        raise StorageError("storage url is 'sqlite:///', which names no file")
    if Path(path).is_dir():
        raise StorageError(
            f"cannot open the SQLite database {path!r}: it is a folder; name a file in it"
        )
    connections: list[Connection] = []
    try:
        # One folder is made; where more is missing, a disk is, and an empty database is no help.
        Path(path).parent.mkdir(exist_ok=True)
        for_us_alone(path)
        for _ in range(1 + READERS):
            connections.append(await _connect(path))
    except (OSError, aiosqlite.Error) as error:
        for connection in connections:
            await connection.close()
        raise StorageError(
            f"cannot open the SQLite database {path!r}: {_reason(error)}{_what_to_do(error)}"
        ) from error
    return SqliteStorage(connections[0], connections[1:], path, folders)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _what_to_do(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return "; put a backup in its place"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return "; let the bot's user write the file and its folder"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "; end the program that holds it"
    if code == sqlite3.SQLITE_FULL:
        return "; make room, or use another disk"
    if isinstance(error, FileNotFoundError):
        return "; the folder that should hold it is missing: is its disk there?"
    return ""
