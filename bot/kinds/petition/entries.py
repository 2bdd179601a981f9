"""What the ledger says of signatures: an entry for each thing that becomes of one.

An entry names a signature by its mark, a chance number that stands beside it in the database and nowhere else. When
somebody is erased their row goes, and nothing is left that says whose the mark was, not even to who holds the
secret and a card. Signatures from before there were marks are named by the digest of their card.
"""

import secrets
from typing import Protocol

from bot.core import ledger
from storage.database import Transaction


class Petition(Protocol):
    """The petition that was signed."""

    @property
    def council_id(self) -> int:
        """Whose ledger it is."""

    @property
    def code(self) -> str:
        """The petition's code."""


class Marked(Protocol):
    """A signature's row."""

    @property
    def mark(self) -> str:
        """Its mark, "" if it is older than marks."""

    @property
    def cin_digest(self) -> str:
        """The digest of its card."""


def new_mark() -> str:
    """A mark for one more signature."""
    return secrets.token_hex(16)


def named(mark: str, digest: str) -> dict[str, str]:
    """How an entry names a signature."""
    return {"mark": mark} if mark else {"digest": digest}


async def enter(
    tx: Transaction, petition: Petition, what: str, name: dict[str, str], at: int, **more: str
) -> None:
    """Say what became of a signature that is `named`."""
    entry = {"what": what, "petition": petition.code, **name, **more}
    await ledger.append(tx, petition.council_id, entry, at)


async def left(
    tx: Transaction, petition: Petition, what: str, row: Marked, paper: int, at: int
) -> None:
    """The same of one that was taken back or erased; what was signed on paper stays."""
    more = {"stays": "paper"} if paper else {}
    await enter(tx, petition, what, named(row.mark, row.cin_digest), at, **more)
