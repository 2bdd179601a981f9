"""Photos of before and after: looked at by staff, then seen by everybody, taken back and removed."""

import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import time_machine
from PIL import Image

from bot.kinds.commitment.evidence import FOLDER, MOST_PHOTOS
from bot.kinds.pictures import LARGEST_SIDE, MOST_BYTES
from bot.outbox.media_files import PUBLISHED
from flows.kinds.commitment.shown import MOST_SHOWN
from tests.bot.kinds.commitment.test_public import seen
from tests.bot.kinds.meeting.test_photos import HIDDEN, with_metadata
from tests.bot.kinds.worlds import World, world
from tests.citizen import NOON, audit_of, plain

WHERE = "/staff/commitments/OZT-LAMPS"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.fromtimestamp(NOON / 1000, UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def w(tmp_path: Path, clock: time_machine.Traveller) -> AsyncIterator[World]:
    async with world("commitment", tmp_path, clock) as found:
        yield found


async def adds(
    client: httpx.AsyncClient, side: str = "before", content: bytes = b"", where: str = WHERE
) -> httpx.Response:
    return await client.post(
        f"{where}/evidence?lang=en",
        data={"action": "add", "side": side},
        files={"photo": ("IMG_1.jpg", content or with_metadata(), "image/jpeg")},
    )


async def does(client: httpx.AsyncClient, action: str, id: str) -> None:
    answer = await client.post(
        f"{WHERE}/evidence?lang=en", data={"action": action, "id": id}, files={"x": b""}
    )
    assert answer.status_code == 303


async def ids(client: httpx.AsyncClient) -> list[str]:
    return re.findall(r"/evidence/(\d+)\"", (await client.get(f"{WHERE}?lang=en")).text)


def files(w: World, folder: str) -> list[Path]:
    return sorted((w.app.media.folder / folder).glob("*.jpg"))


async def test_a_photo_is_looked_at_then_seen_by_everybody_and_taken_back(w: World) -> None:
    """What the camera wrote into it is gone; before and after stand side by side with what they are."""
    async with w.browser("organizer") as client:
        assert (await adds(client, "after")).status_code == 303
        assert (await adds(client, "before")).status_code == 303
        before, after = await ids(client)
        shown = await client.get(f"{WHERE}/evidence/{before}")
        assert HIDDEN.encode() in with_metadata()
        assert HIDDEN.encode() not in shown.content
        assert max(Image.open(io.BytesIO(shown.content)).size) == LARGEST_SIDE
        assert "not shown yet" in (await client.get(f"{WHERE}?lang=en")).text
        # Nobody else has them before they are shown.
        assert files(w, PUBLISHED) == []
        assert "/chat/media/" not in (await seen(w, "/c/example?lang=en")).text
        for id in (before, after):
            await does(client, "show", id)
        assert len(files(w, PUBLISHED)) == 2
    page = plain((await seen(w, "/c/example?lang=en")).text)
    assert page.index(">Before<") < page.index(">After<")
    (one,) = (await seen(w, "/c/example.json")).json()["commitments"]
    assert [photo["side"] for photo in one["photos"]] == ["before", "after"]
    assert (await seen(w, one["photos"][0]["file"])).status_code == 200
    amina = await w.known("amina")
    await amina.starts(w.code)
    assert sum(len(message.media) for message in amina.heard) == 2
    async with w.browser("organizer") as client:
        await does(client, "hide", before)
        assert len(files(w, PUBLISHED)) == 1
        await does(client, "remove", after)
        assert files(w, PUBLISHED) == []
        assert len(files(w, FOLDER)) == 1
        assert await ids(client) == [before]
    (one,) = (await seen(w, "/c/example.json")).json()["commitments"]
    assert one["photos"] == []
    async with w.app.storage.reading() as tx:
        noted = await audit_of(tx, w.app.register.default_id)
    assert {"photo add", "photo show", "photo hide", "photo remove"} <= {
        one.detail for one in noted
    }


async def test_a_photo_shows_before_or_after_and_is_one(w: World) -> None:
    async with w.browser("organizer") as client:
        assert "before or after" in (await adds(client, "sideways")).text
        assert "cannot be read as one" in (await adds(client, "after", b"%PDF-1.4")).text
        large = await adds(client, "after", b"\xff" * (MOST_BYTES + 1))
        assert large.status_code == 422
        assert f"{MOST_BYTES // 1_000_000} MB" in plain(large.text)
        assert await ids(client) == []


async def test_so_many_photos_of_a_commitment_are_kept_at_most(w: World) -> None:
    small = io.BytesIO()
    Image.new("RGB", (8, 8)).save(small, "JPEG")
    async with w.browser("organizer") as client:
        for _ in range(MOST_PHOTOS):
            assert (await adds(client, "after", small.getvalue())).status_code == 303
        assert "photos already" in (await adds(client, "after", small.getvalue())).text
        for id in await ids(client):
            await does(client, "show", id)
    amina = await w.known("amina")
    await amina.starts(w.code)
    assert sum(len(message.media) for message in amina.heard) == MOST_SHOWN


async def test_who_may_not_publish_adds_no_photo(w: World) -> None:
    """Nor is there one to a commitment that is no commitment, another's, or a draft."""
    async with w.browser("organizer") as client:
        await adds(client)
        (id,) = await ids(client)
        elsewhere = "/staff/commitments/OZT-LIGHT"
        assert (await adds(client, where=elsewhere)).status_code == 404
        assert (await client.get(f"{elsewhere}/evidence/{id}")).status_code == 404
        assert (await client.get(f"{WHERE}/evidence/{int(id) + 1}")).status_code == 404
    async with w.browser("clerk") as client:
        assert (await adds(client)).status_code == 403
        assert (await client.get(f"{WHERE}/evidence/{id}")).status_code == 200
    async with w.app.storage.transaction() as tx:
        await tx.run("set_consultation_state", id=(await w.row()).id, state="draft")
    async with w.browser("organizer") as client:
        assert "is not public yet" in (await adds(client)).text
