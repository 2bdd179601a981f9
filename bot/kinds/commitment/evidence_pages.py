"""The photos of before and after on the page of a commitment: added, looked at, shown, taken back."""

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds import pictures
from bot.kinds.commitment import evidence
from bot.kinds.commitment.desk import PATH, CommitmentDesk
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import number_in
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press


class EvidencePages(CommitmentDesk):
    """The pages about photos; what is refused stands on the page of the commitment."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(f"{PATH}/{{code}}/evidence", "publish", self.photos, "POST"),
            self._route(f"{PATH}/{{code}}/evidence/{{id}}", "read", self.evidence, "GET"),
        ]

    async def photos(self, request: Request, member: Member) -> Response:
        """Add a photo, show it to everybody, take it back, remove it."""
        media = self._services.media
        try:
            content, form = await pictures.handed_in(request)
            action, id = form.value("action"), number_in(form.value("id"))
            kept = await pictures.read(content) if action == "add" else b""
            async with self._services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "commitment")
                if row is not None and await first_press(tx, form):
                    if action == "add":
                        side = form.value("side")
                        await evidence.add(tx, media, row, side, kept, member.name, now_ms())
                    elif action == "remove":
                        await evidence.remove(tx, media, row.id, id)
                    else:
                        await evidence.show(tx, media, row.id, id, public=action == "show")
                    await gate.audit(tx, member, "note", row.code, f"photo {action}")
        except NotAllowed as error:
            return await self._page(request, member, wrong=said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"{PATH}/{row.code}#photos", 303)

    async def evidence(self, request: Request, member: Member) -> Response:
        """A photo, as staff look at it before everybody does."""
        async with self._services.storage.reading() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "commitment")
            id, media = request.path_params["id"], self._services.media
            path = await evidence.one_of(tx, media, row.id, id) if row is not None else None
        if path is None:
            return await self._missing(request, member)
        headers = {"cache-control": "private, no-store"}
        return FileResponse(path, media_type="image/jpeg", headers=headers)
