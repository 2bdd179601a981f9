"""What somebody's need has left with others: its first words were shown to who told something alike."""

import msgspec

from bot.conversation.context import OwnData
from flows.kinds.cases.told import told
from flows.understanding import moderation
from storage.database import Transaction
from storage.rows.people import ResponsesToErase

#: The signs around a value in a text.
BEGINS, ENDS = "\u2068", "\u2069"


def _quoted(words: str) -> str:
    """Words as they stand within a text of JSON."""
    return msgspec.json.encode(words).decode()[1:-1]


async def erasing(tx: Transaction, person_id: int, at: int) -> None:
    """Their words go out of the messages and unfinished conversations of others, to whom they were shown."""
    for row in await tx.rows(ResponsesToErase, person_id=person_id):
        if row.kind != "need":
            continue
        excerpt = moderation.excerpt(told(msgspec.json.decode(row.body)).words)
        if not excerpt:
            continue
        shown = f"{BEGINS}{_quoted(moderation.masked(excerpt))}{ENDS}"
        await tx.run("erase_quotes", since=row.id, shown=shown, blank=f"{BEGINS}…{ENDS}")
        looked_up = f'"excerpt":"{_quoted(excerpt)}"'
        await tx.run("erase_looked_up", response_id=row.id, found=looked_up, blank='"excerpt":""')


OWN_DATA = OwnData(erasing=erasing)
