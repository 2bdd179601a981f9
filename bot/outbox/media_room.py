"""How much room there is for the files of citizens, and which of them nobody needs any more.

a file comes    no more of one chat within a week, and of all together, than the settings say
a day later     what no answer, thread, open conversation or waiting message names goes
"""

import asyncio
import contextlib
import logging
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from bot.channels.port import Arrival
from flows.wording.text import Text, msg
from storage.database import Storage, Transaction, batch
from storage.rows.inbox import BytesFrom, FilesWaiting, KnownMedia, MediaInUse, MediaToLookAt

log = logging.getLogger("tachawor.media")

#: For how long a chat's files count against its room, ms.
COUNTED_MS: Final = 7 * 86_400_000

#: How long a file may be named by nothing, ms.
UNNAMED_MS: Final = 86_400_000

#: How long after it was found named it is asked again, ms.
AGAIN_MS: Final = 30 * 86_400_000

#: How long unfinished answers keep the files that they name, ms.
UNFINISHED_MS: Final = 90 * 86_400_000

#: Bytes of the disk that are left to the database.
FLOOR: Final = 300_000_000

#: Files that are asked about at a time.
PAGE: Final = 500


class Room:
    """The room in one media folder, in bytes: for one chat within `COUNTED_MS`, and in all."""

    def __init__(self, storage: Storage, folder: Path, chat: int, all_: int) -> None:
        self._storage = storage
        self._folder = folder
        self._chat, self._all = chat, all_
        #: Bytes of files in the folder, as far as this process knows; None before they were counted.
        self._used: int | None = None
        #: Files that no transaction knows of yet: chat and size by name.
        self._coming: dict[str, tuple[tuple[str, str, str], int]] = {}

    async def lack(self, arrival: Arrival, size: int) -> Text | None:
        """Why there is no room for one more file of so many bytes, as its author is told; None if there is."""
        if self._used is None:
            self._used = sum(one.size for one in await asyncio.to_thread(_files, self._folder))
        if self._used + size > self._all or self._disk_free() - size < FLOOR:
            log.error("files of citizens are refused: the media folder has no room left")
            return msg("chat.no_room")
        chat = (arrival.channel, arrival.account, arrival.address)
        here = sum(bytes_ for of, bytes_ in self._coming.values() if of == chat)
        async with self._storage.reading() as tx:
            row = await tx.row(
                BytesFrom,
                channel=chat[0],
                account=chat[1],
                address=chat[2],
                since=arrival.at - COUNTED_MS,
            )
        if here + (row.bytes if row is not None else 0) + size > self._chat:
            return msg("chat.enough_files", megabytes=self._chat // 1_000_000)
        return None

    def came(self, arrival: Arrival, name: str, size: int) -> None:
        """A file is kept whose message is not committed yet."""
        self._coming[name] = ((arrival.channel, arrival.account, arrival.address), size)
        self._used = (self._used or 0) + size

    def noted(self, name: str) -> None:
        """A transaction knows of it now."""
        self._coming.pop(name, None)

    def gone(self, name: str, size: int) -> None:
        """A file was removed."""
        self._coming.pop(name, None)
        if self._used is not None:
            self._used -= size

    def _disk_free(self) -> int:
        return shutil.disk_usage(self._folder).free

    async def unnamed(self, tx: Transaction, at: int) -> list[str]:
        """Forget a page of files that nothing has named for a day. Returns the names to remove."""
        rows = await tx.rows(MediaToLookAt, before=at, most=PAGE)
        if not rows:
            return []
        asked = [row.name for row in rows]
        used = {
            row.name
            for row in await tx.rows(MediaInUse, rows=_named(asked), since=at - UNFINISHED_MS)
        }
        if used:
            await tx.run("look_later", rows=_named(used), at=at + AGAIN_MS)
        gone = [name for name in asked if name not in used]
        if gone:
            await tx.run("drop_media", rows=_named(gone))
        return gone

    async def strays(self) -> list[str]:
        """Files older than a day that no row names: their message was never committed."""
        found = await asyncio.to_thread(_files, self._folder)
        self._used = sum(one.size for one in found)
        before = time.time() - UNNAMED_MS / 1000
        old = [one.name for one in found if one.changed < before]
        kept: set[str] = set()
        async with self._storage.reading() as tx:
            for row in await tx.rows(FilesWaiting):
                kept |= {one["name"] for one in msgspec.json.decode(row.files)}
            for start in range(0, len(old), PAGE):
                page = _named(old[start : start + PAGE])
                kept |= {row.name for row in await tx.rows(KnownMedia, rows=page)}
        return [name for name in old if name not in kept and name not in self._coming]


def _named(names: Iterable[str]) -> str:
    return batch([{"name": name} for name in names])


class _File(NamedTuple):
    """A file: its bytes, and when it was written (seconds since 1970 UTC)."""

    name: str
    size: int
    changed: float


def _files(folder: Path) -> Sequence[_File]:
    """The files of citizens; what is published or made for staff lies in folders of its own."""
    found = []
    with os.scandir(folder) as entries:
        for one in entries:
            # What is removed meanwhile is none.
            with contextlib.suppress(FileNotFoundError):
                if one.is_file() and not one.name.startswith("."):
                    about = one.stat()
                    found.append(_File(one.name, about.st_size, about.st_mtime))
    return found
