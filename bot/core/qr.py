"""QR codes for posters: dark on light, with the quiet zone that cameras need."""

import io
from pathlib import Path

import segno


def write(link: str, path: Path) -> None:
    """Write the code of a link as .svg or .png; a poster may lose 15 % of it and still be read."""
    segno.make(link, error="m", micro=False).save(str(path), scale=12, border=4)


def png(link: str) -> bytes:
    """The code of a link as a small PNG, for a message."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=10, border=4)
    return out.getvalue()


def svg(link: str, scale: int = 6) -> str:
    """The code of a link as inline SVG, so many pixels a module."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=4, xmldecl=False
    )
    return out.getvalue().decode()
