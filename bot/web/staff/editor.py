"""The form in which consultations are written on the staff page, with what citizens would see."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import amending, definitions, previewing
from bot.consultations.previewing import Previewer
from bot.core.councils import times
from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.outreach import lists
from bot.services import Services
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import MOST_QUESTIONS, Form, order, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages
from bot.web.staff import editor_form
from bot.web.staff.broadcasts import options_of
from flows.dialog.definition import Head
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.rows import StoredConsultation

QUESTION_TYPES = (
    "single", "multiple", "yes_no", "rating", "ranking", "number", "date", "text",
)  # fmt: skip


class Editor(PageGroup):
    """The pages on which consultations are written."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._previewer = Previewer(services.register, services.vault, services.channels)

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route("/staff/new", "publish", self.write, "GET", "POST"),
            self._route("/staff/preview", "publish", self.preview, "POST"),
            self._route("/staff/c/{code}/edit", "publish", self.edit, "GET", "POST"),
        ]

    async def write(self, request: Request, member: Member) -> Response:
        """A new consultation: the form, and what becomes of it."""
        council = self._services.register.council(member.council_id)
        if request.method == "GET":
            fields = {"outreach.result": "on", "minutes": "2", "outreach.time": "18:00"}
            kind = request.query_params.get("kind", "poll")
            fields["kind"] = kind if kind in editor_form.KINDS else "poll"
            fields["code"] = f"{council.prefix}-"
            return await self._form(request, member, Form(fields))
        form = await posted(request)
        return await self._save(request, member, form, None)

    async def edit(self, request: Request, member: Member) -> Response:
        """A draft, or what may still change of an opened one."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
        if row is None:
            return await self._missing(request, member)
        raw = msgspec.json.decode(row.definition)
        if request.method == "GET":
            return await self._form(request, member, editor_form.form_of(raw), row)
        form = await posted(request)
        return await self._save(request, member, form, row)

    async def _save(
        self,
        request: Request,
        member: Member,
        form: Form,
        row: StoredConsultation | None,
    ) -> Response:
        council = self._services.register.council(member.council_id)
        if form.value("add_question"):
            form.questions = min(form.questions + 1, MOST_QUESTIONS)
            return await self._form(request, member, form, row)
        _, head = editor_form.checked(form, council)
        if form.value("look") or head is None:
            status = 200 if form.value("look") else 422
            return await self._form(request, member, form, row, status, look=head is not None)
        try:
            async with self._services.storage.transaction() as tx:
                await self._store(tx, member, head, row, form.value("version"))
        except NotAllowed as error:
            form.others.append(str(error))
            return await self._form(request, member, form, row, 409)
        return RedirectResponse(f"/staff/c/{head.code}", 303)

    async def _store(
        self,
        tx: Transaction,
        member: Member,
        head: Head,
        row: StoredConsultation | None,
        version: str,
    ) -> None:
        """Save a draft, or what may still change of an opened one. Raises NotAllowed."""
        plain = msgspec.to_builtins(head)
        if row is not None and version not in ("", str(row.version)):
            raise NotAllowed(f"{row.code} was changed meanwhile; open it again")
        if row is not None and row.state != "draft":
            # What the form does not show stays as it is.
            kept = {**msgspec.json.decode(row.definition), **_changeable(plain)}
            changed = await amending.amend(tx, self._services.register, row, kept, member.name)
            await gate.audit(tx, member, "amend", row.code, ", ".join(changed))
            return
        taken = await self._services.register.by_code(tx, head.code)
        if taken is not None and (row is None or taken.id != row.id):
            raise NotAllowed(f"{head.code} exists already")
        if row is not None and head.code != row.code:
            raise NotAllowed("the code of a draft stays as it is")
        await definitions.add(tx, self._services.register, plain, head)
        await gate.audit(tx, member, "save", head.code)

    async def _form(
        self,
        request: Request,
        member: Member,
        form: Form,
        row: StoredConsultation | None = None,
        status: int = 200,
        *,
        look: bool = False,
    ) -> Response:
        council = self._services.register.council(member.council_id)
        async with self._services.storage.reading() as tx:
            kept = await lists.lists_of(tx, member.council_id)
        shown = self._looked_at(form, member) if look else []
        raw = msgspec.json.decode(row.definition) if row is not None else None
        return self._pages.show(
            request,
            "form.html",
            status,
            member=member,
            form=form,
            row=row,
            fits=raw is None or editor_form.fits(raw, council),
            council=council,
            every=LANGUAGE_NAMES,
            order=order(council.language),
            types=QUESTION_TYPES,
            options=options_of(self._services, member, kept),
            previews=shown,
            channels=[name for name in self._services.channels if name != "terminal"],
        )

    async def preview(self, request: Request, member: Member) -> Response:
        """The part of the form that shows what citizens would see, and what is wrong."""
        form = await posted(request)
        council = self._services.register.council(member.council_id)
        _, head = editor_form.checked(form, council)
        shown = self._looked_at(form, member) if head is not None else []
        return self._pages.show(
            request,
            "preview.html",
            form=form,
            previews=shown,
            every=LANGUAGE_NAMES,
            channels=[name for name in self._services.channels if name != "terminal"],
        )

    def _looked_at(self, form: Form, member: Member) -> list[tuple[str, list[previewing.Preview]]]:
        """Every language that the title has, with each message as each channel shows it."""
        council = self._services.register.council(member.council_id)
        _, head = editor_form.checked(form, council)
        if head is None:
            return []
        row = StoredConsultation(
            id=0,
            council_id=member.council_id,
            council=head.council,
            code=head.code,
            kind=head.kind,
            state="draft",
            version=0,
            definition=msgspec.json.encode(msgspec.to_builtins(head)).decode(),
            created_at=now_ms(),
            **times(head),
        )
        languages = [code for code in LANGUAGES if head.title.get(code)]
        return [(code, self._previewer.consultation(row, code)) for code in languages]


def _changeable(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What of a posted definition is looked at once it has been opened."""
    kept = {
        "title", "intro", "demand", "text", "representative", "minutes", "opens", "closes",
        "outreach", "questions", "theme",
    }  # fmt: skip
    return {key: value for key, value in plain.items() if key in kept}
