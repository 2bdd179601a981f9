"""A fault put into a program that is imported already: a function's code is exchanged, nothing else.

    program = Program.imported(root)                    once: our packages and our tests
    program.graft("bot/core/hall.py", before, after)    in a fork of that process

That is not enough where the fault stands outside of functions, or in one that ran while the program
was imported: what came of it then is kept somewhere. `graft` says so, and changes nothing.
"""

import contextlib
import gc
import importlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

#: What is ours: each package after those that it may import.
PACKAGES = ("flows", "storage", "bot", "tests")

#: File, name with its class, first line.
Place = tuple[str, str, int]

#: inspect.CO_OPTIMIZED: the code of a function, not that of a class or a module.
_OF_A_FUNCTION = 1


class Program:
    """Our packages and our tests as they are imported, and which of their functions ran meanwhile."""

    def __init__(self, root: Path, ran: set[Place]) -> None:
        self._root = root
        self._ran = ran
        self._functions: dict[Place, list[FunctionType]] = defaultdict(list)
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(f"{root}/"):
                self._functions[_place(one.__code__)].append(one)

    @classmethod
    def imported(cls, root: Path, options: Sequence[str]) -> "Program":
        """Import everything, as the tests do it."""
        ran: set[Place] = set()
        within = f"{root}/"

        def note(frame: FrameType, event: str, _: Any) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(within):
                ran.add(_place(frame.f_code))

        sys.setprofile(note)
        try:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                code = pytest.main([*options, "--collect-only", str(root / "tests")])
            if code:
                raise RuntimeError(f"the tests cannot be collected:\n{said.getvalue()[-3000:]}")
            for package in PACKAGES[:-1]:
                for file in sorted((root / package).rglob("*.py")):
                    importlib.import_module(_name(file.relative_to(root)))
            # A third of a second that almost every test would need.
            wording = importlib.import_module("flows.wording")
            for language in wording.LANGUAGES:
                wording.catalogue(language)
        finally:
            sys.setprofile(None)
        return cls(root, ran)

    def graft(self, path: str, before: str, after: str) -> bool:
        """Exchange what differs. Returns whether that was all: if not, nothing is changed."""
        file = str(self._root / path)
        old, new = (compile(source, file, "exec") for source in (before, after))
        if _outside(old) != _outside(new):
            return False
        exchanged = []
        for was, becomes in zip(_functions_of(old), _functions_of(new), strict=True):
            if was == becomes:
                continue
            if any(_place(code) in self._ran for code in _all_of(was)):
                return False
            found = self._functions.get(_place(was), [])
            if not found or was.co_freevars != becomes.co_freevars:
                return False
            exchanged += [(function, becomes) for function in found]
        for function, becomes in exchanged:
            function.__code__ = becomes
        return bool(exchanged)

    def forget(self, path: str) -> None:
        """Let all be imported again that may have something of a module: ours that is not below it."""
        first = PACKAGES.index(path.partition("/")[0])
        again = PACKAGES[first:] if path.startswith("bot/") else ("flows", "bot", "tests")
        for name in [*sys.modules]:
            if name.partition(".")[0] in again:
                unregister(sys.modules.pop(name))


def unregister(module: ModuleType) -> None:
    """Take a module's figures out of the one registry of a process, which refuses the same ones again."""
    for figure in {id(one): one for one in vars(module).values()}.values():
        if isinstance(figure, MetricWrapperBase):
            with contextlib.suppress(KeyError):  # another module has it, too
                REGISTRY.unregister(figure)


def _name(file: Path) -> str:
    return ".".join(part for part in file.with_suffix("").parts if part != "__init__")


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _functions_of(code: CodeType) -> Iterator[CodeType]:
    """The functions of a module and of its classes; what is in a function belongs to it."""
    for one in _inner(code):
        if one.co_flags & _OF_A_FUNCTION:
            yield one
        else:
            yield from _functions_of(one)


def _all_of(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in _inner(code):
        yield from _all_of(one)


def _outside(code: CodeType) -> object:
    """What a module or class does outside of functions, wherever its lines are."""
    constants = [
        (type(one).__name__, repr(one)) if not isinstance(one, CodeType)
        else one.co_name if one.co_flags & _OF_A_FUNCTION else _outside(one)
        for one in code.co_consts
    ]  # fmt: skip
    return code.co_code, code.co_names, constants
