"""The desk of openness programmes: which there are, a new one, the sequence of each."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.openness import editing, keeping, making, reading
from bot.kinds.openness.keeping import Kept
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in, wall
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.openness.programme import Programme
from flows.kinds.openness.sequence import STEPS, missed, on, sequence, too_late
from storage.database import Transaction
from storage.ids import new_id

PATH: Final = "/staff/openness"


async def own_programme(tx: Transaction, member: Member, code: str) -> Kept | None:
    """A programme of the member's own council."""
    return await keeping.programme(tx, member.council_id, code)


class OpennessDesk(PageGroup):
    """The pages about the sequence of programmes."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            self._route(f"{PATH}/new", "publish", self.begin, "GET", "POST"),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/do", "publish", self.act, "POST"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's programmes, each with the step that it is in."""
        async with self._services.storage.reading() as tx:
            found = await keeping.programmes_of(tx, member.council_id)
        today = local_day(now_ms())
        lines = [(one, on(one.programme.steps, today)) for one in found]
        return self._pages.show(request, "openness_list.html", member=member, listed=lines)

    # ------------------------------------------------------------------ a new one

    async def begin(self, request: Request, member: Member) -> Response:
        """Ask for the session; show the sequence; keep it, and only then is there a programme."""
        council = self._services.register.council(member.council_id)
        today = local_day(now_ms())
        if request.method == "GET":
            code = f"{council.prefix}-OPEN-{today.year}"
            return self._begin_page(request, member, Form({"code": code}))
        form = await posted(request)
        try:
            keeping.checked(form.value("code"))
            session = reading.session_in(form)
            if form.value("action") == "recount":
                form.fields["counted"] = ""
            steps = reading.steps_in(form, session)
            programme = editing.begun(texts_in(form, "title"), session, steps)
            # Days that were counted anew are looked at before anything is kept.
            if form.value("action") == "begin" and form.value("counted") == session.isoformat():
                async with self._services.storage.transaction() as tx:
                    code = form.value("code").strip().upper()
                    if await first_press(tx, form):
                        await keeping.begin(tx, member.council_id, code, programme, member.name)
                        await gate.audit(tx, member, "save", code)
                return RedirectResponse(f"{PATH}/{code}", 303)
        except NotAllowed as error:
            wrong = said_in(error, language_of(request))
            return self._begin_page(request, member, form, wrong=wrong)
        form.fields |= reading.typed(session, steps)
        if form.value("month") != session.isoformat():
            form.fields["month"] = ""
        return self._begin_page(request, member, form, programme)

    def _begin_page(
        self,
        request: Request,
        member: Member,
        form: Form,
        programme: Programme | None = None,
        wrong: str = "",
    ) -> Response:
        council = self._services.register.council(member.council_id)
        return self._pages.show(
            request,
            "openness_new.html",
            422 if wrong else 200,
            member=member,
            form=form,
            looked=programme is not None or bool(wrong and form.value("counted")),
            programme=programme,
            offered=reading.offered(council, local_day(now_ms())),
            order=order(council.language),
            every=LANGUAGE_NAMES,
            wrong=wrong,
            once=new_id(),
            **self._days(request, member, programme, begun=False),
        )

    # ------------------------------------------------------------------ one of them

    async def show(self, request: Request, member: Member) -> Response:
        """A programme: its sequence, step by step."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Move its days, give it another title, put it back as it was."""
        form = await posted(request)
        action = form.value("action")
        try:
            async with self._services.storage.transaction() as tx:
                kept = await own_programme(tx, member, request.path_params["code"])
                where = ""
                if kept is not None and await first_press(tx, form):
                    where = await self._act(tx, member, kept, action, form)
                    await gate.audit(tx, member, "note", kept.code, action)
        except NotAllowed as error:
            wrong = said_in(error, language_of(request))
            return await self._page(request, member, form, wrong)
        if kept is None:
            return await self._missing(request, member)
        return RedirectResponse(where or f"{PATH}/{kept.code}?done=1", 303)

    async def _act(
        self, tx: Transaction, member: Member, kept: Kept, action: str, form: Form
    ) -> str:
        """Do it. Returns the page to go to, "" for that of the programme. Raises NotAllowed."""
        seen = form.value("version")
        match action:
            case "ask":
                code = await making.ask(tx, self._services.register, kept, form.value("part"))
                return f"/staff/c/{code}"
            case "undo":
                await keeping.undo(tx, kept, seen, member.name)
            case "title":
                title = texts_in(form, "title")
                await keeping.change(
                    tx, kept, seen, member.name, lambda was: editing.titled(was, title)
                )
            case "show" | "hide":
                public = action == "show"
                await keeping.change(
                    tx, kept, seen, member.name, lambda was: editing.shown(was, public=public)
                )
            case "recount" | "plan":
                session = reading.session_in(form)
                counted = action == "recount"
                steps = sequence(session) if counted else reading.steps_in(form, session)
                await keeping.change(
                    tx, kept, seen, member.name, lambda was: editing.planned(was, session, steps)
                )
            case _:
                raise NotAllowed(f"there is nothing called {action!r} to do")
        return ""

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.reading() as tx:
            kept = await own_programme(tx, member, request.path_params["code"])
            parts = await keeping.parts(tx, kept) if kept is not None else {}
            last = await keeping.last_changed(tx, kept) if kept is not None else ()
        if kept is None:
            return await self._missing(request, member)
        programme = kept.programme
        council = self._services.register.council(member.council_id)
        filled = reading.typed(programme.session, programme.steps)
        filled |= {f"title.{code}": text for code, text in programme.title.items()}
        return self._pages.show(
            request,
            "openness.html",
            422 if wrong else 200,
            member=member,
            kept=kept,
            programme=programme,
            parts=parts,
            last=last,
            public=f"/c/{quote(council.code.lower())}/programmes/{kept.code}",
            wall=wall,
            form=Form({**filled, **(form.fields if form is not None else {})}),
            order=order(council.language),
            every=LANGUAGE_NAMES,
            wrong=wrong,
            done=bool(request.query_params.get("done")),
            once=new_id(),
            missed=missed(programme.steps, parts, local_day(now_ms())),
            **self._days(request, member, programme, begun=True),
        )

    def _days(
        self, request: Request, member: Member, programme: Programme | None, *, begun: bool
    ) -> Mapping[str, Any]:
        """What pages show of a sequence besides its days."""
        if programme is None:
            return {"noticed": None, "now": "", "keys": STEPS}
        council = self._services.register.council(member.council_id)
        today: date = local_day(now_ms())
        late = [] if begun else too_late(programme.steps, today)
        language = language_of(request)
        seen = reading.noticed(council, programme.session, late, today, language)
        return {"noticed": seen, "now": on(programme.steps, today), "keys": STEPS}
