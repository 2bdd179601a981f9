"""The groups of a meeting on the staff page: made, looked at, changed by hand, told, taken along as a file."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed, refused
from bot.kinds.meeting import grouping, seats
from bot.kinds.meeting.grouping import Grouping
from bot.reports.csv import defused
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.meeting import shown
from flows.kinds.meeting.definition import Meeting
from flows.understanding import scripts
from flows.wording import render
from flows.wording.text import LANGUAGES, Text, Translated, msg
from storage.ids import new_id

PATH: Final = "/staff/meetings/{code}/groups"

#: The group of the message that is shown before anybody is told theirs.
EXAMPLE: Final = 3


class GroupPages(PageGroup):
    """The pages about groups."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "door", self.show, "GET"),
            self._route(f"{PATH}/do", "publish", self.act, "POST"),
            self._route(f"{PATH}.csv", "door", self.file, "GET"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """The groups as they are."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Make them, put somebody into another one, have everybody told."""
        form = await posted(request)
        action = form.value("action")
        at = now_ms()
        try:
            async with self._services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "meeting")
                if row is not None and await first_press(tx, form):
                    if row.state != "open":
                        raise refused("meeting_desk.not_open")
                    match action:
                        case "make":
                            await grouping.make(tx, row, at)
                        case "move":
                            item = form.value("item")
                            who = scripts.digits(form.value("who").strip())
                            to = number_in(scripts.digits(form.value("to")).strip())
                            await grouping.move(tx, row, item, who, to, at)
                        case _:
                            await grouping.tell(tx, row, form.value("digest"), at)
                    await gate.audit(tx, member, "groups", row.code, action)
        except NotAllowed as error:
            return await self._page(request, member, wrong=said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"/staff/meetings/{row.code}/groups", 303)

    async def file(self, request: Request, member: Member) -> Response:
        """Who is in which group, as a table."""
        async with self._services.storage.transaction() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "meeting")
            if row is not None:
                found = await grouping.read(tx, row)
                await gate.audit(tx, member, "download", f"{row.code} groups.csv")
        if row is None:
            return await self._missing(request, member)
        language = language_of(request)
        out = io.StringIO()
        writer = csv.writer(out)
        names = ("meeting_desk.point", "meeting_desk.group", "meeting_desk.code")
        writer.writerow([render(msg(name), language) for name in names])
        meeting = seats.meeting_of(row)
        for one in found.groupings:
            point = defused(render(self.title(meeting, one.item), language))
            for number, codes in one.groups.items():
                writer.writerows([point, number, code] for code in codes)
        return Response(
            # The sign by which workbooks know UTF-8.
            out.getvalue().encode("utf-8-sig"),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{row.code}-groups.csv"'},
        )

    @staticmethod
    def title(meeting: Meeting, item: str) -> Text:
        """What groups are for."""
        known = next((one for one in meeting.items if one.key == item), None)
        return Translated(known.text) if known is not None else msg("meeting_desk.whole_meeting")

    async def _page(self, request: Request, member: Member, *, wrong: str = "") -> Response:
        async with self._services.storage.reading() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "meeting")
            found = await grouping.read(tx, row) if row is not None else None
        if row is None or found is None:
            return await self._missing(request, member)
        meeting = seats.meeting_of(row)
        example = tuple((one.item, min(EXAMPLE, len(one.groups))) for one in found.groupings)
        default = self._services.register.council(row.council_id).language
        messages = [
            (code, render(shown.your_group(meeting, example), code, default))
            for code in LANGUAGES
            if meeting.title.get(code)
        ]
        return self._pages.show(
            request,
            "meeting_groups.html",
            409 if wrong else 200,
            member=member,
            row=row,
            title=Translated(meeting.title),
            meeting=meeting,
            found=found,
            names=[self.title(meeting, one.item) for one in found.groupings],
            stale=bool(found.groupings) and _stale(meeting, found.groupings),
            messages=messages,
            every=LANGUAGE_NAMES,
            wrong=wrong,
            once=new_id(),
        )


def _stale(meeting: Meeting, groupings: Sequence[Grouping]) -> bool:
    """Whether the meeting asks for other groups than were made."""
    asked = set(grouping.rounds_of(meeting))
    made = {one.item for one in groupings}
    return asked != made or any(len(one.groups) != meeting.groups for one in groupings)
