"""The needs desk: the list with its filters, one need with its thread, and what is done with it."""

import secrets
from typing import Any

import msgspec
from PIL import Image, UnidentifiedImageError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import local, local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.core.refusals import refused as no
from bot.kinds.need import cases, replies
from bot.kinds.need.parts import (
    SORTS,
    Wanted,
    due_of,
    entry_of,
    number_in,
    pin_of,
    place_of,
    plain_photo,
    rule_of,
    shown_of,
    words_of,
)
from bot.outreach.message_texts import own_of
from bot.reports import papers
from bot.results.summaries import HIDDEN
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff import editor_form
from bot.web.staff.consultations import first_press
from bot.web.staff.editor import posted
from flows.conversations.reply import PHRASES, told
from flows.conversations.welcome import LANGUAGE_NAMES
from flows.dialog.facts import Facts, Shared
from flows.kinds.need import STATES, Needs, themes_of
from flows.understanding import moderation
from flows.wording import render
from flows.wording.text import Code, Text, Translated, Verbatim, msg
from storage.database import Row, Transaction
from storage.ids import new_id

#: Needs on one page of the list.
PAGE = 25

#: Places that are told with how many needs each has.
PLACES = 40

#: Days of age that the list can be filtered by.
AGES = (3, 7, 14, 30, 90)


