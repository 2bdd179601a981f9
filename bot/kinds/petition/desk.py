"""The petition desk: who stands behind a petition, signatures on paper, lists, deposit and answer."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import local_day, now_ms
from bot.kinds.petition import claims, paper, printed, procedure, reading
from bot.kinds.petition.paper import Read
from bot.kinds.petition.papers import deposit_receipt
from bot.kinds.petition.procedure import Refused
from bot.kinds.petition.rows import Deposit, DepositsWaiting, PetitionsOf, SignaturesWith
from bot.kinds.petition.signature_pages import BLANK, MOST_BLANK, SignaturePages, own_petition, pdf
from bot.services import Services
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, order, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of, wall
from bot.web.staff.consultations import first_press
from bot.web.staff.today import Panel
from flows.dialog.communes import place_name
from flows.dialog.facts import Council
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.petition import cited
from flows.morocco import places
from flows.statistics.disclosure import kept_back
from flows.understanding import identity, scripts
from flows.wording.text import Code, Text, Translated, Verbatim, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: What was done, as the desk says it.
DONE = frozenset({"fresh", "marked", "matched", "import", "deposit", "undone", "waits"})


class PetitionDesk(PageGroup):
    """The pages about petitions."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._signed = SignaturePages(services, pages)

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        path = "/staff/petitions"
        return [
            self._route(path, "read", self.listed, "GET"),
            self._route(f"{path}/{{code}}", "read", self.show, "GET"),
            self._route(f"{path}/{{code}}/do", "signatures", self.act, "POST"),
            *self._signed.routes(),
            self._route(f"{path}/{{code}}/deposit.pdf", "read", self.receipt, "GET"),
        ]

    # ------------------------------------------------------------------ the list

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's petitions, the newest first."""
        today = local_day(now_ms())
        async with self._services.storage.reading() as tx:
            rows = await reading.petitions_of(tx, member.council_id)
        return self._pages.show(
            request, "petitions.html", member=member, listed=[self._line(r, today) for r in rows]
        )

    def _line(self, row: PetitionsOf, today: date) -> dict[str, Any]:
        place = procedure.place_of(self._services.register, row)
        day = date.fromisoformat(row.day) if row.day else today
        needed = procedure.requirement(place, day)
        return {
            **{k: getattr(row, k) for k in ("code", "state", "pledges", "signatures", "outcome")},
            "title": Translated(procedure.petition_of(row).title),
            "needed": needed.signatures if needed else None,
            "deposited": row.day and day,
            "due": due_of(row, today),
        }

    # ------------------------------------------------------------------ one petition

    async def show(self, request: Request, member: Member) -> Response:
        """The desk of one petition."""
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        status: int = 200,
        form: Form | None = None,
        errors: Mapping[str, Text] | None = None,
    ) -> Response:
        today = local_day(now_ms())
        async with self._services.storage.reading() as tx:
            row = await own_petition(tx, member, request)
            if row is None:
                return await self._missing(request, member)
            found = await reading.desk(tx, self._services.register, row, today)
        held, day, counted = found.held, found.day, found.standing
        council = self._services.register.council(member.council_id)
        place = procedure.place_of(self._services.register, row)
        due = procedure.answer_due(place, day)
        done = request.query_params.get("done", "")
        return self._pages.show(
            request,
            "petition.html",
            status,
            member=member,
            row=row,
            head=procedure.petition_of(row),
            closes=wall(row.closes_local),
            standing=counted,
            spread=spread_of(counted, exact=gate.may(member, "signatures")),
            rule=cited(counted.needed.rule) if counted.needed else None,
            held=held,
            deposited=day,
            outcome_day=date.fromisoformat(held.outcome_day) if held and held.outcome_day else None,
            due=due_of(held, today) if held else None,
            due_rule=cited(due.rule) if due else None,
            today=today,
            home=places.place(place).level == "commune",
            form=form or Form({}),
            errors=errors or {},
            done=done if done in DONE else "",
            count=number_in(request.query_params.get("n", "")),
            every=LANGUAGE_NAMES,
            order=order(council.language),
            blank=BLANK,
            most_blank=MOST_BLANK,
            full=gate.may(member, "identities"),
            once=new_id(),
        )

    async def act(self, request: Request, member: Member) -> Response:
        """Enter, declare invalid or valid again, note the deposit or the answer."""
        form = await posted(request)
        action = form.value("action")
        where = ""
        try:
            async with self._services.storage.transaction() as tx:
                row = await own_petition(tx, member, request)
                if row is not None:
                    where = f"/staff/petitions/{row.code}"
                    if await first_press(tx, form):
                        where += await self._act(tx, member, row, action, form)
        except Refused as error:
            values: dict[str, Any] = {"form": form, "errors": error.fields, "status": 422}
            if action in (
                "invalidate",
                "restore",
                "off_paper",
                "claim_stands",
                "claim_done",
                "report_card",
            ):
                return await self._signed.page(request, member, form.fields, **values)
            return await self._page(request, member, **values)
        if row is None:
            return await self._missing(request, member)
        # A name that is searched for may hold a "~", but never with a slash behind it.
        return RedirectResponse(where[where.rfind("~/") + 1 :] if "~/" in where else where, 303)

    async def _act(
        self,
        tx: Transaction,
        member: Member,
        row: StoredConsultation,
        action: str,
        form: Form,
    ) -> str:
        """Do it. Returns where to go on within the desk; behind "~", elsewhere. Raises Refused."""
        at, code = now_ms(), row.code
        match action:
            case "enter":
                if row.state == "draft":
                    raise Refused(name=msg("pdesk.draft"))
                sort, line = await self._enter(tx, member, row, form, at)
                await gate.audit(tx, member, "enter signature", code, line)
                return f"?done={sort}#enter"
            case "invalidate" | "restore" | "off_paper":
                id = number_in(form.value("id"))
                reason = scripts.clean(form.value("reason"))
                if action == "invalidate":
                    await procedure.invalidate(tx, row, id, reason, member.name, at)
                elif action == "restore":
                    await procedure.restore(tx, row, id, at)
                else:
                    await procedure.off_paper(tx, row, id, at)
                await gate.audit(tx, member, action, f"{code} signature {id}", reason)
                names = ("shown", "search", "page")
                asked = urlencode({name: form.value(name) for name in names if form.value(name)})
                return f"/signatures?{asked}#s{id}"
            case "report_card":
                cin = identity.cin(form.value("cin"))
                if cin is None:
                    value, example = Verbatim(form.value("cin")[:30]), Code("AB123456")
                    raise Refused(cin=msg("pdesk.bad_cin", value=value, example=example))
                petition, vault = (
                    claims.Petition(row.id, row.council_id, code),
                    self._services.vault,
                )
                digest = paper.digest_of(vault, row.id, cin)
                await claims.report_at_counter(tx, vault, petition, cin, digest, at)
                await gate.audit(tx, member, "report card", code, identity.mask(cin))
                return "/signatures?shown=claims"
            case "claim_stands" | "claim_done":
                id, petition = (
                    number_in(form.value("id")),
                    claims.Petition(row.id, row.council_id, code),
                )
                await reading.lock(tx, row)
                if action == "claim_stands":
                    wrong = await claims.let_stand(tx, petition, id, at)
                else:
                    wrong = await claims.set_down(tx, petition, id, at)
                if wrong is not None:
                    raise Refused(claim=wrong)
                await gate.audit(tx, member, action, f"{code} claim {id}")
                return "/signatures?shown=claims"
            case "deposit":
                if row.state == "draft":
                    raise Refused(deposit_day=msg("pdesk.draft"))
                day = form.value("deposit_day")
                receipt = await procedure.deposit(
                    self._services.register, tx, row, day, member.name, at
                )
                await gate.audit(tx, member, "deposit", code, f"{receipt}, {day}")
                return "?done=deposit#deposit"
            case "undo_deposit":
                if not form.value("sure"):
                    raise Refused(undo=msg("pdesk.tick_first"))
                receipt = await procedure.undo_deposit(tx, row, at)
                await gate.audit(tx, member, "undo deposit", code, receipt)
                return "?done=undone#deposit"
            case "outcome":
                broadcast = await procedure.answer(tx, row, form.fields, member.name, at)
                await gate.audit(tx, member, "answer petition", code, form.value("outcome"))
                return f"~/staff/broadcasts/{broadcast}"
            case _:
                raise Refused(action=msg("pdesk.unknown"))

    async def _enter(
        self,
        tx: Transaction,
        member: Member,
        row: StoredConsultation,
        form: Form,
        at: int,
    ) -> tuple[str, str]:
        """Put one signature down. Returns what became of it and where it stands. Raises Refused."""
        place = procedure.place_of(self._services.register, row)
        one, wrong = paper.checked(form.fields, place)
        if one is None:
            raise Refused(**wrong)
        await reading.lock(tx, row)
        same = bool(form.value("same"))
        planned = await paper.plan(tx, self._services.vault, row, Read((one,)), as_one=same)
        if planned.problems:
            raise Refused(reference=planned.problems[0].text)
        if planned.there:
            raise Refused(cin=_there(planned.there[0].known))
        if planned.differing and not same and not form.value("other"):
            raise Refused(same=msg("pdesk.other_name", name=Verbatim(planned.differing[0][1])))
        await paper.enter(tx, self._services.vault, row, planned, member.name, at)
        sort = "marked" if planned.marked else "matched" if planned.matched else "fresh"
        return sort, one.line

    # ------------------------------------------------------------------ the receipt

    async def receipt(self, request: Request, member: Member) -> Response:
        """The receipt of the deposit."""
        async with self._services.storage.transaction() as tx:
            row = await own_petition(tx, member, request)
            held = (
                await printed.receipt_of(self._services.register, tx, row)
                if row is not None
                else None
            )
            if row is not None and held is not None:
                await gate.audit(tx, member, "download", f"{row.code} {held.number}.pdf")
        if row is None or held is None:
            return await self._missing(request, member)
        content = await asyncio.to_thread(deposit_receipt, held, language_of(request))
        return pdf(content, f"{held.number}.pdf")


