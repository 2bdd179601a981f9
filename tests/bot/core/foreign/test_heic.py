"""A HEIC photo on the desk: the picture whole, without the place and the camera."""

import pytest

from bot.core.foreign.heic import NotRead, without_metadata
from tests.heic_file import EXIF, PIXELS, XMP, heic


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("in_meta", [False, True])
def test_place_and_camera_are_emptied_and_the_picture_stays(version: int, in_meta: bool) -> None:
    """Nothing moves: the file is as long, and what is no metadata is as it was."""
    photo = heic(version=version, in_meta=in_meta and version > 0)
    assert EXIF in photo
    bare = without_metadata(photo)
    assert len(bare) == len(photo)
    assert EXIF not in bare
    assert b"31.5 N" not in bare
    assert XMP not in bare
    assert PIXELS in bare
    assert bare == photo.replace(EXIF, bytes(len(EXIF))).replace(XMP, bytes(len(XMP)))


@pytest.mark.parametrize("cut", [8, 20, 40, 90, 150, 200])
def test_a_photo_whose_parts_cannot_be_found_is_not_shown(cut: int) -> None:
    """Rather none than one that tells where somebody lives."""
    with pytest.raises(NotRead):
        without_metadata(heic()[:cut])


@pytest.mark.parametrize("place", [0xFFFFFF, 0])
def test_parts_that_lie_outside_or_nowhere_are_not_believed(place: int) -> None:
    """A length of nothing, or one beyond the end."""
    photo = heic()
    length = len(EXIF).to_bytes(4, "big")
    at = photo.index(length, photo.index(b"iloc"))
    with pytest.raises(NotRead):
        without_metadata(photo[:at] + place.to_bytes(4, "big") + photo[at + 4 :])


def test_what_is_no_heic_is_not_shown() -> None:
    """Not even a JPEG."""
    with pytest.raises(NotRead):
        without_metadata(b"\xff\xd8\xff" + bytes(100))
