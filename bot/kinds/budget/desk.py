"""The desk of votes on projects: which there are, a new one in six weeks, from ideas to the ballot, and what follows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed, refused
from bot.kinds.budget import ideas, making
from bot.kinds.budget.ideas import budget_of
from bot.kinds.budget.poster import poster
from bot.results import summaries
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in, wall
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.budget.definition import MOST_MONEY, Project, gender_markers
from flows.kinds.budget.results import cast, outcome_of
from flows.kinds.budget.six_weeks import Calendar, six_weeks
from flows.statistics.summary import SMALLEST
from flows.understanding import scripts
from flows.wording.text import LANGUAGES, Translated
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

PATH: Final = "/staff/budgets"

#: The days of the form, in their order.
DAYS: Final = ("ideas_first", "ideas_last", "vote_first", "vote_last", "result")


class BudgetDesk(PageGroup):
    """The pages about votes on projects."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            self._route(f"{PATH}/new", "publish", self.begin, "GET", "POST"),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/project", "publish", self.project, "GET"),
            self._route(f"{PATH}/{{code}}/do", "publish", self.act, "POST"),
            self._route(f"{PATH}/{{code}}/poster.pdf", "read", self.poster, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's votes on projects, the newest first."""
        async with self._services.storage.reading() as tx:
            rows = await listing.consultations_of(tx, member.council_id)
        found = [row for row in reversed(rows) if row.kind == "budget"]
        titles = {row.code: budget_of(row).title for row in found}
        return self._pages.show(
            request, "budgets.html", member=member, listed=found, titles=titles, wall=wall
        )

    # ------------------------------------------------------------------ a new one

    async def begin(self, request: Request, member: Member) -> Response:
        """A participatory budget in six weeks: its days are looked at before anything is kept."""
        council = self._services.register.council(member.council_id)
        today = local_day(now_ms())
        if request.method == "GET":
            first = today + timedelta(days=7 - today.weekday())
            fields = {"code": f"{council.prefix}-BUDGET-{first.year}", **_typed(six_weeks(first))}
            return self._begin_page(request, member, Form(fields))
        form = await posted(request)
        first_day = _day(form.value("ideas_first"))
        if form.value("action") == "recount" and first_day is not None:
            form.fields |= _typed(six_weeks(first_day))
            return self._begin_page(request, member, form)
        try:
            calendar = _calendar(form, today)
            title, amount = texts_in(form, "title"), number_in(_plain(form.value("amount")))
            async with self._services.storage.transaction() as tx:
                code = making.checked(form.value("code"))
                if await first_press(tx, form):
                    await making.begin(
                        tx,
                        self._services.register,
                        member.council_id,
                        code,
                        title,
                        amount,
                        calendar,
                    )
                    await gate.audit(tx, member, "save", code)
        except NotAllowed as error:
            return self._begin_page(request, member, form, said_in(error, language_of(request)))
        return RedirectResponse(f"{PATH}/{code}", 303)

    def _begin_page(
        self, request: Request, member: Member, form: Form, wrong: str = ""
    ) -> Response:
        council = self._services.register.council(member.council_id)
        return self._pages.show(
            request,
            "budget_new.html",
            422 if wrong else 200,
            member=member,
            form=form,
            days=DAYS,
            order=order(council.language),
            every=LANGUAGE_NAMES,
            wrong=wrong,
            once=new_id(),
        )

    # ------------------------------------------------------------------ one of them

    async def show(self, request: Request, member: Member) -> Response:
        """One vote: its ideas, its projects, what follows."""
        return await self._page(request, member)

    async def project(self, request: Request, member: Member) -> Response:
        """A project as a form: a new one, made of what was told, or one that is there."""
        code = request.path_params["code"]
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, code, "budget")
            found = await ideas.ideas_of(tx, row) if row is not None else []
            if found:
                await gate.saw(tx, member, request, f"answers {code}")
        if row is None:
            return await self._missing(request, member)
        id, reference = (request.query_params.get(name, "") for name in ("id", "of"))
        known = {one.id: one for one in budget_of(row).projects}.get(id)
        form = Form(_filled(known) if known is not None else {"of": reference})
        told = next((ideas.words_of(one) for one in found if one.reference == reference), "")
        return self._project_page(request, member, row, form, told=told)

    def _project_page(
        self,
        request: Request,
        member: Member,
        row: StoredConsultation,
        form: Form,
        wrong: str = "",
        told: str = "",
    ) -> Response:
        council = self._services.register.council(member.council_id)
        budget = budget_of(row)
        raw = {"markers": [{"id": one.id, "text": one.text} for one in budget.markers]}
        return self._pages.show(
            request,
            "budget_project.html",
            422 if wrong else 200,
            member=member,
            row=row,
            form=form,
            told=told,
            markers=[*gender_markers(raw, council, ())],
            quarters=[(one.id, Translated(one.text)) for one in council.quarters],
            order=[one for one in order(council.language) if budget.title.get(one)],
            every=LANGUAGE_NAMES,
            wrong=wrong,
            once=new_id(),
        )

    async def poster(self, request: Request, member: Member) -> Response:
        """The poster in one of the languages of citizens; a draft's has no code to scan."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "budget")
        if row is None or not budget_of(row).projects:
            return await self._missing(request, member)
        council = self._services.register.council(member.council_id)
        asked = request.query_params.get("language", "")
        language = asked if asked in LANGUAGES else council.language
        link = self._services.channels["web"].link(row.code) if row.state != "draft" else None
        content = await run_in_threadpool(
            poster, council.name, budget_of(row), row.closes_local, link, language
        )
        name = f"{row.code}-{language}.pdf"
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    async def act(self, request: Request, member: Member) -> Response:
        """Take what was told in, make a project of it, put it to one, say why not, tell its authors."""
        form = await posted(request)
        action, code = form.value("action"), request.path_params["code"]
        row: StoredConsultation | None = None
        try:
            async with self._services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, code, "budget")
                if row is not None and await first_press(tx, form):
                    await self._act(tx, member, row, action, form)
                    await gate.audit(tx, member, "note", row.code, action)
        except NotAllowed as error:
            wrong = said_in(error, language_of(request))
            if action == "project" and row is not None:
                return self._project_page(request, member, row, form, wrong)
            return await self._page(request, member, form, wrong)
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"{PATH}/{row.code}?done=1#{form.value('at')}", 303)

    async def _act(
        self, tx: Transaction, member: Member, row: StoredConsultation, action: str, form: Form
    ) -> None:
        register = self._services.register
        reference = scripts.digits(form.value("reference").strip())
        match action:
            case "call":
                await ideas.set_call(tx, row, form.value("call"))
            case "take":
                await ideas.take(tx, row, reference)
            case "refuse":
                reason = form.value("reason")
                await ideas.refuse(tx, register, row, reference, reason, member.name)
            case "put":
                text, project = form.value("text"), form.value("project")
                await ideas.put(tx, register, row, reference, project, member.name, text)
            case "drop":
                await ideas.drop(tx, register, row, form.value("version"), form.value("id"))
            case "project":
                await self._keep(tx, member, row, form)
            case "tell" | "promise":
                winners = await self._winners(tx, row)
                if action == "tell":
                    await ideas.tell(tx, register, row, winners, member.name)
                else:
                    owner, due = form.value("owner"), _day(form.value("due"))
                    await making.promise(tx, register, row, winners, owner, due)
            case _:
                raise NotAllowed(f"there is nothing called {action!r} to do")

    async def _keep(
        self, tx: Transaction, member: Member, row: StoredConsultation, form: Form
    ) -> None:
        """Keep a project; what it was made of is told so."""
        register, wanted = self._services.register, _project(form)
        id = form.value("id") or await ideas.fresh_id(tx, row)
        fresh = await ideas.change(
            tx,
            register,
            row,
            form.value("version"),
            lambda all: ideas.with_project(all, id, wanted),
        )
        if form.value("of"):
            reference = scripts.digits(form.value("of").strip())
            await ideas.put(tx, register, fresh, reference, id, member.name, form.value("words"))

    async def _winners(self, tx: Transaction, row: StoredConsultation) -> list[str]:
        """The winners of a vote that is over; none of fewer ballots than are told."""
        if row.state not in ("closed", "archived"):
            return []
        responses = await summaries.responses_of(self._services.register, tx, row)
        ballots = cast(budget_of(row), responses)
        if ballots.total() < SMALLEST:
            return []
        return [one.id for one in outcome_of(budget_of(row), ballots).winners]

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        code = request.path_params["code"]
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, code, "budget")
            if row is not None:
                call = await ideas.call_of(tx, row)
                found = await ideas.ideas_of(tx, row)
                promises = await making.promises_of(tx, row)
                winners = await self._winners(tx, row)
                if found:
                    await gate.saw(tx, member, request, f"answers {row.code}")
        if row is None:
            return await self._missing(request, member)
        budget = budget_of(row)
        raw = {"markers": [{"id": one.id, "text": one.text} for one in budget.markers]}
        council = self._services.register.council(member.council_id)
        return self._pages.show(
            request,
            "budget.html",
            422 if wrong else 200,
            member=member,
            row=row,
            budget=budget,
            title=Translated(budget.title),
            call=call,
            result=_shown(_day(call.result_day) if call is not None else None),
            ideas=[
                {"row": one, "words": ideas.words_of(one, hides=gate.may(member, "moderate"))}
                for one in found
            ],
            untold=[one for one in found if one.project and not one.told],
            markers=dict(gender_markers(raw, council, ())),
            spoken=[one for one in order(council.language) if budget.title.get(one)],
            every=LANGUAGE_NAMES,
            winners=winners,
            promises=promises,
            form=form or Form({}),
            wall=wall,
            wrong=wrong,
            done=bool(request.query_params.get("done")),
            once=new_id(),
        )


def _shown(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day is not None else ""


def _day(text: str) -> date | None:
    """A day in any script's digits, None where it is none."""
    try:
        return date.fromisoformat(scripts.digits(text.strip()))
    except ValueError:
        return None


