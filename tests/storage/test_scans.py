"""No query reads a table that grows with the citizens from end to end, on either database.

What has to is in `scans.toml`, with its reason. A guard that was missing: one look-up of a reply read all that
was ever sent, and nobody noticed until the bot was a year old.
"""

import json
import re
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.app.build import kind_folders
from storage.database import Storage
from storage.queries import Query, load_queries, queries_in

EXCUSED = Path(__file__).parent / "scans.toml"

#: Tables with a row for each citizen, message or answer. The others hold what staff made, or days' worth.
GROWING = {
    *("addresses", "audit", "cases", "claims", "consents", "conversations", "declines", "entries"),
    *(
        "facts",
        "follows",
        "heard",
        "hidings",
        "inbox",
        "ledger",
        "list_members",
        "marks",
        "media",
        "mutes",
    ),
    *("outbox", "pending", "people", "preferences", "responses", "signatures", "single_responses"),
    *("theme_follows", "topic_follows", "transcripts", "voices", "voices_aside"),
}

_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+AS\s+(\w+))?", re.IGNORECASE)
_ONLY_NOT_NULL = re.compile(r"WHERE\s+\w+ IS NOT NULL\s*$", re.IGNORECASE)


def _narrow(definition: str | None) -> bool:
    """Whether an index holds only what is in some state, which is little."""
    text = " ".join((definition or "").replace("(", " ").replace(")", " ").split())
    return " WHERE " in text and not _ONLY_NOT_NULL.search(text)


def _queries(dialect: str) -> Mapping[str, Query]:
    return {**load_queries(dialect), **queries_in(kind_folders(), dialect)}


def _tables(sql: str, alias: str) -> set[str]:
    return {table for table, name in _TABLE.findall(sql) if alias in (table, name)}


def _sqlite(path: str) -> Iterator[tuple[str, str]]:
    """The queries that read a growing table whole, each with what SQLite says."""
    connection = sqlite3.connect(path)
    narrow = {
        name
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
        )
        if _narrow(sql)
    }
    for name, query in _queries("sqlite").items():
        names = re.findall(r"(?<!:):(\w+)", query.sql)
        plan = connection.execute("EXPLAIN QUERY PLAN " + query.sql, dict.fromkeys(names, 1))
        for *_, step in plan:
            found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
            if found is None or not _tables(query.sql, found[2]) & GROWING:
                continue
            whole = found[1] == "SCAN" and found[3] not in narrow
            if whole or re.search(r"\(rowid[<>]\?\)", step):
                yield name, step
    connection.close()


async def _postgresql(url: str) -> list[tuple[str, str]]:
    """The same on PostgreSQL, which is kept from what it prefers while the tables are empty."""
    server = await asyncpg.connect(url)
    for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
        await server.execute(f"SET {setting} = off")
    await server.execute("SET plan_cache_mode = force_generic_plan")
    narrow = {
        row["indexname"]
        for row in await server.fetch("SELECT indexname, indexdef FROM pg_indexes")
        if _narrow(row["indexdef"])
    }
    found: list[tuple[str, str]] = []

    def look(name: str, node: Mapping[str, Any]) -> None:
        table, kind = node.get("Relation Name"), node["Node Type"]
        whole = kind == "Seq Scan" or (
            "Index" in kind and "Index Cond" not in node and node.get("Index Name") not in narrow
        )
        if table in GROWING and whole:
            found.append((name, f"{kind} {table} {node.get('Index Name', '')}"))
        for inner in node.get("Plans", ()):
            look(name, inner)

    for name, query in _queries("postgresql").items():
        await server.execute(f"PREPARE asked AS {query.sql}")
        values = f"({', '.join(['NULL'] * len(query.parameters))})" if query.parameters else ""
        plan = await server.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{values}")
        look(name, json.loads(plan)[0]["Plan"])
        await server.execute("DEALLOCATE asked")
    await server.close()
    return found


async def test_no_query_reads_a_growing_table_whole(storage: Storage, url: str) -> None:
    if storage.dialect == "sqlite":
        found = list(_sqlite(url.removeprefix("sqlite:///")))
    else:
        found = await _postgresql(url)
    excused = _excused()
    assert [one for one in found if one[0] not in excused] == []
    if storage.dialect == "sqlite":
        idle = excused - {name for name, _ in found} - {"set_aside"}
        assert sorted(idle) == [], "excused for nothing"


def _excused() -> set[str]:
    groups = tomllib.loads(EXCUSED.read_text("utf-8"))["because"]
    assert all(group["reason"] for group in groups)
    return {name for group in groups for name in group["queries"]}


@pytest.mark.parametrize(
    ("definition", "narrow"),
    [
        ("CREATE INDEX a ON t (b) WHERE state = 'left'", True),
        ("CREATE INDEX a ON t (b) WHERE person_id IS NOT NULL", False),
        ("CREATE INDEX a ON t (b)", False),
        (None, False),
    ],
)
def test_an_index_is_narrow_when_it_holds_one_state(definition: str | None, narrow: bool) -> None:
    assert _narrow(definition) is narrow
