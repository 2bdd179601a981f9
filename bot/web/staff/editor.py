"""The form in which consultations are written on the staff page, with what citizens would see.

It is made from the struct of the kind's definition (`bot.web.definition_form`): no kind is named here.
"""

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
from bot.web.definition_form import older
from bot.web.definition_form.checked import DefinitionForm, files_in, form_of, new_form
from bot.web.definition_form.noting import FIXED
from bot.web.definition_form.shown import Page
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, said_in
from bot.web.staff.broadcasts import options_of
from bot.web.staff.kinds import offered
from flows.dialog.definition import Head, Problem
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds import kinds
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Most fields of a form: a poll of fifty questions with ten choices each in five languages has half.
MOST_FIELDS = 20_000

#: Most bytes of such a form.
LARGEST = 4_000_000


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
        """A new consultation: which kind, the form, and what becomes of it."""
        council = self._services.register.council(member.council_id)
        if request.method == "GET":
            kind = request.query_params.get("kind", "")
            if kind not in kinds():
                return self._choose(request, member)
            begun = new_form(kind, council)
            texts = (one.name for one in begun.fields if one.shape == "texts")
            names = {f"{name}.{code}" for name in texts for code in LANGUAGES}
            names |= begun.form.fields.keys()
            # What another page knows already stands in the form, for the organizer to look at.
            asked = request.query_params.items()
            begun.form.fields.update((name, text) for name, text in asked if name in names)
            return await self._form(request, member, begun)
        form = await posted(request, MOST_FIELDS, LARGEST)
        kind = form.value("kind")
        if kind not in kinds():
            return self._choose(request, member, 422)
        return await self._save(request, member, DefinitionForm(kind, council, form), None)

    def _choose(self, request: Request, member: Member, status: int = 200) -> Response:
        """The kinds, where none was chosen."""
        return self._pages.show(
            request, "kinds.html", status, member=member, kinds=offered(language_of(request))
        )

    async def edit(self, request: Request, member: Member) -> Response:
        """A draft, or what may still change of an opened one."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
        if row is None:
            return await self._missing(request, member)
        council = self._services.register.council(member.council_id)
        raw = msgspec.json.decode(row.definition)
        if request.method == "GET":
            return await self._form(request, member, form_of(raw, council), row)
        form = await posted(request, MOST_FIELDS, LARGEST)
        return await self._save(request, member, DefinitionForm(row.kind, council, form, raw), row)

    async def _save(
        self,
        request: Request,
        member: Member,
        made: DefinitionForm,
        row: StoredConsultation | None,
    ) -> Response:
        form = made.form
        if older.is_older(form.fields) or made.renewed:
            # The page was loaded before the form changed: what was typed is looked at once more.
            if older.is_older(form.fields):
                form.fields = older.taken_over(form.fields)
            made.arrange()
            return await self._form(request, member, made, row, 409, renewed=True)
        made.arrange()
        if made.pressed:
            look = made.check(tell=False) is not None
            return await self._form(request, member, made, row, look=look)
        head = made.check()
        if head is not None:
            made.note(self._unknown_files(made))
        if head is not None and row is not None and row.state != "draft":
            made.note(_fixed(row, head))
        if form.value("look") or head is None or form.errors or form.others:
            fixed = any(text == FIXED for text in form.errors.values())
            status = 200 if form.value("look") else 409 if fixed else 422
            return await self._form(request, member, made, row, status, look=head is not None)
        try:
            async with self._services.storage.transaction() as tx:
                await self._store(tx, member, head, row, form.value("version"))
        except NotAllowed as error:
            form.others.append(said_in(error, language_of(request)))
            return await self._form(request, member, made, row, 409)
        return RedirectResponse(f"/staff/c/{head.code}", 303)

    def _unknown_files(self, made: DefinitionForm) -> list[Problem]:
        """Recordings and pictures that nobody has put there."""
        return [
            Problem(key, f"there is no file {name!r}; add it with the definition's TOML file")
            for key, name in files_in(made.fields, made.reading().raw).items()
            if self._services.media.published(name) is None
        ]

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
            changed = await amending.amend(tx, self._services.register, row, plain, member.name)
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
        made: DefinitionForm,
        row: StoredConsultation | None = None,
        status: int = 200,
        *,
        look: bool = False,
        renewed: bool = False,
    ) -> Response:
        async with self._services.storage.reading() as tx:
            kept = await lists.lists_of(tx, member.council_id)
        language = language_of(request)
        page = Page(
            made.kind,
            made.council,
            language,
            made.form,
            made.written(),
            opened=row is not None and row.state != "draft",
            focus=made.focus,
            pressed=made.pressed,
            dates=made.dates,
        )
        return self._pages.show(
            request,
            "form.html",
            status,
            member=member,
            row=row,
            kind=next(one for one in offered(language) if one.name == made.kind),
            shown=page.shown(made.fields),
            page=made.page,
            place=page.place,
            renewed=renewed,
            options=options_of(self._services, member, kept),
            **self._beside(member, made, page, look=look),
        )

    async def preview(self, request: Request, member: Member) -> Response:
        """The part of the form that shows what citizens would see, and what is wrong."""
        form = await posted(request, MOST_FIELDS, LARGEST)
        council = self._services.register.council(member.council_id)
        kind = form.value("kind")
        if kind not in kinds():
            return self._choose(request, member, 422)
        made = DefinitionForm(kind, council, form)
        made.arrange()
        page = Page(kind, council, language_of(request), form, {})
        look = made.check() is not None
        return self._pages.show(
            request, "preview.html", alone=True, **self._beside(member, made, page, look=look)
        )

    def _beside(
        self, member: Member, made: DefinitionForm, page: Page, *, look: bool
    ) -> Mapping[str, Any]:
        """What form and preview both show: what is wrong, and with `look` the messages."""
        form = made.form
        return {
            "form": form,
            "wrong": [(name, page.called(name, made.fields)) for name in form.errors],
            "previews": self._looked_at(made, member) if look else [],
            "every": LANGUAGE_NAMES,
            "channels": [name for name in self._services.channels if name != "terminal"],
        }

    def _looked_at(
        self, made: DefinitionForm, member: Member
    ) -> list[tuple[str, list[previewing.Preview]]]:
        """Every language that the title has, with each message as each channel shows it."""
        head = made.check(tell=False)
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


def _fixed(row: StoredConsultation, head: Head) -> list[Problem]:
    """What of an opened consultation was changed and can no longer change."""
    before = msgspec.json.decode(row.definition)
    refused, _ = amending.amendments(before, msgspec.to_builtins(head))
    return [Problem(key, FIXED) for key in refused]
