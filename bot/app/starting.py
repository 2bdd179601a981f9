"""The beginning of the process: what it waits for, and what it makes for itself alone."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.core.config import Config
from bot.core.console import say
from storage.database import Storage, Unavailable
from storage.opening import open_storage

#: Seconds between two tries to reach the database at the start: doubling from the first to the last.
FIRST_TRY: Final = 1.0
LAST_TRY: Final = 15.0


def alone() -> None:
    """Have files that are made from here on be for this user alone: 0600, folders 0700."""
    os.umask(0o077)


async def open_patiently(config: Config, folders: Sequence[Path]) -> Storage:
    """Open the database; one that is away is waited for, aloud. Raises StorageError for all else."""
    wait = FIRST_TRY
    while True:
        try:
            return await open_storage(config.storage.url, folders)
        except Unavailable as error:
            say(f"Waiting for the database, again in {wait:.0f} s: {error}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, LAST_TRY)
