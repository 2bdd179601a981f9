"""Opening a database and running named queries in transactions, the same on both databases.

    storage = await open_storage("sqlite:///tachawor.sqlite")
    async with storage.transaction() as tx:
        rows = await tx.rows("states_of", wanted=...)

Queries are named in `storage/sql/*.sql`; a file under `storage/sql/postgresql/` replaces those of the
same name there; a line `-- include: NAME` stands for `storage/sql/fragments/NAME.sql`. A batch goes in as one JSON array, which both databases read as rows
(`json_each`; PostgreSQL gets a function of that name for text in `storage/postgresql.py`).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import resources
from typing import Any, NamedTuple, Protocol

import aiosql
import msgspec
from aiosql.adapters.aiosqlite import AioSQLiteAdapter
from aiosql.adapters.asyncpg import AsyncPGAdapter

Row = Mapping[str, Any]

_encode = msgspec.json.Encoder().encode


def batch(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as the JSON text that a set-based query takes."""
    return _encode(rows).decode()


class StorageError(Exception):
    """The database cannot be used as asked; the message says why and what to do."""


class Transaction(Protocol):
    """One transaction: all of it is committed, or none."""

    async def rows(self, query: str, /, **values: Any) -> list[Row]:
        """The rows that the named query returns."""

    async def row(self, query: str, /, **values: Any) -> Row | None:
        """The only row that the named query returns, or None."""

    async def run(self, query: str, /, **values: Any) -> None:
        """Run the named query for its effect."""


class Storage(ABC):
    """A database of Tachawor."""

    #: "sqlite" or "postgresql".
    dialect: str

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that writes. It is committed durably at the end of the block."""

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A consistent view for reading; writers are not held up."""

    @abstractmethod
    def stream(self, query: str, /, **values: Any) -> AsyncIterator[Row]:
        """The rows of the named query, some at a time."""

    @abstractmethod
    async def migrate(self) -> list[str]:
        """Bring the schema up to date. Returns the names of the migrations that ran."""

    @abstractmethod
    async def forget_traces(self) -> None:
        """Remove what deleted rows leave behind in the database's files (WAL, free pages)."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


#: A line of a query that stands for a file of `storage/sql/fragments`.
INCLUDE = re.compile(r"^-- include: (\w+)$", re.MULTILINE)


def _fragment(named: re.Match[str]) -> str:
    """What several queries have in common."""
    file = resources.files("storage") / "sql" / "fragments" / f"{named[1]}.sql"
    return INCLUDE.sub(_fragment, file.read_text("utf-8").rstrip())


class Query(NamedTuple):
    """A named query as its driver wants it: the text, and its parameters in their order."""

    sql: str
    parameters: tuple[str, ...]


def load_queries(dialect: str) -> dict[str, Query]:
    """Every named query of `storage/sql`. aiosql reads the files and checks the parameters."""
    adapters: Mapping[str, Any] = {"postgresql": AsyncPGAdapter, "sqlite": AioSQLiteAdapter}
    root = resources.files("storage") / "sql"
    folders = [root] if dialect == "sqlite" else [root, root / dialect]
    found: dict[str, Query] = {}
    for folder in folders:
        for name in sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql")):
            adapter: Any = adapters[dialect]()
            text = INCLUDE.sub(_fragment, (folder / name).read_text("utf-8"))
            queries = aiosql.from_str(text, lambda a=adapter: a)
            # asyncpg takes parameters by position; its adapter notes in which order they stand.
            order = getattr(adapter, "var_sorted", {})
            for query in queries.available_queries:
                if not query.endswith("_cursor"):
                    sql = getattr(queries, query).sql
                    found[query] = Query(sql, tuple(order.get(query, ())))
    return found


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration, in order."""
    folder = resources.files("storage") / "migrations"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(name.removesuffix(".sql"), (folder / name).read_text("utf-8")) for name in names]


async def open_storage(url: str) -> Storage:
    """Open the database at `sqlite:///path` or `postgresql://...`; the schema is left as it is.

    Raises StorageError for any other kind of address.
    """
    if url.startswith("sqlite:///"):
        from storage.sqlite import open_sqlite

        return await open_sqlite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from storage.postgresql import open_postgresql

        return await open_postgresql(url)
    kind = url.split(":", 1)[0]
    raise StorageError(
        f"storage url begins with {kind!r}; it must be sqlite:///PATH or postgresql://HOST/NAME"
    )
