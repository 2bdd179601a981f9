"""Photos, voice notes and documents: fetched, checked, and kept outside the database.

A file lies under an unguessable name that says nothing of its author; its type is told from its
first bytes, never from what its sender calls it.
"""

import asyncio
import contextlib
import hashlib
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.channels.port import (
    Arrival,
    Channel,
    Later,
    MediaRef,
    SendError,
    TooLarge,
    Transient,
)
from bot.core.foreign import heic, pictures
from bot.core.foreign.worker import PICTURES, TooHard
from bot.outbox.media_room import UNNAMED_MS, Room
from flows.dialog.dialog import Media
from flows.dialog.fields import Field, fields_of
from flows.kinds import kinds
from flows.wording.text import Text, msg
from storage.database import Transaction

log = logging.getLogger("tachawor.media")

#: Largest file by kind, in bytes.
LIMITS: Mapping[str, int] = {
    "photo": 10_000_000,
    "voice": 16_000_000,
    "document": 16_000_000,
}

#: Folder, within the media folder, of the files that organizers publish.
PUBLISHED = "published"

#: Where files lie that were made for staff, for a day.
DOWNLOADS = "downloads"

#: A track of pictures: in MP4 and its like, and in WebM. Sound alone begins with the same bytes.
_MOVING = re.compile(rb"hdlr.{8}vide|V_(?:VP8|VP9|AV1|MPEG)", re.DOTALL)

#: First bytes -> (media type, kind, ending). Nothing else is taken.
_SIGNATURES: Sequence[tuple[bytes, int, str, str, str]] = (
    (b"\xff\xd8\xff", 0, "image/jpeg", "photo", "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png", "photo", "png"),
    (b"WEBP", 8, "image/webp", "photo", "webp"),
    (b"ftypheic", 4, heic.TYPE, "photo", "heic"),
    (b"ftypheix", 4, heic.TYPE, "photo", "heic"),
    (b"ftypmif1", 4, heic.TYPE, "photo", "heic"),
    (b"OggS", 0, "audio/ogg", "voice", "ogg"),
    (b"\x1aE\xdf\xa3", 0, "audio/webm", "voice", "webm"),
    (b"ID3", 0, "audio/mpeg", "voice", "mp3"),
    (b"\xff\xfb", 0, "audio/mpeg", "voice", "mp3"),
    (b"#!AMR", 0, "audio/amr", "voice", "amr"),
    (b"ftypM4A", 4, "audio/mp4", "voice", "m4a"),
    (b"ftypmp42", 4, "audio/mp4", "voice", "m4a"),
    (b"ftypisom", 4, "audio/mp4", "voice", "m4a"),
)


def recognise(content: bytes) -> tuple[str, str, str] | None:
    """(media type, kind, ending) of a file's content, None if we do not take such files."""
    for mark, offset, type_, kind, ending in _SIGNATURES:
        if content[offset : offset + len(mark)] == mark:
            moving = type_ in ("audio/mp4", "audio/webm") and _MOVING.search(content)
            return None if moving else (type_, kind, ending)
    return None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a message's files so far, by their place in it: kept, or why not for good."""

    results: Mapping[int, Media | Text] = field(default_factory=dict)
    #: Whether one of them may be there later.
    missing: bool = False

    @property
    def media(self) -> tuple[Media, ...]:
        """The files that are kept, in their order."""
        ordered = (self.results[place] for place in sorted(self.results))
        return tuple(one for one in ordered if isinstance(one, Media))

    @property
    def trouble(self) -> Text | None:
        """What to tell the citizen of those that are not."""
        told = [one for one in self.results.values() if not isinstance(one, Media)]
        return msg("chat.file_lost") if self.missing else told[-1] if told else None


#: No file was asked for yet.
NOTHING: Final = Fetched()


