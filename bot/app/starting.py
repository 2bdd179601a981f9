"""The beginning of the process: what it waits for, and what it makes for itself alone."""

import asyncio
import contextlib
import errno
import logging
import math
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from bot.core.config import Config, ConfigError
from bot.core.console import say
from storage.addresses import file_of
from storage.database import Storage, Unavailable
from storage.opening import open_storage

log = logging.getLogger("tachawor")

#: Ports after the configured one that are tried when it is taken.
MORE_PORTS: Final = 20

#: Seconds between two tries to reach the database at the start: doubling from the first to the last.
FIRST_TRY: Final = 1.0
LAST_TRY: Final = 15.0

#: Seconds that `check` waits for the database; `run` waits for ever.
CHECK_SECONDS: Final = 30.0


def alone() -> None:
    """Have files that are made from here on be for this user alone: 0600, folders 0700."""
    os.umask(0o077)


async def open_patiently(
    config: Config, folders: Sequence[Path], seconds: float = math.inf
) -> Storage:
    """Open the database, up to date and whole; one that is away is waited for, aloud, so many seconds.

    Raises StorageError for all else.
    """
    wait = FIRST_TRY
    until = time.monotonic() + seconds
    while True:
        try:
            storage = await open_storage(config.storage.url, folders)
            break
        except Unavailable as error:
            if time.monotonic() + wait > until:
                raise
            say(f"Waiting for the database, again in {wait:.0f} s: {error}")
            await asyncio.sleep(wait)
            wait = min(2 * wait, LAST_TRY)
    try:
        for name in await storage.migrate():
            log.info("migrated the database: %s", name)
        await storage.fits()
    except BaseException:
        # An open database would keep the process alive.
        await storage.close()
        raise
    return storage


def leave_port(config: Config, port: int) -> None:
    """Write down beside an SQLite database on which port it is served, for commands that print addresses."""
    file = file_of(config.storage.url)
    if file is not None:
        # (On Windows nobody may write where a lock is.)
        with contextlib.suppress(OSError):
            Path(f"{file}.lock").write_text(str(port), "ascii")


def beside(config: Config) -> Config:
    """The settings with the port on which a server serves just now, where that is another one."""
    file = file_of(config.storage.url)
    if file is None or config.web.public_url:
        return config
    try:
        port = int(Path(f"{file}.lock").read_text("ascii"))
        # What was left by a process that was killed leads nowhere.
        socket.create_connection((config.web.host, port), timeout=1).close()
    except (OSError, ValueError, OverflowError):
        return config
    web = msgspec.structs.replace(config.web, port=port)
    return msgspec.structs.replace(config, web=web)


def port_of(config: Config, wanted: int | None = None) -> int:
    """The port to serve on: the wanted one, or that of the settings, or the next that is free. Raises ConfigError.

    Where the world knows our address (`public_url`, a token), another port is no help: a proxy finds the
    wanted one only, and what has it already may be another Tachawor.
    """
    known = bool(config.web.public_url or config.telegram.token or config.whatsapp.account_sid)
    first = config.web.port if wanted is None else wanted
    if not 0 <= first <= 65535:
        raise ConfigError(f"the port is {first}; it must be from 0 to 65535")
    return _free_port(config.web.host, first, 0 if known else MORE_PORTS)


def _free_port(host: str, wanted: int, more: int) -> int:
    """The wanted port, or one of so many more behind it that is free."""
    for port in range(wanted, min(wanted + more + 1, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                problem = error
                continue
            return int(probe.getsockname()[1])
    raise ConfigError(
        f"cannot listen on {host}:{wanted}: {problem.strerror}; {_what_to_do(problem)}"
    )


def _what_to_do(error: OSError) -> str:
    """About an address that cannot be listened on."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "[web] host must be an address of this machine, 127.0.0.1 or 0.0.0.0 (all of them)"
    if error.errno == errno.EACCES:
        return "set [web] port above 1023, and let a proxy have the one that the world knows"
    return "end what listens there, or set [web] host and port"
