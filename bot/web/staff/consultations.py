"""Staff pages about one consultation: written in a form, previewed, checked, opened, sent, closed."""

import re
from datetime import date, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.cases import replies
from bot.consultations import amending, checking, deciding, definitions, history, plans
from bot.consultations.checking import Checker
from bot.consultations.previewing import Previewer
from bot.core.councils import head_of
from bot.core.localtime import now_ms
from bot.core.numbers import next_number
from bot.core.refusals import NotAllowed
from bot.outreach import broadcasts, lists, prompts, schedule
from bot.outreach.audiences import WrongAudience
from bot.results.shown import releases
from bot.services import Services
from bot.staff import approvals
from bot.staff.accounts import Member
from bot.staff.open_answers import heard
from bot.staff.plans import Plan, agreed_of
from bot.web.citizens.results import told_changes
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, said_in, wall
from bot.web.staff.broadcasts import chosen_audience, options_of
from flows.dialog.languages import LANGUAGE_NAMES
from flows.dialog.outreach import LONGEST_SPREAD, Audience, When, when_problems
from flows.kinds import kinds
from flows.understanding import scripts
from flows.wording.text import LANGUAGES, Translated
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: A form's own number: that of its page, and which of the page's forms it is.
ONCE = re.compile(r"\d{1,20}[.\w-]{0,80}", re.ASCII)

#: Said of what waits for a second person, in the place of a page to go to.
WAITS = "~waits"

#: What cannot be undone by another press, and is asked about first.
SURE = frozenset({"open", "close", "delete"})


