"""Whole tables as files, the same for both databases: a JSON array for each row, packed, with a checksum."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

#: What is not carried along: each database keeps its own list of what was done to it.
LEFT_OUT = frozenset({"migrations"})

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Any]).decode


class Table(msgspec.Struct, frozen=True):
    """A table in a file: its columns in their order, how many rows, and the file's SHA-256."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Writer:
    """Writes one table, row by row, into a folder."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        self._path = path_of(folder, name)
        self._columns = tuple(columns)
        self._out = gzip.GzipFile(self._path, "wb", compresslevel=5)
        self._rows = 0

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows."""
        for row in rows:
            self._out.write(_encode(list(row)) + b"\n")
            self._rows += 1

    def close(self) -> Table:
        """What was written."""
        self._out.close()
        return Table(self._columns, self._rows, digest(self._path))


def path_of(folder: Path, name: str) -> Path:
    """Where a table's file is."""
    return folder / f"{name}.jsonl.gz"


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_of(folder: Path, name: str) -> Iterator[list[Any]]:
    """The rows of a table's file."""
    with gzip.open(path_of(folder, name), "rb") as file:
        for line in file:
            yield _decode(line)


def in_order(names: Iterable[str], needs: Mapping[str, set[str]]) -> list[str]:
    """Tables, each behind those that its rows refer to."""
    left, found = sorted(names), list[str]()
    while left:
        ready = [name for name in left if not (needs.get(name, set()) - {name}) & set(left)]
        # (Tables that refer to each other in a circle come as they are: the database says so.)
        found += ready or left
        left = [name for name in left if name not in found]
    return found
