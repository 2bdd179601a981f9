"""A restore that broke off: what is in the database may have gone already, and nothing holds it yet.

a mark in the media folder -> the rows, then all of them held -> the files -> no mark any more
"""

from pathlib import Path
from typing import Final

from storage.database import StorageError

#: The mark: a file in the media folder, which every process of the deployment has.
MARK: Final = ".restore-unfinished"


def begin(media: Path) -> None:
    """A restore begins to fill."""
    media.mkdir(parents=True, exist_ok=True, mode=0o700)
    (media / MARK).touch()


def end(media: Path) -> None:
    """It has come to its end."""
    (media / MARK).unlink(missing_ok=True)


def check(media: Path) -> None:
    """Raise StorageError where one broke off."""
    if (media / MARK).exists():
        raise StorageError(
            f"a restore broke off: what waited in the backup would be sent again, and files may be missing. Empty the "
            f"database and the folder {media} (with {MARK} in it), and restore again"
        )
