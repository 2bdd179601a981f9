"""A page asks a room for a result: it runs no query of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent

#: What runs a named query, on what is called a transaction.
QUERIES = frozenset({"row", "rows", "run"})
TRANSACTIONS = frozenset({"tx", "_tx"})


def pages() -> list[Path]:
    """Every module of `bot/web`, and what of a kind's modules answers requests."""
    kinds = (ROOT / "kinds").rglob("*.py")
    return sorted([*(ROOT / "web").rglob("*.py"), *(path for path in kinds if _answers(path))])


def _answers(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(name.split(".")[0] == "starlette" for name in _imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def queries(source: str) -> list[int]:
    """The lines that run a query on `tx`, or on an attribute or variable called so."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in QUERIES:
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in TRANSACTIONS:
                found.append(node.lineno)
    return sorted(found)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_runs_no_query(path: Path) -> None:
    lines = queries(path.read_text("utf-8"))
    assert not lines, f"{path.relative_to(ROOT.parent)} runs queries itself, in lines {lines}"


def test_desks_of_kinds_are_pages_too() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in pages()}
    assert {
        "web/frame/gate.py",
        "web/staff/today.py",
        "web/citizens/chat.py",
        "web/cases/desk.py",
        "web/cases/case_page.py",
        "kinds/petition/desk.py",
        "kinds/petition/signature_pages.py",
    } <= names
    assert "kinds/petition/procedure.py" not in names


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("await tx.rows(Consultations)", True),
        ("found = [row.id for row in await tx.rows(Consultations)]", True),
        ("(await tx.row(Download, id=1)).name", True),
        ("await context.tx.run('end_session', digest='')", True),
        ("ask = tx.rows", True),
        ("await listing.consultations_of(tx, 1)", False),
        ("await self._row(tx)", False),
        ("await server.run()", False),
        ("'await tx.rows(Consultations)'", False),
    ],
)
def test_a_query_in_a_made_up_page_is_seen(line: str, seen: bool) -> None:
    source = f"async def page(self, context, server, tx):\n    {line}\n"
    assert queries(source) == ([2] if seen else [])
