"""The audit log is held by the ledger: an entry a day with the SHA-256 of what was written in the log until then.

    "audit": day, after, before, sha256 of the lines of all rows with after <= number < before, in their order

Every day has its entry, also one on which nobody did anything: so the head that is published is another one each
morning, and nobody tells by it whether somebody has signed. Numbers grow with time, so whoever has the log as a file
(`tachawor audit`) finds the rows of an entry; `docs/verify_ledger.py` does.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime, time
from typing import Final

from bot.core import ledger
from bot.core.localtime import local_day, moment, now_ms
from bot.services import Services
from storage import ids
from storage.database import Storage
from storage.rows.staff import AuditBetween, ChainedTo, KeepChained

#: How long after midnight a day is entered, ms: what was begun before midnight is written by then.
LATER_MS: Final = 10 * 60 * 1000

#: Rows read at a time.
PAGE: Final = 1000

#: Greater than the number of any row.
ENDLESS: Final = 2**62


def line_of(row: AuditBetween) -> bytes:
    """A row as the file and the digest have it."""
    found = {
        "id": row.id,
        "actor": row.actor,
        "action": row.action,
        "object": row.object,
        "detail": row.detail,
        "at": row.at,
    }
    said = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Halves of characters, which somebody may send, are no UTF-8.
    return said.encode(errors="replace") + b"\n"


async def lines(
    storage: Storage, council_id: int, after: int = 0, before: int = ENDLESS
) -> AsyncIterator[bytes]:
    """The rows of a council's log with `after` <= number < `before`."""
    while True:
        async with storage.reading() as tx:
            rows = await tx.rows(
                AuditBetween, council_id=council_id, after=after, before=before, most=PAGE
            )
        for row in rows:
            yield line_of(row)
        if len(rows) < PAGE:
            return
        after = rows[-1].id + 1


async def enter_due(services: Services) -> None:
    """Enter what was written in each council's log until this morning, once a day."""
    day = local_day(now_ms() - LATER_MS)
    before = ids.first_at(moment(datetime.combine(day, time())))
    async with services.storage.reading() as tx:
        due = await tx.rows(ChainedTo, before=before)
    for one in due:
        if one.council_id not in services.register.all():
            continue
        digest = hashlib.sha256()
        async for line in lines(services.storage, one.council_id, one.up_to, before):
            digest.update(line)
        async with services.storage.transaction() as tx:
            kept = await tx.row(
                KeepChained, council_id=one.council_id, after=one.up_to, before=before
            )
            # Nothing comes back where another process was faster.
            if kept is not None:
                entry = {
                    "what": "audit",
                    "day": day.isoformat(),
                    "after": str(one.up_to),
                    "before": str(before),
                    "sha256": digest.hexdigest(),
                }
                await ledger.append(tx, one.council_id, entry, now_ms())
