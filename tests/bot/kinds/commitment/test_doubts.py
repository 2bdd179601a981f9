"""Citizens rate what staff call done; "not done" with a photo opens it again for staff."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine

from bot.staff import crowds
from storage.database import batch
from tests.bot.kinds.worlds import World, world
from tests.checks import AllResponses
from tests.citizen import NOON, Citizen, audit_of, plain
from tests.pictures import JPEG

WHERE = "/staff/commitments/OZT-LAMPS"
SAYS = "1 person says with a photo that it is not done"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("commitment", tmp_path, clock) as found, found.browser() as client:
        assert (await client.post(f"{WHERE}/do", data={"state": "done"})).status_code == 303
        clock.shift(timedelta(minutes=1))
        yield found


async def rates(
    w: World, name: str, label: str, *, photo: bool = False, words: str = "skip"
) -> Citizen:
    """Somebody says how it was done."""
    citizen = await w.known(name)
    assert "The council says that it is done" in await citizen.starts(w.code)
    await citizen.says(f"[{label}]")
    if photo:
        asked = await citizen.does(media=(w.app.web.upload(JPEG, "photo"),))
        assert "What does it show?" in asked
        told = await citizen.says(words)
    else:
        told = await citizen.says("skip")
    assert "Reference: OZT-2026-" in told
    return citizen


async def desk(client: httpx.AsyncClient) -> str:
    """What staff see of it, plainly."""
    return (await client.get(f"{WHERE}?lang=en")).text


async def test_not_done_with_a_photo_opens_it_again_for_staff_until_they_answer(w: World) -> None:
    await rates(w, "amina", "It is not done", photo=True)
    async with w.browser("clerk") as client:
        page = await desk(client)
        assert SAYS in plain(page)
        assert SAYS in plain((await client.get("/staff/commitments?lang=en")).text)
        assert SAYS in plain((await client.get("/staff?lang=en")).text)
        where = page.partition('class="photo" src="')[2].partition('"')[0]
        shown = await client.get(where)
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "image/jpeg"
        assert (await client.get(f"{WHERE}/photos/other")).status_code == 404
        # The public page says what staff said: one person's word is no count to publish.
        (one,) = (await client.get("/c/example.json")).json()["commitments"]
        assert one["state"] == "done"
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert "see" in [row.action for row in noted if row.object == w.code]
    async with w.browser() as client:
        w.clock.shift(timedelta(minutes=1))
        assert (await client.post(f"{WHERE}/do", data={"state": "started"})).status_code == 303
        assert SAYS not in plain(await desk(client))
        assert SAYS not in plain((await client.get("/staff?lang=en")).text)


async def test_without_a_photo_it_is_counted_and_opens_nothing(w: World) -> None:
    await rates(w, "amina", "It is not done")
    async with w.browser() as client:
        assert SAYS not in plain(await desk(client))


async def test_who_says_something_else_or_takes_it_back_opens_nothing_any_more(w: World) -> None:
    amina = await rates(w, "amina", "It is not done", photo=True)
    brahim = await rates(w, "brahim", "It is not done", photo=True)
    async with w.browser() as client:
        assert "2 people say with a photo" in plain(await desk(client))
        await amina.starts(w.code)
        await amina.says("[It is well done]")
        await amina.says("skip")
        assert SAYS in plain(await desk(client))
        for reply in ("my data", "[Erase my data]", "[Erase my data]"):
            await brahim.says(reply)
        assert SAYS not in plain(await desk(client))


async def test_words_sent_after_the_photo_are_kept_with_it(w: World) -> None:
    """A citizen sends a photo, and in the next message what it shows."""
    await rates(w, "amina", "It is not done", photo=True, words="The third lamp is still dark")
    async with w.app.storage.transaction() as tx:
        row = await w.app.register.by_code(tx, w.code)
        assert row is not None
        (response,) = await tx.rows(AllResponses, consultation_id=row.id)
    said = json.loads(response.body)["said"]["words"]
    assert said["text"] == "The third lamp is still dark"
    assert [one["kind"] for one in said["media"]] == ["photo"]


async def test_a_file_of_another_kind_is_refused_with_what_can_be_sent(w: World) -> None:
    citizen = await w.known("amina")
    await citizen.starts(w.code)
    await citizen.says("[It is not done]")
    told = await citizen.does(media=(w.app.web.upload(b"%PDF-1.7\n", "document"),))
    assert "Send a photo or a voice note, or write it" in told


async def test_a_group_that_is_set_aside_opens_nothing_until_it_counts(w: World) -> None:
    """Nor once staff have said that it does not count."""
    await rates(w, "amina", "It is not done", photo=True)
    async with w.app.storage.transaction() as tx:
        row = await w.app.register.by_code(tx, w.code)
        assert row is not None
        (response,) = await tx.rows(AllResponses, consultation_id=row.id)
        crowd = {"id": 77, "consultation_id": row.id}
        await tx.run("add_crowd", **crowd, reason="hurried", at=NOON)
        await tx.run("set_aside", crowd_id=77, rows=batch([{"x": response.id}]))
    async with w.browser() as client:
        assert SAYS not in plain(await desk(client))
        assert SAYS not in plain((await client.get("/staff?lang=en")).text)
        for counts in (False, True):
            async with w.app.storage.transaction() as tx:
                decided = {"made_by": "nadia", "at": NOON}
                assert await crowds.decide(tx, row.id, 77, counts=counts, **decided)
            assert (SAYS in plain(await desk(client))) is counts


async def test_a_photo_of_another_councils_commitment_is_not_there(w: World) -> None:
    await rates(w, "amina", "It is not done", photo=True)
    async with w.browser() as client:
        where = (await desk(client)).partition('class="photo" src="')[2].partition('"')[0]
        assert (await client.get(where.replace("OZT-LAMPS", "OZT-LIGHT"))).status_code == 404


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
async def test_ratings_of_fewer_than_five_are_not_public(
    w: World, people: int, *, shown: bool
) -> None:
    for number in range(people):
        await rates(w, f"person {number}", "It is badly done")
    await w.closed()
    async with w.browser() as client:
        page = plain((await client.get(f"/results/{w.code}?lang=en")).text)
    row = page.partition("What people think of what is done")[2].partition("It is badly done")[2]
    counted = re.sub(r"<[^>]*>", " ", row.partition("</tr>")[0]).split()[0]
    assert (counted == str(people)) is shown
