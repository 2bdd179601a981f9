"""PostgreSQL: a pool of connections, the same named queries."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from storage.database import Row, Storage, StorageError, Transaction
from storage.queries import Query, load_queries, migrations, migrations_in, queries_in

#: What SQLite has built in: a JSON array as rows. The text form does not clash with json_each(json).
JSON_EACH = """
CREATE OR REPLACE FUNCTION json_each(rows text) RETURNS TABLE (key bigint, value jsonb)
LANGUAGE sql IMMUTABLE AS
$$ SELECT ordinality - 1, element FROM jsonb_array_elements(rows::jsonb)
   WITH ORDINALITY AS parts (element, ordinality) $$;
"""

#: Held while migrating, so that two processes that start together do not both migrate.
MIGRATION_LOCK = 7_223_001


class PostgresTransaction(Transaction):
    """Named queries on one connection."""

    def __init__(self, connection: Any, queries: dict[str, Query]) -> None:
        self._connection = connection
        self._queries = queries

    async def fetch(self, query: str, values: Mapping[str, Any]) -> list[Row]:
        """The rows that the query of this name returns."""
        sql, names = self._queries[query]
        return list(await self._connection.fetch(sql, *(values[name] for name in names)))

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
        """A transaction that writes."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield PostgresTransaction(connection, self._queries)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTransaction]:
        """A consistent view for reading."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield PostgresTransaction(connection, self._queries)

    async def migrate(self) -> list[str]:
        """Run the migrations that have not run here, each in a transaction of its own."""
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
                for name, text in (*migrations(), *migrations_in(self._folders)):
                    if name in done:
                        continue
                    async with connection.transaction():
                        await connection.execute(text)
                        await connection.execute("INSERT INTO migrations VALUES ($1)", name)
                    ran.append(name)
            finally:
                await connection.execute(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        return ran

    async def forget_traces(self) -> None:
        """Have dead rows of the tables with personal data reclaimed."""
        async with self._pool.acquire() as connection:
            await connection.execute(
                "VACUUM people, addresses, conversations, inbox, outbox, responses, signatures, media"
            )

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def open_postgresql(url: str, folders: Sequence[Path] = ()) -> PostgresStorage:
    """Open the PostgreSQL database at `url`."""
    try:
        pool = await asyncpg.create_pool(url, min_size=1, max_size=8)
    except (OSError, asyncpg.PostgresError, ValueError) as error:
        raise StorageError(f"cannot open the PostgreSQL database: {error}") from error
    return PostgresStorage(pool, folders)