def _typed(calendar: Calendar) -> dict[str, str]:
    return {name: getattr(calendar, name).isoformat() for name in DAYS}


def _calendar(form: Form, today: date) -> Calendar:
    """The days as they were typed. Raises NotAllowed."""
    days = [_day(form.value(name)) for name in DAYS]
    if any(day is None for day in days):
        raise refused("budget_desk.no.day")
    calendar = Calendar(*(day for day in days if day is not None))
    wrong = calendar.wrong(today)
    if wrong:
        raise refused(f"budget_desk.no.{wrong}")
    return calendar


def _plain(text: str) -> str:
    """A sum without the spaces between its thousands."""
    return "".join(text.split())


def _filled(project: Project) -> dict[str, str]:
    """The form of a project as it stands."""
    fields = {"id": project.id, "cost": f"{project.cost:,}".replace(",", " ")}
    fields |= {"quarter": project.quarter, "gender": project.gender}
    for name, texts in (("text", project.text), ("about", project.about), ("place", project.place)):
        fields |= {f"{name}.{code}": said for code, said in texts.items()}
    return fields


def _project(form: Form) -> Mapping[str, Any]:
    """A project as it was typed. Raises NotAllowed."""
    cost = number_in(_plain(form.value("cost")), MOST_MONEY + 1)
    if cost < 1:
        raise refused("budget_desk.no.cost")
    return {
        "text": texts_in(form, "text"),
        "about": texts_in(form, "about"),
        "place": texts_in(form, "place"),
        "cost": cost,
        "quarter": form.value("quarter"),
        "gender": form.value("gender") or "unexamined",
    }
