"""What citizens wished lately, in a small file beside the backups: a restore reads it and obeys again.

    {"version": 1, "fingerprint": "...", "since": 1795000000000, "until": ..., "deployment": "..."}
                                                                    what it is of, and from when to when it is whole
    {"what": "stopped", "at": 1795000012345, "person": 17}          a wish a line, as it came

Who was erased, stopped messages, wants none from a council, took an agreement or a contribution back. Persons and
contributions are numbers of rows, which say nothing without the database. Written anew once an hour, else added to.
A file of another deployment is never written over: a server that begins anew, with an empty database, keeps it aside.
"""

import asyncio
import logging
import os
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from bot.app.build import App
from bot.app.sealed import secret
from bot.conversation import contributions, erasure
from bot.core.config import Config, ConfigError
from bot.core.console import Refusal
from bot.core.localtime import now_ms
from storage.database import Storage, Transaction
from storage.ids import new_id
from storage.rows import Identified
from storage.rows.outbox import AgreedOn, AgreedValue
from storage.rows.people import (
    CapAgain,
    MuteAgain,
    Person,
    RefuseAgain,
    StopAgain,
    WishesSince,
    WithdrawnAfter,
)
from storage.rows.responses import ResponseByReference

log = logging.getLogger("tachawor.wishes")

#: The form of the file, and its name where the settings name none.
VERSION: Final = 1
NAME: Final = "wishes.jsonl"

#: How far back wishes are kept: an older backup is not restored without looking through one's own notes.
KEPT_MS: Final = 90 * 24 * 60 * 60 * 1000

#: Seconds between two looks for new wishes: so many may be missing after the loss of a machine.
SECONDS: Final = 5

#: A wish bears the time at which it was sent: so much later (ms) it may come out of a provider's queue.
OVERLAP_MS: Final = 2 * 24 * 60 * 60 * 1000

#: What a deployment is called in its database, whatever its secret: begun anew it is another one.
DEPLOYMENT: Final = "deployment"

#: How often the file is written anew, ms: until then it says surely that nothing more was wished.
ANEW_MS: Final = 60 * 60 * 1000

#: How often it is said that the file cannot be written, ms.
SAID_MS: Final = 60 * 1000

#: What is no wish, but says whose the others are.
TIES: Final = frozenset({"joined", "parted"})


class OfAnother(Refusal):
    """A file of wishes of another deployment."""


class Head(msgspec.Struct, frozen=True):
    """What a file is of, and from when on and until when (ms) nothing is missing in it."""

    version: int
    fingerprint: str
    since: int
    until: int = 0
    deployment: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file holds. `cut`: its last line was cut off, and who knows how many lines behind it."""

    path: Path
    head: Head
    wishes: tuple["Wish", ...]
    cut: bool

    @property
    def until(self) -> int:
        """Until when (ms) nothing is missing in it, but for what was cut off."""
        return max([self.head.until, *(one.at for one in self.wishes)])


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """One wish; `other` is the council, the response, who joined, or 1 where own answers still come."""

    what: str
    at: int
    person: int = 0
    other: int = 0
    word: str = ""


def path_of(config: Config) -> Path:
    """Where a deployment keeps its file."""
    own = config.storage
    return Path(own.wishes) if own.wishes else Path(own.media).parent / NAME


def check(path: Path) -> None:
    """Whether the file can be written. Raises ConfigError."""
    # One folder is made; where more is missing, a disk is.
    folder = path.parent if path.parent.exists() else path.parent.parent
    if not folder.exists():
        raise ConfigError(
            f"[storage] wishes is {str(path)!r}, and there is no folder {str(path.parent)!r}: is its disk there?"
        )
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise ConfigError(
            f"[storage] wishes is {str(path)!r}, which cannot be written; name a file that can be"
        )


class Keeper:
    """Writes the file of a deployment that serves."""

    def __init__(self, storage: Storage, path: Path) -> None:
        self._storage = storage
        self._path = path
        self._anew = 0
        self._written: frozenset[Wish] = frozenset()
        self._said = 0

    async def keep(self) -> None:
        """Write what was wished since the last time; say it once a minute where that cannot be. Raises StorageError."""
        try:
            await self._keep(now_ms())
        except OSError as error:
            if now_ms() - self._said >= SAID_MS:
                self._said = now_ms()
                log.warning(
                    "what citizens wish is not kept for a restore: %s: %s",
                    self._path,
                    error.strerror,
                )

    async def _keep(self, at: int) -> None:
        anew = not 0 <= at - self._anew < ANEW_MS or not self._path.exists()
        since = at - (KEPT_MS if anew else OVERLAP_MS)
        async with self._storage.reading() as tx:
            fingerprint = await tx.row(AgreedValue, name=secret.NAME)
            wishes = await _since(tx, since)
        if fingerprint is None:
            return
        if anew:
            own = await self._deployment()
            head = Head(VERSION, fingerprint.value, since, at, own)
            await asyncio.to_thread(_write, self._path, [head, *wishes], own)
            self._anew = at
        elif new := [one for one in wishes if one not in self._written]:
            await asyncio.to_thread(_add, self._path, new)
        # Within the hour what is older is written anew, whole.
        self._written = frozenset(wishes)

    async def _deployment(self) -> str:
        async with self._storage.transaction() as tx:
            name = secrets.token_hex(8)
            agreed = await tx.row(AgreedOn, name=DEPLOYMENT, value=name)
        return agreed.value if agreed is not None else name


async def _since(tx: Transaction, since: int) -> list[Wish]:
    rows = await tx.rows(WishesSince, since=since)
    wishes = (Wish(row.what, row.at, row.person_id, row.other_id, row.word) for row in rows)
    return sorted(wishes, key=lambda one: one.at)


def _lines(found: Collection[msgspec.Struct]) -> bytes:
    return b"".join(msgspec.json.encode(one) + b"\n" for one in found)


def _write(path: Path, found: Collection[msgspec.Struct], own: str) -> None:
    """The whole file, in place of the one before; another deployment's is kept aside."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    if path.exists() and _deployment_in(path) != own:
        aside = path.with_name(f"{path.stem}-{now_ms()}{path.suffix}")
        path.replace(aside)
        log.warning("the file of wishes is of another database and is kept as %s", aside)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(_lines(found))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _deployment_in(path: Path) -> str | None:
    with path.open("rb") as file:
        first = file.readline(10_000)
    try:
        return msgspec.json.decode(first, type=Head).deployment
    except msgspec.DecodeError:
        return None


