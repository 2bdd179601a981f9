"""On the council's page: each project of a vote with cost, place, picture and recording, for people and programs."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
import time_machine

from flows.wording.text import LANGUAGES
from tests.bot.kinds.openness.begun import bare, stopped
from tests.bot.kinds.worlds import World, world


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    yield from stopped()


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("budget", tmp_path, clock) as found:
        yield found


async def test_everybody_reads_each_project_with_what_it_costs_and_where_it_would_be(
    w: World,
) -> None:
    raw = msgspec.json.decode((await w.row()).definition)
    first = {
        **raw["projects"][0],
        "place": dict.fromkeys(LANGUAGES, "École Ibn Sina"),
        "picture": dict.fromkeys(LANGUAGES, "toilets.jpg"),
        "voice": dict.fromkeys(LANGUAGES, "toilets.ogg"),
    }
    await w.changed(projects=[first, *raw["projects"][1:]])
    async with w.browser() as client:
        page = (await client.get("/c/example?lang=fr")).text
        assert 'id="p-OZT-BUDGET-toilets"' in page
        said = bare(page)
        for wanted in (
            "Des toilettes à l’école",
            "60 000",
            "École Ibn Sina",
            "Trois pour les filles",
        ):
            assert wanted in said
        assert 'src="/chat/media/toilets.jpg"' in page
        assert 'src="/chat/media/toilets.ogg"' in page
        # It can still be answered from there.
        assert 'id="o-OZT-BUDGET"' in page
        (one,) = (await client.get("/c/example.json")).json()["budgets"]
    assert one["amount"] == 400_000
    assert [project["cost"] for project in one["projects"]] == [
        60_000,
        150_000,
        200_000,
        90_000,
        120_000,
    ]


async def test_a_draft_is_on_no_page(w: World) -> None:
    async with w.app.storage.transaction() as tx:
        await tx.run("set_consultation_state", id=(await w.row()).id, state="draft")
    async with w.browser() as client:
        assert "p-OZT-BUDGET" not in (await client.get("/c/example?lang=fr")).text


@pytest.mark.parametrize("where", ["/c/example", "/staff/budgets/OZT-BUDGET"])
async def test_a_sum_is_not_broken_between_its_thousands(w: World, where: str) -> None:
    """On a telephone a line ended with 60, and the next began with 000."""
    async with w.browser() as client:
        page = (await client.get(f"{where}?lang=fr")).text
    assert "60\u00a0000" in page
    assert "60 000" not in page
