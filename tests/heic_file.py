"""A HEIC photo of a few hundred bytes, box by box: pixels, Exif with a place, XMP."""

import struct

PIXELS, EXIF, XMP = (
    b"pixels of the hole",
    b"\0\0\0\6Exif\0\0 31.5 N 5.1 W",
    b"<x:xmpmeta>iPhone</x:xmpmeta>",
)


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box with its size."""
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _infe(number: int, sort: bytes, version: int) -> bytes:
    form = ">B3xHH4s" if version == 2 else ">B3xIH4s"
    return box(b"infe", struct.pack(form, version, number, 0, sort), b"\0")


def heic(*, version: int = 1, in_meta: bool = False, brand: bytes = b"heic") -> bytes:
    """A photo of three parts. `version` is that of the box of places; `in_meta`: Exif lies in it."""
    wide = version == 2
    infes = [
        _infe(n, sort, 3 if wide else 2) for n, sort in ((1, b"hvc1"), (2, b"Exif"), (3, b"mime"))
    ]
    count = struct.pack(">B3xI", 1, 3) if wide else struct.pack(">B3xH", 0, 3)
    head = box(b"ftyp", brand, bytes(4), b"mif1")

    def meta(places: list[int]) -> bytes:
        rows = b""
        for number, place, part in zip((1, 2, 3), places, (PIXELS, EXIF, XMP), strict=True):
            method = 1 if in_meta and number == 2 else 0
            rows += struct.pack(">I" if wide else ">H", number)
            rows += struct.pack(">H", method) if version else b""
            rows += struct.pack(">HIHII", 0, 0, 1, place, len(part))
        iloc = struct.pack(">B3xBB", version, 0x44, 0x40) + struct.pack(">I" if wide else ">H", 3)
        data = box(b"idat", EXIF) if in_meta else b""
        return box(b"meta", bytes(4), box(b"iinf", count, *infes), box(b"iloc", iloc, rows), data)

    start = len(head) + len(meta([0, 0, 0])) + 8
    places, parts = [start], PIXELS
    for number, part in ((2, EXIF), (3, XMP)):
        places.append(0 if in_meta and number == 2 else start + len(parts))
        parts += b"" if in_meta and number == 2 else part
    return head + meta(places) + box(b"mdat", parts)
