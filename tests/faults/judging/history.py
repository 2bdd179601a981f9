"""What happened in a trial, a JSON line each, in the order in which its driver saw it.

    history = History(folder / "history.jsonl")
    history.note(Posted(now(), chat=7, update=12))
    read(folder / "history.jsonl")   what `tests.faults.judging.checker` judges

Only the driver writes: what it posted, what it was told, what its provider was asked to show to whom, and what
it did to the processes, the database or the line. Nothing is taken from the program under test. Every answer of a
driven process names the update that it answers (`--marked`), so that one is never taken for another.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

now = time.monotonic

#: How an answer names the update that it answers.
MARK: Final = "⟨{}⟩"
_MARKED: Final = re.compile(r"⟨([\w:.-]+)⟩")


class Event(msgspec.Struct, frozen=True, tag=str.lower):
    """Something that happened, in seconds of the driver's clock."""

    at: float


class Posted(Event, frozen=True):
    """An update was brought for the first time."""

    chat: int
    update: int


class Acknowledged(Event, frozen=True):
    """It was answered with 200: the provider forgets it."""

    chat: int
    update: int


class Refused(Event, frozen=True):
    """It was answered with something else, so it is brought again."""

    chat: int
    update: int
    status: int


class Heard(Event, frozen=True):
    """The provider showed a message in a chat; `update` is what it answers, 0 if it answers nothing."""

    chat: int
    update: int
    text: str


class Disturbed(Event, frozen=True):
    """Something was taken away: a process was killed, a database stopped, a line cut."""

    what: str


class Restored(Event, frozen=True):
    """It is there again."""

    what: str


Any = Posted | Acknowledged | Refused | Heard | Disturbed | Restored

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Any).decode


class History:
    """Writes a history; whatever ends the driver, what was written stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab", buffering=0)

    def note(self, event: Any) -> None:
        """Write an event down."""
        self._file.write(_encode(event) + b"\n")

    def heard(self, chat: int, text: str) -> None:
        """A message was shown in a chat."""
        self.note(Heard(now(), chat, marked(text), text))

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def marked(text: str) -> int:
    """The update that a text says it answers; 0 if it says none."""
    found = _MARKED.search(text)
    return int(found[1]) if found else 0


def read(path: Path) -> Iterator[Any]:
    """The events of a history, in their order."""
    with path.open("rb") as file:
        for line in file:
            yield _decode(line)
