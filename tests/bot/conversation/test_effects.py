"""Every effect that a flow can decide is carried out by somebody, and an unknown one is an error."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.app.build import conversation_parts
from bot.conversation.context import Parts
from bot.conversation.effects import HANDLERS, UnknownEffect, carry_out
from flows.conversations.index import conversations
from flows.dialog.effects import Effect


def name(effect: type[Effect]) -> str:
    return f"{effect.__module__}.{effect.__name__}"


def test_every_effect_has_a_handler() -> None:
    """Nobody's decision is dropped in silence."""
    conversations()  # Every kind's effects are known once every conversation is.
    # A class with slots is made twice: the name is what both have in common.
    decided = {name(one) for one in Effect.__subclasses__() if one.__module__.startswith("flows.")}
    handled = {name(one) for one in (*HANDLERS, *conversation_parts().effects)}
    assert handled == decided


async def test_an_effect_that_nobody_handles_is_an_error() -> None:
    """The message is put aside with this as its trace, and the chat goes on."""

    @dataclass(frozen=True)
    class Dance:
        pass

    context = cast(Any, SimpleNamespace(parts=Parts(effects=HANDLERS)))
    with pytest.raises(UnknownEffect, match="no handler for Dance"):
        await carry_out(context, cast(Any, None), [cast(Any, Dance())])
