"""Staff pages about broadcasts: the preview before one goes, its progress, and lists of numbers."""

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import checking, plans, previewing
from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from bot.core.foreign import shown
from bot.core.foreign.tables import MOST_BYTES, BadFile
from bot.outreach import broadcasts, lists, prompts
from bot.outreach.audiences import ASKING, Reach, WrongAudience
from bot.services import Services
from bot.staff import approvals
from bot.staff.accounts import Member
from bot.web.definition_form.reading import part_of
from bot.web.frame import gate, intake
from bot.web.frame.forms import Form, read_form
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, wall
from flows.dialog.definition import text_problems
from flows.dialog.fields import fields_of
from flows.dialog.languages import LANGUAGE_NAMES
from flows.dialog.outreach import CHANNELS, GENDERS, Audience, audience_problems
from flows.morocco.census import AGE_BANDS
from flows.wording.text import LANGUAGES
from storage.database import Transaction
from storage.rows import StoredBroadcast, StoredConsultation
from storage.rows.lists import ListsOf

#: Broadcasts and past occurrences that are listed.
MOST_SENT = 50
MOST_RUNS = 20

#: Bad lines of an import that are shown; the rest is counted.
MOST_SHOWN = 200

#: Seconds after which a page about a running broadcast is loaded again.
REFRESH = 5


