"""Every effect that a flow can decide is carried out by somebody, and an unknown one is an error."""

from dataclasses import dataclass
from typing import Any, cast, get_args

import pytest

from bot.conversation.effects import HANDLERS, UnknownEffect, carry_out
from flows.dialog.effects import Effect


def test_every_effect_has_a_handler() -> None:
    """Nobody's decision is dropped in silence."""
    assert set(HANDLERS) == set(get_args(Effect))


async def test_an_effect_that_nobody_handles_is_an_error() -> None:
    """The message is put aside with this as its trace, and the chat goes on."""

    @dataclass(frozen=True)
    class Dance:
        pass

    nothing = cast(Any, None)
    with pytest.raises(UnknownEffect, match="no handler for Dance"):
        await carry_out(nothing, nothing, [cast(Any, Dance())])
