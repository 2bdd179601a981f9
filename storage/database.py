"""What a database is to the rooms above: named queries in transactions, the same on both databases.

    storage = await open_storage("sqlite:///tachawor.sqlite")
    async with storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code="OZT-LIGHT")
        await tx.run("move_consultation", ...)

A batch goes in as one JSON array, which both databases read as rows (`json_each`; PostgreSQL gets a
function of that name for text in `storage/postgresql.py`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar, overload

import msgspec

from storage.rows import Record, query_of
from storage.tables import Table

#: A row as its driver gives it.
Row = Mapping[str, Any]

R = TypeVar("R", bound=Record)

_encode = msgspec.json.Encoder().encode


def batch(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as the JSON text that a set-based query takes."""
    return _encode(rows).decode()


class StorageError(Exception):
    """The database cannot be used as asked; the message says why and what to do."""


class Unavailable(StorageError):
    """The database, its disk or the way to it does not work now; with what was asked nothing is wrong.

    Where a COMMIT raises it, it is not known whether all of it is there, or nothing.
    """


class Served(StorageError):
    """Another process serves from this database already."""


def not_newer(done: Iterable[str], ours: Iterable[tuple[str, str]]) -> None:
    """Raise StorageError if a database has what this version does not know: a newer one has worked with it."""
    unknown = sorted({*done} - {name for name, _ in ours})
    if unknown:
        raise StorageError(
            f"the database was brought up to date by a newer version (it has {unknown[0]!r}, which this "
            "one does not know); install that version, or put a backup of before in its place"
        )


class Transaction(ABC):
    """One transaction: all of it is committed, or none."""

    #: Whether it waits for the database just now.
    waits: bool = False

    @abstractmethod
    async def fetch(self, query: str, values: Mapping[str, Any]) -> list[Row]:
        """The rows that the query of this name returns, as its driver gives them."""

    @overload
    async def rows(self, query: type[R], /, **values: Any) -> list[R]: ...

    @overload
    async def rows(self, query: str, /, **values: Any) -> list[Row]: ...

    async def rows(self, query: type[R] | str, /, **values: Any) -> list[R] | list[Row]:
        """What the query returns: records of the type it is named by; as they come, by its name."""
        if isinstance(query, str):
            return await self.fetch(query, values)
        return [query(*row) for row in await self.fetch(query_of(query), values)]

    @overload
    async def row(self, query: type[R], /, **values: Any) -> R | None: ...

    @overload
    async def row(self, query: str, /, **values: Any) -> Row | None: ...

    async def row(self, query: type[R] | str, /, **values: Any) -> R | Row | None:
        """The only row that the query returns, or None."""
        found = await self.rows(query, **values)
        return found[0] if found else None

    @abstractmethod
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
    def claim(self) -> AbstractContextManager[None]:
        """Be the one that serves from this database, where there can be only one.

        Raises Served if another process serves from it, StorageError where that cannot be told.
        """

    @abstractmethod
    def starting(self) -> AbstractAsyncContextManager[None]:
        """While one process makes an empty database ready, the others wait here."""

    @abstractmethod
    async def listen(self, heard: Callable[[str], None]) -> None:
        """Hear what other processes call out (`wake`), for ever; what is missed is not said again."""

    @abstractmethod
    async def migrate(self, only: Collection[str] | None = None) -> list[str]:
        """Bring the schema up to date. Returns the names of the migrations that ran.

        `only`: as far as these, which is how it was when something was saved.
        """

    @abstractmethod
    async def migrated(self) -> list[str]:
        """The names of the migrations that have run here; none in an empty database."""

    @abstractmethod
    async def dump(self, folder: Path) -> dict[str, Table]:
        """Write every table into a folder, all as of one moment, while others go on working."""

    @abstractmethod
    async def load(self, folder: Path, tables: Mapping[str, Table]) -> None:
        """Read tables back into a database whose schema is theirs, all or none. What it had is gone."""

    @abstractmethod
    async def examine(self) -> None:
        """Look whether the database's own files are whole, as far as that can be told. Raises StorageError."""

    @abstractmethod
    async def fits(self) -> None:
        """Look whether every named query finds its tables and columns. Raises StorageError."""

    @abstractmethod
    async def forget_traces(self) -> None:
        """Remove what deleted rows leave behind in the database's files (WAL, free pages)."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""
