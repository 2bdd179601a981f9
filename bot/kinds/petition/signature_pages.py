"""Signatures of a petition on the staff pages: seen with their names, brought as a file, printed."""

import asyncio
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.foreign import shown
from bot.core.foreign.tables import MOST_BYTES, BadFile
from bot.core.localtime import local_day, now_ms
from bot.core.vault import Unreadable
from bot.kinds.petition import paper, printed, procedure, reading
from bot.kinds.petition.paper import Plan, Read, Signed
from bot.kinds.petition.papers import signature_list
from bot.kinds.petition.printed import Chosen
from bot.kinds.petition.rows import ClaimsOf, SignaturesInFull
from bot.outreach import lists
from bot.staff import approvals, plans
from bot.staff.accounts import Member
from bot.web.frame import gate, intake
from bot.web.frame.forms import Form, number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from flows.dialog.communes import place_name
from flows.understanding import identity, scripts
from flows.wording.text import Text, Translated, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

#: Signatures on one page, and lines shown of a file.
PAGE = 50
MOST_SHOWN = 100

#: Empty lines of a printed list: as many as are usual, and most.
BLANK = 20
MOST_BLANK = 500

#: What the page of signatures can be narrowed to.
SHOWN = ("all", "chat", "paper", "unconfirmed", "invalid", "claims")


async def own_petition(
    tx: Transaction, member: Member, request: Request
) -> StoredConsultation | None:
    """The petition that a request names, if it is of the member's own council."""
    return await gate.own_consultation(tx, member, request.path_params["code"], "petition")


