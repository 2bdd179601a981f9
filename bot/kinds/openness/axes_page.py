"""The page of axes and problems, with what citizens told about them and what they propose."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.refusals import NotAllowed, refused
from bot.kinds.openness import attached, editing, keeping
from bot.kinds.openness.desk import PATH, own_programme
from bot.kinds.openness.keeping import Kept
from bot.kinds.openness.rows import ProgrammeParts
from bot.kinds.openness.solutions import MOST_SHOWN, Proposed, proposed
from bot.staff.accounts import Member
from bot.web.cases.case_page import own_need
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.openness.programme import Programme
from flows.understanding import scripts
from storage.database import Transaction
from storage.ids import new_id


class AxesPage(PageGroup):
    """The page about axes and problems."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(f"{PATH}/{{code}}/axes", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/axes/do", "publish", self.act, "POST"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """Each axis with its problems."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Name an axis or a problem, attach what was told, take one away."""
        form = await posted(request)
        action = form.value("action")
        try:
            async with self._services.storage.transaction() as tx:
                kept = await own_programme(tx, member, request.path_params["code"])
                if kept is not None and await first_press(tx, form):
                    await self._act(tx, member, kept, action, form)
                    await gate.audit(tx, member, "note", kept.code, action)
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        if kept is None:
            return await self._missing(request, member)
        axis = form.value("axis") or form.value("key")
        return RedirectResponse(f"{PATH}/{kept.code}/axes?done=1#{axis}", 303)

    async def _act(
        self, tx: Transaction, member: Member, kept: Kept, action: str, form: Form
    ) -> None:
        key, title = form.value("key"), texts_in(form, "title")
        if action in ("attach", "detach"):
            reference = scripts.digits(form.value("reference").strip())
            told = await own_need(tx, member, reference)
            if told is None:
                raise refused("openness_desk.no.told")
            change = attached.attach if action == "attach" else attached.detach
            await change(tx, kept, key, told.id)
            return

        def made(was: Programme) -> Programme:
            match action:
                case "axis":
                    return editing.with_axis(was, key, title)
                case "drop_axis":
                    return editing.without_axis(was, key)
                case "problem":
                    axis, about = form.value("axis"), texts_in(form, "about")
                    return editing.with_problem(was, key, axis, title, about, form.value("noted"))
                case "drop_problem":
                    return editing.without_problem(was, key)
                case _:
                    raise NotAllowed(f"there is nothing called {action!r} to do")

        await keeping.change(tx, kept, form.value("version"), member.name, made)

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.transaction() as tx:
            kept = await own_programme(tx, member, request.path_params["code"])
            found: Mapping[str, Proposed] = {}
            parts: Mapping[str, ProgrammeParts] = {}
            told: Mapping[str, Sequence[str]] = {}
            if kept is not None:
                parts = await keeping.parts(tx, kept)
                told = await attached.attached(tx, kept)
                found = await proposed(tx, self._services.vault, kept)
            if kept is not None and found:
                await gate.saw(tx, member, request, f"answers {kept.code}")
        if kept is None:
            return await self._missing(request, member)
        council = self._services.register.council(member.council_id)
        programme = kept.programme
        return self._pages.show(
            request,
            "openness_axes.html",
            422 if wrong else 200,
            member=member,
            kept=kept,
            programme=programme,
            proposed=found,
            attached=told,
            asked=parts.get("solutions"),
            most=MOST_SHOWN,
            # What was typed stands in the form that it was typed in.
            typed=form or Form({}),
            empty=Form({}),
            forms={one.key: _filled(one.title, one.about, one.noted) for one in programme.problems}
            | {one.key: _filled(one.title, {}, ()) for one in programme.axes},
            spoken=[code for code in order(council.language) if programme.title.get(code)],
            every=LANGUAGE_NAMES,
            wrong=wrong,
            done=bool(request.query_params.get("done")),
            once=new_id(),
        )


def _filled(title: dict[str, str], about: dict[str, str], noted: tuple[str, ...]) -> Form:
    """The form of an axis or a problem as it stands."""
    fields = {f"title.{code}": text for code, text in title.items()}
    fields |= {f"about.{code}": text for code, text in about.items()}
    return Form({**fields, "noted": "\n".join(noted)})
