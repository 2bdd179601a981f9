"""Staff pages with all consultations of a council: the list, summaries as files, posters."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core import qr
from bot.core.councils import head_of
from bot.results import summaries
from bot.results.shown import releases
from bot.staff import put_aside
from bot.staff.accounts import Member
from bot.web.frame.gate import audit, own_consultation
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from bot.web.staff.kinds import offered
from flows.kinds import kinds
from flows.wording import render
from flows.wording.text import Translated, msg


class Overview(PageGroup):
    """The consultations of a council, with their summaries and posters."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route("/staff/consultations", "read", self.listed, "GET"),
            self._route("/staff/summary/{code}.{format}", "download", self.summary, "GET"),
            self._route("/staff/poster/{code}.svg", "read", self.poster, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """Every consultation of the council."""
        async with self._services.storage.reading() as tx:
            rows = await listing.consultations_of(tx, member.council_id)
            waiting = await put_aside.messages(tx, self._services.register, member.council_id)
        language = language_of(request)
        council = self._services.register.council(member.council_id)
        listed = [
            {
                "code": row.code,
                "title": render(Translated(head_of(row).title), language, council.language),
                "kind": render(kinds()[row.kind].label, language),
                "state": render(msg(f"consultation.{row.state}"), language),
                "responses": releases.so_many(row, row.responses),
                "what": row.kind,
                "closes": (row.closes_local or "").removesuffix(" Africa/Casablanca"),
                "links": self._services.links(row.code),
            }
            for row in rows
        ]
        return self._pages.show(
            request,
            "overview.html",
            member=member,
            council=render(Translated(council.name), language, council.language),
            example=render(msg("example.notice"), language) if council.example else "",
            consultations=listed,
            formats=tuple(summaries.TYPES),
            quarantined=len(waiting),
            kinds=offered(language),
        )

    async def summary(self, request: Request, member: Member) -> Response:
        """A summary as a file."""
        code, format = request.path_params["code"], request.path_params["format"]
        async with self._services.storage.transaction() as tx:
            row = await own_consultation(tx, member, code)
            if row is None or format not in summaries.TYPES:
                await audit(tx, member, "refused", request.url.path)
                return self._pages.show(request, "not_found.html", 404)
            await audit(tx, member, "download", f"{row.code}.{format}")
        content = await releases.file_of(
            self._services.storage, self._services.register, row, format, language_of(request)
        )
        name = f"{row.code}.{format}"
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=summaries.TYPES[format], headers=headers)

    async def poster(self, request: Request, member: Member) -> Response:
        """The QR code of a consultation."""
        async with self._services.storage.transaction() as tx:
            row = await own_consultation(tx, member, request.path_params["code"])
            if row is None:
                await audit(tx, member, "refused", request.url.path)
        if row is None:
            return self._pages.show(request, "not_found.html", 404)
        wanted = request.query_params.get("channel", "web")
        channel = self._services.channels.get(wanted)
        link = channel.link(row.code) if channel is not None else None
        if link is None:
            return PlainTextResponse(f"the channel {wanted} has no links here", 404)
        return Response(qr.svg(link), media_type="image/svg+xml")