class MediaFiles:
    """The folder of files, and the way of an arriving file into it."""

    def __init__(self, folder: Path, channels: Mapping[str, Channel]) -> None:
        self.folder = folder
        #: Where files come from, by their names.
        self.channels = channels
        #: How much room there is; none where nobody sends files.
        self.room: Room | None = None
        #: SHA-256 of files whose message is not committed yet.
        self._digests: dict[str, str] = {}
        folder.mkdir(exist_ok=True)

    @property
    def downloads(self) -> Path:
        """The folder of the files that staff asked for."""
        return self.folder / DOWNLOADS

    async def take(self, arrival: Arrival, before: Fetched = NOTHING) -> Fetched:
        """Fetch and keep the files of an arrival, but for those that an earlier try has settled."""
        results = dict(before.results)
        missing = False
        for place, ref in enumerate(arrival.media):
            if place in results:
                continue
            result = await self._take_one(arrival, ref)
            if result is None:
                missing = True
            else:
                results[place] = result
        return Fetched(results, missing)

    async def kept(self, files: Sequence[Media]) -> Fetched:
        """Files that came with a message that waited, another process's perhaps."""
        for item in files:
            if item.name not in self._digests:
                content = await asyncio.to_thread((self.folder / item.name).read_bytes)
                self._digests[item.name] = hashlib.sha256(content).hexdigest()
        return Fetched(dict(enumerate(files)))

    async def forget(self, arrival: Arrival, kept: Sequence[Media]) -> None:
        """Have the provider delete what is committed here."""
        for item in kept:
            self._digests.pop(item.name, None)
        for ref in arrival.media:
            await self.channels[arrival.channel].forget(ref)

    async def _take_one(self, arrival: Arrival, ref: MediaRef) -> Media | Text | None:
        """The file, or why it is not taken; None if the provider may give it later."""
        channel = arrival.channel
        limit = LIMITS.get(ref.kind, max(LIMITS.values()))
        too_large = msg("chat.too_large", megabytes=limit // 1_000_000)
        if ref.kind == "video":
            return msg("chat.bad_file")
        if ref.size is not None and ref.size > limit:
            return too_large
        lack = await self.room.lack(arrival, ref.size or 0) if self.room is not None else None
        if lack is not None:
            return lack
        try:
            content, _ = await self.channels[channel].fetch(ref, limit)
        except TooLarge:
            return too_large
        except (Later, Transient) as error:
            log.info("%s: a file is not there yet (%s)", channel, type(error).__name__)
            return None
        except SendError as error:
            log.warning("%s: a file could not be fetched (%s)", channel, type(error).__name__)
            return msg("chat.file_lost")
        found = recognise(content)
        if found is None:
            return msg("chat.bad_file")
        type_, kind, ending = found
        if len(content) > LIMITS[kind]:
            return too_large
        if kind == "photo":
            try:
                content = await PICTURES.asked(pictures.cleaned, content, type_)
            except pictures.TooManyPixels:
                return msg("chat.too_many_pixels", megapixels=pictures.MOST_PIXELS // 1_000_000)
            except (pictures.NoPicture, TooHard) as error:
                log.warning("%s: a picture could not be read (%s)", channel, type(error).__name__)
                return msg("chat.broken_picture")
        name = f"{secrets.token_urlsafe(24)}.{ending}"
        if self.room is not None:
            lack = await self.room.lack(arrival, len(content))
            if lack is not None:
                return lack
            self.room.came(arrival, name, len(content))
        await asyncio.to_thread(self._keep, name, content)
        self._digests[name] = hashlib.sha256(content).hexdigest()
        return Media(kind, name, type_, len(content), ref.seconds)

    def _keep(self, name: str, content: bytes) -> None:
        part = self.folder / f"{name}.part"
        part.write_bytes(content)
        part.chmod(0o600)
        part.rename(self.folder / name)

    async def note(self, tx: Transaction, person_id: int, media: Sequence[Media], at: int) -> None:
        """Write down whose files these are."""
        for item in media:
            await tx.run(
                "add_media",
                name=item.name,
                person_id=person_id,
                kind=item.kind,
                type=item.type,
                size=item.size,
                sha256=self._digests[item.name],
                at=at,
                look_at=at + UNNAMED_MS,
            )
            if self.room is not None:
                self.room.noted(item.name)

    def adopt(self, folder: Path, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Copy the voice prompts and pictures of a definition to where citizens can get them.

        Returns the definition with the names they have there, which follow from their content.
        """
        published = self.folder / PUBLISHED
        published.mkdir(parents=True, exist_ok=True)

        def kept(name: str) -> str:
            content = (folder / name).read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:32]
            known = f"{digest}{Path(name).suffix.lower()}"
            (published / known).write_bytes(content)
            return known

        def adopted(fields: Sequence[Field], part: Mapping[str, Any]) -> dict[str, Any]:
            changed = dict(part)
            for one in fields:
                value = part.get(one.name)
                if not value:
                    continue
                if one.is_file:
                    changed[one.name] = {language: kept(name) for language, name in value.items()}
                elif one.shape == "group":
                    changed[one.name] = adopted(one.fields, value)
                elif one.item is not None and one.item.shape == "group":
                    changed[one.name] = [adopted(one.item.fields, row) for row in value]
            return changed

        return adopted(fields_of(kinds()[raw["kind"]].definition), raw)

    def publish(self, name: str, content: bytes) -> None:
        """Put a file of our own where citizens can get it."""
        published = self.folder / PUBLISHED
        published.mkdir(parents=True, exist_ok=True)
        (published / name).write_bytes(content)

    def unpublish(self, name: str) -> None:
        """Take a file of our own away again."""
        (self.folder / PUBLISHED / Path(name).name).unlink(missing_ok=True)

    def published(self, name: str) -> Path | None:
        """The path of an organizer's file, None if there is none of that name."""
        path = self.folder / PUBLISHED / Path(name).name
        return path if path.is_file() else None

    def remove(self, names: Sequence[str]) -> None:
        """Remove files for good."""
        for name in names:
            path = self.folder / name
            with contextlib.suppress(FileNotFoundError):
                size = path.stat().st_size
                path.unlink()
                if self.room is not None and path.parent == self.folder:
                    # What citizens sent is counted, what was made for staff is not.
                    self.room.gone(name, size)