class Consultations(PageGroup):
    """The pages about consultations."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._checker = Checker(Previewer(services.register, services.vault, services.channels))

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/c/{code}", "read", self.show, "GET"),
            self._route("/staff/c/{code}/do", "publish", self.act, "POST"),
            self._route("/staff/c/{code}/send", "broadcast", self.send, "POST"),
        ]

    # ------------------------------------------------------------------ one consultation

    async def show(self, request: Request, member: Member) -> Response:
        """One consultation: how it stands, what is planned, what was sent, what can be done."""
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        refused: str = "",
        status: int = 200,
        form: Form | None = None,
        asks: str = "",
        waits: bool = False,
    ) -> Response:
        language = language_of(request)
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            if row is None:
                return await self._missing(request, member)
            found, people = await self._checker.of_consultation(tx, row, sending=False)
            so_far = await history.history(tx, row)
            kept = await lists.lists_of(tx, member.council_id)
            unheard = await heard.waiting(tx, row.id) if row.state == "open" else 0
        council = self._services.register.council(member.council_id)
        head = head_of(row)
        spoken = [code for code in LANGUAGES if head.title.get(code)]
        asked = request.query_params.get("preview", "")
        chosen = asked if asked in spoken else (language if language in spoken else spoken[0])
        return self._pages.show(
            request,
            "consultation.html",
            status,
            member=member,
            council=council,
            row=row,
            head=head,
            title=Translated(head.title),
            opens=wall(row.opens_local),
            closes=wall(row.closes_local),
            responses=releases.so_many(row, so_far.responses),
            notes=found,
            incomplete=checking.is_incomplete(found),
            people=people,
            sent=so_far.sent,
            planned=so_far.planned,
            ran=so_far.ran,
            wall=wall,
            decisions=[
                {"texts": msgspec.json.decode(d.texts), "day": d.day} for d in so_far.decisions
            ],
            changes=told_changes(so_far.changes, language),
            links=self._services.links(row.code),
            previews=self._checker.previewer.consultation(row, chosen),
            spoken=spoken,
            chosen=chosen,
            every=LANGUAGE_NAMES,
            order=order(council.language),
            channels=[name for name in self._services.channels if name != "terminal"],
            options=options_of(self._services, member, kept),
            form=form or Form({}),
            refused=refused,
            case=kinds()[row.kind].case,
            once=new_id(),
            asks=asks,
            waits=waits,
            unheard=unheard,
        )

    async def act(self, request: Request, member: Member) -> Response:
        """Open, close, archive, delete, copy, or note a decision."""
        form = await posted(request)
        action = form.value("action")
        if action in SURE and not form.value("sure"):
            return await self._page(request, member, form=form, asks=action)
        where = request.path_params["code"].upper()
        try:
            async with self._services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, where)
                if row is not None and await first_press(tx, form):
                    where = await self._act(tx, member, row, action, form)
                    await gate.audit(tx, member, action, row.code)
        except (NotAllowed, definitions.BrokenDefinition, schedule.InThePast) as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        if row is None:
            return await self._missing(request, member)
        if where == WAITS:
            return await self._page(request, member, waits=True, status=202)
        self._services.sender.nudge()
        if where.startswith("broadcasts/"):
            return RedirectResponse(f"/staff/{where}", 303)
        return RedirectResponse(f"/staff/c/{where}" if where else "/staff", 303)

    async def _act(
        self,
        tx: Transaction,
        member: Member,
        row: StoredConsultation,
        action: str,
        form: Form,
    ) -> str:
        """Do it. Returns the code of the page to go to, "" for the list, or a broadcast's page."""
        match action:
            case "open":
                incomplete = bool(form.value("incomplete"))
                if not await self._may_open(tx, member, row, incomplete):
                    return WAITS
                await definitions.open_consultation(tx, row, member.name, incomplete=incomplete)
            case "close":
                await definitions.close_consultation(tx, row, member.name)
            case "archive":
                await amending.archive(tx, row)
            case "delete":
                await amending.delete(tx, row)
                return ""
            case "copy":
                wanted = form.value("new_code").strip().upper()
                return (await amending.copy(tx, self._services.register, row, wanted)).code
            case "decide":
                return f"broadcasts/{await self._decide(tx, member, row, form)}"
            case "need_status":
                await replies.set_status(
                    tx,
                    self._services.register,
                    member.council_id,
                    form.value("reference"),
                    form.value("status"),
                    form.value("note"),
                    member.name,
                )
            case "stop_planned":
                prompt = await gate.own_prompt(tx, member, form.value("prompt"))
                if prompt is not None:
                    await prompts.stop(tx, prompt.id)
            case _:
                raise NotAllowed(f"there is nothing called {action!r} to do")
        code: str = row.code
        return code

    async def _may_open(
        self, tx: Transaction, member: Member, row: StoredConsultation, incomplete: bool
    ) -> bool:
        """Whether it may open now; False if it invites so many that a second person must agree.

        Raises NotAllowed if citizens could not answer, nobody would be invited, or a choice lacks a
        language and nobody said that it may (`incomplete`).
        """
        outreach = head_of(row).outreach
        invites = outreach.invite or bool(outreach.reminders)
        found, people = await self._checker.of_consultation(
            tx, row, sending=invites, incomplete=incomplete
        )
        if any(finding.level == "stop" for finding in found):
            raise NotAllowed(f"{row.code} was not opened: see × below")
        if not invites or people is None:
            return True
        plan = plans.of_message(
            self._checker.previewer,
            row.council_id,
            "invitation",
            outreach.audience,
            row,
            people.people,
        )
        return await self._second(tx, member, f"open {row.code}", plan) != "waits"

    async def _second(
        self, tx: Transaction, member: Member, object: str, plan: Plan
    ) -> approvals.How:
        council = self._services.register.council(member.council_id)
        reason = f"{object} → {plan.people}"
        return await approvals.settled(tx, member, council, object, reason, plan)

    @staticmethod
    async def _decide(tx: Transaction, member: Member, row: StoredConsultation, form: Form) -> int:
        """Note what the council decided, and prepare the message that tells who took part."""
        texts = {
            code: form.value(f"decision.{code}").strip()
            for code in LANGUAGES
            if form.value(f"decision.{code}").strip()
        }
        day = form.value("decision_day").strip() or None
        return await deciding.decide(tx, row, texts, day, member.name, now_ms())

    # ------------------------------------------------------------------ sending

    async def send(self, request: Request, member: Member) -> Response:
        """Prepare a message as a draft (nothing is sent yet), or plan it for later."""
        form = await posted(request)
        try:
            audience = chosen_audience(self._services, member, form)
            async with self._services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, request.path_params["code"])
                where = ""
                if row is not None:
                    fresh = await first_press(tx, form)
                    where = f"/staff/c/{row.code}"
                    if fresh:
                        where = await self._prepare(tx, member, row, audience, form)
        except (WrongAudience, schedule.InThePast, ValueError) as error:
            return await self._page(
                request, member, refused=said_in(error, language_of(request)), status=409, form=form
            )
        if where == WAITS:
            return await self._page(request, member, waits=True, status=202, form=form)
        return RedirectResponse(where, 303) if where else await self._missing(request, member)

    async def _prepare(
        self,
        tx: Transaction,
        member: Member,
        row: StoredConsultation,
        audience: Audience,
        form: Form,
    ) -> str:
        """Plan or draft a message. Returns where to go on. Raises WrongAudience, InThePast."""
        what = form.value("what") if form.value("what") in checking.MESSAGES else "invitation"
        spread_ms = _hours(form.value("spread")) * 3_600_000
        reach = await broadcasts.reach(
            tx, self._services.register, member.council_id, what, audience, row
        )
        if form.value("at").strip() or form.value("every"):
            when = _when(form)
            problems = list(when_problems("when", when, closes=row.closes_at is not None))
            if problems:
                raise ValueError("; ".join(text for _, text in problems))
            late = "skip" if form.value("late") == "skip" else "run"
            plan = plans.of_message(
                self._checker.previewer,
                row.council_id,
                what,
                audience,
                row,
                reach.people,
                when=when,
                late=late,
                spread_ms=spread_ms,
            )
            how = await self._second(tx, member, f"{what} {row.code}", plan)
            if how == "waits":
                return WAITS
            await schedule.add(
                tx,
                member.council_id,
                what,
                when,
                made_by=member.name,
                consultation=row,
                audience=audience,
                late=late,
                spread_ms=spread_ms,
                agreed=agreed_of(plan, alone=how == "alone"),
            )
            await gate.audit(tx, member, "plan", row.code, what)
            return f"/staff/c/{row.code}#planned"
        id = await broadcasts.draft(
            tx,
            member.council_id,
            what,
            audience,
            made_by=member.name,
            consultation_id=row.id,
            spread_ms=spread_ms,
        )
        await gate.audit(tx, member, "prepare", f"broadcast {id}", what)
        return f"/staff/broadcasts/{id}"


async def first_press(tx: Transaction, form: Form) -> bool:
    """Whether this form was not sent before: a second press changes nothing, nor does one that says nonsense of itself."""
    once = form.value("once")
    if not once:
        return True
    return bool(ONCE.fullmatch(once)) and await next_number(tx, f"form {once}") == 1


def _hours(text: str) -> int:
    """Hours over which a message is spread; none if nothing is said. Raises ValueError."""
    plain = scripts.digits(text.strip()) or "0"
    hours = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 7 else -1
    if not 0 <= hours <= LONGEST_SPREAD:
        raise ValueError(f"{text!r}: write hours, from 0 to {LONGEST_SPREAD}")
    return hours


def _when(form: Form) -> When:
    """The moment or recurrence that was chosen. Raises ValueError."""
    if form.value("at").strip():
        return When(on=datetime.fromisoformat(form.value("at").strip()))
    until = form.value("until").strip()
    return When(
        every=form.value("every"),
        days=form.value("days").strip(),
        time=form.value("time").strip() or "18:00",
        until=date.fromisoformat(until) if until else None,
    )
