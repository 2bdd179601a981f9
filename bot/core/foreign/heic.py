"""A photo as an iPhone keeps it (HEIC), without what the camera wrote into it.

Nothing here can read its pixels; but where its parts lie stands in its boxes (ISO/IEC 23008-12 and 14496-12),
and those with the place, the time and the camera are emptied. All others stay where they are.
"""

import struct
from collections.abc import Iterator
from typing import Final

#: The media type.
TYPE: Final = "image/heic"

#: The kinds of parts that tell of the camera and the place: Exif, and XMP (of the kind "mime").
_TOLD_BY_CAMERAS: Final = (b"Exif", b"mime")


class NotRead(ValueError):
    """Where the parts of a file lie cannot be told, so that none of it is shown."""


def without_metadata(content: bytes) -> bytes:
    """The same photo with Exif and XMP emptied. Raises NotRead."""
    try:
        return _emptied(content)
    except (struct.error, IndexError, KeyError) as error:
        raise NotRead("a HEIC photo whose parts cannot be found") from error


def _emptied(content: bytes) -> bytes:
    start, end = dict(_boxes(content, 0, len(content)))[b"meta"]
    inside = dict(_boxes(content, start + 4, end))
    wanted = set(_items(content, *inside[b"iinf"]))
    data = inside.get(b"idat", (0, 0))[0]
    out = bytearray(content)
    for item, offset, length, in_meta in _extents(content, *inside[b"iloc"]):
        if item not in wanted:
            continue
        place = offset + (data if in_meta else 0)
        # A length of nothing means the whole file, which no photo says of its Exif.
        if not length or place + length > len(content):
            raise NotRead("a part of a HEIC photo lies outside of it")
        out[place : place + length] = bytes(length)
    return bytes(out)


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The kind of each box, and where its content begins and ends."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, start + 8)
            header = 16
        size = size or end - start
        if size < header or start + size > end:
            raise NotRead("a box of a HEIC photo has no size that can be")
        yield kind, (start + header, start + size)
        start += size


def _items(content: bytes, start: int, end: int) -> Iterator[int]:
    """The numbers of the parts that cameras write about themselves."""
    start += 4 + (2 if content[start] == 0 else 4)
    for kind, (entry, _) in _boxes(content, start, end):
        if kind != b"infe" or content[entry] < 2:
            continue
        form = ">H2x4s" if content[entry] == 2 else ">I2x4s"
        number, sort = struct.unpack_from(form, content, entry + 4)
        if sort in _TOLD_BY_CAMERAS:
            yield number


def _extents(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, bool]]:
    """Part, offset, length, and whether it is counted within the box of data beside (`idat`)."""
    version = content[start]
    sizes, more = content[start + 4], content[start + 5]
    widths = (sizes >> 4, sizes & 15, more >> 4, more & 15 if version else 0)
    offset_size, length_size, base_size, index_size = widths
    place = start + 6

    def number(size: int) -> int:
        nonlocal place
        found = content[place : place + size]
        if len(found) < size or place + size > end:
            raise NotRead("a HEIC photo ends too early")
        place += size
        return int.from_bytes(found, "big")

    for _ in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version else 0
        if method > 1:
            raise NotRead("a part of a HEIC photo is made of other parts")
        number(2)
        base = number(base_size)
        for _ in range(number(2)):
            number(index_size)
            offset = number(offset_size)
            yield item, base + offset, number(length_size), method == 1
