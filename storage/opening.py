"""Which driver does an address mean?"""

from storage.database import Storage, StorageError
from storage.postgresql import open_postgresql
from storage.sqlite import open_sqlite


async def open_storage(url: str) -> Storage:
    """Open the database at `sqlite:///path` or `postgresql://...`; the schema is left as it is.

    Raises StorageError for any other kind of address.
    """
    if url.startswith("sqlite:///"):
        return await open_sqlite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        return await open_postgresql(url)
    kind = url.split(":", 1)[0]
    raise StorageError(
        f"storage url begins with {kind!r}; it must be sqlite:///PATH or postgresql://HOST/NAME"
    )
