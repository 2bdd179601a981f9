"""Commitments on the public page: what is late first, and found by theme and by quarter."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import time_machine

from bot.app import site
from bot.consultations import definitions
from storage.rows.consultations import ConsultationByCode
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, plain


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("commitment", tmp_path, clock) as found:
        yield found


async def promised(w: World, code: str, **more: Any) -> None:
    """Another commitment of the council's, open."""
    async with w.app.storage.transaction() as tx:
        row = await tx.row(ConsultationByCode, code=w.code)
        assert row is not None
        raw = {**msgspec.json.decode(row.definition), "code": code, **more}
        head, problems = definitions.check(raw, w.app.register.council(row.council_id))
        assert problems == []
        assert head is not None
        await definitions.add(tx, w.app.register, msgspec.to_builtins(head), head)
        fresh = await w.app.register.by_code(tx, code)
        assert fresh is not None
        await definitions.open_consultation(tx, fresh, "amal")


async def seen(w: World, path: str) -> httpx.Response:
    """A public page as it is a minute later."""
    w.clock.shift(timedelta(minutes=2))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=site.build(w.app)), base_url="http://localhost:1"
    ) as client:
        return await client.get(path)


async def test_one_finds_them_by_theme_and_by_quarter_what_is_late_first(w: World) -> None:
    council = w.app.register.council((await w.row()).council_id)
    quarter, theme = council.quarters[0], council.themes[0]
    late = {"title": {"en": "Late road", "ar": "طريق"}, "due": "2026-01-31", "theme": theme.id}
    await promised(w, "OZT-ROAD", quarter=quarter.id, **late)
    await promised(w, "OZT-WELL", title={"en": "A well", "ar": "بئر"}, quarter=quarter.id)
    page = plain((await seen(w, "/c/example?lang=en")).text)
    index = page[page.index("What is late comes first.") :]
    by_theme, by_quarter = index.split("<summary>By quarter</summary>")
    assert by_theme.index(f">{theme.text['en']}<") < by_theme.index("Late road")
    assert by_theme.index("Late road") < by_theme.index("No theme") < by_theme.index("A well")
    by_quarter = by_quarter[: by_quarter.index("</details>")]
    assert by_quarter.index("Late road") < by_quarter.index("A well")
    assert by_quarter.index("A well") < by_quarter.index("No quarter")
    assert 'href="#k-OZT-ROAD"' in by_quarter
    # The list itself: what is late first, each with its theme and quarter.
    whole = index[index.rindex("</details>") :]
    assert whole.index('id="k-OZT-ROAD"') < whole.index('id="k-OZT-WELL"')
    data = (await seen(w, "/c/example.json")).json()["commitments"]
    found = {one["code"]: (one["theme"], one["quarter"]) for one in data}
    assert found["OZT-ROAD"] == (theme.id, quarter.id)
    assert found["OZT-WELL"][1] == quarter.id


async def test_of_one_alone_there_is_nothing_to_find(w: World) -> None:
    page = (await seen(w, "/c/example?lang=en")).text
    assert "By theme" not in page
    assert "By quarter" not in page
