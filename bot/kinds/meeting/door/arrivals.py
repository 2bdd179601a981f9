"""What telephones at the door have noted: who is there, each once; and what they have to know for it.

A telephone holds no names of who signed up and no numbers by which people can be called: of the codes it holds
digests, which tell a code that was mistyped. Whoever has the telephone and an hour can try all codes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from bot.core.localtime import moment
from bot.core.vault import Vault
from bot.kinds.meeting import seats
from bot.kinds.meeting.rows import NoteWalkIn, PhoneByDigest, ThereOf, WalkInsOf
from flows.kinds.meeting import shown
from flows.wording import render
from flows.wording.text import Translated
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Most that a telephone sends at once, and the longest name of who comes without having signed up.
MOST_SENT: Final = 100
LONGEST_NAME: Final = 80

#: So long the name of who came without having signed up is kept after the meeting; ms.
NAMED_MS: Final = 90 * 86_400_000

#: So long before the beginning somebody may come; what a telephone's clock says besides is not believed; ms.
EARLY_MS: Final = 12 * 3_600_000

#: So long after the end a telephone that has sent everything forgets the meeting; ms.
EMPTIED_MS: Final = 12 * 3_600_000


class Arrival(msgspec.Struct, frozen=True):
    """A code that was shown at the door, and when (ms)."""

    code: str
    at: int


class WalkIn(msgspec.Struct, frozen=True):
    """Somebody who came without having signed up: the telephone's own word for the entry, the name or ""."""

    entry: str
    at: int
    name: str = ""


class Sent(msgspec.Struct, frozen=True):
    """What a telephone sends; nothing where it only asks how things stand."""

    key: str
    arrivals: tuple[Arrival, ...] = ()
    others: tuple[WalkIn, ...] = ()

    @property
    def bearable(self) -> bool:
        """Whether it is what our page sends."""
        return (
            len(self.arrivals) + len(self.others) <= MOST_SENT
            and all(one.code.isascii() and one.code.isdecimal() for one in self.arrivals)
            and all(
                0 < len(one.entry) <= 40 and one.entry.isascii() and len(one.name) <= LONGEST_NAME
                for one in self.others
            )
            and all(0 <= at < 2**53 for at in self._moments())
        )

    def _moments(self) -> Iterator[int]:
        yield from (one.at for one in self.arrivals)
        yield from (one.at for one in self.others)


async def take(
    tx: Transaction,
    vault: Vault,
    row: StoredConsultation,
    phone: PhoneByDigest,
    sent: Sent,
    at: int,
) -> tuple[list[str], int]:
    """Note what a telephone sends, each once however often it comes and from however many of them.

    Returns the codes that are nobody's at this meeting, and how much was new to us.
    """
    meeting = seats.meeting_of(row)
    earliest, ends = moment(meeting.starts) - EARLY_MS, moment(meeting.ends)
    unknown: list[str] = []
    noted = 0
    await tx.run("lock_meeting", consultation_id=row.id, at=at)
    for arrival in sent.arrivals:
        if await seats.present(tx, row.id, arrival.code, min(max(arrival.at, earliest), at)):
            noted += 1
        else:
            unknown.append(arrival.code)
    for other in sent.others:
        id = new_id()
        name = " ".join(other.name.replace("\0", "").split())
        new = await tx.row(
            NoteWalkIn,
            id=id,
            consultation_id=row.id,
            phone_id=phone.id,
            entry=other.entry,
            name=vault.seal(name, _place(row.id, other.entry)) if name else "",
            came_at=min(max(other.at, earliest), at),
            named_until=max(ends, at) + NAMED_MS,
        )
        noted += new is not None
    await tx.run("phone_heard", id=phone.id, at=at)
    return unknown, noted


async def walk_ins(
    tx: Transaction, vault: Vault, consultation_id: int
) -> Sequence[tuple[WalkInsOf, str]]:
    """Who came without having signed up, each with the name; "" without one."""
    return [
        (one, vault.open(one.name, _place(consultation_id, one.entry)) if one.name else "")
        for one in await tx.rows(WalkInsOf, consultation_id=consultation_id)
    ]


async def drop(tx: Transaction, consultation_id: int, id: int) -> None:
    """Take one back that was noted twice or by mistake."""
    await tx.run("drop_walk_in", id=id, consultation_id=consultation_id)


async def listed(
    tx: Transaction, vault: Vault, row: StoredConsultation, languages: Sequence[str], until: int
) -> dict[str, Any]:
    """What a telephone has to know of a meeting, as plain data."""
    meeting = seats.meeting_of(row)
    places = await seats.counted(tx, row.id)
    salt = vault.digest(str(row.id), "meeting door")[:32]
    codes = await tx.rows(ThereOf, consultation_id=row.id)
    return {
        "meeting": row.code,
        "title": {code: render(Translated(meeting.title), code) for code in languages},
        "about": {
            code: render(shown.when_and_where(meeting, titled=False), code) for code in languages
        },
        "starts": moment(meeting.starts),
        "empty": moment(meeting.ends) + EMPTIED_MS,
        "until": until,
        "salt": salt,
        "codes": [digest(salt, one.code) for one in codes],
        "there": [digest(salt, one.code) for one in codes if one.present_at is not None],
        "others": places.unasked,
    }


def digest(salt: str, code: str) -> str:
    """A code as a telephone holds it (door.js makes the same)."""
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()[:16]


def _place(consultation_id: int, entry: str) -> str:
    """Where a sealed name stands. The entry is in it, as it is unique in a meeting."""
    return f"meeting_walk_ins:{consultation_id}:{entry}:name"
