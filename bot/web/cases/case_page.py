"""One need on the desk, with its thread, its files and its receipt; and what is done with it."""

import secrets
from collections.abc import Mapping

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.cases import handling, reading, replies
from bot.cases.handling import rule_of, told_in
from bot.core.localtime import local, local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.core.refusals import refused as no
from bot.core.roles import ELECTED
from bot.outreach.message_texts import own_of
from bot.reports import papers
from bot.staff import accounts
from bot.staff.accounts import Member
from bot.web.cases.filters import (
    due_of,
    entry_of,
    law_of,
    pin_of,
    place_of,
    shown_of,
    topics_of,
)
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.frame.photo import photo
from bot.web.staff.consultations import first_press
from flows.conversations.reply import PHRASES
from flows.conversations.reply import told as said_to
from flows.dialog.facts import Council, Facts, Shared
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds import kinds, read_raw
from flows.understanding import moderation
from flows.understanding.moderation import HIDDEN
from flows.wording import render
from flows.wording.text import Code, Text, Verbatim, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.cases import CaseByReference


async def own_need(tx: Transaction, member: Member, reference: str) -> CaseByReference | None:
    """A need that was told to the member's own council, with its case."""
    return await reading.need(tx, member.council_id, reference)


def topics(row: CaseByReference, council: Council) -> Mapping[str, tuple[str, Text]]:
    """What a case of this consultation may be about."""
    definition = read_raw(msgspec.json.decode(row.definition), kinds()[row.kind].definition)
    return rule_of(row.kind).topics(definition, council)


