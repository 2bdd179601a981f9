"""A record's fields are its query's columns, in their order, on both databases."""

import re
import sqlite3
import types
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Union, get_args, get_origin, get_type_hints

import asyncpg
import pytest

from bot.app.build import kind_folders
from storage import rows
from storage.database import Storage
from storage.opening import open_storage
from storage.queries import Query, load_queries, queries_in
from storage.rows import Record, query_of

#: A column's type in PostgreSQL -> what its field holds.
TYPES = {"text": str, "int2": int, "int4": int, "int8": int, "bool": bool, "numeric": int}

#: Parameters that are a JSON array.
LISTS = ("rows", "places", "wanted", "kinds")


def records() -> Iterator[type[Record]]:
    """Every record that is named after a query."""
    names = [f"storage.rows.{module.name}" for module in iter_modules(rows.__path__)]
    names += [f"bot.kinds.{f.name}.rows" for f in kind_folders() if (f / "rows.py").is_file()]
    for name in names:
        for value in vars(import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Record) and value.__module__ == name:
                yield value


def every_query(dialect: str) -> dict[str, Query]:
    """The queries of storage, and those that kinds bring."""
    return {**load_queries(dialect), **queries_in(kind_folders(), dialect)}


RECORDS = {query_of(record): record for record in records()}


def held(field: object) -> set[type]:
    """The types that a field holds."""
    parts = get_args(field) if get_origin(field) in (Union, types.UnionType) else (field,)
    return {part for part in parts if part is not type(None)}


@pytest.mark.parametrize(
    ("record", "query"),
    [("ConsultationByCode", "consultation_by_code"), ("StatesOf", "states_of")],
)
def test_a_record_is_named_after_its_query(record: str, query: str) -> None:
    """In the way of Python for the one, in the way of SQL for the other."""
    assert RECORDS[query].__name__ == record


async def test_every_record_has_the_columns_of_its_query_on_postgresql(
    fresh_postgresql: str,
) -> None:
    """Prepared, not run: the server tells names and types."""
    storage = await open_storage(fresh_postgresql, kind_folders())
    await storage.migrate()
    await storage.close()
    connection = await asyncpg.connect(fresh_postgresql)
    queries = every_query("postgresql")
    for name, query in queries.items():
        columns = (await connection.prepare(query.sql)).get_attributes()
        assert bool(columns) == (name in RECORDS), name
        if columns:
            hints = get_type_hints(RECORDS[name])
            fields = RECORDS[name].__struct_fields__
            assert fields == tuple(column.name for column in columns), name
            for column in columns:
                kept = TYPES[column.type.name]
                assert held(hints[column.name]) <= {kept}, (name, column.name)
    await connection.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_every_record_has_the_columns_of_its_query_on_sqlite(
    storage: Storage, url: str
) -> None:
    """Run on an empty database, and taken back."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA foreign_keys=OFF")
    for name, query in every_query("sqlite").items():
        if name not in RECORDS:
            continue
        names = re.findall(r"(?<!:):(\w+)", query.sql)
        values = dict.fromkeys(names, 1) | {name: "[]" for name in names if name in LISTS}
        connection.execute("BEGIN")
        cursor = connection.execute(query.sql, values)
        assert cursor.description is not None, name
        assert RECORDS[name].__struct_fields__ == tuple(c[0] for c in cursor.description), name
        connection.execute("ROLLBACK")
    connection.close()
