"""Pictures of others: small enough to be looked at, and with nothing in them but what is to be seen."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.core.foreign import pictures
from bot.core.foreign.worker import PICTURES
from tests.bot.conversation.test_inbound import send_file
from tests.citizen import Citizen, running
from tests.pictures import CAMERA, bomb, photo


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_upright_and_without_its_camera(format_: str) -> None:
    given = photo(format_=format_)
    assert CAMERA.encode() in given
    kept = pictures.cleaned(given, f"image/{format_.lower()}")
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == (format_, (16, 32))
        assert not picture.getexif()
    assert CAMERA.encode() not in kept


@pytest.mark.parametrize(("side", "taken"), [(4472, True), (4473, False), (13_300, False)])
def test_a_picture_has_at_most_twenty_million_pixels(side: int, taken: bool) -> None:
    """Whatever the file weighs."""
    content = bomb(side)
    assert len(content) < 40_000
    for work, values in ((pictures.cleaned, ()), (pictures.shown, (1600,))):
        if taken:
            assert PICTURES.done(work, content, "image/png", *values)
        else:
            with pytest.raises(pictures.TooManyPixels):
                PICTURES.done(work, content, "image/png", *values)


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff" + bytes(99), photo()[:300], photo(format_="PNG")]
)
def test_what_only_begins_like_a_picture_is_none(content: bytes) -> None:
    with pytest.raises(pictures.NoPicture):
        pictures.cleaned(content, "image/jpeg")


async def test_a_citizen_reads_why_a_picture_was_not_taken(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        citizen = Citizen(app)
        await citizen.verify(
            [("OZT-NEEDS", ""), ("english", ""), ("1", ""), ("1", ""), ("skip", "words")]
        )
        assert "20 megapixels at most" in await send_file(citizen, bomb(13_300), "photo")
        assert "does not open" in await send_file(citizen, b"\xff\xd8\xff" + bytes(99), "photo")
        assert not [path for path in app.media.folder.iterdir() if path.is_file()]
        assert "📷 photo" in await send_file(citizen, photo(), "photo")
        (kept,) = [path for path in app.media.folder.iterdir() if path.is_file()]
        assert CAMERA.encode() not in kept.read_bytes()
