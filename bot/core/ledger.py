"""The append-only ledger: signatures and closed results, each entry chained to the one before.

    head = sha256(previous head + "\\n" + entry)

A published head commits the council to everything before it: it stands, signed, on the public page and in the
data of the council, where anybody may note it. `tachawor ledger` writes a ledger to a file, and
`docs/verify_ledger.py` checks that file against such heads with the standard library alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.core.vault import Vault
from storage.database import Transaction
from storage.rows.staff import LastLedgerEntry

#: The head before the first entry.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a council's ledger at a moment: its number, the head after it, and when it was made (ms).

    `signature` (Ed25519, hex) is over `statement`, and `key` (hex) checks it.
    """

    council: str
    number: int
    head: str
    at: int
    signature: str
    key: str


def statement(council: str, number: int, head: str, at: int) -> str:
    """What is signed of a head."""
    return f"tachawor ledger head 1\n{council}\n{number}\n{head}\n{at}\n"


async def signed_head(tx: Transaction, vault: Vault, council_id: int, council: str) -> Head | None:
    """The head of a council's ledger, signed; None before the first entry. The same while nothing is added."""
    last = await tx.row(LastLedgerEntry, council_id=council_id)
    if last is None:
        return None
    said = statement(council, last.number, last.head, last.at)
    return Head(council, last.number, last.head, last.at, vault.sign(said), vault.public_key)


def chain(previous: str, entry: str) -> str:
    """The head after `entry`."""
    return hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()


async def append(
    tx: Transaction, council_id: int, entry: Mapping[str, Any], at: int
) -> tuple[int, str]:
    """Add an entry to a council's ledger. Returns its number and the new head."""
    last = await tx.row(LastLedgerEntry, council_id=council_id)
    number = last.number + 1 if last else 1
    text = msgspec.json.encode({**entry, "at": at}, order="sorted").decode()
    head = chain(last.head if last else BEGINNING, text)
    await tx.run(
        "add_ledger_entry", number=number, council_id=council_id, entry=text, head=head, at=at
    )
    return number, head
