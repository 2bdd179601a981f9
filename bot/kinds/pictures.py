"""Photos that staff add to what a council shows: kept without what the camera wrote into them, public while they may be.

read (written anew, a JPEG) -> a folder of the kind's own -> also among the published files, until it is taken back
"""

import secrets
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.core.foreign import heic, pictures
from bot.core.foreign.worker import PICTURES, TooHard
from bot.core.refusals import refused
from bot.outbox.media_files import LIMITS, MediaFiles, recognise
from bot.web.frame import intake
from bot.web.frame.forms import Form
from bot.web.frame.intake import SMALL

#: The longest side of a photo in pixels: writing on a flip chart can be read.
LARGEST_SIDE: Final = 2000

#: Bytes of what is handed in at once.
MOST_BYTES: Final = LIMITS["photo"]


async def handed_in(request: Request) -> tuple[bytes, Form]:
    """The file of the field `photo` (nothing if there is none), and what else the form said. Raises NotAllowed."""
    intake.widen(request, MOST_BYTES + SMALL)
    if intake.too_large(request):
        raise refused("photo.large", megabytes=MOST_BYTES // 1_000_000)
    async with request.form(max_files=1, max_fields=20) as sent:
        file = sent.get("photo")
        content = await file.read() if isinstance(file, UploadFile) else b""
        return content, Form({k: v for k, v in sent.items() if isinstance(v, str)})


async def read(content: bytes) -> bytes:
    """The photo as it is kept, a JPEG. Raises NotAllowed where it is none that is taken."""
    found = recognise(content)
    if len(content) > MOST_BYTES:
        raise refused("photo.large", megabytes=MOST_BYTES // 1_000_000)
    if found is None or found[1] != "photo" or found[0] == heic.TYPE:
        raise refused("photo.none")
    try:
        return await PICTURES.asked(pictures.shown, content, found[0], LARGEST_SIDE)
    except pictures.TooManyPixels:
        megapixels = pictures.MOST_PIXELS // 1_000_000
        raise refused("photo.pixels", megapixels=megapixels) from None
    except (pictures.NoPicture, TooHard):
        raise refused("photo.none") from None


def keep(media: MediaFiles, folder: str, content: bytes) -> str:
    """Keep a photo that was read. Returns the name of its file, which nobody guesses."""
    name = f"{secrets.token_urlsafe(24)}.jpg"
    path = path_of(media, folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


def settle(media: MediaFiles, folder: str, names: Iterable[str], public: Collection[str]) -> None:
    """Let everybody have what is public of these photos, and nothing else."""
    for name in names:
        path = path_of(media, folder, name)
        if name not in public:
            media.unpublish(name)
        elif media.published(name) is None and path.is_file():
            media.publish(name, path.read_bytes())


def remove(media: MediaFiles, folder: str, name: str) -> None:
    """Remove a photo for good."""
    media.unpublish(name)
    path_of(media, folder, name).unlink(missing_ok=True)


def path_of(media: MediaFiles, folder: str, name: str) -> Path:
    """Where a photo of that name lies."""
    return media.folder / folder / name