class Broadcasts(PageGroup):
    """The pages about broadcasts and lists."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._checker = Checker(Previewer(services.register, services.vault, services.channels))

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/broadcasts", "read", self.every, "GET"),
            self._route("/staff/broadcasts/{id}", "read", self.one, "GET"),
            self._route("/staff/broadcasts/{id}/do", "broadcast", self.act, "POST"),
            self._route("/staff/notice", "broadcast", self.notice, "GET", "POST"),
            self._route("/staff/lists", "broadcast", self.kept, "GET", "POST"),
        ]

    async def every(self, request: Request, member: Member) -> Response:
        """The council's broadcasts, newest first, and what is planned."""
        async with self._services.storage.reading() as tx:
            sent = await broadcasts.sent(tx, member.council_id, MOST_SENT)
            planned = await prompts.planned(tx, member.council_id)
            ran = await prompts.ran(tx, member.council_id, MOST_RUNS)
        return self._pages.show(
            request,
            "broadcasts.html",
            member=member,
            sent=sent,
            planned=planned,
            ran=ran,
            wall=wall,
        )

    async def one(self, request: Request, member: Member) -> Response:
        """One broadcast: before it goes what it says and to how many, afterwards how far it is."""
        return await self._one(request, member, "", 200)

    async def _one(self, request: Request, member: Member, refused: str, status: int) -> Response:
        async with self._services.storage.reading() as tx:
            row = await gate.own_broadcast(tx, member, request.path_params["id"])
            progress = await broadcasts.progress(tx, row.id) if row is not None else None
            if row is None or progress is None:
                return await self._missing(request, member)
            found, people = await self._look(tx, row) if row.state == "draft" else ([], None)
            consultation = await broadcasts.consultation_of(tx, row)
        price = self._services.config.whatsapp
        running = row.state in ("running", "paused")
        return self._pages.show(
            request,
            "broadcast.html",
            status,
            member=member,
            row=row,
            progress=progress,
            notes=found,
            people=people,
            cost=people.cost(price.price) if people is not None and price.price else None,
            currency=price.currency,
            previews=self._previews(row, consultation, language_of(request)),
            every=LANGUAGE_NAMES,
            channels=[name for name in self._services.channels if name != "terminal"],
            refused=refused,
            refresh=REFRESH if running else 0,
        )

    async def _look(
        self, tx: Transaction, row: StoredBroadcast
    ) -> tuple[list[checking.Finding], Reach | None]:
        audience = msgspec.json.decode(row.audience, type=Audience)
        consultation = await broadcasts.consultation_of(tx, row)
        if consultation is not None:
            return await self._checker.of_consultation(tx, consultation, row.what, audience)
        return await self._checker.of_notice(tx, row.council_id, audience)

    def _previews(
        self, row: StoredBroadcast, consultation: StoredConsultation | None, language: str
    ) -> list[tuple[str, previewing.Preview]]:
        """The message itself in every language that it has."""
        return [
            (code, self._checker.previewer.broadcast(row, consultation, code))
            for code in previewing.spoken(row, consultation)
        ]

    async def act(self, request: Request, member: Member) -> Response:
        """Send a draft (once, however often it is pressed), pause, go on, cancel."""
        form = await request.form()
        action = str(form.get("action", ""))
        moves = {
            "pause": broadcasts.pause,
            "resume": broadcasts.resume,
            "cancel": broadcasts.cancel,
            "start": broadcasts.start,
        }
        async with self._services.storage.transaction() as tx:
            row = await gate.own_broadcast(tx, member, request.path_params["id"])
            if row is not None and action == "start" and row.state == "draft":
                found, people = await self._look(tx, row)
                stops = [finding for finding in found if finding.level == "stop"]
                consultation = await broadcasts.consultation_of(tx, row)
                asks = row.what in ASKING
                shut = consultation is not None and consultation.state != "open"
                if stops or (asks and shut):
                    action = "refused"
                elif (
                    await approvals.settled(
                        tx,
                        member,
                        self._services.register.council(member.council_id),
                        str(row.id),
                        f"{row.what} {row.code or ''} → {people.people if people else 0}",
                        plans.of_broadcast(
                            self._checker.previewer,
                            row,
                            consultation,
                            people.people if people is not None else 0,
                        ),
                    )
                    == "waits"
                ):
                    action = "waits"
                    await gate.audit(tx, member, "ask approval", f"broadcast {row.id}")
            if row is not None and action in moves:
                done = await moves[action](tx, row.id)
                await gate.audit(tx, member, action, f"broadcast {row.id}", "" if done else "no")
        if row is None:
            return await self._missing(request, member)
        if action == "refused":
            return await self._one(request, member, "staff.cannot_send", 409)
        if action == "waits":
            return await self._one(request, member, "staff.approval_waits", 202)
        self._services.sender.nudge()
        return RedirectResponse(f"/staff/broadcasts/{row.id}", 303)

    async def notice(self, request: Request, member: Member) -> Response:
        """A message of the council's own: written, then previewed as a draft."""
        form = Form({})
        status = 200
        if request.method == "POST":
            posted = await request.form()
            form = read_form(
                {k: v.replace("\0", "") for k, v in posted.items() if isinstance(v, str)}
            )
            texts = {
                code: form.value(f"text.{code}").strip()
                for code in LANGUAGES
                if form.value(f"text.{code}").strip()
            }
            for problem in text_problems("text", texts):
                form.wrong(problem.key, problem.text, "error.text")
            if not form.errors:
                try:
                    return await self._prepare(member, form, texts)
                except (WrongAudience, ValueError) as error:
                    form.others.append(str(error))
            status = 422
        async with self._services.storage.reading() as tx:
            rows = await lists.lists_of(tx, member.council_id)
        council = self._services.register.council(member.council_id)
        first = council.language
        return self._pages.show(
            request,
            "notice.html",
            status,
            member=member,
            form=form,
            every=LANGUAGE_NAMES,
            order=[first, *(code for code in LANGUAGES if code != first)],
            options=options_of(self._services, member, rows),
        )

    async def _prepare(self, member: Member, form: Form, texts: dict[str, str]) -> RedirectResponse:
        audience = chosen_audience(self._services, member, form)
        async with self._services.storage.transaction() as tx:
            await broadcasts.reach(
                tx, self._services.register, member.council_id, "notice", audience, None
            )
            id = await broadcasts.draft(
                tx,
                member.council_id,
                "notice",
                audience,
                made_by=member.name,
                body={"texts": texts},
            )
            await gate.audit(tx, member, "prepare", f"broadcast {id}", "notice")
        return RedirectResponse(f"/staff/broadcasts/{id}", 303)

    # ------------------------------------------------------------------ lists

    async def kept(self, request: Request, member: Member) -> Response:
        """The council's lists; a file is shown first (good and bad lines), then imported."""
        read: lists.Read | None = None
        links: list[str] = []
        refused, done, status = "", "", 200
        fields: dict[str, str] = {}
        if request.method == "POST":
            language = language_of(request)
            intake.widen(request, MOST_BYTES + intake.SMALL)
            async with request.form(max_part_size=MOST_BYTES) as posted:
                fields = {k: v.strip() for k, v in posted.items() if isinstance(v, str)}
                try:
                    if fields.get("action") == "link":
                        links, fields = await self._link(member, fields), {}
                    else:
                        read = await self._read(posted.get("file"), fields)
                except BadFile as error:
                    refused, status = lists.said(error, language), 422
            if read is not None and read.people and fields.get("action") == "import":
                done = await self._import(member, fields, read)
                read, fields = None, {}
        sender = self._services.config.whatsapp.sender
        async with self._services.storage.reading() as tx:
            rows = await lists.lists_of(tx, member.council_id)
            readings = [
                {
                    "read": one,
                    "known": await lists.known(tx, self._services.vault, sender, one),
                    "numbers": "\n".join(f"{s.phone},{s.language}" for s in one.people),
                }
                for one in ((read, *read.others) if read is not None else ())
            ]
        return self._pages.show(
            request,
            "lists.html",
            status,
            member=member,
            rows=rows,
            readings=readings,
            told=lists.told,
            shown=shown,
            most=MOST_SHOWN,
            fields=fields,
            refused=refused,
            done=done,
            links=links,
            days=lists.LINK_MS // 86_400_000,
            whatsapp=bool(sender),
        )

    async def _link(self, member: Member, fields: dict[str, str]) -> list[str]:
        """Links by which people put themselves on a list of a body, made if need be: on any channel. Raises BadFile."""
        name = fields.get("name", "")[:100]
        if not name:
            raise BadFile(lists.NAMELESS_BODY)
        async with self._services.storage.transaction() as tx:
            payload = await lists.link(
                self._services.vault, tx, member.council_id, name, member.name
            )
            await gate.audit(tx, member, "make links", f"list {lists.code_of(name)}")
        return list(self._services.links(payload))

    async def _read(self, file: UploadFile | str | None, fields: dict[str, str]) -> lists.Read:
        """What was uploaded, or what was shown before and is imported now. Raises BadFile."""
        if not self._services.config.whatsapp.sender:
            raise BadFile(lists.UNCONNECTED)
        if not fields.get("name") or not fields.get("proof"):
            raise BadFile(lists.NAMELESS)
        if fields.get("action") == "import":
            return await lists.read_foreign(f"phone,language\n{fields.get('numbers', '')}".encode())
        return await lists.read_foreign(await file.read() if isinstance(file, UploadFile) else b"")

    async def _import(self, member: Member, fields: dict[str, str], read: lists.Read) -> str:
        kind = "body" if fields.get("body") else "imported"
        async with self._services.storage.transaction() as tx:
            code, _ = await lists.fill(
                tx,
                self._services.vault,
                self._services.config.whatsapp.sender,
                member.council_id,
                fields["name"],
                kind,
                read,
                fields["proof"],
                member.name,
            )
        return code


def chosen_audience(services: Services, member: Member, form: Form) -> Audience:
    """The audience that a form chooses. Raises ValueError with what it names and there is not."""
    try:
        audience = msgspec.convert(part_of(fields_of(Audience), form.fields, "audience"), Audience)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
    themes = [theme.id for theme in services.register.council(member.council_id).themes]
    problems = [f"{key}: {text}" for key, text in audience_problems("audience", audience, themes)]
    if problems:
        raise ValueError("; ".join(problems))
    return audience


def options_of(services: Services, member: Member, rows: list[ListsOf]) -> dict[str, object]:
    """What an audience may be chosen by."""
    return {
        "languages": dict(LANGUAGE_NAMES),
        "channels": [name for name in CHANNELS if name in services.channels],
        "age_bands": AGE_BANDS,
        "genders": GENDERS,
        "themes": services.register.council(member.council_id).themes,
        "lists": rows,
    }
