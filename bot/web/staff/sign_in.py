"""In and out: asking for a sign-in link, using it, typing its code, signing out."""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.outreach.organizers import StaffChats
from bot.staff import accounts, asks
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from flows.understanding import scripts

#: What a browser that asked gets in the place of a session; as long as a link is good.
ASKED_MS = accounts.LINK_MS


class SignIn(PageGroup):
    """The pages before and after the desk."""

    def routes(self) -> list[Route]:
        """Every route; none of them needs a session."""
        return [
            Route("/staff/sign-in", self.start, methods=["GET"]),
            Route("/staff/sign-in/ask", self.ask, methods=["POST"]),
            Route("/staff/sign-in/code", self.code, methods=["POST"]),
            Route("/staff/sign-in/{secret}", self.use, methods=["GET", "POST"]),
            Route("/staff/sign-out", self.leave, methods=["POST"]),
        ]

    async def start(self, request: Request) -> Response:
        """Ask for a link, or type its code."""
        return await gate.signed_out(self._services, self._pages, request)

    async def ask(self, request: Request) -> Response:
        """Send a link to the own chat of whoever is named. The answer never says who exists."""
        form = await request.form()
        name = str(form.get("name", "")).replace("\0", "").strip()
        council = str(form.get("council", ""))
        browser = request.cookies.get(gate.cookie_name(request, gate.ASKED), "")
        if len(browser) < 20:
            browser = secrets.token_urlsafe(32)
        council_id = next(
            (id for id, c in self._services.register.all().items() if c.code == council),
            self._services.register.default_id,
        )
        if name and await self._may_ask(request, council_id, name[:100]):
            await self._send_link(council_id, name[:100], browser)
        response = RedirectResponse("/staff/sign-in?asked=1", 303)
        gate.set_cookie(request, response, gate.ASKED, browser, ASKED_MS)
        return response

    async def _may_ask(self, request: Request, council_id: int, name: str) -> bool:
        """Whether the asker's network has not asked too often; a browser of the member's own always may."""
        known = request.cookies.get(gate.cookie_name(request, gate.KNOWN), "")
        host = request.client.host if request.client is not None else ""
        async with self._services.storage.transaction() as tx:
            owner = await asks.knows(tx, known)
            if owner is not None:
                one = await accounts.colleague(tx, council_id, owner)
                if one is not None and one.name == name:
                    return True
            return await asks.take(tx, self._services.vault, host)

    async def _send_link(self, council_id: int, name: str, browser: str) -> None:
        services = self._services
        async with services.storage.transaction() as tx:
            text = await accounts.asked_link(
                tx, services.vault, services.config.public_url, council_id, name, browser
            )
        if text is not None:
            chats = StaffChats(
                services.storage,
                services.register,
                services.vault,
                services.delivery,
                services.conversations.listeners,
            )
            await chats.tell(council_id, name, text, private=True)

    async def use(self, request: Request) -> Response:
        """Show the button; press it."""
        secret = request.path_params["secret"]
        if request.method != "POST":
            # A preview of the link by a messenger (GET or HEAD) must not use it up: the button does.
            return self._pages.show(request, "sign_in.html", secret=secret)
        browser = request.cookies.get(gate.cookie_name(request, gate.ASKED))
        async with self._services.storage.transaction() as tx:
            cookie = await accounts.use_link(tx, secret, browser)
        return await self._enter(request, cookie)

    async def code(self, request: Request) -> Response:
        """The code from the chat, typed in the browser that asked."""
        form = await request.form()
        typed = "".join(c for c in scripts.digits(str(form.get("code", ""))) if c.isdecimal())
        browser = request.cookies.get(gate.cookie_name(request, gate.ASKED))
        async with self._services.storage.transaction() as tx:
            cookie = await accounts.use_code(self._services.vault, tx, browser, typed)
        return await self._enter(request, cookie)

    async def _enter(self, request: Request, cookie: str) -> Response:
        if cookie in ("old", "elsewhere", "wrong"):
            response = await gate.signed_out(
                self._services, self._pages, request, f"staff.link_{cookie}"
            )
            response.status_code = 410 if cookie == "old" else 403
            return response
        response = RedirectResponse("/staff", 303)
        gate.set_cookie(request, response, gate.COOKIE, cookie, accounts.SESSION_MS)
        known = request.cookies.get(gate.cookie_name(request, gate.KNOWN), "")
        known = known if len(known) >= 20 else secrets.token_urlsafe(32)
        async with self._services.storage.transaction() as tx:
            member = await accounts.member_of(tx, cookie)
            if member is not None:
                await asks.remember(tx, known, member.id)
        gate.set_cookie(request, response, gate.KNOWN, known, asks.KNOWN_MS)
        return response

    async def leave(self, request: Request) -> Response:
        """Sign out."""
        cookie = request.cookies.get(gate.cookie_name(request), "")
        async with self._services.storage.transaction() as tx:
            await accounts.sign_out(tx, cookie)
        response = RedirectResponse("/staff/sign-in", 303)
        response.delete_cookie(gate.cookie_name(request))
        return response
