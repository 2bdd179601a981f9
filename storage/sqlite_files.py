"""The files of an SQLite database: whose they are, and who has locked them."""

import contextlib
import sys
from pathlib import Path
from typing import IO


def lock(file: IO[str]) -> None:
    """Lock a file for this process alone. Raises OSError at once if another has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def for_us_alone(path: str) -> None:
    """Take from others what they could read of it."""
    for name in (path, f"{path}-wal", f"{path}-shm", f"{path}.lock"):
        # (A file of somebody else's is theirs to close; a database that is new is made for us alone.)
        with contextlib.suppress(OSError):
            if Path(name).stat().st_mode & 0o077:
                Path(name).chmod(0o600)
