"""Everything of a deployment in one folder, and back again: database and media, never the secret.

    PATH/manifest.json     what there is, with checksums; written last, so that half a backup is none
    PATH/tables/*.jsonl.gz the database as of one moment, the same from SQLite and PostgreSQL
    PATH/media/            files of citizens and of organizers; not those made for staff, which last a day

A backup is made while the deployment serves. Files are copied after the tables: what the tables name was there
before them; what was erased in between may be missing, and is no loss.
"""

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bot.app.backup import unfinished, wishes
from bot.app.build import kind_folders
from bot.app.sealed import secret
from bot.core.config import Config
from bot.core.console import Refusal
from bot.outreach import held
from storage.addresses import file_of
from storage.database import Storage, not_newer
from storage.opening import open_storage
from storage.queries import migrations, migrations_in
from storage.rows.outbox import AgreedValue, AnyCouncil
from storage.tables import Table, digest, path_of

MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
MEDIA: Final = "media"

#: The form of the folder.
VERSION: Final = 1


class File(msgspec.Struct, frozen=True):
    """A file of the media folder."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds."""

    version: int
    made_at: str
    dialect: str
    #: A digest of the secret; without the secret itself nothing that is sealed can be read.
    fingerprint: str
    migrations: tuple[str, ...]
    tables: Mapping[str, Table]
    files: Mapping[str, File]
    #: Which deployment it is of, "" where it had not served yet.
    deployment: str = ""


