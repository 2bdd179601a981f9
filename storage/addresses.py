"""What can be read out of a database's address without opening it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

SQLITE = "sqlite:///"


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for any other kind."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


#: What to do about a server that is away, and about an address that cannot be read.
SEE = "; see whether it runs there, and [storage] url"

UNESCAPED = "in a user or a password of [storage] url @ is written %40, / %2F, : %3A, # %23, ? %3F and % %25, and a port is a number"


def odd(url: str) -> bool:
    """Whether a sign that ends the password seems to stand in it."""
    behind_host = re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[1:]
    return url.count("@") > 1 or any("@" in part for part in behind_host)


def place_of(url: str) -> str:
    """Host and port of an address, never its user and password."""
    parts = urlsplit(url)
    return (
        parts.netloc.rpartition("@")[2] if parts.port else f"{parts.hostname or 'localhost'}:5432"
    )