class NeedsDesk(PageGroup):
    """The pages about needs."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/needs", "read", self.listed, "GET"),
            self._route("/staff/needs/{reference}", "read", self.show, "GET"),
            self._route("/staff/needs/{reference}/do", "triage", self.act, "POST"),
            self._route("/staff/needs/{reference}/files/{name}", "read", self.file, "GET"),
            self._route("/staff/needs/{reference}/receipt.pdf", "read", self.receipt, "GET"),
        ]

    # ------------------------------------------------------------------ the list

    async def listed(self, request: Request, member: Member) -> Response:
        """What was told, by the filters."""
        wanted = Wanted.of(request.query_params)
        number = max(1, number_in(request.query_params.get("page", "1"), 1_000_000))
        values = wanted.values(member)
        async with self._app.storage.reading() as tx:
            counted = await tx.row("count_cases", **values)
            rows = await tx.rows(
                "cases_page", sort=wanted.sort, most=PAGE, skip=(number - 1) * PAGE, **values
            )
            there = await tx.rows("cases_by_place", most=PLACES, **values)
            states = await tx.rows(
                "case_states", council_id=member.council_id, today=values["today"]
            )
            staff = await tx.rows("staff_of", council_id=member.council_id)
        count = counted["n"] if counted else 0
        language = language_of(request)
        return self._pages.show(
            request,
            "needs.html",
            member=member,
            wanted=wanted,
            needs=[self._line(row, language, member) for row in rows],
            count=count,
            places=[_place(row, language) for row in there],
            page=number,
            pages=max(1, -(-count // PAGE)),
            counts={row["state"]: row["n"] for row in states},
            overdue=sum(row["overdue"] or 0 for row in states),
            unread=sum(row["unread"] or 0 for row in states),
            states=STATES,
            themes=self._themes(member),
            staff=[one for one in staff if one["state"] == "active"],
            ages=AGES,
            sorts=SORTS,
        )

    def _themes(self, member: Member) -> dict[str, Text]:
        council = self._app.register.council(member.council_id)
        return {theme.id: Translated(theme.text) for theme in council.themes}

    def _line(self, row: Row, language: str, member: Member) -> dict[str, Any]:
        """A need as the list shows it."""
        body = msgspec.json.decode(row["body"])
        words = body.get("words") or {}
        media = words.get("media") or ()
        closed = self._app.register.council(member.council_id).closed_days
        return {
            **{key: row[key] for key in ("reference", "state", "said", "assignee", "unread")},
            "code": row["code"],
            "nature": row["nature"],
            "theme": self._themes(member).get(row["theme"], Verbatim(row["theme"])),
            "text": shown_of(row, member),
            "voices": sum(1 for item in media if item["kind"] == "voice"),
            "photos": sum(1 for item in media if item["kind"] == "photo"),
            "place": place_of(body, language),
            "at": row["created_at"],
            "due": due_of(row, closed),
        }

    # ------------------------------------------------------------------ one need

    async def show(self, request: Request, member: Member) -> Response:
        """One need with its thread. Reading it is noted, and what the citizen said is read now."""
        async with self._app.storage.transaction() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            if row is not None:
                await gate.audit(tx, member, "see", row["reference"])
                if row["unread"] and gate.may(member, "triage"):
                    await tx.run("case_unread", response_id=row["id"], unread=0)
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        refused: str = "",
        status: int = 200,
        form: editor_form.Form | None = None,
        preview: str = "",
        seen: str = "",
    ) -> Response:
        language = language_of(request)
        council = self._app.register.council(member.council_id)
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            if row is not None:
                entries = await tx.rows("entries_of", response_id=row["id"])
                files = await cases.files_of(tx, row)
                written = await tx.rows("transcripts_of", response_id=row["id"])
                merged = await tx.rows("merged_cases", response_id=row["id"])
                alike = await cases.suggestions(tx, row) if row["merged_into"] is None else []
                staff = await tx.rows("staff_of", council_id=member.council_id)
        if row is None:
            return await self._missing(request, member)
        body = msgspec.json.decode(row["body"])
        definition = msgspec.convert(msgspec.json.decode(row["definition"]), Needs, strict=False)
        themes = {t.id: Translated(t.text) for t in themes_of(definition, council)}
        return self._pages.show(
            request,
            "need.html",
            status,
            member=member,
            row=row,
            text=shown_of(row, member),
            hidden=row["hidden"] is not None,
            unhidden=words_of(row) if gate.may(member, "moderate") else "",
            theme=themes.get(row["theme"], Verbatim(row["theme"])),
            themes=themes,
            place=place_of(body, language),
            pin=pin_of(body),
            photos=[item["name"] for item in files if item["kind"] == "photo"],
            voices=[item["name"] for item in files if item["kind"] == "voice"],
            written={
                one["media"]: {
                    "text": HIDDEN
                    if row["hidden"] is not None
                    else one["text"]
                    if gate.may(member, "moderate")
                    else moderation.masked(one["text"]),
                    "made_by": one["made_by"],
                }
                for one in written
            },
            entries=[
                entry_of(entry, member, hidden=row["hidden"] is not None) for entry in entries
            ],
            merged=[{"reference": m["reference"], "text": shown_of(m, member)} for m in merged],
            alike=[
                {"reference": a["reference"], "text": shown_of(a, member), "at": a["created_at"]}
                for a in alike
            ],
            staff=[one for one in staff if one["state"] == "active"],
            due=due_of(row, council.closed_days),
            rule=rule_of(row, council.closed_days, language),
            citizen_language=LANGUAGE_NAMES.get(row["language"], row["language"]),
            states=STATES,
            explained=replies.EXPLAINED,
            phrases=PHRASES,
            natures=cases.NATURES,
            form=form or editor_form.Form({}),
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
            async with self._app.storage.transaction() as tx:
                row = await gate.own_need(tx, member, request.path_params["reference"])
                where = row["reference"] if row is not None else ""
                if row is not None and await first_press(tx, form):
                    where = await self._act(tx, member, row, action, form)
                    await gate.audit(tx, member, action, row["reference"])
        except NotAllowed as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        if row is None:
            return await self._missing(request, member)
        self._app.sender.nudge()
        return RedirectResponse(f"/staff/needs/{where}#thread", 303)

    async def _act(
        self, tx: Transaction, member: Member, row: Row, action: str, form: editor_form.Form
    ) -> str:
        """Do it. Returns the reference of the need to go on with. Raises NotAllowed."""
        reference: str = row["reference"]
        council = self._app.register.council(member.council_id)
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
                )
            case "note":
                await cases.note(tx, row, member.name, form.value("note"))
            case "assign":
                await cases.assign(tx, row, member.name, await self._assignee(tx, member, form))
            case "merge":
                into = await gate.own_need(tx, member, form.value("into").strip())
                await cases.merge(tx, row, into, member.name)
            case "unmerge":
                # Undone from either side: the need itself, or the one that it was put to.
                other = form.value("other").strip()
                one = await gate.own_need(tx, member, other) if other else row
                if one is None or (other and one["merged_into"] != row["id"]):
                    raise no("desk.no.need")
                await cases.unmerge(tx, one, member.name)
            case "split":
                theme = form.value("theme")
                needs = msgspec.convert(msgspec.json.decode(row["definition"]), Needs, strict=False)
                if theme not in {t.id for t in themes_of(needs, council)}:
                    raise no("desk.no.theme")
                reference = await cases.split(
                    tx, council, row, theme, form.value("part"), member.name
                )
            case "transcribe":
                await cases.transcribe(
                    tx, row, form.value("media"), form.value("transcript"), member.name
                )
            case "nature":
                await cases.set_nature(
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

    async def _assignee(
        self, tx: Transaction, member: Member, form: editor_form.Form
    ) -> Row | None:
        id = number_in(form.value("assignee"))
        if not id:
            return None
        staff = await tx.rows("staff_of", council_id=member.council_id)
        found = next((one for one in staff if one["id"] == id), None)
        if found is None:
            raise no("desk.no.colleague")
        return {**{k: found[k] for k in ("id", "name", "state")}, "council_id": member.council_id}

    def _seen(self, request: Request, form: editor_form.Form) -> str:
        """Stands for what a preview showed."""
        parts = [form.value(name).strip() for name in ("text", "phrase", "state")]
        told = "\0".join([request.path_params["reference"].upper(), *parts])
        return self._app.vault.digest(told, "preview")[:32]

    async def _preview(self, request: Request, member: Member, form: editor_form.Form) -> Response:
        """What the citizen would read, in their language, before anything goes."""
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
        if row is None:
            return await self._missing(request, member)
        text, phrase, state = form.value("text"), form.value("phrase"), form.value("state")
        try:
            replies.check_answer(row, text.strip(), phrase, state)
        except NotAllowed as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        council = self._app.register.council(member.council_id)
        body = {
            "reference": row["reference"],
            "excerpt": moderation.excerpt(words_of(row)),
            "text": text.strip(),
            "phrase": phrase,
            "status": state if state != row["state"] else "",
        }
        own = own_of("reply", council, later=False, body=body)
        facts = Facts(Shared(local_day(now_ms()), council), own)
        shown = render(told(facts), row["language"], council.language)
        return await self._page(
            request, member, form=form, preview=shown, seen=self._seen(request, form)
        )

    async def file(self, request: Request, member: Member) -> Response:
        """A voice note, or a photo without what the camera wrote into it."""
        name = request.path_params["name"]
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            known = row is not None and name in {f["name"] for f in await cases.files_of(tx, row)}
            found = await tx.row("media_named", name=name) if known else None
        path = self._app.media.folder / name
        if found is None or not path.is_file():
            return await self._missing(request, member)
        headers = {"cache-control": "private, no-store"}
        if found["kind"] != "photo":
            return FileResponse(path, media_type=found["type"], headers=headers)
        try:
            content = await run_in_threadpool(plain_photo, path.read_bytes())
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            return await self._missing(request, member)
        return Response(content, media_type="image/jpeg", headers=headers)

    async def receipt(self, request: Request, member: Member) -> Response:
        """The receipt of a need, to print: in the reader's language, or another one that is asked for."""
        async with self._app.storage.transaction() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            if row is not None:
                await gate.audit(tx, member, "receipt", row["reference"])
        if row is None:
            return await self._missing(request, member)
        content = await self._receipt(row, language_of(request), shown_of(row, member))
        name = f"{row['reference']}.pdf"
        headers = {
            "content-disposition": f'inline; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    async def _receipt(self, row: Row, language: str, words: str) -> bytes:
        council = self._app.register.council(row["council_id"])
        body = msgspec.json.decode(row["body"])
        media = (body.get("words") or {}).get("media") or ()
        themes = {t.id: Translated(t.text) for t in council.themes}
        due = due_of(row, council.closed_days)
        place = place_of(body, language)
        paper = papers.NeedReceipt(
            council=council.name,
            reference=row["reference"],
            received=local(row["created_at"]),
            channel=row["channel"],
            state=row["state"],
            link=self._app.channels["web"].link(row["reference"]) or self._app.config.public_url,
            words=words,
            voices=sum(1 for item in media if item["kind"] == "voice"),
            photos=sum(1 for item in media if item["kind"] == "photo"),
            theme=themes.get(row["theme"]),
            place=Verbatim(place) if place else None,
            deadline=msg("desk.receipt_due", day=Code(due.day.strftime("%d/%m/%Y")))
            if due is not None
            else None,
        )
        return await run_in_threadpool(papers.need_receipt, paper, language)

    async def _send_receipt(
        self, request: Request, member: Member, form: editor_form.Form
    ) -> Response:
        """Send the author the receipt, in the language that they read."""
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
        if row is None:
            return await self._missing(request, member)
        # The author gets their own words, whatever others may not see.
        content = await self._receipt(row, row["language"], words_of(row))
        # Whoever has the name has the file: it cannot be guessed, and goes to the author only.
        name = f"{secrets.token_urlsafe(24)}.pdf"
        try:
            async with self._app.storage.transaction() as tx:
                if await first_press(tx, form):
                    self._app.media.publish(name, content)
                    council = self._app.register.council(member.council_id)
                    await replies.send_receipt(tx, council, row, member.name, name)
                    await gate.audit(tx, member, "send receipt", row["reference"])
        except NotAllowed as error:
            self._app.media.unpublish(name)
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        self._app.sender.nudge()
        return RedirectResponse(f"/staff/needs/{row['reference']}#thread", 303)


def _place(row: Row, language: str) -> dict[str, Any]:
    """A place with how many needs it has, and the words by which the list finds them."""
    body = msgspec.json.decode(row["body"])
    name = place_of(body, language)
    # The citizen's own words for it, else the commune: the search knows either, not both in a row.
    wanted = (body.get("place") or {}).get("text") or name
    return {"name": name, "wanted": wanted, "count": row["n"]}
