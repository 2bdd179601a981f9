"""Rules that every flow keeps."""

import ast
from pathlib import Path

import pytest

import flows

ROOT = Path(flows.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

#: Calls that do nothing unless one yields from them.
WORDS = {"ask", "say", "do", "look_up", "scoped", "ask_commune"}


def forgotten(source: str) -> list[int]:
    """The lines where a word of a flow is called without `yield from`."""
    tree = ast.parse(source)
    good = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.YieldFrom)}
    for node in ast.walk(tree):
        # scoped("x", ask(...)) hands the inner call on.
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "scoped"
        ):
            good.update(id(argument) for argument in node.args)
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in WORDS
        and id(node) not in good
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_flow_always_yields_from_its_words(path: Path) -> None:
    assert forgotten(path.read_text("utf-8")) == []


def test_a_bare_call_is_caught() -> None:
    assert forgotten("def flow():\n    ask('a', b, c)\n    yield from say(d)\n") == [2]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_flows_import_nothing_that_reads_a_clock_a_network_or_a_database(path: Path) -> None:
    forbidden = {"time", "random", "secrets", "socket", "sqlite3", "asyncio", "os", "aiosqlite"}
    forbidden |= {"aiohttp", "httpx", "telegram", "twilio", "bot", "storage", "logging"}
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    assert not found & forbidden
