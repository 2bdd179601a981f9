"""The first conversation: where it leads, once somebody has agreed."""

from datetime import date
from typing import Any

import pytest

from flows.conversations.index import conversations
from flows.dialog import replay
from flows.dialog.dialog import Reply
from flows.dialog.effects import Begin
from flows.dialog.facts import Facts, Own, Shared
from tests.flows.conversations.test_notices import COUNCIL

WORDS = "No water since Monday"


@pytest.mark.parametrize(
    ("own", "begun"),
    [
        (Own(), [("menu", "", "")]),
        # A greeting tells nothing: what one may do stands there.
        (Own(unasked=True), [("menu", "", "")]),
        # What they wrote comes first, then what the link was for; the menu is not put over it.
        (Own(unasked=True, words=WORDS), [("", "", WORDS)]),
        (
            Own(unasked=True, words=WORDS, goal="OZT-LIGHT"),
            [("", "", WORDS), ("", "OZT-LIGHT", "")],
        ),
        (Own(words=WORDS, goal="OZT-NEEDS"), [("", "OZT-NEEDS", WORDS)]),
        (Own(words=WORDS), [("menu", "", "")]),
    ],
)
def test_who_has_agreed_goes_on_to_what_they_came_for(
    own: Own, begun: list[tuple[str, str, str]]
) -> None:
    def flow() -> Any:
        return conversations()["welcome"](Facts(Shared(date(2026, 12, 1), COUNCIL), own))

    turn = replay.run(flow)
    for tapped in ("en", "yes"):
        turn = replay.run(flow, turn.journal, Reply(tap=tapped))
    found = [one for one in turn.result or [] if isinstance(one, Begin)]
    assert [(one.flow, one.code, one.own.words) for one in found] == begun
