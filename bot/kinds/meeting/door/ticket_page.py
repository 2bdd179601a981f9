"""The page that a ticket's code leads to."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core import qr
from bot.kinds.meeting.door import ticket
from bot.kinds.meeting.seats import meeting_of
from bot.web.frame.page_group import PageGroup
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.meeting import shown
from flows.wording.text import Translated

PATH: Final = "/ticket/{code}/{ticket}"


class TicketPage(PageGroup):
    """The ticket of who has a place."""

    def routes(self) -> list[Route]:
        """The one route: who holds the ticket sees it."""
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The ticket; or that it is good no more."""
        number, _, word = request.path_params["ticket"].partition("-")
        services = self._services
        async with services.storage.reading() as tx:
            row = await services.register.by_code(tx, request.path_params["code"].upper())
            good = (
                row is not None
                and row.kind == "meeting"
                and await ticket.held(tx, row, number, word)
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
