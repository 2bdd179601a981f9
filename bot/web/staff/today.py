"""Today: what came in, what waits longest, what closes soon, what is being sent, what went wrong."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.councils import head_of
from bot.core.localtime import local_day, moment, now_ms
from bot.outbox import troubles
from bot.outreach import broadcasts
from bot.services import Services
from bot.staff import approvals, crowds, put_aside
from bot.staff.accounts import Member
from bot.staff.open_answers import heard
from bot.web.cases.panel import cases_today
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, wall
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.morocco.emergency import NUMBERS
from flows.wording import render
from flows.wording.text import Translated
from storage.database import Transaction
from storage.rows.consultations import Consultations

#: How far back "of late" goes for what did not arrive, and how far ahead "soon" is.
LATE_MS = 48 * 3_600_000
SOON_MS = 7 * 24 * 3_600_000

#: Among so many of a council's last broadcasts are those looked for that are on their way.
LOOKED_AT = 50

#: What is read for a part of the page: fields of its template, by name.
Read = Callable[[Transaction, Council, Member, str], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Panel:
    """What a kind of consultation adds to the page: a template that shows, as `panel`, what `read` finds."""

    template: str
    read: Read


class Today(PageGroup):
    """The first page."""

    def __init__(self, services: Services, pages: Pages, panels: Sequence[Panel]) -> None:
        super().__init__(services, pages)
        self._panels = panels

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff", "read", self.show, "GET"),
            self._route("/staff/quarantine/{id}", "manage", self.release, "POST"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """The page."""
        return await self._page(request, member)

    async def _page(self, request: Request, member: Member, said: str = "") -> Response:
        at = now_ms()
        language = language_of(request)
        council = self._services.register.council(member.council_id)
        day = local_day(at)
        midnight = moment_of(day)
        week = moment_of(day - timedelta(days=6))
        async with self._services.storage.reading() as tx:
            came = await listing.came_in(tx, member.council_id, midnight, week)
            closing = await listing.closing(tx, member.council_id, at, at + SOON_MS)
            running = await broadcasts.running(tx, member.council_id, LOOKED_AT)
            missed = await troubles.troubles(tx, member.council_id, at - LATE_MS)
            aside = await put_aside.messages(tx, self._services.register, member.council_id)
            asked = await approvals.waiting(tx, member.council_id)
            awaiting = await crowds.awaiting_in(tx, member.council_id)
            # Only who may hear them is told.
            hears = gate.may(member, "moderate")
            unheard = await heard.waiting_in(tx, member.council_id) if hears else []
            cases = await cases_today(tx, council, member, language)
            panels = [
                (panel.template, await panel.read(tx, council, member, language))
                for panel in self._panels
            ]
        return self._pages.show(
            request,
            "today.html",
            member=member,
            council=render(Translated(council.name), language, council.language),
            example=council.example,
            # The usual numbers are named until the council has said which are right where it is.
            unverified=[one for one in council.emergency if council.emergency == NUMBERS],
            came=[
                {
                    "code": one.consultation.code,
                    "kind": one.consultation.kind,
                    "case": kinds()[one.consultation.kind].case is not None,
                    "title": Translated(msgspec.json.decode(one.consultation.definition)["title"]),
                    "today": one.today,
                    "week": one.lately,
                }
                for one in came
            ],
            closing=[_closing(row) for row in closing],
            running=running,
            troubles=missed,
            aside=aside,
            asked=asked,
            awaiting=awaiting,
            unheard=unheard,
            said=said,
            panels=panels,
            **cases,
        )

    async def release(self, request: Request, member: Member) -> Response:
        """Handle a message that was put aside once more."""
        await posted(request)
        async with self._services.storage.transaction() as tx:
            wanted = request.path_params["id"]
            row = await put_aside.message(tx, self._services.register, member.council_id, wanted)
            if row is not None:
                await gate.audit(tx, member, "replay", f"message {wanted}")
        if row is None:
            await gate.missed(self._services, member, request)
            return self._pages.show(request, "not_found.html", 404)
        if not await self._services.conversations.replay(row):
            return await self._page(request, member, "today.still_aside")
        return RedirectResponse("/staff#aside", 303)


def _closing(row: Consultations) -> dict[str, Any]:
    """A consultation that ends soon, as the page shows it."""
    return {
        "code": row.code,
        "title": Translated(head_of(row).title),
        "closes": wall(row.closes_local),
        "responses": row.responses,
        "kind": row.kind,
    }


def moment_of(day: date) -> int:
    """The first moment of a local day, in ms since 1970."""
    return moment(datetime.combine(day, time()))
