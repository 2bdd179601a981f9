"""Who follows a meeting or its theme is told once what came of it, within what they want; who was there as such."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.kinds.meeting import seats
from storage.rows.people import PersonOfAddress
from tests.bot.kinds.meeting.places import CODE, HOUR, Workshop, digest_in, workshop
from tests.bot.kinds.meeting.test_desk import browser
from tests.bot.kinds.meeting.test_outcomes import AFTER, PAGE, STARTS, TODAY, WRITTEN, pressed
from tests.citizen import NOON, Citizen

CAME = "this is what came of it"


@asynccontextmanager
async def meeting(
    folder: Path, url: str | None = None, **more: str
) -> AsyncIterator[tuple[Workshop, AsyncExitStack]]:
    async with workshop(folder, url, **{**TODAY, **more}) as w, AsyncExitStack() as later:
        yield w, later


async def follows(w: Workshop, name: str, *more: str) -> Citizen:
    citizen = await w.known(name)
    await citizen.starts(CODE)
    told = await citizen.says("[Tell me what comes of it]")
    for reply in more:
        told = await citizen.says(reply)
    assert "You will get a message" in told
    return citizen


async def publish(w: Workshop, later: AsyncExitStack) -> httpx.AsyncClient:
    """Staff write what came of it, and tell it."""
    w.move_to(AFTER)
    client = await later.enter_async_context(browser(w, "organizer"))
    await pressed(client, **WRITTEN)
    page = (await client.get(f"{PAGE}?lang=en")).text
    assert (await pressed(client, action="tell", digest=digest_in(page))).status_code == 303
    return client


async def rounds(w: Workshop) -> None:
    """What the server does by itself, some time later."""
    w.move_to(AFTER + HOUR)
    await w.look()
    while await w.app.sender.round():
        pass


async def was_there(w: Workshop, citizen: Citizen, at: int = STARTS) -> None:
    code = re.findall(r"\b\d{5}\b", await w.signs_up(citizen))[-1]
    async with w.app.storage.transaction() as tx:
        assert await seats.present(tx, (await w.row()).id, code, at)


async def test_who_follows_it_is_told_once_and_nobody_else(tmp_path: Path, url: str) -> None:
    async with meeting(tmp_path, url) as (w, later):
        follower = await follows(w, "amina")
        both = await follows(w, "brahim")
        await was_there(w, both)
        absent = await follows(w, "chadi")
        await w.signs_up(absent)
        other = await w.known("dounia")
        client = await publish(w, later)
        await rounds(w)
        for citizen in (follower, both, absent):
            heard = await citizen.hears()
            assert heard.count(CAME) == 1, citizen.address
            assert ("write OZT-WORKSHOP" in heard) == (citizen is not both)
        assert await other.hears() == ""
        # A second press, another word and another round tell nobody again.
        page = (await client.get(f"{PAGE}?lang=en")).text
        await pressed(client, **{**WRITTEN, "minutes.en": "Fifty people spoke."})
        if 'name="digest"' in page:
            await pressed(client, action="tell", digest=digest_in(page))
        await rounds(w)
        for citizen in (follower, both, absent, other):
            assert await citizen.hears() == ""


async def test_whose_presence_is_typed_later_is_not_told_a_second_time(tmp_path: Path) -> None:
    async with meeting(tmp_path) as (w, later):
        amina = await follows(w, "amina")
        code = re.findall(r"\b\d{5}\b", await w.signs_up(amina))[-1]
        await publish(w, later)
        await rounds(w)
        assert CAME in await amina.hears()
        async with w.app.storage.transaction() as tx:
            await seats.present(tx, (await w.row()).id, code, STARTS)
        await rounds(w)
        assert await amina.hears() == ""


async def test_a_theme_is_followed_as_a_whole(tmp_path: Path) -> None:
    async with meeting(tmp_path, theme="light") as (w, later):
        amina = await follows(w, "amina", "[All about this theme]")
        await publish(w, later)
        await rounds(w)
        assert CAME in await amina.hears()


@pytest.mark.parametrize("wish", ["stop", "no more"])
async def test_who_wants_no_more_is_told_nothing(tmp_path: Path, wish: str) -> None:
    async with meeting(tmp_path) as (w, later):
        amina = await follows(w, "amina")
        if wish == "stop":
            await amina.says("stop")
        else:
            await amina.starts(CODE)
            assert "No more messages" in await amina.says("[Do not tell me any more]")
        await publish(w, later)
        await rounds(w)
        assert CAME not in await amina.hears()


async def test_nobody_is_told_more_often_a_week_than_they_want(tmp_path: Path) -> None:
    async with meeting(tmp_path) as (w, later):
        amina = await follows(w, "amina")
        async with w.app.storage.transaction() as tx:
            person = await person_of(w, amina)
            await tx.run("save_preferences", person_id=person, per_week=0, part_of_day="any")
        await publish(w, later)
        await rounds(w)
        assert CAME not in await amina.hears()


async def person_of(w: Workshop, citizen: Citizen) -> int:
    async with w.app.storage.reading() as tx:
        row = await tx.row(
            PersonOfAddress, channel=citizen.channel, account="web", address=citizen.address
        )
    assert row is not None
    return row.person_id


async def test_who_opens_it_once_it_is_closed_reads_what_came_of_it_and_can_stop_following(
    tmp_path: Path,
) -> None:
    async with meeting(tmp_path) as (w, later):
        amina, brahim = await follows(w, "amina"), await w.known("brahim")
        await publish(w, later)
        await w.closed()
        for citizen in (amina, brahim):
            citizen.at = max(citizen.at, NOON + 5 * HOUR)
            assert CAME in await citizen.starts(CODE)
        assert "No more messages" in await amina.says("[Do not tell me any more]")
