"""What is the same for every test, and is made once: tables, example definitions, compiled pages."""

import pickle
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

from jinja2 import Environment, FileSystemBytecodeCache

from storage.sqlite import SqliteStorage, open_sqlite

#: Whether the test that runs brings the schema up to date itself (tests/conftest.py).
unmigrated = False


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """Within, a new SQLite database has its tables, and what is read again and again is known.

    The folder keeps the compiled pages, for other processes, too.
    """
    folder.mkdir(exist_ok=True)
    pages = partial(Environment, bytecode_cache=FileSystemBytecodeCache(str(folder)))
    with (
        mock.patch("storage.opening.open_sqlite", _open),
        mock.patch("bot.consultations.definitions.tomllib.loads", _toml),
        mock.patch("bot.app.site.Environment", pages),
    ):
        yield


async def _open(path: str, folders: Sequence[Path] = ()) -> SqliteStorage:
    """A file that is not there yet is a copy: migrating takes longer than most tests."""
    file = Path(path)
    if path and not unmigrated and not file.exists() and file.parent.is_dir():
        file.write_bytes(await _migrated(tuple(folders)))
    return await open_sqlite(path, folders)


_files: dict[tuple[Path, ...], bytes] = {}


async def _migrated(folders: tuple[Path, ...]) -> bytes:
    """The file of a migrated database with nothing in it."""
    if folders not in _files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "migrated.sqlite"
            opened = await open_sqlite(str(path), folders)
            await opened.migrate()
            await opened.close()
            _files[folders] = path.read_bytes()
    return _files[folders]


_parse = tomllib.loads


def _toml(text: str) -> dict[str, Any]:
    """What is in a TOML file, for whoever asks to change as they like."""
    read: dict[str, Any] = pickle.loads(_read(text))  # noqa: S301  # what we have just written
    return read


@lru_cache(maxsize=64)
def _read(text: str) -> bytes:
    return pickle.dumps(_parse(text))
