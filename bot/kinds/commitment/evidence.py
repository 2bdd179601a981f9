"""Photos of before and after by which everybody sees what was done: looked at by staff first, and taken back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.core.refusals import refused
from bot.kinds import pictures
from bot.kinds.commitment.rows import EvidenceOf, EvidencePublic
from bot.outbox.media_files import MediaFiles
from flows.kinds.commitment.states import SIDES, Photo
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Folder, within the media folder, of these photos.
FOLDER: Final = "commitments"

#: Most photos of a commitment.
MOST_PHOTOS: Final = 12


async def add(
    tx: Transaction,
    media: MediaFiles,
    row: StoredConsultation,
    side: str,
    content: bytes,
    made_by: str,
    at: int,
) -> None:
    """Keep a photo that was read; only staff see it until it is shown. Raises NotAllowed."""
    if row.state == "draft":
        raise refused("commitment_desk.not_open")
    if side not in SIDES:
        raise refused("commitment_desk.no_side")
    await tx.run("lock_evidence", consultation_id=row.id)
    if len(await photos_of(tx, row.id)) >= MOST_PHOTOS:
        raise refused("photo.many", most=MOST_PHOTOS)
    name = pictures.keep(media, FOLDER, content)
    await tx.run(
        "add_evidence",
        id=new_id(),
        consultation_id=row.id,
        side=side,
        name=name,
        made_by=made_by,
        at=at,
    )


async def show(
    tx: Transaction, media: MediaFiles, consultation_id: int, id: int, *, public: bool
) -> None:
    """Show a photo to everybody, or take it back."""
    await tx.run("show_evidence", id=id, consultation_id=consultation_id, public=int(public))
    photos = await photos_of(tx, consultation_id)
    shown = {one.name for one in photos if one.public}
    pictures.settle(media, FOLDER, [one.name for one in photos], shown)


async def remove(tx: Transaction, media: MediaFiles, consultation_id: int, id: int) -> None:
    """Remove a photo for good."""
    for one in await photos_of(tx, consultation_id):
        if one.id == id:
            pictures.remove(media, FOLDER, one.name)
            await tx.run("drop_evidence", id=id)


async def photos_of(tx: Transaction, consultation_id: int) -> Sequence[EvidenceOf]:
    """All photos of a commitment, those of before first."""
    return await tx.rows(EvidenceOf, consultation_id=consultation_id)


async def public_of(tx: Transaction, council_id: int) -> Mapping[int, tuple[Photo, ...]]:
    """The photos that everybody sees, by the consultation's id."""
    found: dict[int, tuple[Photo, ...]] = {}
    for row in await tx.rows(EvidencePublic, council_id=council_id):
        before = found.get(row.consultation_id, ())
        found[row.consultation_id] = (*before, Photo(row.side, row.name))
    return found


async def one_of(tx: Transaction, media: MediaFiles, consultation_id: int, id: str) -> Path | None:
    """The file of a photo of this commitment, for who looks at it before everybody does."""
    names = {str(one.id): one.name for one in await photos_of(tx, consultation_id)}
    path = pictures.path_of(media, FOLDER, names[id]) if id in names else None
    return path if path is not None and path.is_file() else None
