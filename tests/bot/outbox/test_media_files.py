"""Which files are taken, and as what: by their own first bytes, and by whether they move."""

import pytest

from bot.app.build import App
from bot.channels.port import MediaRef
from bot.core.foreign.heic import without_metadata
from bot.outbox.media_files import recognise
from tests.bot.conversation.test_inbound import at_words, send_file
from tests.heic_file import heic

SOUND = b"\0\0\0\x20ftypisom" + bytes(20) + b"hdlr" + bytes(8) + b"soun" + bytes(20)
MOVING = b"\0\0\0\x20ftypmp42" + bytes(20) + b"hdlr" + bytes(8) + b"vide" + bytes(20)
WEBM_SOUND, WEBM_MOVING = b"\x1aE\xdf\xa3" + b"A_OPUS", b"\x1aE\xdf\xa3" + b"V_VP9 A_OPUS"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SOUND, "voice"),
        (MOVING, None),
        (SOUND + MOVING, None),
        (WEBM_SOUND, "voice"),
        (WEBM_MOVING, None),
        (heic(), "photo"),
        (heic(brand=b"heix"), "photo"),
        (heic(brand=b"mif1"), "photo"),
        (heic(brand=b"avif"), None),
    ],
)
def test_a_video_is_no_voice_note_and_an_iphones_photo_is_a_photo(
    content: bytes, kind: str | None
) -> None:
    """Sound and video begin with the same bytes."""
    found = recognise(content)
    assert (found[1] if found is not None else None) == kind


async def test_a_video_is_not_taken_and_its_words_are(app: App) -> None:
    """It is said what can be sent; it is not even fetched."""
    citizen = await at_words(app)
    video = MediaRef("video", "never fetched")
    assert "a photo or a voice note" in await citizen.does(media=(video,))
    heard = await citizen.does(media=(video,), text="a deep hole in the road")
    assert "a deep hole in the road" in heard
    assert "a photo or a voice note" in heard


async def test_a_photo_of_an_iphone_is_kept_as_it_came(app: App) -> None:
    """Sent as a file, too."""
    citizen = await at_words(app)
    assert "📷 photo" in await send_file(citizen, heic(), "document")
    kept = [path for path in app.media.folder.iterdir() if path.is_file()]
    assert [(path.suffix, path.read_bytes()) for path in kept] == [
        (".heic", without_metadata(heic()))
    ]
