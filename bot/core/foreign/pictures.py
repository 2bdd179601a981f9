"""Pictures of others, written anew: upright, without place, camera or name, and no larger than they may be.

Every function here is called in a process of its own (`bot.core.foreign.worker`): decoders have faults.
"""

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.core.foreign import heic

#: Most pixels of a picture: what decoding one takes goes with them, whatever the file weighs.
MOST_PIXELS: Final = 20_000_000

#: Media type -> how Pillow calls it. Nothing else is decoded.
FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class TooManyPixels(Exception):
    """A picture of more than `MOST_PIXELS`."""


class NoPicture(Exception):
    """What begins like a picture and is none."""


def cleaned(content: bytes, type_: str) -> bytes:
    """The picture as it is kept: of the same type and size, with nothing in it but its pixels.

    Raises TooManyPixels, NoPicture.
    """
    if type_ == heic.TYPE:
        return _emptied(content)
    out = io.BytesIO()
    _fresh(content, FORMATS[type_], 0).save(out, FORMATS[type_], quality=90)
    return out.getvalue()


def shown(content: bytes, type_: str, side: int) -> bytes:
    """The picture as a JPEG for a page, at most `side` pixels wide and high; HEIC stays what it is.

    Raises TooManyPixels, NoPicture.
    """
    if type_ == heic.TYPE:
        return _emptied(content)
    out = io.BytesIO()
    _fresh(content, FORMATS[type_], side).save(out, "JPEG", quality=85)
    return out.getvalue()


def _emptied(content: bytes) -> bytes:
    try:
        return heic.without_metadata(content)
    except heic.NotRead as error:
        raise NoPicture(str(error)) from error


def _fresh(content: bytes, format_: str, side: int) -> Image.Image:
    """An image that has nothing of the old one but its pixels."""
    # The limit is ours, and says so before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=[format_]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixels(f"{picture.width} x {picture.height} pixels")
            if side:
                picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            if side:
                upright.thumbnail((side, side))
            return Image.frombytes("RGB", upright.size, upright.tobytes())
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoPicture(type(error).__name__) from error
