"""The page of the second factor: set up with a picture, asked for after signing in, and told when it is on."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core import qr
from bot.outreach.organizers import StaffChats
from bot.staff import second_factor
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from flows.wording.text import msg


class SecondFactor(PageGroup):
    """The page between signing in and the desk."""

    def routes(self) -> list[Route]:
        """Its one route: a session opens it, before and after its second factor."""
        return [
            Route("/staff/second-factor", self.page, methods=["GET", "POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Ask for a code; to whoever has no key yet, show one."""
        async with self._services.storage.transaction() as tx:
            member = await gate.signed_in(tx, request)
            if member is not None:
                await self._services.register.learn(tx, member.council_id)
        if member is None:
            return await gate.signed_out(self._services, self._pages, request)
        if request.method == "POST":
            return await self._typed(request, member)
        return await self._show(request, member)

    async def _show(
        self, request: Request, member: Member, said: str = "", status: int = 200
    ) -> Response:
        key, picture, left = "", "", 0
        async with self._services.storage.transaction() as tx:
            if member.has_factor:
                left = await second_factor.left(tx, member.id)
            else:
                key = await second_factor.key(tx, self._services.vault, member)
                # Four pixels a module: the whole picture fits a narrow telephone.
                picture = qr.svg(second_factor.address(key, member), scale=4)
        council = self._services.register.council(member.council_id)
        return self._pages.show(
            request,
            "second_factor.html",
            status,
            member=member,
            has_factor=member.has_factor,
            waits=second_factor.asked_of(member, council),
            key=" ".join(key[i : i + 4] for i in range(0, len(key), 4)),
            picture=picture,
            left=left,
            codes=(),
            said=said,
        )

    async def _typed(self, request: Request, member: Member) -> Response:
        form = await posted(request)
        cookie = request.cookies.get(gate.cookie_name(request), "")
        vault = self._services.vault
        if form.value("action") == "codes":
            return await self._new_codes(request, member)
        codes: list[str] = []
        async with self._services.storage.transaction() as tx:
            word = await second_factor.show(tx, vault, member, cookie, form.value("code"))
            if word == "good" and not member.has_factor:
                codes = await second_factor.recovery_codes(tx, vault, member)
        if word != "good":
            return await self._show(request, member, f"factor.{word}", 403)
        if not codes:
            return RedirectResponse("/staff", 303)
        await self._tell(member)
        return self._codes(request, member, codes)

    async def _new_codes(self, request: Request, member: Member) -> Response:
        """New recovery codes, for whoever has shown the factor in this session."""
        if not (member.has_factor and member.proven):
            return await self._show(request, member, "factor.wrong", 403)
        async with self._services.storage.transaction() as tx:
            codes = await second_factor.recovery_codes(tx, self._services.vault, member)
            await gate.audit(tx, member, "set second factor", "new recovery codes")
        await self._tell(member)
        return self._codes(request, member, codes)

    def _codes(self, request: Request, member: Member, codes: list[str]) -> Response:
        return self._pages.show(
            request,
            "second_factor.html",
            member=member,
            has_factor=True,
            waits=False,
            key="",
            picture="",
            left=len(codes),
            codes=codes,
            said="",
        )

    async def _tell(self, member: Member) -> None:
        """The member's own chat hears of it: if it was not them, they know."""
        services = self._services
        chats = StaffChats(
            services.storage,
            services.register,
            services.vault,
            services.delivery,
            services.conversations.listeners,
        )
        await chats.tell(member.council_id, member.name, msg("organizer.factor_set"))
