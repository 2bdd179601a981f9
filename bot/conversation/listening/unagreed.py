"""What was told before anybody agreed: kept for a day, and emptied where they do not agree."""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from flows.dialog.dialog import Media
from flows.dialog.facts import Own
from storage.database import Transaction
from storage.ids import first_id
from storage.rows.arrivals import Unagreed

#: How long it waits for a yes, ms.
KEPT_MS: Final = 24 * 60 * 60 * 1000

_own = msgspec.json.Decoder(Own)
_encode = msgspec.json.Encoder().encode


async def empty(
    tx: Transaction, person_id: int, since: int, media: Sequence[Media]
) -> Sequence[str]:
    """Empty what somebody wrote from a moment (ms) on. Returns the names of the files to remove."""
    # By their ids they are found quickly; a provider's clock may be hours before ours.
    first = first_id(since - KEPT_MS)
    await tx.run("empty_arrivals", person_id=person_id, since=since, first=first)
    for item in media:
        await tx.run("drop_media", name=item.name, person_id=person_id)
    return [item.name for item in media]


async def forget(tx: Transaction, at: int) -> list[str]:
    """Empty what was told to first contacts that nobody has touched for a day. Returns files to remove."""
    before = at - KEPT_MS
    files: list[str] = []
    for row in await tx.rows(Unagreed, before=before):
        own = _own.decode(row.own)
        files += await empty(tx, row.person_id, row.opened_at, own.media)
        bare = replace(own, words="", media=(), pin=None, unasked=False)
        await tx.run("forget_told", id=row.id, own=_encode(bare).decode(), before=before)
    return files
