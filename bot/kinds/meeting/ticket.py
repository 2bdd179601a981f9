"""The ticket of who has a place: a code for cameras and the number, as a page and as a picture in the chat.

Both stand under a word that nobody guesses. A picture lies among the published files until some days after the
meeting; whoever opens the meeting in the chat has it made again.
"""

import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.context import Context
from bot.core import qr
from bot.kinds.meeting.rows import SeatByCode, TicketOf, TicketsOf, TicketsOver
from bot.kinds.meeting.seats import meeting_of
from bot.outbox.media_files import PUBLISHED
from bot.services import Services
from bot.web.frame.page_group import PageGroup
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.meeting import shown
from flows.kinds.meeting.seat import Seat
from flows.wording.text import Translated
from storage.database import Transaction
from storage.rows import StoredConsultation

PATH: Final = "/ticket/{code}/{ticket}"

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


class TicketPage(PageGroup):
    """The page that a ticket's code leads to."""

    def routes(self) -> list[Route]:
        """The one route: who holds the ticket sees it."""
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The ticket; or that it is good no more."""
        number, _, word = request.path_params["ticket"].partition("-")
        services = self._services
        async with services.storage.reading() as tx:
            row = await services.register.by_code(tx, request.path_params["code"].upper())
            seat = None
            if row is not None and row.kind == "meeting" and word:
                seat = await tx.row(SeatByCode, consultation_id=row.id, code=number)
        good = (
            row is not None
            and seat is not None
            and secrets.compare_digest(seat.ticket.encode(), word.encode())
        )
        if row is None or not good:
            return self._pages.show(request, "ticket_gone.html", 404, languages=LANGUAGE_NAMES)
        meeting = meeting_of(row)
        link = f"{services.config.public_url}/ticket/{row.code}/{number}-{word}"
        response = self._pages.show(
            request,
            "ticket.html",
            languages=LANGUAGE_NAMES,
            title=Translated(meeting.title),
            about=shown.when_and_where(meeting, titled=False),
            open=row.state == "open",
            digits=number,
            picture=qr.svg(link, scale=7),
            code=row.code,
        )
        response.headers["referrer-policy"] = "no-referrer"
        return response
