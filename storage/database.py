"""What a database is to the rooms above: named queries in transactions, the same on both databases.

    storage = await open_storage("sqlite:///tachawor.sqlite")
    async with storage.transaction() as tx:
        rows = await tx.rows("states_of", wanted=...)

A batch goes in as one JSON array, which both databases read as rows (`json_each`; PostgreSQL gets a
function of that name for text in `storage/postgresql.py`).
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import msgspec

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
