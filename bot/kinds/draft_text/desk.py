"""The desk of draft texts: which there are, and what each round says of each article."""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.councils import head_of
from bot.kinds.draft_text.file_page import FILE, PATH, FilePage, texts_of
from bot.results import summaries
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import wall
from flows.kinds.draft_text.agreement import Standing, standing
from flows.kinds.draft_text.definition import DraftText
from flows.wording.text import Translated


@dataclass(frozen=True, slots=True)
class Line:
    """A draft in the list."""

    code: str
    title: Translated
    state: str
    articles: int
    rounds: int


class TextDesk(PageGroup):
    """The pages about draft texts."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow; the file's before the codes'."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            *FilePage(self._services, self._pages).routes(),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's draft texts, the newest first."""
        async with self._services.storage.reading() as tx:
            rows = await texts_of(tx, member)
        found = []
        for row in rows:
            raw = msgspec.json.decode(row.definition)
            rounds = len(raw.get("rounds", ()))
            title = Translated(raw["title"])
            found.append(Line(row.code, title, row.state, len(raw["articles"]), rounds))
        return self._pages.show(request, "draft_texts.html", member=member, listed=found, file=FILE)

    async def show(self, request: Request, member: Member) -> Response:
        """One draft: article by article, what each round says, and what all of them accept."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            head = head_of(row) if row is not None else None
            if row is not None and isinstance(head, DraftText):
                responses = await summaries.responses_of(self._services.register, tx, row)
        if row is None or not isinstance(head, DraftText):
            return await self._missing(request, member)
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "see", row.code)
        found: list[Standing] = standing(head, responses)
        return self._pages.show(
            request,
            "draft_text.html",
            member=member,
            row=row,
            title=Translated(head.title),
            closes=wall(row.closes_local),
            rounds=[Translated(one.title) for one in head.rounds],
            standing=found,
        )
