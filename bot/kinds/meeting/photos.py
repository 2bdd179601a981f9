"""Photos of what came of a meeting: kept without what the camera wrote into them, public once the outcome is.

All lie in a folder of their own; those that are public also among the published files, until they are hidden.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.core.refusals import refused
from bot.kinds import pictures
from bot.kinds.meeting.rows import PhotosOf, PhotosPublic
from bot.outbox.media_files import MediaFiles
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Folder, within the media folder, of these photos.
FOLDER: Final = "meetings"

#: Most photos of a meeting.
MOST_PHOTOS: Final = 12


async def add(
    tx: Transaction,
    media: MediaFiles,
    row: StoredConsultation,
    content: bytes,
    made_by: str,
    at: int,
) -> None:
    """Keep a photo that was read; it is public at once where the outcome is. Raises NotAllowed."""
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    if len(await photos_of(tx, row.id)) >= MOST_PHOTOS:
        raise refused("meeting_desk.photos_many", most=MOST_PHOTOS)
    name = pictures.keep(media, FOLDER, content)
    await tx.run(
        "add_photo", id=new_id(), consultation_id=row.id, name=name, made_by=made_by, at=at
    )
    await settle(tx, media, row.id)


async def hide(
    tx: Transaction, media: MediaFiles, consultation_id: int, id: int, *, hidden: bool
) -> None:
    """Show a photo to nobody any more, or again."""
    await tx.run("hide_photo", id=id, consultation_id=consultation_id, hidden=int(hidden))
    await settle(tx, media, consultation_id)


async def remove(tx: Transaction, media: MediaFiles, consultation_id: int, id: int) -> None:
    """Remove a photo for good."""
    for one in await photos_of(tx, consultation_id):
        if one.id == id:
            pictures.remove(media, FOLDER, one.name)
            await tx.run("drop_photo", id=id)


async def settle(tx: Transaction, media: MediaFiles, consultation_id: int) -> None:
    """Let everybody have what is public, and nothing else."""
    public = {one.name for one in await tx.rows(PhotosPublic, consultation_id=consultation_id)}
    names = [one.name for one in await photos_of(tx, consultation_id)]
    pictures.settle(media, FOLDER, names, public)


async def photos_of(tx: Transaction, consultation_id: int) -> Sequence[PhotosOf]:
    """All photos of a meeting, in the order in which they were added."""
    return await tx.rows(PhotosOf, consultation_id=consultation_id)


async def public_of(tx: Transaction, consultation_id: int) -> tuple[str, ...]:
    """The names of the photos that everybody may see."""
    rows = await tx.rows(PhotosPublic, consultation_id=consultation_id)
    return tuple(row.name for row in rows)


async def one_of(tx: Transaction, media: MediaFiles, consultation_id: int, id: str) -> Path | None:
    """The file of a photo of this meeting, for who looks at it before it is public."""
    names: Mapping[str, str] = {
        str(one.id): one.name for one in await photos_of(tx, consultation_id)
    }
    path = pictures.path_of(media, FOLDER, names[id]) if id in names else None
    return path if path is not None and path.is_file() else None
