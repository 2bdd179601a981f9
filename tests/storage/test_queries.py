"""Each named query is one that the program runs; what only tests ask is in `tests/checks.sql`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from storage.queries import load_queries, queries_in, read_queries
from tests.storage.test_rows import RECORDS, every_query

CHECKS = Path(__file__).parents[1] / "checks.sql"


def named() -> Iterator[str]:
    """The queries that the program names: by a text, wherever it stands, or by their record."""
    queries = {record.__name__: query for query, record in RECORDS.items()}
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Name) and node.id in queries:
                yield queries[node.id]
            elif isinstance(node, ast.Attribute) and node.attr in queries:
                yield queries[node.attr]


def test_the_program_runs_every_query() -> None:
    """One that nobody runs is dropped, or belongs to the tests."""
    queries = {*every_query("sqlite"), *every_query("postgresql")}
    assert sorted(queries - set(named())) == []


def test_what_tests_ask_is_no_query_of_the_program() -> None:
    """Else a test would look at something other than what runs."""
    checks = read_queries("sqlite", CHECKS.read_text("utf-8"))
    assert checks
    assert sorted(checks.keys() & load_queries("sqlite").keys()) == []


@pytest.mark.parametrize("other", ["heard_of", "own_of_another"])
def test_two_queries_of_one_name_are_refused(tmp_path: Path, other: str) -> None:
    """One took the place of the other, and a server that was served from was said to be none."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, name in zip(folders, ("own_of_another", other), strict=True):
        folder.mkdir()
        text = f"-- name: {name}(at)\nSELECT 1 WHERE :at = 1;\n"
        (folder / "queries.sql").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=other):
        queries_in(folders, "sqlite")
    assert list(queries_in(folders[:1], "sqlite")) == ["own_of_another"]