def _add(path: Path, found: Collection[msgspec.Struct]) -> None:
    with path.open("ab") as file:
        file.write(_lines(found))
        file.flush()
        os.fsync(file.fileno())


# ---------------------------------------------------------------------- after a restore


def read(path: Path, fingerprint: str, deployment: str = "") -> Kept:
    """What a file holds; a last line that was cut off is left out.

    Raises Refusal where it cannot be read, or is another deployment's ("" may be any with this secret).
    """
    last = b""
    try:
        first, *lines = path.read_bytes().split(b"\n")
        if lines:
            last = lines.pop()
        head = msgspec.json.decode(first, type=Head)
        wishes = [msgspec.json.decode(line, type=Wish) for line in lines]
    except OSError as error:
        raise Refusal(f"cannot read {path}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise Refusal(f"{path} is no file of wishes, or damaged: {error}") from None
    if head.version != VERSION:
        raise Refusal(f"{path} was made by a newer version; install that one to restore it")
    if head.fingerprint != fingerprint:
        raise OfAnother(f"{path} is of another deployment: it was begun with another secret")
    if deployment and head.deployment and head.deployment != deployment:
        raise OfAnother(
            f"{path} is of another deployment: its database is not the one that was saved"
        )
    return Kept(path, head, tuple(wishes), bool(last))


def beside(path: Path) -> list[Path]:
    """A file of wishes and those that were kept aside next to it, as far as they are there."""
    aside = sorted(path.parent.glob(f"{path.stem}-*{path.suffix}")) if path.parent.is_dir() else []
    return [one for one in (path, *aside) if one.is_file()]


async def obey(app: App, wishes: Collection[Wish]) -> Counter[str]:
    """Do again in a restored deployment what citizens wished since. Returns how much of each there was to do."""
    done: Counter[str] = Counter()
    joined: dict[int, set[int]] = defaultdict(set)
    for one in sorted(wishes, key=lambda one: (one.at, one.what not in TIES)):
        if one.what == "joined":
            joined[one.person].add(one.other)
        elif one.what == "parted":
            joined[one.person].discard(one.other)
        if one.what in TIES:
            continue
        # What was taken back has a number of its own.
        whose = {one.person} if one.what == "withdrawn" else _all_of(one.person, joined)
        for person_id in whose:
            async with app.storage.transaction() as tx:
                files, changed = await _again(tx, app, one, person_id)
            app.media.remove(files)
            done[one.what] += changed
    return done


def _all_of(person_id: int, joined: Mapping[int, Collection[int]]) -> set[int]:
    """Under which numbers a backup may know a person: chats that became theirs later were others' then."""
    found, left = set(), [person_id]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += joined.get(one, ())
    return found


async def _again(tx: Transaction, app: App, wish: Wish, person_id: int) -> tuple[list[str], bool]:
    """Obey one wish of one person: files that go with it, and whether anything was left to do."""
    if wish.what == "withdrawn":
        return [], await _take_back(tx, app, wish)
    if await tx.row(Person, person_id=person_id) is None:
        return [], False
    who = {"person_id": person_id, "at": wish.at}
    found: Sequence[Identified]
    match wish.what:
        case "erased":
            own_data = app.conversations.parts.own_data
            return await erasure.erase(tx, app.vault, own_data, person_id), True
        case "stopped":
            found = await tx.rows(StopAgain, keeps_answers=wish.other, **who)
        case "muted":
            found = await tx.rows(MuteAgain, council_id=wish.other, **who)
        case "cap":
            cap = wish.other if wish.other >= 0 else None
            found = await tx.rows(CapAgain, person_id=person_id, per_week=cap)
        case "refused":
            found = await tx.rows(RefuseAgain, id=new_id(), purpose=wish.word, **who)
        case _:
            raise Refusal(f"the file has a wish of another version: {wish.what!r}")
    return [], bool(found)


async def _take_back(tx: Transaction, app: App, wish: Wish) -> bool:
    standing = await tx.row(WithdrawnAfter, id=wish.other)
    found = standing and await tx.row(ResponseByReference, reference=standing.reference)
    if not found:
        return False
    await contributions.take_back(tx, app.conversations.parts.withdrawn, found, now_ms())
    return True
