"""The rules that stand in code, found by reading it: limits, refusals, roles, ownership, routes.

A rule is named by where it is: `bot/outbox/delivery.py TRIES`, `bot/cases/handling.py note desk.no.length`,
`bot/web/frame/roles.py triage`, `bot/web/cases/case_page.py own_need`, `bot/app/site.py /staff/needs`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.app import site
from bot.web.frame.roles import ROLES

ROOT = Path(__file__).parents[2]

#: Exceptions that tell a person why something is not done.
REFUSALS = {"NotAllowed", "refused", "no", "Refused", "LastAdmin"}

_NAME = re.compile(r"_?[A-Z][A-Z0-9_]*")


@cache
def rules() -> frozenset[str]:
    """Every rule in `bot` and `flows`."""
    found = {f"bot/web/frame/roles.py {action}" for action in ROLES}
    found |= {f"bot/app/site.py {route}" for route in site.POLICIES}
    for package in ("bot", "flows"):
        for file in sorted((ROOT / package).rglob("*.py")):
            found.update(rules_in(file.read_text("utf-8"), file.relative_to(ROOT).as_posix()))
    return frozenset(found)


def rules_in(source: str, path: str) -> set[str]:
    """The limits, refusals and ownership checks of one module."""
    tree = ast.parse(source)
    return {*_limits(tree, path), *_refusals(tree, path), *_ownership(tree, path)}


def is_limit(rule: str) -> bool:
    """Whether a rule is a constant of a module."""
    return _NAME.fullmatch(rule.rpartition(" ")[2]) is not None


# --------------------------------------------------------------------------- limits


def _limits(tree: ast.Module, path: str) -> Iterator[str]:
    """Constants of a module that hold a number, a set or a day."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        if not _limits_something(value):
            continue
        for target in targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and _NAME.fullmatch(name.id):
                    yield f"{path} {name.id}"


def _limits_something(value: ast.expr) -> bool:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "frozenset":
            return True
    return False


# --------------------------------------------------------------------------- refusals


def _refusals(tree: ast.AST, path: str, inside: str = "") -> Iterator[str]:
    """Every refusal with the function it is in, and its entry of the catalogue or its words."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _refusals(node, path, node.name)
            continue
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            called = node.exc.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in REFUSALS and not path.startswith("bot/channels/"):
                yield f"{path} {inside} {_words(node.exc)}".strip()
        yield from _refusals(node, path, inside)


def _words(call: ast.Call) -> str:
    """How the first text of a call begins: an entry's name, or words with "…" for what is put in."""
    for node in ast.walk(call):
        if isinstance(node, ast.JoinedStr):
            parts = [v.value if isinstance(v, ast.Constant) else "…" for v in node.values]
            return _short("".join(map(str, parts)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return _short(node.value)
    return "…"


def _short(text: str) -> str:
    return " ".join(text.split()[:6])


# --------------------------------------------------------------------------- ownership


def _ownership(tree: ast.Module, path: str) -> Iterator[str]:
    """The checks whose a thing is, in each module of pages that asks one."""
    if path.startswith("bot/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                if name in _own():
                    yield f"{path} {name}"


@cache
def _own() -> frozenset[str]:
    """The gates: whoever reaches for another council's thing finds nothing."""
    return frozenset(
        node.name
        for file in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith("own_")
        and any(argument.arg == "member" for argument in node.args.args)
    )


# --------------------------------------------------------------------------- tests


@cache
def names_of_tests() -> frozenset[str]:
    """The name of every test."""
    return frozenset(
        node.name
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )
