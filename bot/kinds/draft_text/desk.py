"""The desk of draft texts: which there are, and what each round says of each article."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.councils import head_of
from bot.core.refusals import NotAllowed
from bot.kinds.draft_text import replying
from bot.kinds.draft_text.file_page import FILE, PATH, FilePage, texts_of
from bot.results.shown import releases
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in, wall
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.draft_text.agreement import standing, told
from flows.kinds.draft_text.definition import DraftText, by_key
from flows.kinds.draft_text.replies import OUTCOMES, Piece, Reply, compared, replied_in
from flows.wording.text import Translated
from storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Line:
    """A draft in the list."""

    code: str
    title: Translated
    state: str
    articles: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Version:
    """Two versions of an article in one language, cut into what stayed and what changed."""

    language: str
    before: Sequence[Piece]
    after: Sequence[Piece]


class TextDesk(PageGroup):
    """The pages about draft texts."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow; the file's before the codes'."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            *FilePage(self._services, self._pages).routes(),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/do", "publish", self.act, "POST"),
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
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Keep the council's reply to an article, or prepare the message about all of them."""
        form = await posted(request)
        code = request.path_params["code"]
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, code, "draft_text")
        if row is None:
            return await self._missing(request, member)
        try:
            async with self._services.storage.transaction() as tx:
                if form.value("action") == "tell":
                    if not await first_press(tx, form):
                        return RedirectResponse("/staff/broadcasts", 303)
                    council = self._services.register.council(row.council_id)
                    url = self._services.config.public_url
                    id = await replying.tell(tx, row, council.language, url, member.name)
                    await gate.audit(tx, member, "decide", row.code)
                    return RedirectResponse(f"/staff/broadcasts/{id}", 303)
                key = form.value("article")
                why, following = texts_in(form, "why"), texts_in(form, "next")
                outcome = form.value("outcome")
                await replying.reply(tx, row, key, outcome, why, following, member.name)
                await gate.audit(tx, member, "reply", row.code, f"{key}: {outcome}")
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        return RedirectResponse(f"{PATH}/{row.code}?done={key}#a-{key}", 303)

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "draft_text")
        if row is not None:
            now = await releases.shown(self._services.storage, self._services.register, row)
            responses = now.responses
        head = head_of(row) if row is not None else None
        if row is None or not isinstance(head, DraftText):
            return await self._missing(request, member)
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "see", row.code)
        council = self._services.register.council(row.council_id)
        replied = replied_in(responses)
        replies = replied.articles
        done = request.query_params.get("done", "")
        return self._pages.show(
            request,
            "draft_text.html",
            422 if wrong else 200,
            member=member,
            row=row,
            title=Translated(head.title),
            closes=wall(row.closes_local),
            rounds=[Translated(one.title) for one in head.rounds],
            standing=standing(head, responses) if now.made_at is None else told(head, now.summary),
            of_the_day=releases.said_of(now),
            replies=replies,
            groups={
                key: [one for one in replied.groups if one.article == key] for key in by_key(head)
            },
            versions={key: _versions(head, key, one) for key, one in replies.items()},
            outcomes=OUTCOMES,
            spoken=[code for code in order(council.language) if head.title.get(code)],
            every=LANGUAGE_NAMES,
            form=form or Form({}),
            once=new_id(),
            wrong=wrong,
            done=done if done in replies else "",
        )


def _versions(draft: DraftText, key: str, reply: Reply) -> list[Version]:
    """The next version of an article beside the one that was commented, for each language it has."""
    article = by_key(draft).get(key)
    if article is None:
        return []
    return [
        Version(code, *compared(article.text.get(code, ""), text))
        for code, text in reply.next.items()
    ]
