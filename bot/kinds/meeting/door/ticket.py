"""The ticket of who has a place: a code for cameras and the number, as a page and as a picture in the chat.

Both stand under a word that nobody guesses. A picture lies among the published files until some days after the
meeting; whoever opens the meeting in the chat has it made again.
"""

import secrets
from typing import Final

from bot.conversation.context import Context
from bot.core import qr
from bot.kinds.meeting.rows import SeatByCode, TicketOf, TicketsOf, TicketsOver
from bot.outbox.media_files import PUBLISHED
from bot.services import Services
from flows.kinds.meeting.seat import Seat
from storage.database import Transaction
from storage.rows import StoredConsultation

#: So long after the beginning the pictures of tickets are removed, and so many in one round; ms.
PICTURE_MS: Final = 10 * 86_400_000
AT_ONCE: Final = 100


async def given(context: Context, row: StoredConsultation, seat: Seat) -> tuple[str, str]:
    """The address of somebody's ticket and the name of its picture, both "" for who has no place.

    They are made where there are none yet.
    """
    if seat.state != "seat" or seat.over:
        return "", ""
    key = {"consultation_id": row.id, "person_id": context.person.id}
    await context.tx.run("give_ticket", **key, ticket=secrets.token_hex(8))
    found = await context.tx.row(TicketOf, **key)
    if found is None:
        return "", ""
    link = f"{context.public_url}/ticket/{row.code}/{seat.code}-{found.ticket}"
    name = _name(found.ticket)
    context.publish(name, qr.png(link))
    return link, name


def _name(ticket: str) -> str:
    return f"ticket-{ticket}.png"


async def files_of(tx: Transaction, person_id: int) -> list[str]:
    """The pictures of somebody's tickets, to be removed with them."""
    rows = await tx.rows(TicketsOf, person_id=person_id)
    return [f"{PUBLISHED}/{_name(row.ticket)}" for row in rows]


async def sweep(services: Services, at: int) -> None:
    """Remove the pictures of tickets to meetings that are over (`at`, ms), and of places that were given back."""
    before = at - PICTURE_MS
    async with services.storage.reading() as tx:
        found = await tx.rows(TicketsOver, before=before, most=AT_ONCE)
    if not found:
        return
    async with services.storage.transaction() as tx:
        for one in found:
            await tx.run("drop_ticket", id=one.id)
    for one in found:
        services.media.unpublish(_name(one.ticket))


async def held(tx: Transaction, row: StoredConsultation, number: str, word: str) -> bool:
    """Whether a number and its word are those of somebody who has a place."""
    seat = await tx.row(SeatByCode, consultation_id=row.id, code=number) if word else None
    return seat is not None and secrets.compare_digest(seat.ticket.encode(), word.encode())
