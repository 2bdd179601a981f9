"""The places in the source that commit or call a provider, read from the source itself."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.faults.points.point import ROOT

#: Sites at which no process is ended, with the reason.
EXCUSED = Path(__file__).parent / "excused.toml"

#: A method of the Bot API, as `Telegram._call` and the renderings name it.
_METHOD = re.compile(r"(get|set|delete|send|answer)[A-Z]\w+")


def commits() -> set[str]:
    """Every function in bot/ that opens a transaction which writes: "PATH:QUALIFIED NAME"."""
    return {
        f"{path.relative_to(ROOT)}:{name}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for name in _opening(ast.parse(path.read_text("utf-8")), "")
    }


def _opening(node: ast.AST, name: str, *, function: bool = False) -> Iterator[str]:
    """The functions within a node that open one; a nested function is named as Python names it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            outer = f"{name}.<locals>." if function else f"{name}." if name else ""
            inside = not isinstance(child, ast.ClassDef)
            yield from _opening(child, outer + child.name, function=inside)
            continue
        called = child.func if isinstance(child, ast.Call) and not child.args else None
        if isinstance(called, ast.Attribute) and called.attr == "transaction":
            yield name
        yield from _opening(child, name, function=function)


def calls() -> set[str]:
    """Every method of the Bot API that the channel calls: "telegram:METHOD"."""
    found = {"telegram:download"}
    for file in ("telegram.py", "telegram_rendering.py"):
        text = (ROOT / "bot/channels" / file).read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _METHOD.fullmatch(node.value)
            ):
                found.add(f"telegram:{node.value}")
    return found


def excused() -> Mapping[str, str]:
    """Site -> why no process is ended there."""
    table = tomllib.loads(EXCUSED.read_text("utf-8"))
    return {site: each["reason"] for each in table["because"] for site in each["sites"]}
