"""PostgreSQL: a pool of connections, the same named queries."""

import asyncio
import contextlib
import socket
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from storage.addresses import SEE, UNESCAPED, odd, place_of
from storage.database import Row, Storage, StorageError, Transaction, Unavailable, not_newer
from storage.queries import Query, load_queries, migrations, migrations_in, queries_in
from storage.tables import LEFT_OUT, Table, Writer, in_order, rows_of

#: What SQLite has built in: a JSON array as rows. The text form does not clash with json_each(json).
JSON_EACH = """
CREATE OR REPLACE FUNCTION json_each(rows text) RETURNS TABLE (key bigint, value jsonb)
LANGUAGE sql IMMUTABLE AS
$$ SELECT ordinality - 1, element FROM jsonb_array_elements(rows::jsonb)
   WITH ORDINALITY AS parts (element, ordinality) $$;
"""

#: Held while migrating, so that two processes that start together do not both migrate.
MIGRATION_LOCK = 7_223_001

#: Held while a process makes the database ready to serve from.
START_LOCK = 7_223_002


#: Seconds until a connection is made, one is free, and a statement of a message is done. A dead
#: line says nothing: without them, everybody would wait for it.
CONNECT_SECONDS = 5.0
WRITE_SECONDS = 10.0
#: The same for what is only read: a download may take its time.
READ_SECONDS = 60.0

#: Where `wake` calls out, and seconds before a broken connection for hearing it is made again.
LISTENING_TO = "tachawor"
LISTEN_AGAIN = 1.0

#: What the server itself ends: statements and open transactions that nobody waits for any more.
_SERVER_SETTINGS = {
    "application_name": "tachawor",
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}

#: What is wrong with the server, the line or another transaction, and not with a statement.
_TROUBLES = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.TransactionRollbackError,
    asyncpg.exceptions.PostgresSystemError,
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.ReadOnlySQLTransactionError,
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.TooManyConnectionsError,
    OSError,
    TimeoutError,
)


#: What is wrong with a server that is not there yet, or not there just now.
_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.ConnectionDoesNotExistError,
)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _trouble(error: Exception, connection: Any = None) -> bool:
    """Whether the database cannot be used now; a connection that is of no more use is ended."""
    closed = connection is not None and _closed(connection)
    if connection is not None and not closed and isinstance(error, OSError | TimeoutError):
        connection.terminate()
    return isinstance(error, _TROUBLES) or (closed and isinstance(error, asyncpg.InterfaceError))


