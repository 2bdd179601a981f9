"""A photo that a citizen sent, as staff are shown it: without what the camera wrote into it."""

from pathlib import Path
from typing import Final

from starlette.responses import Response

from bot.core.foreign import heic, pictures
from bot.core.foreign.worker import PICTURES, TooHard

#: The longest side of a photo as it is shown, in pixels.
LARGEST: Final = 1600


async def photo(path: Path, type_: str, name: str) -> Response | None:
    """The photo, called `name` where it is taken as a file; None where it cannot be shown."""
    headers = {"cache-control": "private, no-store"}
    try:
        content = await PICTURES.asked(pictures.shown, path.read_bytes(), type_, LARGEST)
    except (pictures.TooManyPixels, pictures.NoPicture, TooHard):
        # What was kept before pictures were looked at on their way in.
        return None
    if type_ == heic.TYPE:
        # Browsers do not show it; whoever takes it has a program that does.
        headers["content-disposition"] = f'attachment; filename="{name}.heic"'
        return Response(content, media_type=type_, headers=headers)
    return Response(content, media_type="image/jpeg", headers=headers)
