"""The desk's page of the telephones at a door: who has one, and who came without having signed up."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core import qr
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.meeting import seats
from bot.kinds.meeting.door import arrivals, page, phones
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.wording.text import Translated
from storage.ids import new_id

PATH: Final = "/staff/meetings/{code}/phones"


class PhonePages(PageGroup):
    """The page about the telephones of a meeting."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "door", self.show, "GET"),
            self._route(f"{PATH}/do", "door", self.act, "POST"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """Who has a telephone, and whom they noted."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Let a telephone in, take its link back, strike out who was noted twice."""
        form = await posted(request)
        action, code = form.value("action"), request.path_params["code"]
        secret = ""
        services, at = self._services, now_ms()
        chosen = form.value("id")
        id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
        try:
            async with services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, code, "meeting")
                if row is not None and await first_press(tx, form):
                    if action == "end":
                        await phones.take_back(tx, row.id, id, at)
                    elif action == "drop":
                        await arrivals.drop(tx, row.id, id)
                    else:
                        action, whose = "let in", form.value("name")
                        secret = await phones.let_in(
                            tx, services.vault, row, whose, member.name, at
                        )
                    await gate.audit(tx, member, "phone", row.code, action)
        except NotAllowed as error:
            return await self._page(request, member, wrong=said_in(error, language_of(request)))
        # The link is shown in the answer itself: it is kept nowhere, so no other page could show it.
        return await self._page(request, member, secret=secret)

    async def _page(
        self, request: Request, member: Member, *, secret: str = "", wrong: str = ""
    ) -> Response:
        services, code = self._services, request.path_params["code"]
        async with services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, code, "meeting")
            if row is not None:
                listed = await phones.phones_of(tx, row.id)
                came = await arrivals.walk_ins(tx, services.vault, row.id)
                await gate.saw(tx, member, request, f"{row.code} door")
        if row is None:
            return await self._missing(request, member)
        link = f"{services.config.public_url}{page.PATH}#{secret}" if secret else ""
        names = [" ".join(name.split()).casefold() for _, name in came if name]
        return self._pages.show(
            request,
            "meeting_phones.html",
            422 if wrong else 200,
            member=member,
            row=row,
            title=Translated(seats.meeting_of(row).title),
            listed=listed,
            came=[(one, name, names.count(name.casefold()) > 1) for one, name in came],
            link=link,
            picture=qr.svg(link, scale=4) if link else "",
            wrong=wrong,
            once=new_id(),
        )