def due_of(row: Deposit | PetitionsOf, today: date) -> dict[str, Any] | None:
    """By when the council must have answered a deposited petition, and how many days that leaves."""
    if not row.due_day or row.outcome:
        return None
    day = date.fromisoformat(row.due_day)
    return {"day": day, "left": (day - today).days, "working": False}


def spread_of(counted: procedure.Standing, *, exact: bool) -> list[dict[str, Any]]:
    """A row for each province that must be reached; small counts are only for who enters them."""
    needed = counted.needed.per_place_minimum if counted.needed else {}
    if not needed:
        return []
    by = {code: counted.by_province.get(code, 0) for code in needed}
    by[""] = counted.signatures - sum(by.values())
    hidden = frozenset() if exact else kept_back(by, counted.signatures)
    rows: list[dict[str, Any]] = [
        {
            "place": place_name(code),
            "n": None if code in hidden else by[code],
            "least": least,
            "enough": by[code] >= least,
        }
        for code, least in needed.items()
    ]
    if by[""] and "" not in hidden:
        rows.append({"place": None, "n": by[""], "least": None, "enough": True})
    return rows


def _there(known: SignaturesWith | None) -> Text:
    """Why a card is not entered again."""
    if known is not None and known.invalid_reason:
        return msg("pdesk.there_invalid", reason=Verbatim(known.invalid_reason))
    line = known.line if known is not None else ""
    return msg("pdesk.there_at", line=Code(line)) if line else msg("pdesk.there")


async def petitions_today(
    tx: Transaction, council: Council, member: Member, language: str
) -> Mapping[str, Any]:
    """The panel for a member of the council's staff."""
    today = local_day(now_ms())
    waiting = await reading.awaiting_answer(tx, member.council_id)
    return {"petitions": [_line(row, today) for row in waiting]}


def _line(row: DepositsWaiting, today: date) -> dict[str, Any]:
    due = date.fromisoformat(row.due_day) if row.due_day else None
    return {
        "code": row.code,
        "title": Translated(msgspec.json.decode(row.definition)["title"]),
        "due": due,
        "left": (due - today).days if due is not None else None,
    }


PANEL = Panel("petitions_today.html", petitions_today)
