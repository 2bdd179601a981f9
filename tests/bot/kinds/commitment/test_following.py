"""Citizens follow a commitment, its theme or its quarter, and are told of changes; not more often than they want."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import time_machine

from bot.consultations import definitions
from storage.rows.people import AllTopicsOf, PersonOfAddress
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, Citizen

WHERE = "/staff/commitments/OZT-LAMPS"
WEEK = timedelta(days=7)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("commitment", tmp_path, clock) as found:
        yield found


async def said(client: httpx.AsyncClient, state: str, **more: str) -> None:
    """Staff say how it stands."""
    answer = await client.post(f"{WHERE}/do?lang=en", data={"state": state, **more})
    assert answer.status_code == 303


async def sent(w: World, after: timedelta = timedelta(minutes=15)) -> None:
    """So much later, what is due has gone."""
    w.clock.shift(after)
    while await w.app.sender.round():
        pass


async def follows(w: World, name: str, *more: str) -> Citizen:
    """Somebody who follows it."""
    citizen = await w.known(name)
    await citizen.starts(w.code)
    told = await citizen.says("[Tell me when it changes]")
    for reply in more:
        told = await citizen.says(reply)
    assert "You will get a message when it changes" in told
    return citizen


async def test_who_follows_it_is_told_of_a_change_and_nobody_else(w: World) -> None:
    amina = await follows(w, "amina")
    other = await w.known("brahim")
    async with w.browser() as client:
        await said(client, "started", **{"why.en": "The posts stand."})
    await sent(w)
    heard = await amina.hears()
    assert "Started" in heard
    assert "The posts stand." in heard
    assert "write OZT-LAMPS" in heard
    assert await other.hears() == ""
    await sent(w)
    assert await amina.hears() == ""


async def test_who_follows_it_no_longer_is_told_no_more(w: World) -> None:
    amina = await follows(w, "amina")
    await amina.starts(w.code)
    assert "No more messages" in await amina.says("[Do not tell me any more]")
    async with w.browser() as client:
        await said(client, "started")
    await sent(w)
    assert await amina.hears() == ""
    await amina.starts(w.code)
    assert any("Tell me when it changes" in label for label in amina.labels)


@pytest.mark.parametrize(
    ("more", "chosen"),
    [
        ({"theme": "light"}, "All about this theme"),
        ({"quarter": "tabounte"}, "All in this quarter"),
    ],
)
async def test_a_theme_or_a_quarter_is_followed_as_a_whole(
    w: World, more: dict[str, Any], chosen: str
) -> None:
    await w.changed(**more)
    amina = await follows(w, "amina", f"[{chosen}]")
    async with w.app.storage.transaction() as tx:
        row = await w.row()
        other = {**msgspec.json.decode(row.definition), "code": "OZT-OTHER"}
        council = w.app.register.council(row.council_id)
        head, problems = definitions.check(other, council)
        assert head is not None
        assert problems == []
        await definitions.add(tx, w.app.register, msgspec.to_builtins(head), head)
        fresh = await w.app.register.by_code(tx, "OZT-OTHER")
        assert fresh is not None
        await definitions.open_consultation(tx, fresh, "amal")
    async with w.browser() as client:
        answer = await client.post("/staff/commitments/OZT-OTHER/do", data={"state": "started"})
        assert answer.status_code == 303
    await sent(w)
    assert "write OZT-OTHER" in await amina.hears()


async def test_nobody_is_told_more_often_a_week_than_they_want(w: World) -> None:
    amina = await follows(w, "amina")
    async with w.app.storage.transaction() as tx:
        await tx.run(
            "save_preferences", person_id=await person_of(w, amina), per_week=1, part_of_day="any"
        )
    async with w.browser() as client:
        await said(client, "planned")
        await sent(w)
        assert "Planned" in await amina.hears()
        await said(client, "started")
        await sent(w)
        assert await amina.hears() == ""
        # What waited is old by the time it could go: only what was said last is told.
        await said(client, "done")
        await sent(w)
        assert await amina.hears() == ""
        await sent(w, WEEK)
    heard = await amina.hears()
    assert "Done" in heard
    assert "What do you think?" in heard
    assert "Started" not in heard


async def test_nobody_is_told_at_night_or_after_they_said_stop(w: World) -> None:
    amina, brahim = await follows(w, "amina"), await follows(w, "brahim")
    await brahim.says("stop")
    w.clock.move_to(datetime(2026, 11, 22, 23, tzinfo=UTC))
    async with w.browser() as client:
        await said(client, "started")
    await sent(w)
    assert await amina.hears() == ""
    await sent(w, timedelta(hours=11))
    assert "Started" in await amina.hears()
    await brahim.hears()
    assert not any("Started" in one.text for one in brahim.heard)


async def person_of(w: World, citizen: Citizen) -> int:
    """Whose chat it is."""
    where = {"channel": citizen.channel, "address": citizen.address}
    async with w.app.storage.reading() as tx:
        row = await tx.row(PersonOfAddress, **where)
    assert row is not None
    return row.person_id


async def test_what_somebody_follows_goes_with_them_into_another_chat_and_is_forgotten_with_them(
    w: World,
) -> None:
    amina = await follows(w, "amina")
    other = await w.known("amina", "terminal")
    other.at = amina.at = max(amina.at, other.at)
    await other.says("my data")
    code = re.findall(r"\d{3} \d{3} \d{4}", await other.says("[another app]"))[0]
    amina.at = other.at
    await amina.says(code)
    assert "Done." in await amina.says("yes")
    other.at = amina.at
    await other.starts(w.code)
    assert any("Do not tell me any more" in label for label in other.labels)
    person_id = await person_of(w, other)
    for reply in ("my data", "[Erase my data]", "[Erase my data]"):
        await other.says(reply)
    async with w.app.storage.reading() as tx:
        assert await tx.rows(AllTopicsOf, person_id=person_id) == []