class SignaturePages(PageGroup):
    """The pages with signatures."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        path = "/staff/petitions/{code}"
        return [
            self._route(f"{path}/import", "signatures", self.bring, "POST"),
            self._route(f"{path}/signatures", "signatures", self.signatures, "GET"),
            self._route(f"{path}/list.pdf", "signatures", self.list_paper, "GET", "POST"),
        ]

    # ------------------------------------------------------------------ a file

    async def bring(self, request: Request, member: Member) -> Response:
        """A file of signatures: shown first (good and bad lines), then imported, all or none."""
        async with self._services.storage.reading() as tx:
            row = await own_petition(tx, member, request)
        if row is None:
            return await self._missing(request, member)
        # The file, or what was read in it, sealed.
        intake.widen(request, 2 * MOST_BYTES)
        async with request.form(max_part_size=2 * MOST_BYTES) as sent:
            file, kept = sent.get("file"), sent.get("kept")
            content = await file.read() if isinstance(file, UploadFile) else b""
        if row.state == "draft":
            return self._preview(request, member, row, [], msg("pdesk.draft"))
        try:
            if isinstance(kept, str):
                return await self._import(member, row, self._kept(kept, member, row))
            place = procedure.place_of(self._services.register, row)
            read = await paper.read_foreign(content, place)
        except BadFile as error:
            return self._preview(request, member, row, [], error.text)
        async with self._services.storage.reading() as tx:
            vault = self._services.vault
            readings = [
                (one, await paper.plan(tx, vault, row, one)) for one in (read, *read.others)
            ]
        return self._preview(request, member, row, readings)

    def _preview(
        self,
        request: Request,
        member: Member,
        row: StoredConsultation,
        readings: Sequence[tuple[Read, Plan]],
        refused: Text | None = None,
    ) -> Response:
        """What a file says, once for each way in which its letters may be read."""
        blocks = [
            {"seen": read.seen, "plan": planned, "kept": self._sealed(member, row, read, planned)}
            for read, planned in readings
        ]
        return self._pages.show(
            request,
            "petition_import.html",
            422 if refused else 200,
            member=member,
            row=row,
            title=Translated(procedure.petition_of(row).title),
            readings=blocks,
            refused=refused,
            told=lists.told,
            shown=shown,
            most=MOST_SHOWN,
        )

    def _sealed(self, member: Member, row: StoredConsultation, read: Read, planned: Plan) -> str:
        """The good lines, so that just these are imported."""
        refused = {problem.line for problem in planned.problems}
        good = [one for one in read.signed if one.number not in refused]
        return self._services.vault.seal(msgspec.json.encode(good).decode(), _place(member, row))

    def _kept(self, sealed: str, member: Member, row: StoredConsultation) -> Read:
        """The lines that were shown: sealed, so that just these are imported. Raises BadFile."""
        try:
            text = self._services.vault.open(sealed, _place(member, row))
        except (Unreadable, binascii.Error, ValueError):
            raise BadFile(msg("pdesk.file_again")) from None
        return Read(tuple(msgspec.json.decode(text, type=list[Signed])))

    async def _import(self, member: Member, row: StoredConsultation, read: Read) -> Response:
        async with self._services.storage.transaction() as tx:
            await reading.lock(tx, row)
            planned = await paper.plan(tx, self._services.vault, row, read)
            n = await paper.enter(tx, self._services.vault, row, planned, member.name, now_ms())
            said = f"{len(planned.fresh)} new, {len(planned.marked)} of the chat"
            await gate.audit(tx, member, "import signatures", row.code, said)
        return RedirectResponse(f"/staff/petitions/{row.code}?done=import&n={n}#enter", 303)

    # ------------------------------------------------------------------ the signatures

    async def signatures(self, request: Request, member: Member) -> Response:
        """The signatures with their names."""
        return await self.page(request, member, request.query_params)

    async def page(
        self,
        request: Request,
        member: Member,
        asked: Mapping[str, str],
        *,
        form: Form | None = None,
        errors: Mapping[str, Text] | None = None,
        status: int = 200,
    ) -> Response:
        """The page that `asked` describes, with what was typed and is wrong; each look is noted."""
        search = asked.get("search", "").strip()[:80]
        shown = asked.get("shown", "all") if asked.get("shown") in SHOWN else "all"
        number = max(1, number_in(asked.get("page", "1"), 1_000_000))
        async with self._services.storage.transaction() as tx:
            row = await own_petition(tx, member, request)
            rows, claims = [], []
            if row is not None:
                rows = await reading.signatures(tx, row.id)
                claims = await reading.claims(tx, row.id)
                said = f"{shown}, page {number}" + (", by name" if search else "")
                await gate.audit(tx, member, "see", f"{row.code} signatures", said)
        if row is None:
            return await self._missing(request, member)
        found = await asyncio.to_thread(self._opened, rows, shown, search)
        claimed = [self._claimed(one) for one in claims] if shown == "claims" else []
        pages = max(1, -(-len(found) // PAGE))
        number = min(number, pages)
        return self._pages.show(
            request,
            "petition_signatures.html",
            status,
            member=member,
            row=row,
            title=Translated(procedure.petition_of(row).title),
            found=found[(number - 1) * PAGE : number * PAGE],
            count=len(claimed) if shown == "claims" else len(found),
            claims=claimed,
            awaiting=sum(1 for one in claims if one.state != "weaker"),
            search=search,
            shown=shown,
            sorts=SHOWN,
            page=number,
            pages=pages,
            form=form or Form({}),
            errors=errors or {},
            once=new_id(),
        )

    def _opened(
        self, rows: Sequence[SignaturesInFull], shown: str, search: str
    ) -> list[dict[str, Any]]:
        sought = scripts.fold(search)
        found = []
        for row in rows:
            invalid = row.invalid_reason is not None
            if shown == "claims" or (shown == "unconfirmed" and row.assurance >= "A2"):
                continue
            if (shown == "invalid") != invalid and shown != "all":
                continue
            if (shown == "chat" and row.source != "chat") or (
                shown == "paper" and not row.on_paper
            ):
                continue
            value = paper.opened(self._services.vault, row)
            if sought and sought not in scripts.fold(value["name"]):
                continue
            fields = ("id", "at", "source", "on_paper", "line", "assurance", "entered_by")
            found.append(
                {
                    **{key: getattr(row, key) for key in fields},
                    **{
                        f"invalid_{k}": getattr(row, f"invalid_{k}") for k in ("reason", "by", "at")
                    },
                    "name": value["name"],
                    "cin": identity.mask(value["cin"]),
                    "address": value["address"],
                    "commune": place_name(row.commune) if row.commune else None,
                }
            )
        return found

    def _claimed(self, row: ClaimsOf) -> dict[str, Any]:
        """A claim, and the signature that stands for the same card."""
        vault = self._services.vault
        value = msgspec.json.decode(vault.open(row.sealed, f"signatures/{row.id}"))
        other = None
        if row.other is not None:
            other = msgspec.json.decode(vault.open(row.other, f"signatures/{row.other_id}"))
        return {
            "id": row.id,
            "state": row.state,
            "at": row.at,
            "assurance": row.assurance,
            "name": value["name"],
            "cin": identity.mask(value["cin"]),
            "address": value["address"],
            "other": other and {"name": other["name"], "address": other["address"]},
            "other_id": row.other_id,
            "other_at": row.other_at,
            "other_assurance": row.other_assurance,
            "other_on_paper": row.other_on_paper,
        }

    # ------------------------------------------------------------------ papers

    async def list_paper(self, request: Request, member: Member) -> Response:
        """The official list. With names only by a second person's yes, used up now."""
        # Asking for names uses a second person's word up: a link must not do that.
        sent = await posted(request) if request.method == "POST" else None
        asked = sent.fields if sent is not None else request.query_params
        blank = number_in(asked.get("blank", "")) if asked.get("blank") else BLANK
        wanted = asked.get("rows", "waiting")
        chosen = cast(Chosen, wanted if wanted in get_args(Chosen) else "waiting")
        full, waits = sent is not None and bool(asked.get("full")), False
        signed = []
        async with self._services.storage.transaction() as tx:
            row = await own_petition(tx, member, request)
            may = not full or gate.may(member, "identities")
            if row is not None and not may:
                await gate.audit(tx, member, "refused", f"identities {request.url.path}")
            elif row is not None:
                object = f"list {row.code}"
                vault = self._services.vault
                signed = await printed.signatories(tx, vault, row, chosen, full=full)
                plan = plans.Plan(source={"rows": chosen, "whole": full}, people=len(signed))
                if signed and sent is None:
                    # A link prints no names.
                    signed = []
                elif signed and await approvals.use(tx, member, "identities", object, plan) is None:
                    waits = True
                    reason = f"{object} · {len(signed)}"
                    await approvals.ask(tx, member, "identities", object, reason, plan)
                    await gate.audit(tx, member, "ask approval", object)
                if not waits:
                    said = f"{len(signed)} rows, {'whole' if full else 'masked'} card numbers"
                    await gate.audit(tx, member, "download", f"{object}.pdf", said)
        if row is None:
            return await self._missing(request, member)
        if not may:
            return self._pages.show(request, "refused.html", 403)
        if waits:
            return RedirectResponse(f"/staff/petitions/{row.code}?done=waits#papers", 303)
        head = printed.list_head(self._services.register, row, local_day(now_ms()))
        language, blank = language_of(request), min(blank, MOST_BLANK)
        # A list without any row is no list.
        blank = blank if signed else max(blank, 1)
        content = await asyncio.to_thread(signature_list, head, signed, blank, language)
        return pdf(content, f"{row.code}-list.pdf")


def _place(member: Member, row: StoredConsultation) -> str:
    """Where a file that was shown is good: for one person, and one petition."""
    return f"import/{row.id}/{member.id}"


def pdf(content: bytes, name: str) -> Response:
    """A paper to look at or to keep; its name holds no more than a code."""
    headers = {
        "content-disposition": f'inline; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)
