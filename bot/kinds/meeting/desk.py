"""The desk of meetings: how the places stand, who is at the door, the sheet to be signed."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.localtime import now_ms
from bot.kinds.meeting import grouping, seats
from bot.kinds.meeting.sheet import sheet
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import MOST_SEATS
from flows.understanding import scripts
from flows.wording.text import Text, Translated

PATH: Final = "/staff/meetings"

#: Empty lines on a sheet for who comes without having signed up.
EMPTY_LINES: Final = 20

#: Most codes that are typed at once.
MOST_CODES: Final = 500

_CODE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in the list."""

    code: str
    title: Text
    about: Text
    state: str


class MeetingDesk(PageGroup):
    """The pages about meetings."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/do", "door", self.act, "POST"),
            self._route(f"{PATH}/{{code}}/sheet", "door", self.sheet, "GET"),
            self._route(f"{PATH}/{{code}}/sheet.pdf", "door", self.paper, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's meetings, the newest first."""
        async with self._services.storage.reading() as tx:
            rows = await listing.consultations_of(tx, member.council_id)
        found = [
            Line(
                row.code,
                Translated(meeting.title),
                shown.when_and_where(meeting, titled=False),
                row.state,
            )
            for row in reversed(rows)
            if row.kind == "meeting" and (meeting := seats.meeting_of(row))
        ]
        return self._pages.show(request, "meetings.html", member=member, listed=found)

    async def show(self, request: Request, member: Member) -> Response:
        """One meeting: how its places stand, and the door."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Note who is there, by the codes that were typed, or take that back; or how many came without one."""
        form = await posted(request)
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "meeting")
        if row is None:
            return await self._missing(request, member)
        at = now_ms()
        if form.value("action") == "others":
            number = scripts.digits(form.value("others").strip())
            if not number.isdecimal() or int(number) > MOST_SEATS:
                return await self._page(request, member, wrong="meeting_desk.no_number")
            async with self._services.storage.transaction() as tx:
                await seats.note_others(tx, row.id, int(number), at)
                await gate.audit(tx, member, "others", row.code, number)
            return RedirectResponse(f"{PATH}/{row.code}?done={int(number)}", 303)
        codes = list(dict.fromkeys(_CODE.findall(scripts.digits(form.value("codes")))))
        if not codes or len(codes) > MOST_CODES:
            return await self._page(request, member, wrong="meeting_desk.no_codes")
        back = form.value("action") == "absent"
        unknown = []
        async with self._services.storage.transaction() as tx:
            for code in codes:
                known = await (
                    seats.absent(tx, row.id, code) if back else seats.present(tx, row.id, code, at)
                )
                if not known:
                    unknown.append(code)
            count = len(codes) - len(unknown)
            await gate.audit(
                tx, member, "door", row.code, f"{count} {'taken back' if back else 'present'}"
            )
        if unknown:
            return await self._page(request, member, unknown=unknown, noted=count, back=back)
        done = "back" if back else "done"
        return RedirectResponse(f"{PATH}/{row.code}?{done}={count}", 303)

    async def sheet(self, request: Request, member: Member) -> Response:
        """The list to be printed and signed: a line for each code, and some for who comes besides."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "meeting")
            codes = await seats.codes_of(tx, row.id) if row is not None else []
        if row is None:
            return await self._missing(request, member)
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "see", row.code, "sheet")
        return self._pages.show(
            request,
            "meeting_sheet.html",
            member=member,
            row=row,
            about=shown.when_and_where(seats.meeting_of(row)),
            codes=codes,
            empty=EMPTY_LINES,
        )

    async def paper(self, request: Request, member: Member) -> Response:
        """The same as PDF, by the groups of the first point that has some."""
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "meeting")
            if row is not None:
                codes = await seats.codes_of(tx, row.id)
                found = (await grouping.read(tx, row)).groupings
                await gate.audit(tx, member, "download", f"{row.code} sheet.pdf")
        if row is None:
            return await self._missing(request, member)
        content = await asyncio.to_thread(
            sheet,
            self._services.register.council(row.council_id).name,
            seats.meeting_of(row),
            codes,
            found[0].groups if found else {},
            EMPTY_LINES,
            language_of(request),
        )
        headers = {
            "content-disposition": f'inline; filename="{row.code}-sheet.pdf"',
            "cache-control": "no-store",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        wrong: str = "",
        unknown: Sequence[str] = (),
        noted: int = 0,
        back: bool = False,
    ) -> Response:
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "meeting")
            places = await seats.counted(tx, row.id) if row is not None else None
        if row is None or places is None:
            return await self._missing(request, member)
        meeting = seats.meeting_of(row)
        return self._pages.show(
            request,
            "meeting.html",
            422 if wrong or unknown else 200,
            member=member,
            row=row,
            title=Translated(meeting.title),
            about=shown.when_and_where(meeting, titled=False),
            programme=shown.programme(meeting, titled=False) if meeting.items else None,
            meeting=meeting,
            places=places,
            wrong=wrong,
            unknown=unknown,
            noted=0 if back else noted or _number(request.query_params.get("done", "")),
            taken_back=noted if back else _number(request.query_params.get("back", "")),
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
