"""A group of pages that belong together: the base of every one of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.services import Services
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.pages import Pages


class PageGroup(ABC):
    """Pages that belong together. The route of a staff page names the action that a role must allow."""

    def __init__(self, services: Services, pages: Pages) -> None:
        self._services = services
        self._pages = pages

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """Every route of the group."""

    def _route(self, path: str, action: str, handler: gate.Handler, *methods: str) -> Route:
        return gate.route(self._services, self._pages, path, action, handler, list(methods))

    async def _missing(self, request: Request, member: Member) -> Response:
        """What is another council's, or nobody's: as if it were not there, and noted.

        It begins a transaction of its own: never call it inside one.
        """
        await gate.missed(self._services, member, request)
        return self._pages.show(request, "not_found.html", 404)
