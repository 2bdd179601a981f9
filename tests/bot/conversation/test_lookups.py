"""What flows may ask of storage: each name has who answers it, an unknown one is an error."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import flows
from bot.app.build import conversation_parts
from bot.conversation.context import Parts
from bot.conversation.lookups import LOOKUPS, UnknownLookUp, find
from flows.dialog.dialog import Request


def asked() -> Iterator[str]:
    """The names that flows ask for: what `look_up` is given after the question's key."""
    for path in Path(flows.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "look_up":
                name = node.args[1]
                assert isinstance(name, ast.Constant), f"{path}:{node.lineno}"
                yield str(name.value)


def test_flows_ask_for_nothing_that_nobody_looks_up() -> None:
    """And nothing is looked up that no flow asks for."""
    assert set(asked()) == set(LOOKUPS) | set(conversation_parts().look_ups)


async def test_an_unknown_look_up_is_an_error_that_names_those_there_are() -> None:
    """The message is put aside with this as its trace."""
    context = cast(Any, SimpleNamespace(parts=Parts(look_ups=LOOKUPS)))
    with pytest.raises(UnknownLookUp, match=r"no look-up 'weather'; there are: .*notices"):
        await find(context, cast(Any, None), Request("weather", {}))
