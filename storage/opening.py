"""Which driver does an address mean?"""

from collections.abc import Sequence
from pathlib import Path

from storage.addresses import SQLITE
from storage.database import Storage, StorageError
from storage.postgresql import open_postgresql
from storage.sqlite import open_sqlite


async def open_storage(url: str, folders: Sequence[Path] = ()) -> Storage:
    """Open the database at `sqlite:///path` or `postgresql://...`; the schema is left as it is.

    `folders` are those of parts of the program that bring queries and tables of their own.

    Raises StorageError for any other kind of address.
    """
    if url.startswith(SQLITE):
        return await open_sqlite(url.removeprefix(SQLITE), folders)
    if url.startswith(("postgresql://", "postgres://")):
        return await open_postgresql(url, folders)
    kind = url.split(":", 1)[0]
    raise StorageError(
        f"storage url begins with {kind!r}; it must be sqlite:///PATH or postgresql://HOST/NAME"
    )