async def save(config: Config, path: Path) -> Manifest:
    """Make a backup in the folder `path`, which must not be there yet. Raises Refusal, StorageError."""
    if path.exists():
        raise Refusal(f"{path} is there already; name a folder that is not")
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    file = file_of(config.storage.url)
    if file is not None and not file.exists():
        # (Opened, it would be there, and empty.)
        raise Refusal(f"there is nothing in the database yet: there is no file {file}")
    storage = await open_storage(config.storage.url, kind_folders())
    try:
        known = await storage.migrated()
        if not known:
            raise Refusal("there is nothing in the database yet")
        async with storage.reading() as tx:
            fingerprint = await tx.row(AgreedValue, name=secret.NAME)
            deployment = await tx.row(AgreedValue, name=wishes.DEPLOYMENT)
        if fingerprint is None:
            raise Refusal("the database has no secret yet: start Tachawor once before")
        try:
            path.mkdir()
            (path / TABLES).mkdir()
        except FileNotFoundError:
            raise Refusal(f"there is no folder {path.parent}: is its disk there?") from None
        except OSError as error:
            raise Refusal(f"cannot write {path}: {error.strerror}") from None
        with _whole_or_gone(path):
            tables = await storage.dump(path / TABLES)
    finally:
        await storage.close()
    with _whole_or_gone(path):
        files = _copy(Path(config.storage.media), path / MEDIA)
        manifest = Manifest(
            VERSION,
            made_at,
            storage.dialect,
            fingerprint.value,
            tuple(known),
            tables,
            files,
            deployment.value if deployment is not None else "",
        )
        _check(path, manifest)
        (path / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


#: What to do about what a disk says; about anything else it is looked after.
_ADVICE: Final = {
    errno.ENOSPC: "make room, or use another disk",
    errno.EDQUOT: "this user's share of the disk is used up: make room, or use another disk",
    errno.EFBIG: "this user may write no file of that size (`ulimit -f`), or the disk takes none",
}


def _said(error: OSError) -> str:
    """What a disk says, and what to do. A whole folder that is copied says it file by file."""
    if isinstance(error, shutil.Error):
        # (Its causes are there as text alone.)
        return f"{error.args[0][0][2]}; make room, or use another disk"
    advice = _ADVICE.get(error.errno or 0, "see whether the disks are well, or use another one")
    return f"{error.strerror or type(error).__name__}; {advice}"


@contextmanager
def _whole_or_gone(path: Path) -> Iterator[None]:
    """Where a disk does not take a backup, or give what belongs into it, leave no half one. Raises Refusal."""
    try:
        yield
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        left = (
            f"{path} is half a backup: remove it" if path.exists() else f"{path} is removed again"
        )
        raise Refusal(f"the backup was broken off: {_said(error)}. {left}") from None


async def bring_back(config: Config, path: Path) -> Manifest:
    """Fill an empty deployment from a backup; its outbox is held. Raises Refusal, StorageError, ConfigError."""
    manifest = read(path)
    secret.given(config, manifest.fingerprint)
    _check(path, manifest)
    folders = kind_folders()
    not_newer(manifest.migrations, [*migrations(), *migrations_in(folders)])
    media = Path(config.storage.media)
    if media.exists() and any(
        one.is_file() for one in media.iterdir() if one.name != unfinished.MARK
    ):
        raise Refusal(f"the media folder {media} is not empty; a backup is restored into a new one")
    storage = await open_storage(config.storage.url, folders)
    try:
        await _fill(storage, path, manifest, media)
    finally:
        await storage.close()
    try:
        shutil.copytree(path / MEDIA, media, dirs_exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"the files could not be restored: {_said(error)}. The database is filled already: empty it and "
            f"{media}, and restore again"
        ) from None
    unfinished.end(media)
    return manifest


def read(path: Path) -> Manifest:
    """What a backup says it holds. Raises Refusal."""
    try:
        manifest = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    except OSError:
        raise Refusal(
            f"{path} is no whole backup: it has no {MANIFEST}, which is written last"
        ) from None
    except msgspec.DecodeError as error:
        raise Refusal(f"{path / MANIFEST} cannot be read: {error}") from None
    if manifest.version != VERSION:
        raise Refusal(f"{path} was made by a newer version; install that one to restore it")
    return manifest


async def _fill(storage: Storage, path: Path, manifest: Manifest, media: Path) -> None:
    """The tables as they were, then the schema of today, then everything held."""
    if await storage.migrated():
        async with storage.reading() as tx:
            if await tx.row(AnyCouncil) is not None:
                raise Refusal(
                    "the database is not empty: name a new one, or remove what an earlier restore or copy "
                    "has left that broke off"
                )
    # As far as it was when the backup was made: what is newer works on the rows afterwards. What an earlier
    # try has left that broke off goes on here.
    await storage.migrate(manifest.migrations)
    if set(await storage.migrated()) != set(manifest.migrations):
        raise Refusal(
            "the database is empty, and has tables of a newer version than what is to be brought back: "
            "remove it, or name a new one"
        )
    unfinished.begin(media)
    await storage.load(path / TABLES, manifest.tables)
    await storage.migrate()
    async with storage.transaction() as tx:
        await held.hold(tx, manifest.made_at)


def _copy(source: Path, target: Path) -> dict[str, File]:
    target.mkdir()
    files = {}
    for one in sorted(source.rglob("*")) if source.exists() else ():
        name = one.relative_to(source).as_posix()
        if name.startswith("downloads/") or name.endswith(".part") or one.name.startswith("."):
            continue
        if one.is_file():
            copy = target / name
            copy.parent.mkdir(exist_ok=True, parents=True)
            try:
                shutil.copyfile(one, copy)
            except FileNotFoundError:
                # Erased meanwhile.
                copy.unlink(missing_ok=True)
                continue
            files[name] = File(copy.stat().st_size, digest(copy))
    return files


def _check(path: Path, manifest: Manifest) -> None:
    """Whether every file is what the manifest says. Raises Refusal with the first that is not."""
    for name, table in manifest.tables.items():
        _same(path_of(path / TABLES, name), table.sha256)
    for name, file in manifest.files.items():
        _same(path / MEDIA / name, file.sha256)


def _same(file: Path, sha256: str) -> None:
    if not file.is_file():
        raise Refusal(f"the backup is damaged: {file} is missing")
    if digest(file) != sha256:
        raise Refusal(f"the backup is damaged: {file} is not what it was")
