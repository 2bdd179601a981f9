"""Conversations saved with an earlier release go on with this one, for ever."""

from functools import partial
from pathlib import Path

import msgspec
import pytest

from flows.conversations.index import conversations
from flows.dialog import replay
from flows.dialog.facts import Facts, Own, Shared
from flows.dialog.replay import Journal
from flows.kinds import kinds

JOURNALS = sorted((Path(__file__).parents[2] / "journals").glob("*.json"))


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_every_state_of_a_saved_conversation_still_awaits_the_same_question(path: Path) -> None:
    journal = msgspec.json.decode(path.read_bytes())
    states = [turn["state"] for turn in journal["turns"] if turn["state"] is not None]
    assert len(states) >= 3
    for state in states:
        shared = msgspec.convert(journal["facts"][state["facts"]], Shared)
        facts = Facts(shared, msgspec.convert(state["own"], Own))
        flow = partial(conversations()[state["flow"]], facts)
        turn = replay.run(flow, Journal(state["answers"], state["awaited"]))
        assert turn.asked is not None, f"{state['flow']} no longer waits for {state['awaited']}"
        assert turn.asked.key == state["awaited"]


def test_there_is_a_journal_of_every_kind() -> None:
    assert {path.stem.split("-")[0] for path in JOURNALS} >= {*kinds()}
