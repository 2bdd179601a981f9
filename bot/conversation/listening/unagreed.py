"""What was told before anybody agreed: kept for a day, and emptied where they do not agree.

a message    its row of the inbox is 'unagreed' until its author has agreed
a yes        it is a row like all others
a no, a day  the rows are empty, the files gone, and so is what stands in open conversations
"""

from typing import Final

import msgspec
from msgspec.structs import replace

from flows.dialog.facts import Own
from storage.database import Transaction
from storage.rows.arrivals import ToldBy, Unagreed, UnagreedMedia

#: The state of a row of the inbox whose author has not agreed to be consulted.
UNAGREED: Final = "unagreed"

#: How long it waits for a yes, ms.
KEPT_MS: Final = 24 * 60 * 60 * 1000

_own = msgspec.json.Decoder(Own)
_encode = msgspec.json.Encoder().encode


def bare(own: Own) -> Own:
    """Facts about a citizen without what they told."""
    return replace(
        own, words="", media=(), pin=None, pin_name="", doubted="", danger="", unasked=False
    )


async def empty(tx: Transaction, person_id: int) -> list[str]:
    """Empty what somebody wrote who does not agree. Returns the names of the files to remove."""
    files = [row.name for row in await tx.rows(UnagreedMedia, person_id=person_id)]
    if files:
        await tx.run("drop_unagreed_media", person_id=person_id)
    await tx.run("empty_arrivals", person_id=person_id)
    return files


async def forget(tx: Transaction, at: int) -> list[str]:
    """Empty what nobody has agreed to for a day. Returns the names of the files to remove."""
    files: list[str] = []
    for person in await tx.rows(Unagreed, before=at - KEPT_MS):
        files += await empty(tx, person.person_id)
        for row in await tx.rows(ToldBy, person_id=person.person_id):
            own = _encode(bare(_own.decode(row.own))).decode()
            await tx.run("forget_told", id=row.id, own=own, answers="{}")
    return files