def _closed(connection: Any) -> bool:
    """Whether a connection is of no more use; one that broke has left its pool."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _unavailable(error: Exception) -> Unavailable:
    # Its kind only: PostgreSQL's messages may repeat values.
    return Unavailable(f"the database cannot be used now ({type(error).__name__})")


class PostgresTransaction(Transaction):
    """Named queries on one connection."""

    def __init__(self, connection: Any, queries: dict[str, Query], seconds: float) -> None:
        self._connection = connection
        self._queries = queries
        self._seconds = seconds

    async def fetch(self, query: str, values: Mapping[str, Any]) -> list[Row]:
        """The rows that the query of this name returns. Raises Unavailable."""
        sql, names = self._queries[query]
        arguments = (values[name] for name in names)
        self.waits = True
        try:
            return list(await self._connection.fetch(sql, *arguments, timeout=self._seconds))
        except Exception as error:
            if _trouble(error, self._connection):
                raise _unavailable(error) from error
            raise
        finally:
            self.waits = False

    async def run(self, query: str, /, **values: Any) -> None:
        """Run the named query for its effect."""
        await self.fetch(query, values)


class PostgresStorage(Storage):
    """A PostgreSQL database."""

    dialect = "postgresql"

    def __init__(self, pool: Any, folders: Sequence[Path] = ()) -> None:
        self._pool = pool
        self._queries = {**load_queries(self.dialect), **queries_in(folders, self.dialect)}
        self._folders = folders

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """A transaction that writes. Raises Unavailable."""
        async with self._begun(WRITE_SECONDS) as tx:
            yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTransaction]:
        """A consistent view for reading. Raises Unavailable."""
        async with self._begun(READ_SECONDS, isolation="repeatable_read", readonly=True) as tx:
            yield tx

    @asynccontextmanager
    async def _begun(self, seconds: float, **mode: Any) -> AsyncIterator[PostgresTransaction]:
        connection = await self._connection()
        try:
            transaction = connection.transaction(**mode)
            await self._told(connection, transaction.start())
            try:
                yield PostgresTransaction(connection, self._queries, seconds)
            except BaseException:
                # Where the line is dead, so is the transaction.
                if not _closed(connection):
                    with contextlib.suppress(Exception):
                        async with asyncio.timeout(CONNECT_SECONDS):
                            await transaction.rollback()
                raise
            await self._told(connection, transaction.commit())
        finally:
            with contextlib.suppress(Exception):
                await self._pool.release(connection, timeout=CONNECT_SECONDS)

    async def _connection(self) -> Any:
        try:
            return await self._pool.acquire(timeout=2 * CONNECT_SECONDS)
        except Exception as error:
            if _trouble(error) or isinstance(error, asyncpg.InterfaceError):
                raise _unavailable(error) from error
            raise

    @staticmethod
    async def _told(connection: Any, step: Awaitable[None]) -> None:
        """BEGIN or COMMIT, with the patience of one statement."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await step
        except Exception as error:
            if _trouble(error, connection):
                raise _unavailable(error) from error
            raise

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Any number of processes may serve from PostgreSQL."""
        yield

    @asynccontextmanager
    async def starting(self) -> AsyncIterator[None]:
        """By a lock of this connection's, which ends with it."""
        async with self._pool.acquire() as connection:
            await connection.execute(f"SELECT pg_advisory_lock({START_LOCK})")
            try:
                yield
            finally:
                await connection.execute(f"SELECT pg_advisory_unlock({START_LOCK})")

    async def listen(self, heard: Callable[[str], None]) -> None:
        """LISTEN on a connection of its own, which is made again whenever it breaks."""
        while True:
            with contextlib.suppress(*_TROUBLES, asyncpg.InterfaceError):
                async with self._pool.acquire(timeout=2 * CONNECT_SECONDS) as connection:
                    await self._hear(connection, heard)
            await asyncio.sleep(LISTEN_AGAIN)

    @staticmethod
    async def _hear(connection: Any, heard: Callable[[str], None]) -> None:
        closed = asyncio.Event()

        def told(_: object, __: int, ___: str, call: str) -> None:
            heard(call)

        def ended(_: object) -> None:
            closed.set()

        connection.add_termination_listener(ended)
        await connection.add_listener(LISTENING_TO, told)
        try:
            await closed.wait()
        finally:
            if not _closed(connection):
                connection.remove_termination_listener(ended)
                await connection.remove_listener(LISTENING_TO, told)

    async def migrated(self) -> list[str]:
        """The names of the migrations that have run here."""
        async with self._pool.acquire() as connection:
            if await connection.fetchval("SELECT to_regclass('migrations')") is None:
                return []
            rows = await connection.fetch("SELECT name FROM migrations ORDER BY name")
            return [row["name"] for row in rows]

    async def dump(self, folder: Path) -> dict[str, Table]:
        """In one transaction, which sees one moment."""
        found = {}
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            for name in await _tables(connection):
                columns = await _columns(connection, name)
                writer = Writer(folder, name, columns)
                names = ", ".join(columns)
                async for row in connection.cursor(f"SELECT {names} FROM {name}", prefetch=2000):
                    writer.write([tuple(row)])
                found[name] = writer.close()
        return found

    async def load(self, folder: Path, tables: Mapping[str, Table]) -> None:
        """In one transaction, each table behind those that it refers to."""
        async with self._pool.acquire() as connection, connection.transaction():
            needs: dict[str, set[str]] = {}
            for row in await connection.fetch(
                "SELECT conrelid::regclass::text AS one, confrelid::regclass::text AS other "
                "FROM pg_constraint WHERE contype = 'f'"
            ):
                needs.setdefault(row["one"], set()).add(row["other"])
            await connection.execute(f"TRUNCATE {', '.join(tables)}")
            for name in in_order(tables, needs):
                table = tables[name]
                await connection.copy_records_to_table(
                    name, records=rows_of(folder, name), columns=list(table.columns)
                )
                count = await connection.fetchval(f"SELECT COUNT(*) FROM {name}")
                if count != table.rows:
                    raise StorageError(
                        f"table {name} has {count} rows, and should have {table.rows}"
                    )

    async def migrate(self, only: Collection[str] | None = None) -> list[str]:
        """Run the migrations that have not run here, each in a transaction of its own."""
        try:
            return await self._migrate(only)
        except asyncpg.exceptions.SyntaxOrAccessError as error:
            raise StorageError(
                f"cannot bring the PostgreSQL database up to date: {error}; put a backup in its place"
            ) from error

    async def _migrate(self, only: Collection[str] | None) -> list[str]:
        ran = []
        async with self._pool.acquire() as connection:
            await connection.execute(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
            try:
                await connection.execute(JSON_EACH)
                await connection.execute(
                    "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"
                )
                done = {
                    row["name"] for row in await connection.fetch("SELECT name FROM migrations")
                }
                ours = (*migrations(), *migrations_in(self._folders))
                not_newer(done, ours)
                for name, text in ours:
                    if name in done or (only is not None and name not in only):
                        continue
                    async with connection.transaction():
                        await connection.execute(text)
                        await connection.execute("INSERT INTO migrations VALUES ($1)", name)
                    ran.append(name)
            finally:
                await connection.execute(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        return ran

    async def examine(self) -> None:
        """The server looks after its files itself."""

    async def fits(self) -> None:
        """By having the server prepare them."""
        async with self._pool.acquire() as connection:
            for query in self._queries.values():
                try:
                    await connection.prepare(query.sql)
                except asyncpg.exceptions.SyntaxOrAccessError as error:
                    # (Its words name a table or a column, and no value.)
                    raise StorageError(
                        f"the PostgreSQL database is not whole ({error}); put a backup in its place"
                    ) from error

    async def forget_traces(self) -> None:
        """Have dead rows of the tables with personal data reclaimed."""
        async with self._pool.acquire() as connection:
            await connection.execute(
                "VACUUM people, addresses, conversations, inbox, outbox, responses, signatures, media"
            )

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def _tables(connection: Any) -> list[str]:
    rows = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    return [row["tablename"] for row in rows if row["tablename"] not in LEFT_OUT]


async def _columns(connection: Any, name: str) -> list[str]:
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = $1 ORDER BY ordinal_position",
        name,
    )
    return [row["column_name"] for row in rows]


async def open_postgresql(url: str, folders: Sequence[Path] = ()) -> PostgresStorage:
    """Open the PostgreSQL database at `url`."""
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=9,
            timeout=CONNECT_SECONDS,
            server_settings=_SERVER_SETTINGS,
        )
    except socket.gaierror as error:
        if odd(url):
            raise StorageError(f"PostgreSQL's address cannot be read: {UNESCAPED}") from None
        raise Unavailable(
            f"PostgreSQL at {place_of(url)} is not found ({_reason(error)}){SEE}"
        ) from error
    except _AWAY as error:
        raise Unavailable(
            f"PostgreSQL at {place_of(url)} does not answer ({_reason(error)}){SEE}"
        ) from error
    except asyncpg.PostgresError as error:
        raise StorageError(f"cannot open the PostgreSQL database: {error}") from error
    except ValueError:
        # (Its words may repeat the password.)
        raise StorageError(f"PostgreSQL's address cannot be read: {UNESCAPED}") from None
    return PostgresStorage(pool, folders)
