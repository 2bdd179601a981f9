"""Pictures for tests: small ones that are whole, and ones that are larger than they look."""

import io
import struct
import zlib

from PIL import Image

#: In the Exif of `photo`: a camera, and that the picture lies on its side.
CAMERA = "Kamera of Amina"
LYING = 6


def photo(width: int = 32, height: int = 16, format_: str = "JPEG") -> bytes:
    """A photo as a camera writes it: with its name, and lying on its side."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = CAMERA, LYING
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, format_, exif=exif)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of side x side pixels, all alike, in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    packer = zlib.compressobj(9)
    row = b"\0" + bytes(-(-side // 8))
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


#: A photo that is whole.
JPEG = photo()
