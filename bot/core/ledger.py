"""The append-only ledger: signatures and closed results, each entry chained to the one before.

    head = sha256(previous head + "\\n" + entry)

A published head commits the council to everything before it. `tachawor ledger` writes a ledger to a
file, and `docs/verify_ledger.py` checks that file with the standard library alone.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from storage.database import Transaction
from storage.rows.staff import LastLedgerEntry

#: The head before the first entry.
BEGINNING = "0" * 64


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
