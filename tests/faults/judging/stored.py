"""Reads what a database holds at the end of a trial, as the checker wants it."""

import asyncio

from bot.app.build import kind_folders
from bot.outbox.outgoing import restored
from storage.opening import open_storage
from tests.checks import AnswersOf, ArrivalsOf
from tests.faults.judging.checker import Stored, StoredAnswer, StoredArrival
from tests.faults.judging.history import marked
from tests.faults.server import VAULT

#: Seconds between two looks.
LOOK = 0.1


async def stored_in(url: str, patience: float = 30.0) -> Stored:
    """What the database at `url` holds once nothing is to be sent; after `patience` seconds, as it is."""
    storage = await open_storage(url, kind_folders())
    end = asyncio.get_running_loop().time() + patience
    try:
        while True:
            async with storage.reading() as tx:
                answers = await tx.rows(AnswersOf, channel="telegram")
                arrivals = await tx.rows(ArrivalsOf, channel="telegram")
            waiting = any(row.state in ("queued", "sending") for row in answers)
            waiting = waiting or any(row.state == "waiting" for row in arrivals)
            if not waiting or asyncio.get_running_loop().time() > end:
                break
            await asyncio.sleep(LOOK)
    finally:
        await storage.close()
    return Stored(
        arrivals=tuple(StoredArrival(int(row.external_id), row.state) for row in arrivals),
        answers=tuple(
            StoredAnswer(
                row.id,
                int(VAULT.uncover(row.address)),
                marked(restored(row.intent, VAULT, row.id).text),
                row.state,
                row.error or "",
            )
            for row in answers
        ),
    )
