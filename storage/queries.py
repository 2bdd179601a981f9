"""The named queries and the migrations, as the drivers read them from their files.

Parts of the program that keep their own are folders with `queries.sql` and `migrations/*.sql`.

Queries are named in `storage/sql/*.sql`; a file under `storage/sql/postgresql/` replaces those of the
same name there; a line `-- include: NAME` stands for `storage/sql/fragments/NAME.sql`.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import aiosql
from aiosql.adapters.aiosqlite import AioSQLiteAdapter
from aiosql.adapters.asyncpg import AsyncPGAdapter

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


@cache
def load_queries(dialect: str) -> Mapping[str, Query]:
    """Every named query of `storage/sql`. aiosql reads the files, once, and checks the parameters."""
    root = resources.files("storage") / "sql"
    folders = [root] if dialect == "sqlite" else [root, root / dialect]
    found: dict[str, Query] = {}
    for folder in folders:
        here: dict[str, Query] = {}
        for name in sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql")):
            _add(here, read_queries(dialect, (folder / name).read_text("utf-8")))
        found |= here
    return found


def _add(found: dict[str, Query], more: Mapping[str, Query]) -> None:
    """Have more queries. Raises ValueError where two files have one of the same name: one would be lost in silence."""
    twice = found.keys() & more.keys()
    if twice:
        raise ValueError(f"two queries are called {min(twice)!r}")
    found.update(more)


@cache
def read_queries(dialect: str, text: str) -> Mapping[str, Query]:
    """The named queries of a text, as the driver of a dialect wants them; a text is read once."""
    adapters: Mapping[str, Any] = {"postgresql": AsyncPGAdapter, "sqlite": AioSQLiteAdapter}
    adapter = adapters[dialect]()
    queries = aiosql.from_str(INCLUDE.sub(_fragment, text), lambda: adapter)
    # asyncpg takes parameters by position; its adapter notes in which order they stand.
    order = getattr(adapter, "var_sorted", {})
    return {
        name: Query(getattr(queries, name).sql, tuple(order.get(name, ())))
        for name in queries.available_queries
        if not name.endswith("_cursor")
    }


def queries_in(folders: Sequence[Path], dialect: str) -> Mapping[str, Query]:
    """The named queries of parts of the program that keep their own: `queries.sql` in each folder.

    Raises ValueError where one has a name that is taken.
    """
    found: dict[str, Query] = {}
    for file in (folder / "queries.sql" for folder in folders):
        if file.is_file():
            _add(found, read_queries(dialect, file.read_text("utf-8")))
    # Nor may a part change what everybody runs.
    _add(dict(load_queries(dialect)), found)
    return found


def migrations_in(folders: Sequence[Path]) -> list[tuple[str, str]]:
    """Name ("petition/0001_papers") and text of every migration of such parts, in order."""
    return [
        (f"{folder.name}/{file.stem}", file.read_text("utf-8"))
        for folder in folders
        for file in sorted((folder / "migrations").glob("*.sql"))
    ]


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration, in order."""
    folder = resources.files("storage") / "migrations"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(name.removesuffix(".sql"), (folder / name).read_text("utf-8")) for name in names]
