"""Once a vote is over each voter reads what theirs did, in the chat and in the copy of their data."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.app.build import conversation_parts
from bot.conversation.erasure import copy_named, export
from bot.core.localtime import now_ms
from bot.kinds.budget import receipts
from bot.results.over import final
from tests.bot.kinds.openness.begun import bare, stopped
from tests.bot.kinds.worlds import World, world
from tests.checks import AllResponses


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("budget", tmp_path, clock) as found:
        yield found


async def test_each_voter_reads_what_their_vote_did(w: World) -> None:
    people = await w.crowd(6)
    stranger = await w.known("stranger")
    await w.closed()
    heard = await people[0].starts(w.code)
    assert "The votes are being counted. Write OZT-BUDGET again" in bare(heard)
    await final.enter_due(w.app)
    await receipts.look(w.app)
    heard = bare(await people[0].starts(w.code))
    assert "What your vote did:" in heard
    assert "✅ School toilets: chosen." in heard
    assert "✅ A garden with a playground: chosen." in heard
    heard = bare(await stranger.starts(w.code))
    assert "is closed" in heard
    assert "your vote" not in heard


async def test_a_receipt_stands_in_the_copy_of_ones_data(w: World) -> None:
    await w.crowd(6)
    async with w.app.storage.reading() as tx:
        (first, *_) = await tx.rows(AllResponses, consultation_id=(await w.row()).id)
        person = first.person_id
    assert "votes_on_projects" not in await copy(w, person)
    await w.closed()
    await final.enter_due(w.app)
    await receipts.look(w.app)
    said = await copy(w, person)
    (one,) = said["votes_on_projects"]
    assert one["vote"] == "OZT-BUDGET"
    assert [project["chosen"] for project in one["projects"]] == [True, True]
    assert one["projects"][0]["name"]["en"] == "School toilets"


async def copy(w: World, person_id: int) -> Any:
    async with w.app.storage.transaction() as tx:
        own_data = conversation_parts().own_data
        name = await export(tx, w.app.vault, own_data, person_id, now_ms())
        return json.loads(await copy_named(tx, w.app.vault, name) or "{}")


async def test_what_is_counted_again_gives_other_receipts(w: World) -> None:
    """A clerk decides about a crowd after the end; the final result is made anew, and receipts with it."""
    await w.crowd(6)
    await w.closed()
    await final.enter_due(w.app)
    await receipts.look(w.app)
    async with w.app.storage.reading() as tx:
        assert await tx.rows(receipts.UncountedBudgets) == []
    async with w.app.storage.transaction() as tx:
        await tx.run(
            "keep_budget_outcome", consultation_id=(await w.row()).id, digest="old", body="{}"
        )
    await receipts.look(w.app)
    async with w.app.storage.reading() as tx:
        assert await tx.rows(receipts.UncountedBudgets) == []
