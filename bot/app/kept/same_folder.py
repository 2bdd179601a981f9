"""Several processes on one database need one media folder: what one of them keeps, another shows."""

from pathlib import Path
from secrets import token_hex

from storage.database import Storage, StorageError
from storage.rows.outbox import AgreedOn

#: The file that holds the folder's name; it goes where the folder goes.
MARK = ".tachawor-folder"


async def check(storage: Storage, folder: Path, living: int) -> None:
    """Compare the folder with the one that the other processes have.

    Where no other serves just now, this folder is the one from now on: it may have been moved, or
    begun anew. Raises StorageError where others serve from another.
    """
    if storage.dialect == "sqlite":
        return
    name = _name_of(folder)
    async with storage.transaction() as tx:
        agreed = await tx.row(AgreedOn, name="media", value=name)
        if agreed is None or agreed.value == name:
            return
        if living <= 1:
            await tx.run("agree_anew", name="media", value=name)
            return
    raise StorageError(
        f"[storage] media is {str(folder)!r}, and the other processes that serve from this database "
        "have another folder; mount the same one on every machine"
    )


def _name_of(folder: Path) -> str:
    """What the folder is called, wherever it is mounted."""
    file = folder / MARK
    try:
        with file.open("x", encoding="ascii") as new:
            new.write(token_hex(16))
    except FileExistsError:
        pass
    return file.read_text(encoding="ascii")