class CasePages(PageGroup):
    """The pages about one need."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        path = "/staff/needs/{reference}"
        return [
            self._route(path, "read", self.show, "GET"),
            self._route(f"{path}/do", "triage", self.act, "POST"),
            self._route(f"{path}/files/{{name}}", "read", self.file, "GET"),
            self._route(f"{path}/receipt.pdf", "read", self.receipt, "GET"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """One need with its thread. Reading it is noted, and what the citizen said is read now."""
        async with self._services.storage.transaction() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
            if row is not None:
                await gate.audit(tx, member, "see", row.reference)
                if row.unread and gate.may(member, "triage"):
                    await handling.mark_read(tx, row.id)
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        refused: str = "",
        status: int = 200,
        form: Form | None = None,
        preview: str = "",
        seen: str = "",
    ) -> Response:
        language = language_of(request)
        council = self._services.register.council(member.council_id)
        async with self._services.storage.reading() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
            if row is not None:
                about = await reading.case_file(tx, row)
                active = await accounts.active_members_of(tx, member.council_id)
                staff = [one for one in active if one.role in accounts.ANSWERING]
        if row is None:
            return await self._missing(request, member)
        told, rule = told_in(row), rule_of(row.kind)
        themes = {id: text for id, (_, text) in topics(row, council).items()}
        return self._pages.show(
            request,
            "need.html",
            status,
            member=member,
            row=row,
            text=shown_of(row, member),
            hidden=row.hidden is not None,
            unhidden=told.words if gate.may(member, "moderate") else "",
            theme=themes.get(row.theme, Verbatim(row.theme)),
            themes=themes,
            place=place_of(row, member, language),
            pin=pin_of(row, member),
            photos=[item for item in about.files if item["kind"] == "photo"],
            voices=[item["name"] for item in about.files if item["kind"] == "voice"],
            written={
                one.media: {
                    "text": HIDDEN
                    if row.hidden is not None
                    else one.text
                    if gate.may(member, "moderate")
                    else moderation.masked(one.text),
                    "made_by": one.made_by,
                }
                for one in about.written
            },
            entries=[
                entry_of(entry, member, hidden=row.hidden is not None) for entry in about.entries
            ],
            merged=[{"reference": m.reference, "text": shown_of(m, member)} for m in about.merged],
            alike=[
                {"reference": a.reference, "text": shown_of(a, member), "at": a.created_at}
                for a in about.alike
            ],
            staff=staff,
            due=due_of(row, council.closed_days),
            rule=law_of(row, council.closed_days, language),
            citizen_language=LANGUAGE_NAMES.get(row.language, row.language),
            states=rule.states,
            explained=rule.explained,
            phrases=PHRASES,
            natures=handling.NATURES,
            form=form or Form({}),
            refused=refused,
            preview=preview,
            seen=seen,
            once=new_id(),
        )

    async def act(self, request: Request, member: Member) -> Response:
        """Answer (after a look at what goes), note, assign, merge, split, write down, call."""
        form = await posted(request)
        action = form.value("action")
        if action == "preview":
            return await self._preview(request, member, form)
        if action == "answer" and form.value("seen") != self._seen(request, form):
            # What goes is what was looked at: a word changed since is shown first.
            return await self._preview(request, member, form)
        if action == "receipt":
            return await self._send_receipt(request, member, form)
        try:
            async with self._services.storage.transaction() as tx:
                row = await own_need(tx, member, request.path_params["reference"])
                where = row.reference if row is not None else ""
                if row is not None and await first_press(tx, form):
                    where = await self._act(tx, member, row, action, form)
                    await gate.audit(tx, member, action, row.reference)
        except NotAllowed as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        if row is None:
            return await self._missing(request, member)
        self._services.sender.nudge()
        return RedirectResponse(f"/staff/needs/{where}#thread", 303)

    async def _act(
        self,
        tx: Transaction,
        member: Member,
        row: CaseByReference,
        action: str,
        form: Form,
    ) -> str:
        """Do it. Returns the reference of the need to go on with. Raises NotAllowed."""
        reference: str = row.reference
        council = self._services.register.council(member.council_id)
        match action:
            case "answer":
                await replies.answer(
                    tx,
                    council,
                    row,
                    member.name,
                    text=form.value("text"),
                    phrase=form.value("phrase"),
                    state=form.value("state"),
                    until=form.value("until"),
                    role=member.role,
                )
            case "note":
                await handling.note(tx, row, member.name, form.value("note"))
            case "assign":
                chosen = number_in(form.value("assignee"))
                await handling.assign(tx, row, member.name, chosen or None)
            case "merge":
                into = await own_need(tx, member, form.value("into").strip())
                await replies.put_together(tx, council, row, into, member.name)
            case "unmerge":
                # Undone from either side: the need itself, or the one that it was put to.
                other = form.value("other").strip()
                one = await own_need(tx, member, other) if other else row
                if one is None or (other and one.merged_into != row.id):
                    raise no("desk.no.need")
                await handling.unmerge(tx, one, member.name)
            case "split":
                theme = form.value("theme")
                if theme not in topics(row, council):
                    raise no("desk.no.theme")
                reference = await handling.split(
                    tx, council, row, theme, form.value("part"), member.name
                )
            case "transcribe":
                await handling.transcribe(
                    tx, row, form.value("media"), form.value("transcript"), member.name
                )
            case "nature":
                await handling.set_nature(
                    tx,
                    council,
                    row,
                    member.name,
                    form.value("nature"),
                    urgent=bool(form.value("urgent")),
                    extended=bool(form.value("extended")),
                )
            case _:
                raise no("desk.no.action")
        return reference

    def _seen(self, request: Request, form: Form) -> str:
        """Stands for what a preview showed."""
        parts = [form.value(name).strip() for name in ("text", "phrase", "state", "until")]
        told = "\0".join([request.path_params["reference"].upper(), *parts])
        return self._services.vault.digest(told, "preview")[:32]

    async def _preview(self, request: Request, member: Member, form: Form) -> Response:
        """What the citizen would read, in their language, before anything goes."""
        async with self._services.storage.reading() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
        if row is None:
            return await self._missing(request, member)
        text, phrase, state = form.value("text"), form.value("phrase"), form.value("state")
        until = form.value("until").strip()
        try:
            replies.check_answer(row, text.strip(), phrase, state, until)
        except NotAllowed as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        council = self._services.register.council(member.council_id)
        body = {
            "reference": row.reference,
            "excerpt": moderation.excerpt(told_in(row).words),
            "text": text.strip(),
            "phrase": phrase,
            "status": state if state != row.state else "",
            "speaker": member.role if member.role == ELECTED else "",
            "until": until,
        }
        own = own_of("reply", council, later=False, body=body)
        facts = Facts(Shared(local_day(now_ms()), council), own)
        shown = render(said_to(facts), row.language, council.language)
        return await self._page(
            request, member, form=form, preview=shown, seen=self._seen(request, form)
        )

    async def file(self, request: Request, member: Member) -> Response:
        """A voice note, or a photo without what the camera wrote into it."""
        name = request.path_params["name"]
        async with self._services.storage.reading() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
            found = await reading.file_of(tx, row, name) if row is not None else None
        path = self._services.media.folder / name
        if row is None or found is None or not path.is_file():
            return await self._missing(request, member)
        if found.kind != "photo":
            headers = {"cache-control": "private, no-store"}
            return FileResponse(path, media_type=found.type, headers=headers)
        shown = await photo(path, found.type, row.reference)
        return shown if shown is not None else await self._missing(request, member)

    async def receipt(self, request: Request, member: Member) -> Response:
        """The receipt of a need, to print: in the reader's language, or another one that is asked for."""
        async with self._services.storage.transaction() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
            if row is not None:
                await gate.audit(tx, member, "receipt", row.reference)
        if row is None:
            return await self._missing(request, member)
        content = await self._receipt(
            row,
            language_of(request),
            shown_of(row, member),
            place_of(row, member, language_of(request)),
        )
        name = f"{row.reference}.pdf"
        headers = {
            "content-disposition": f'inline; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    async def _receipt(self, row: CaseByReference, language: str, words: str, place: str) -> bytes:
        council = self._services.register.council(row.council_id)
        told = told_in(row)
        due = due_of(row, council.closed_days)
        paper = papers.NeedReceipt(
            council=council.name,
            reference=row.reference,
            received=local(row.created_at),
            channel=row.channel,
            state=row.state,
            link=self._services.channels["web"].link(row.reference)
            or self._services.config.public_url,
            words=words,
            voices=sum(1 for file in told.files if file.kind == "voice"),
            photos=sum(1 for file in told.files if file.kind == "photo"),
            theme=topics_of(council).get(row.theme),
            place=Verbatim(place) if place else None,
            deadline=msg("desk.receipt_due", day=Code(due.day.strftime("%d/%m/%Y")))
            if due is not None
            else None,
        )
        return await run_in_threadpool(papers.need_receipt, paper, language)

    async def _send_receipt(self, request: Request, member: Member, form: Form) -> Response:
        """Send the author the receipt, in the language that they read."""
        async with self._services.storage.reading() as tx:
            row = await own_need(tx, member, request.path_params["reference"])
        if row is None:
            return await self._missing(request, member)
        # The author gets their own words, whatever others may not see.
        content = await self._receipt(
            row, row.language, told_in(row).words, place_of(row, member, row.language)
        )
        # Whoever has the name has the file: it cannot be guessed, and goes to the author only.
        name = f"{secrets.token_urlsafe(24)}.pdf"
        try:
            async with self._services.storage.transaction() as tx:
                if await first_press(tx, form):
                    self._services.media.publish(name, content)
                    council = self._services.register.council(member.council_id)
                    await replies.send_receipt(tx, council, row, member.name, name)
                    await gate.audit(tx, member, "send receipt", row.reference)
        except NotAllowed as error:
            self._services.media.unpublish(name)
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        self._services.sender.nudge()
        return RedirectResponse(f"/staff/needs/{row.reference}#thread", 303)
