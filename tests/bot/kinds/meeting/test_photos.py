"""Photos of what came of a meeting: looked at by staff, then public and in the chat, hidden and removed again."""

import io
import re
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot.kinds.meeting import photos
from bot.kinds.meeting.photos import FOLDER, MOST_PHOTOS
from bot.kinds.pictures import LARGEST_SIDE, MOST_BYTES
from bot.outbox.media_files import PUBLISHED
from flows.kinds.meeting.shown import MOST_SHOWN
from tests.bot.kinds.meeting.places import CODE, Workshop, digest_in
from tests.bot.kinds.meeting.test_following import was_there
from tests.bot.kinds.meeting.test_outcomes import AFTER, PAGE, STARTS, WRITTEN, over, pressed
from tests.pictures import bomb, photo

HIDDEN = "taken at the town hall by Amina"


def with_metadata() -> bytes:
    """A photo into which a camera has written something."""
    found = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = HIDDEN
    Image.new("RGB", (3000, 1500), "white").save(found, "JPEG", exif=exif)
    return found.getvalue()


async def hands_in(client: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await client.post(
        f"{PAGE}/photos?lang=en",
        data={"action": "add"},
        files={"photo": ("IMG_2231.jpg", content, "image/jpeg")},
    )


async def does(client: httpx.AsyncClient, action: str, id: str) -> None:
    answer = await client.post(
        f"{PAGE}/photos?lang=en", data={"action": action, "id": id}, files={"x": b""}
    )
    assert answer.status_code == 303


async def told(client: httpx.AsyncClient) -> None:
    """What came of it is written and published."""
    await pressed(client, **WRITTEN)
    page = (await client.get(f"{PAGE}?lang=en")).text
    assert (await pressed(client, action="tell", digest=digest_in(page))).status_code == 303


def kept(w: Workshop, folder: str) -> list[Path]:
    return sorted((w.app.media.folder / folder).glob("*.jpg"))


async def test_a_photo_is_looked_at_then_public_and_in_the_chat(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer", STARTS) as (w, client):
        assert (await hands_in(client, with_metadata())).status_code == 303
        page = (await client.get(f"{PAGE}?lang=en")).text
        (seen,) = re.findall(r'src="(/staff/meetings/[^"]+)"', page)
        shown = await client.get(seen)
        assert HIDDEN.encode() in with_metadata()
        assert HIDDEN.encode() not in shown.content
        assert max(Image.open(io.BytesIO(shown.content)).size) == LARGEST_SIDE
        # Nobody else has it before it is published.
        assert kept(w, PUBLISHED) == []
        amina = await w.known("amina", at=STARTS)
        await was_there(w, amina)
        w.move_to(AFTER)
        await told(client)
        (file,) = kept(w, PUBLISHED)
        assert (await client.get(f"/chat/media/{file.name}")).content == shown.content
        await w.look()
        assert f"write {CODE}" in await amina.hears()
        assert file.name in (await client.get("/c/example?lang=en")).text
        w.move_to(AFTER + 3_600_000)
        amina.at = AFTER + 3_600_000
        await amina.starts(CODE)
        assert [one.path for one in amina.heard[-1].media] == [file.name]


async def test_a_photo_is_hidden_shown_again_and_removed_for_good(
    tmp_path: Path,
) -> None:
    async with over(tmp_path, "organizer") as (w, client):
        await told(client)
        await hands_in(client, photo())
        (id,) = re.findall(r'name="id" value="(\d+)"', (await client.get(PAGE)).text)
        (name,) = [one.name for one in kept(w, PUBLISHED)]
        await does(client, "hide", id)
        assert (await client.get(f"/chat/media/{name}")).status_code == 404
        assert "Show again" in (await client.get(f"{PAGE}?lang=en")).text
        await does(client, "show", id)
        assert (await client.get(f"/chat/media/{name}")).status_code == 200
        await does(client, "remove", id)
        assert (await client.get(f"/chat/media/{name}")).status_code == 404
        assert kept(w, FOLDER) == []
        assert (await client.get(f"{PAGE}/photos/{id}")).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as one"),
        (b"%PDF-1.7 minutes", "cannot be read as one"),
        (b"\xff\xd8\xff\xe0 and then nothing", "cannot be read as one"),
        (b"\xff\xd8\xff\xe0" + bytes(MOST_BYTES), "too large"),
        (bomb(5000), "too many pixels"),
    ],
    ids=["nothing", "pdf", "broken", "large", "pixels"],
)
async def test_what_is_no_photo_that_is_taken_is_said(
    tmp_path: Path, content: bytes, said: str
) -> None:
    async with over(tmp_path, "organizer") as (w, client):
        answer = await hands_in(client, content)
        assert answer.status_code == 422
        assert said in answer.text
        assert kept(w, FOLDER) == []


async def test_so_many_photos_are_kept_at_most(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer") as (_, client):
        for _n in range(MOST_PHOTOS):
            assert (await hands_in(client, photo())).status_code == 303
        answer = await hands_in(client, photo())
        assert answer.status_code == 422
        assert f"There are {MOST_PHOTOS} photos already" in answer.text


async def test_a_photo_of_another_meeting_is_not_there_and_a_clerk_adds_none(
    tmp_path: Path,
) -> None:
    async with over(tmp_path, "organizer") as (w, client):
        await hands_in(client, photo())
        (id,) = re.findall(r'name="id" value="(\d+)"', (await client.get(PAGE)).text)
        for code in ("OZT-LIGHT", "OZT-NOTHING"):
            path = f"/staff/meetings/{code}/outcome/photos/{id}"
            assert (await client.get(path)).status_code == 404
        async with w.app.storage.reading() as tx:
            assert len(await photos.photos_of(tx, (await w.row()).id)) == 1
        # Nor is one whose number nobody could have given.
        for number in ("9" * 18, "9" * 19, "-1", "x"):
            await does(client, "remove", number)
        async with w.app.storage.reading() as tx:
            assert len(await photos.photos_of(tx, (await w.row()).id)) == 1
    (tmp_path / "clerk").mkdir()
    async with over(tmp_path / "clerk", "clerk") as (_, client):
        assert (await hands_in(client, photo())).status_code == 403


async def test_so_many_photos_are_shown_in_a_chat_at_most(tmp_path: Path) -> None:
    async with over(tmp_path, "organizer") as (w, client):
        for _ in range(MOST_SHOWN + 1):
            await hands_in(client, photo())
        await told(client)
        amina = await w.known("amina", at=AFTER + 3_600_000)
        w.move_to(AFTER + 3_600_000)
        await amina.starts(CODE)
        assert len(amina.heard[-1].media) == MOST_SHOWN
