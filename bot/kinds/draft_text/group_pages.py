"""The comments of one article on the staff page: put into groups, replied to group by group, their authors told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.councils import head_of
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.draft_text import groups
from bot.kinds.draft_text.file_page import PATH as DRAFTS
from bot.kinds.draft_text.groups import Kept
from bot.staff import open_answers
from bot.staff.accounts import Member
from bot.staff.open_answers import OpenAnswer, OpenQuestion
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.draft_text.definition import DraftText, by_key, named
from flows.kinds.draft_text.replies import LONGEST_BODIES, LONGEST_GROUP, OUTCOMES, told_to_group
from flows.kinds.draft_text.rows import IN_WORDS
from flows.wording import render
from flows.wording.text import Text, Translated, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: The page of one article's comments.
PATH: Final = f"{DRAFTS}/{{code}}/groups/{{article}}"

#: Comments that are in no group yet and are shown at once: of more, the first, by what is alike.
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One comment as the page shows it: what sort of words, and the words; `alike` counts those that say the same."""

    answer: OpenAnswer
    what: Text
    alike: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A group with its comments, and what its people are told, by language."""

    kept: Kept
    lines: Sequence[Line]
    message: Mapping[str, str]


class GroupPages(PageGroup):
    """The pages about groups of comments."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.show, "GET"),
            self._route(f"{PATH}/do", "publish", self.act, "POST"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """The comments of an article: by groups, and those that are in none."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Put comments together, reply to a group, have its people told."""
        form = await posted(request)
        article, action = request.path_params["article"], form.value("action")
        row: StoredConsultation | None = None
        try:
            async with self._services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "draft_text")
                if row is not None and await first_press(tx, form):
                    await self._act(tx, member, row, article, action, form)
                    await gate.audit(tx, member, "groups", row.code, f"{article}: {action}")
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"{DRAFTS}/{row.code}/groups/{article}?done=1", 303)

    async def _act(
        self,
        tx: Transaction,
        member: Member,
        row: StoredConsultation,
        article: str,
        action: str,
        form: Form,
    ) -> None:
        """Do it. Raises NotAllowed."""
        at, name = now_ms(), member.name
        id, title = number_in(form.value("group"), most=2**63 - 1), texts_in(form, "title")
        questions = await open_answers.questions_of(tx, self._services.vault, row)
        match action:
            case "put":
                tokens = [form.value(key) for key in form.fields if key.startswith("token.")]
                await groups.put(tx, row, article, questions, tokens, id or None, title, name, at)
            case "out":
                await groups.take_out(tx, article, questions, form.value("token"))
            case "reply":
                outcome, why = form.value("outcome"), texts_in(form, "why")
                bodies = form.value("bodies")
                await groups.reply(tx, row, article, id, title, outcome, why, bodies, name, at)
            case "drop":
                await groups.drop(tx, row, article, id)
            case "tell":
                await groups.tell(tx, row, article, id, form.value("digest"), at)
            case _:
                raise NotAllowed(f"there is nothing called {action!r} to do")

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        key = request.path_params["article"]
        questions: Sequence[OpenQuestion] = ()
        kept: Sequence[Kept] = ()
        where: Mapping[tuple[int, str], int] = {}
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "draft_text")
            head = head_of(row) if row is not None else None
            if row is not None and isinstance(head, DraftText) and key in by_key(head):
                await gate.saw(tx, member, request, f"answers {row.code}")
                every = await open_answers.questions_of(tx, self._services.vault, row)
                questions = [one for one in every if one.field in groups.fields_of(key)]
                kept = [g for g in await groups.groups_of(tx, row.id) if g.group.article == key]
                where = await groups.members_of(tx, row.id)
        if row is None or not isinstance(head, DraftText) or key not in by_key(head):
            return await self._missing(request, member)
        council = self._services.register.council(row.council_id)
        spoken = [code for code in order(council.language) if head.title.get(code)]
        inside = _inside(questions, where)
        loose = await run_in_threadpool(_loose, questions, where)
        return self._pages.show(
            request,
            "draft_text_groups.html",
            422 if wrong else 200,
            member=member,
            row=row,
            key=key,
            title=Translated(head.title),
            heading=named(by_key(head)[key]),
            text=Translated(by_key(head)[key].text),
            held=any(one.held and one.asked for one in questions),
            groups=[
                Shown(
                    one,
                    inside.get(one.group.id, ()),
                    {
                        code: render(told_to_group(head, one.group), code, council.language)
                        for code in spoken
                    }
                    if one.group.outcome
                    else {},
                )
                for one in kept
            ],
            names=[(one.group.id, Translated(one.group.title)) for one in kept],
            loose=loose[:MOST_SHOWN],
            more=max(0, len(loose) - MOST_SHOWN),
            outcomes=OUTCOMES,
            longest=LONGEST_GROUP,
            longest_bodies=LONGEST_BODIES,
            spoken=spoken,
            every=LANGUAGE_NAMES,
            form=form or Form({}),
            once=new_id(),
            wrong=wrong,
            done=bool(request.query_params.get("done")),
        )


def _what(question: OpenQuestion) -> Text:
    """Whether it is a comment or a proposed wording."""
    name = next(name for name in IN_WORDS if question.field.endswith(f"_{name}"))
    return msg(f"draft_groups.{name}")


def _inside(
    questions: Sequence[OpenQuestion], where: Mapping[tuple[int, str], int]
) -> Mapping[int, list[Line]]:
    """The comments of each group, without those that are hidden since."""
    found: dict[int, list[Line]] = {}
    for question in questions:
        for answer in question.answers:
            group = where.get((answer.response_id, question.field))
            if group is not None and answer.hidden is None:
                found.setdefault(group, []).append(Line(answer, _what(question)))
    return found


def _loose(questions: Sequence[OpenQuestion], where: Mapping[tuple[int, str], int]) -> list[Line]:
    """The comments that are in no group: those first that most others are like, one after the other."""
    found: list[Line] = []
    for question in questions:
        left = {
            a.token: a
            for a in question.answers
            if a.hidden is None and (a.response_id, question.field) not in where
        }
        for alike in open_answers.grouped(question):
            same = [left.pop(a.token) for a in alike.answers if a.token in left]
            found += [Line(a, _what(question), len(same)) for a in same]
        found += [Line(a, _what(question)) for a in left.values()]
    return sorted(found, key=lambda line: -line.alike)
