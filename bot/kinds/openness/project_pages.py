"""The pages of a programme's projects: their cards, what the council decided, what it promised by that."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed, refused
from bot.kinds.openness import cards, keeping, making
from bot.kinds.openness.desk import PATH, own_programme
from bot.kinds.openness.files import TYPES, csv_of, docx_of
from bot.kinds.openness.keeping import Kept
from bot.kinds.openness.reading import day_in
from bot.services import Services
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.openness.card import card, dirhams
from flows.kinds.openness.programme import PRINCIPLES, RESULTS, Principle, Programme, Project
from flows.understanding import scripts
from storage.database import Transaction
from storage.ids import new_id

#: Digits of the largest number that is read.
_DIGITS: Final = 15


class ProjectPages(PageGroup):
    """The pages about projects."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._checker = Checker(Previewer(services.register, services.vault, services.channels))

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(f"{PATH}/{{code}}/projects", "read", self.listed, "GET"),
            self._route(f"{PATH}/{{code}}/projects/card", "publish", self.card, "GET"),
            self._route(f"{PATH}/{{code}}/projects/do", "publish", self.act, "POST"),
            self._route(f"{PATH}/{{code}}/projects.{{format}}", "download", self.file, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """Every project on its card, by axis."""
        return await self._listed(request, member)

    async def card(self, request: Request, member: Member) -> Response:
        """A card as a form: a new one, about a problem if one is named, or one that is there."""
        async with self._services.storage.reading() as tx:
            kept = await own_programme(tx, member, request.path_params["code"])
        if kept is None:
            return await self._missing(request, member)
        key, problem = request.query_params.get("key", ""), request.query_params.get("problem", "")
        project = next((one for one in kept.programme.projects if one.key == key), None)
        about = next((one for one in kept.programme.problems if one.key == problem), None)
        form = Form(_filled(project) if project is not None else {})
        if about is not None and project is None:
            form.fields["about"] = f"{about.axis} {about.key}"
        return self._card(request, member, kept, form)

    async def act(self, request: Request, member: Member) -> Response:
        """Keep a card, take one away, note what the council decided, make the promises of it."""
        form = await posted(request)
        action = form.value("action")
        kept: Kept | None = None
        try:
            async with self._services.storage.transaction() as tx:
                kept = await own_programme(tx, member, request.path_params["code"])
                if kept is not None and await first_press(tx, form):
                    await self._act(tx, member, kept, action, form)
                    await gate.audit(tx, member, "note", kept.code, action)
        except NotAllowed as error:
            wrong = said_in(error, language_of(request))
            if action == "project" and kept is not None:
                return self._card(request, member, kept, form, wrong)
            return await self._listed(request, member, form, wrong)
        if kept is None:
            return await self._missing(request, member)
        return RedirectResponse(f"{PATH}/{kept.code}/projects?done=1#{form.value('key')}", 303)

    async def _act(
        self, tx: Transaction, member: Member, kept: Kept, action: str, form: Form
    ) -> None:
        key = form.value("key")

        def made(was: Programme) -> Programme:
            match action:
                case "project":
                    return cards.with_project(was, _project(form))
                case "drop_project":
                    return cards.without_project(was, key)
                case "decide":
                    approved = {p.key: bool(form.value(f"approved.{p.key}")) for p in was.projects}
                    today = local_day(now_ms())
                    return cards.decided(was, day_in(form.value("day")), approved, today)
                case _:
                    raise NotAllowed(f"there is nothing called {action!r} to do")

        if action == "promise":
            await making.promise(tx, self._services.register, kept)
        elif action == "open":
            digest, register = form.value("digest"), self._services.register
            for code in await making.open_all(
                tx, self._checker, register, kept, digest, member.name
            ):
                await gate.audit(tx, member, "open", code)
        else:
            await keeping.change(tx, kept, form.value("version"), member.name, made)

    async def file(self, request: Request, member: Member) -> Response:
        """The cards as a file, in the language of the page."""
        format = request.path_params["format"]
        async with self._services.storage.transaction() as tx:
            kept = await own_programme(tx, member, request.path_params["code"])
            if kept is not None and format in TYPES:
                parts = await keeping.parts(tx, kept)
                await gate.audit(tx, member, "download", f"{kept.code}.{format}")
        if kept is None or format not in TYPES:
            return await self._missing(request, member)
        council = self._services.register.council(kept.council_id)
        promised = {part.removeprefix("project "): row.code for part, row in parts.items()}
        language = language_of(request)
        if format == "csv":
            content = csv_of(council, kept, promised, language)
        else:
            content = await run_in_threadpool(docx_of, council, kept, promised, language, now_ms())
        return Response(
            content,
            media_type=TYPES[format],
            headers={
                "content-disposition": f'attachment; filename="{kept.code}.{format}"',
                "cache-control": "no-store",
            },
        )

    def _card(
        self, request: Request, member: Member, kept: Kept, form: Form, wrong: str = ""
    ) -> Response:
        council = self._services.register.council(member.council_id)
        programme = kept.programme
        return self._pages.show(
            request,
            "openness_card.html",
            422 if wrong else 200,
            member=member,
            kept=kept,
            programme=programme,
            form=form,
            principles=PRINCIPLES,
            results=RESULTS,
            spoken=[code for code in order(council.language) if programme.title.get(code)],
            every=LANGUAGE_NAMES,
            wrong=wrong,
            once=new_id(),
        )

    async def _listed(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.reading() as tx:
            kept = await own_programme(tx, member, request.path_params["code"])
            parts = await keeping.parts(tx, kept) if kept is not None else {}
            register = self._services.register
            to_open = (
                await making.to_open(tx, self._checker, register, kept) if kept is not None else []
            )
        if kept is None:
            return await self._missing(request, member)
        programme = kept.programme
        return self._pages.show(
            request,
            "openness_projects.html",
            422 if wrong else 200,
            member=member,
            kept=kept,
            programme=programme,
            parts=parts,
            cards={one.key: card(programme, one) for one in programme.projects},
            form=form or Form(_decision(programme)),
            waiting=[one for one in programme.approved if f"project {one.key}" not in parts],
            to_open=to_open,
            digest=making.digest_of(to_open),
            wrong=wrong,
            done=bool(request.query_params.get("done")),
            once=new_id(),
        )


def _decision(programme: Programme) -> dict[str, str]:
    """The form of what the council decided, as it was noted."""
    fields = {f"approved.{one.key}": "on" for one in programme.approved}
    return {**fields, "day": programme.decided.isoformat() if programme.decided else ""}


def _filled(project: Project) -> dict[str, Any]:
    """The form of a card as it stands."""

    def said(name: str, texts: Mapping[str, str]) -> dict[str, str]:
        return {f"{name}.{code}": text for code, text in texts.items()}

    def day(value: date | None) -> str:
        return value.isoformat() if value is not None else ""

    return {
        "key": project.key,
        "about": f"{project.axis} {project.problem}".strip(),
        **said("title", project.title),
        **said("solution", project.solution),
        **said("indicator", project.indicator),
        **{f"principle.{one}": "on" for one in project.principles},
        "result": project.result,
        "cost": dirhams(project.cost) if project.cost is not None else "",
        "funding": project.funding,
        "owner": project.owner,
        "partners": project.partners,
        "first": day(project.first),
        "last": day(project.last),
        "progress": str(project.progress),
    }


def _project(form: Form) -> Project:
    """A card as it was typed. Raises NotAllowed."""
    axis, _, problem = form.value("about").partition(" ")
    result = next((one for one in RESULTS if one == form.value("result")), None)
    if form.value("result") and result is None:
        raise refused("openness_desk.no.choice")
    principles: tuple[Principle, ...] = tuple(
        one for one in PRINCIPLES if form.value(f"principle.{one}")
    )
    days = [form.value(name).strip() for name in ("first", "last")]
    first, last = (day_in(text) for text in days)
    if any(text and day is None for text, day in zip(days, (first, last), strict=True)):
        raise refused("openness_desk.no.calendar")
    cost = _number(form.value("cost"))
    if cost is None and form.value("cost").strip():
        raise refused("openness_desk.no.cost")
    progress = _number(form.value("progress") or "0")
    if progress is None:
        raise refused("openness_desk.no.progress")
    return Project(
        form.value("key"),
        axis,
        texts_in(form, "title"),
        problem,
        texts_in(form, "solution"),
        texts_in(form, "indicator"),
        principles,
        result or "",
        cost,
        form.value("funding").strip(),
        form.value("owner").strip(),
        form.value("partners").strip(),
        first,
        last,
        progress,
    )


def _number(text: str) -> int | None:
    """A whole number in any script's digits, with spaces between thousands; None where it is none."""
    plain = "".join(scripts.digits(text).split())
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > _DIGITS:
        return None
    return int(plain)
