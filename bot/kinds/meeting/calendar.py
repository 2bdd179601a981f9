"""A meeting as a calendar file (RFC 5545): the same event, with a higher number, whenever it is changed."""

from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.localtime import moment, now_ms
from bot.kinds.meeting.seats import meeting_of
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from flows.kinds.meeting import shown
from flows.wording import render
from flows.wording.text import Text, Translated
from storage.rows import StoredConsultation

PATH: Final = "/calendar/{code}.ics"

#: States of a consultation that everybody may know of.
KNOWN: Final = ("open", "closed", "archived")


class CalendarFile(PageGroup):
    """The file that a telephone puts into its calendar."""

    def routes(self) -> list[Route]:
        """The one route; it shows what was published anyway."""
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The calendar file of a meeting."""
        code = request.path_params["code"].upper()
        async with self._services.storage.reading() as tx:
            row = await self._services.register.by_code(tx, code)
        if row is None or row.kind != "meeting" or row.state not in KNOWN:
            return PlainTextResponse("", 404)
        text = calendar(
            row,
            self._services.config.public_url,
            language_of(request),
            self._default(row),
            now_ms(),
        )
        return Response(
            text,
            media_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{row.code}.ics"'},
        )

    def _default(self, row: StoredConsultation) -> str:
        return self._services.register.council(row.council_id).language


def calendar(
    row: StoredConsultation, public_url: str, language: str, default: str, at: int
) -> bytes:
    """The file as it is now (`at`, ms): times in UTC, the same UID for ever, one more in SEQUENCE with each amendment."""
    # Slow to load, and only such a file needs it.
    from icalendar import Calendar, Event, vGeo, vText

    meeting = meeting_of(row)

    def words(text: Text) -> str:
        return render(text, language, default)

    event = Event()
    event.add("uid", f"{row.code}@{public_url.split('//', 1)[-1]}")
    event.add("sequence", row.version - 1)
    # When this file was made (RFC 5545, 3.8.7.2): of two with the same sequence the later one holds.
    event.add("dtstamp", _utc(at))
    event.add("dtstart", _utc(moment(meeting.starts)))
    event.add("dtend", _utc(moment(meeting.ends)))
    event.add("summary", words(Translated(meeting.title)))
    event.add("location", vText(words(Translated(meeting.place))))
    if meeting.point is not None:
        event.add("geo", vGeo((float(meeting.point[0]), float(meeting.point[1]))))
    if meeting.items:
        event.add("description", words(shown.programme(meeting)))
    called_off = row.state != "open" and at < moment(meeting.starts)
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    found = Calendar()
    found.add("prodid", "-//Tachawor//meetings//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add_component(event)
    return bytes(found.to_ical())


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
