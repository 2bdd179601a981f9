"""The append-only ledger: signatures and closed results, each entry chained to the one before.

    head = sha256(previous head + "\\n" + entry)

A published head commits the council to everything before it: it stands, signed, on the public page and in the
data of the council, where anybody may note it. `tachawor ledger` writes a ledger to a file, and
`docs/verify_ledger.py` checks that file against such heads with the standard library alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import msgspec

from bot.core.localtime import local_day, moment
from bot.core.vault import Vault
from storage.database import Transaction
from storage.rows.staff import LastLedgerEntry, LedgerHeadBefore, LockLedger

#: The head before the first entry.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a council's ledger as it was at the beginning of a local day (ISO).

    `signature` (Ed25519, hex) is over `statement`, and `key` (hex) checks it. How many entries there are is not
    told, and nothing more often than once a day: few signatures shall not be counted by it.
    """

    council: str
    head: str
    day: str
    signature: str
    key: str


def statement(council: str, head: str, day: str) -> str:
    """What is signed of a head."""
    return f"tachawor ledger head 1\n{council}\n{head}\n{day}\n"


async def signed_head(
    tx: Transaction, vault: Vault, council_id: int, council: str, at: int
) -> Head | None:
    """The head of a council's ledger at the beginning of this day, signed; None if it had no entry then."""
    day = local_day(at)
    morning = moment(datetime.combine(day, time()))
    found = await tx.row(LedgerHeadBefore, council_id=council_id, before=morning)
    if found is None:
        return None
    said = statement(council, found.head, day.isoformat())
    return Head(council, found.head, day.isoformat(), vault.sign(said), vault.public_key)


def chain(previous: str, entry: str) -> str:
    """The head after `entry`."""
    return hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()


async def append(
    tx: Transaction, council_id: int, entry: Mapping[str, Any], at: int
) -> tuple[int, str]:
    """Add an entry to a council's ledger. Returns its number and the new head."""
    # Two that add at once would each find the same entry to be the last.
    await tx.rows(LockLedger, council_id=council_id)
    last = await tx.row(LastLedgerEntry, council_id=council_id)
    number = last.number + 1 if last else 1
    text = msgspec.json.encode({**entry, "at": at}, order="sorted").decode()
    head = chain(last.head if last else BEGINNING, text)
    await tx.run(
        "add_ledger_entry", number=number, council_id=council_id, entry=text, head=head, at=at
    )
    return number, head
