"""The data officer's page: what is kept about a person who asks at the counter, and its erasure."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.context import OwnData
from bot.conversation.erasure import Held, erase, held_about
from bot.services import Services
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages


class PersonalData(PageGroup):
    """The page about one person's data."""

    def __init__(self, services: Services, pages: Pages, own_data: Sequence[OwnData]) -> None:
        super().__init__(services, pages)
        self._own_data = own_data

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route("/staff/data", "identities", self.page, "GET", "POST"),
        ]

    async def page(self, request: Request, member: Member) -> Response:
        """Find by a reference or a WhatsApp number; show what is kept; erase after a second press."""
        wanted, action, sure, said = "", "", "", ""
        if request.method == "POST":
            form = await posted(request)
            wanted = form.value("wanted").strip()
            action, sure = form.value("action"), form.value("sure").strip()
        held: Held | None = None
        done = False
        doomed: list[str] = []
        if wanted:
            async with self._services.storage.transaction() as tx:
                held = await held_about(tx, self._services.vault, member.council_id, wanted)
                await gate.audit(tx, member, "look up person", "found" if held else "nobody")
                if held is None:
                    said = "personal.nobody"
                elif action == "erase" and held.elsewhere:
                    said = "personal.elsewhere"
                elif action == "erase" and sure == wanted:
                    doomed = await erase(tx, self._services.vault, self._own_data, held.person_id)
                    await gate.audit(tx, member, "erase person", "at their request")
                    done, held = True, None
                elif action == "erase":
                    said = "personal.write_again"
        if done:
            self._services.media.remove(doomed)
            await self._services.storage.forget_traces()
        return self._pages.show(
            request,
            "personal.html",
            member=member,
            wanted="" if done else wanted,
            held=held,
            done=done,
            said=said,
        )
