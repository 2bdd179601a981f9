"""A draft from the organizer's own file: read, shown as it was understood, and kept only then."""

import asyncio
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import definitions, listing
from bot.core.foreign.worker import DOCUMENTS, TooHard
from bot.core.refusals import NotAllowed, refused
from bot.core.vault import Unreadable
from bot.kinds.draft_text.reading import articles, joining
from bot.kinds.draft_text.reading.articles import Understood
from bot.kinds.draft_text.reading.blocks import LEFT_OUT, MOST_BYTES, BadText
from bot.kinds.draft_text.reading.joining import Joined, Kept
from bot.staff.accounts import Member
from bot.web.frame import gate, intake
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from flows.dialog.definition import Problem
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds import check
from flows.wording.text import Text, Verbatim, msg
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Where drafts are, and where a file is read.
PATH = "/staff/drafts"
FILE = f"{PATH}/file"

#: Lines of headings and paragraphs outside of articles that are shown.
MOST_SHOWN = 12


class FilePage(PageGroup):
    """The page on which a file becomes a draft."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [self._route(FILE, "publish", self.bring, "GET", "POST")]

    async def bring(self, request: Request, member: Member) -> Response:
        """Ask for a file; show what is in it; keep it."""
        if request.method == "GET":
            return await self._page(request, member)
        # The file, or what was understood of it, sealed.
        intake.widen(request, 2 * MOST_BYTES)
        async with request.form(max_part_size=2 * MOST_BYTES) as sent:
            file = sent.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
            fields = {name: value for name, value in sent.items() if isinstance(value, str)}
        if "kept" in fields:
            return await self._keep(request, member, fields)
        language, into = fields.get("language", ""), fields.get("into", "")
        if language not in LANGUAGE_NAMES:
            return await self._page(request, member, msg("draft_file.language"))
        try:
            found = await asyncio.to_thread(DOCUMENTS.done, articles.read, content)
        except BadText as error:
            return await self._page(request, member, error.text)
        except TooHard:
            return await self._page(request, member, msg("draft_file.too_hard"))
        return await self._page(
            request, member, found=found, kept=joining.kept(found, language, into)
        )

    async def _page(
        self,
        request: Request,
        member: Member,
        wrong: Text | None = None,
        *,
        found: Understood | None = None,
        kept: Kept | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> Response:
        async with self._services.storage.reading() as tx:
            drafts = await drafts_of(tx, member)
        council = self._services.register.council(member.council_id)
        joined = _joined(kept, drafts) if kept is not None else None
        if kept is not None and kept.into and joined is None:
            wrong, found, kept = msg("draft_file.no_draft"), None, None
        sealed = ""
        if kept is not None:
            sealed = self._services.vault.seal(msgspec.json.encode(kept).decode(), _place(member))
        return self._pages.show(
            request,
            "draft_text_file.html",
            422 if wrong else 200,
            member=member,
            refused=wrong,
            found=found,
            kept=kept,
            joined=joined,
            sealed=sealed,
            left_out=LEFT_OUT,
            drafts=[(row.code, msgspec.json.decode(row.definition)["title"]) for row in drafts],
            every=LANGUAGE_NAMES,
            language_first=council.language,
            code=(fields or {}).get("code", f"{council.prefix}-TEXT"),
            title=(fields or {}).get("title", kept.title if kept else ""),
            shown=MOST_SHOWN,
        )

    async def _keep(self, request: Request, member: Member, fields: Mapping[str, str]) -> Response:
        """Keep just what was shown, as a draft that nobody but staff sees."""
        try:
            text = self._services.vault.open(fields["kept"], _place(member))
        except (Unreadable, binascii.Error, ValueError):
            return await self._page(request, member, msg("draft_file.again"))
        kept = msgspec.json.decode(text, type=Kept)
        try:
            async with self._services.storage.transaction() as tx:
                code = await self._store(tx, member, kept, fields)
        except NotAllowed as error:
            said = getattr(error, "text", None) or Verbatim(said_in(error, language_of(request)))
            return await self._page(request, member, said, kept=kept, fields=fields)
        return RedirectResponse(f"/staff/c/{code}/edit", 303)

    async def _store(
        self, tx: Transaction, member: Member, kept: Kept, fields: Mapping[str, str]
    ) -> str:
        """The draft, new or with one more language. Raises NotAllowed. Returns its code."""
        council = self._services.register.council(member.council_id)
        if kept.into:
            row = next((one for one in await drafts_of(tx, member) if one.code == kept.into), None)
            if row is None:
                raise refused("draft_file.no_draft")
            before = msgspec.json.decode(row.definition)
            made = joining.joined(before["articles"], kept)
            title = {**before["title"]}
            if kept.title:
                title.setdefault(kept.language, kept.title)
            raw = {**before, "title": title, "articles": made.articles}
        else:
            code = fields.get("code", "").strip().upper()
            if await self._services.register.by_code(tx, code) is not None:
                raise refused("draft_file.code_taken")
            raw = {
                "kind": "draft_text",
                "code": code,
                "council": council.code,
                "title": {kept.language: fields.get("title", "").strip()},
                "articles": joining.fresh(kept),
            }
        head, problems = check(raw, council)
        if head is None or problems:
            raise _not_kept(problems)
        await definitions.add(tx, self._services.register, msgspec.to_builtins(head), head)
        await gate.audit(tx, member, "save", head.code, f"from a file, {kept.language}")
        return head.code


def _not_kept(problems: Sequence[Problem]) -> NotAllowed:
    """What is wrong with code or title, in the reader's language; all else as it is."""
    key = problems[0].key.split(".")[0]
    if key in ("code", "title"):
        return refused(f"error.{key}")
    return NotAllowed("; ".join(str(problem) for problem in problems))


def _place(member: Member) -> str:
    """Where a file that was shown is good: for one person."""
    return f"draft text file {member.id}"


def _joined(kept: Kept, drafts: Sequence[StoredConsultation]) -> Joined | None:
    row = next((one for one in drafts if one.code == kept.into), None)
    if row is None:
        return None
    articles: list[dict[str, Any]] = msgspec.json.decode(row.definition)["articles"]
    return joining.joined(articles, kept)


async def texts_of(tx: Transaction, member: Member) -> list[StoredConsultation]:
    """The council's draft texts, the newest first."""
    rows = await listing.consultations_of(tx, member.council_id)
    return [row for row in reversed(rows) if row.kind == "draft_text"]


async def drafts_of(tx: Transaction, member: Member) -> list[StoredConsultation]:
    """Those of them that are not opened yet, and so may get another language."""
    return [row for row in await texts_of(tx, member) if row.state == "draft"]
