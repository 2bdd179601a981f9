"""The needs desk: what citizens told the council, by the filters. One need is on `case_page`."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.cases import reading
from bot.cases.handling import rule_of, states, told_in
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.web.cases.filters import SORTS, Wanted, due_of, place_of, shown_of, topics_of
from bot.web.frame import gate
from bot.web.frame.forms import number_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from bot.web.frame.roles import may
from flows.dialog.communes import place_name
from flows.understanding import moderation
from flows.wording import render
from flows.wording.text import Verbatim
from storage.rows.cases import CasesByPlace, CasesPage

#: Days of age that the list can be filtered by.
AGES = (3, 7, 14, 30, 90)


class NeedsDesk(PageGroup):
    """The list of needs."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/needs", "read", self.listed, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """What was told, by the filters."""
        wanted = Wanted.of(request.query_params)
        number = max(1, number_in(request.query_params.get("page", "1"), 1_000_000))
        values = wanted.values(member)
        async with self._services.storage.transaction() as tx:
            await gate.saw(tx, member, request, "needs")
        async with self._services.storage.reading() as tx:
            found = await reading.listed(tx, values, wanted.sort, number)
            standing = await reading.standing(tx, member.council_id, values["today"])
            staff = await accounts.active_members_of(tx, member.council_id)
        language = language_of(request)
        return self._pages.show(
            request,
            "needs.html",
            member=member,
            wanted=wanted,
            needs=[self._line(row, language, member) for row in found.needs],
            count=found.count,
            places=[_place(row, language, member) for row in found.places],
            page=number,
            pages=found.pages,
            counts=standing.by_state,
            overdue=standing.overdue,
            unread=standing.unread,
            states=states(),
            themes=topics_of(self._services.register.council(member.council_id)),
            staff=staff,
            ages=AGES,
            sorts=SORTS,
        )

    def _line(self, row: CasesPage, language: str, member: Member) -> dict[str, Any]:
        """A need as the list shows it."""
        told = told_in(row)
        council = self._services.register.council(member.council_id)
        return {
            **{
                key: getattr(row, key)
                for key in ("reference", "state", "said", "assignee", "unread")
            },
            "code": row.code,
            "nature": row.nature,
            "theme": topics_of(council).get(row.theme, Verbatim(row.theme)),
            "text": shown_of(row, member),
            "voices": sum(1 for file in told.files if file.kind == "voice"),
            "photos": sum(1 for file in told.files if file.kind == "photo"),
            "place": place_of(row, member, language),
            "at": row.created_at,
            "due": due_of(row, council.closed_days),
            # While the council owes something: answered, it is a need like others.
            "danger": row.danger if row.waiting else "",
        }


def _place(row: CasesByPlace, language: str, member: Member) -> dict[str, Any]:
    """A place with how many needs it has, and the words by which the list finds them."""
    told = rule_of(row.kind).told(msgspec.json.decode(row.body))
    words = told.spot.text if told.spot is not None else ""
    words = words if may(member, "moderate") else moderation.masked(words)
    commune = render(place_name(told.commune), language) if told.commune else ""
    name = " · ".join(part for part in (commune, words) if part)
    # The citizen's own words for it, else the commune: the search knows either, not both in a row.
    wanted = words or name
    return {"name": name, "wanted": wanted, "count": row.n}
