"""Staff pages on which files are asked for, followed and taken away."""

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.councils import head_of
from bot.reports.codebook import codebook, write_codebook
from bot.results import requests, row_data, summaries
from bot.results.making import FileKind
from bot.services import Services
from bot.staff import approvals
from bot.staff.accounts import Member
from bot.staff.plans import Plan
from bot.web.cases.filters import Wanted
from bot.web.frame import gate
from bot.web.frame.forms import posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import LANGUAGES, Pages, language_of
from flows.kinds import kinds
from flows.understanding.moderation import masked
from flows.wording import render
from flows.wording.text import Translated, msg
from storage.database import Transaction
from storage.rows import StoredDownload

#: Files of one's own that are listed.
MOST = 20

#: Seconds after which the page of a file that is being made is loaded again.
REFRESH = 2


class Downloads(PageGroup):
    """The pages about downloads."""

    def __init__(self, services: Services, pages: Pages, kinds: Mapping[str, FileKind]) -> None:
        super().__init__(services, pages)
        self._kinds = kinds

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/downloads", "download", self.listed, "GET", "POST"),
            self._route("/staff/downloads/{id}", "download", self.one, "GET"),
            self._route("/staff/downloads/{id}/file", "download", self.file, "GET"),
            self._route("/staff/downloads/{id}/codebook.csv", "download", self.explained, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """What can be had, and one's own files; or ask for one."""
        if request.method == "POST":
            return await self._ask(request, member)
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        said: str = "",
        status: int = 200,
        chosen: dict[str, str] | None = None,
    ) -> Response:
        language = language_of(request)
        async with self._services.storage.reading() as tx:
            mine = await requests.requests_of(tx, member.id, MOST)
            rows = await listing.met_by_citizens(tx, member.council_id)
        asked = chosen or dict(request.query_params)
        return self._pages.show(
            request,
            "downloads.html",
            status,
            member=member,
            mine=mine,
            consultations=[
                {"code": row.code, "title": Translated(head_of(row).title), "kind": row.kind}
                for row in rows
            ],
            formats={what: kind.formats for what, kind in self._kinds.items()},
            row_options={"values": row_data.VALUES, "several": row_data.SEVERAL},
            own=[kind for kind in self._kinds.values() if kind.of],
            asked=asked,
            wanted=Wanted.of(asked),
            filtered=_words(Wanted.of(asked), language) if asked.get("what") == "needs" else "",
            file_languages={code: LANGUAGES[code] for code in requests.LANGUAGES},
            said=said,
        )

    async def _ask(self, request: Request, member: Member) -> Response:
        form = await posted(request)
        what, format = form.value("what"), form.value("format")
        kind = self._kinds.get(what)
        about_one = what in ("consultation", "rows") or (kind is not None and kind.of)
        object = form.value("object").strip().upper() if about_one else ""
        language = form.value("language")
        named = bool(form.value("identities")) or (kind is not None and kind.named)
        fields = dict(form.fields)
        if kind is None or format not in kind.formats or language not in requests.LANGUAGES:
            return await self._page(
                request, member, said="downloads.no_such", status=422, chosen=fields
            )
        # Rows of single persons need a second person, with names or without.
        single = named or format in kind.single
        if (named and not gate.may(member, "identities")) or (
            single and not gate.may(member, "microdata")
        ):
            async with self._services.storage.transaction() as tx:
                await gate.audit(tx, member, "refused", f"download {what} {object}.{format}")
            return await self._page(
                request, member, said="downloads.not_yours", status=403, chosen=fields
            )
        wanted = Wanted.of(fields)
        filters: dict[str, Any] = {}
        if what == "needs":
            values = wanted.values(member)
            del values["council_id"]
            filters = {"values": values, "words": _words(wanted, language)}
        if what == "rows":
            filters = _options(form.value("values"), form.value("several"), language)
        async with self._services.storage.transaction() as tx:
            one = await gate.own_consultation(tx, member, object) if object else None
            if about_one and (one is None or (kind.of and one.kind != kind.of)):
                await gate.audit(tx, member, "refused", f"download {what} {object}")
                return self._pages.show(request, "not_found.html", 404)
            of_persons = what == "rows" or format in kind.single
            early = of_persons and one is not None and row_data.too_early(one)
            # What was searched for may be somebody's name or number: the log gets a mark of it.
            mark = hashlib.sha256(wanted.address().encode()).hexdigest()[:8]
            subject = " ".join(f"{what} {object} {format}".split())
            subject += f" #{mark}" if what == "needs" else ""
            reason = f"{subject} · {masked(filters['words'])}" if filters else subject
            plan = Plan(
                source={"filters": filters, "identities": named}, when={"language": language}
            )
            id = 0
            if early:
                # Nobody is asked to agree to what cannot be made.
                said = "rows.open"
            elif single and not await self._agreed(tx, member, subject, reason, plan):
                said = "staff.approval_waits"
            else:
                said = ""
                id = await requests.ask(
                    tx,
                    member.council_id,
                    member.id,
                    what,
                    object,
                    format,
                    language,
                    filters=filters,
                    identities=named,
                )
                marked = "with identities" if named else ""
                await gate.audit(tx, member, "download", subject, marked)
        if said:
            status = 409 if early else 202
            return await self._page(request, member, said=said, status=status, chosen=fields)
        self._services.wanted.set()
        return RedirectResponse(f"/staff/downloads/{id}", 303)

    async def _agreed(
        self, tx: Transaction, member: Member, subject: str, reason: str, plan: Plan
    ) -> bool:
        """Whether a second person has agreed to just this file; if not, one is asked."""
        if await approvals.use(tx, member, "identities", subject, plan) is not None:
            return True
        await approvals.ask(tx, member, "identities", subject, reason, plan)
        await gate.audit(tx, member, "ask approval", subject)
        return False

    async def one(self, request: Request, member: Member) -> Response:
        """How far a file is; once it is there, its checksum and the way to it."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_download(tx, member, request.path_params["id"])
        if row is None:
            return await self._missing(request, member)
        return self._pages.show(
            request,
            "download.html",
            member=member,
            row=row,
            filters=msgspec.json.decode(row.filters).get("words", ""),
            refresh=REFRESH if row.state in ("waiting", "running") else 0,
            explained=self._explained(row) and row.format not in ("flow", "cross"),
        )

    async def file(self, request: Request, member: Member) -> Response:
        """The file itself; taking it is noted."""
        async with self._services.storage.transaction() as tx:
            row = await gate.own_download(tx, member, request.path_params["id"])
            # What may be had with identities may be had only while the role lasts.
            lost = row is not None and (
                (row.identities and not gate.may(member, "identities"))
                or (row.format in self._single(row.what) and not gate.may(member, "microdata"))
            )
            path = (
                self._services.media.downloads / row.file if row is not None and row.file else None
            )
            there = path is not None and path.is_file() and not lost
            if row is not None and there:
                await gate.audit(tx, member, "take", row.name or "", row.sha256 or "")
        if row is None or path is None or not there:
            return await self._missing(request, member)
        return FileResponse(
            path,
            media_type=requests.media_type(row.what, row.format),
            filename=row.name,
            headers={"cache-control": "no-store", "x-sha256": row.sha256 or ""},
        )

    async def explained(self, request: Request, member: Member) -> Response:
        """The code book of a file: what each of its columns means."""
        async with self._services.storage.reading() as tx:
            row = await gate.own_download(tx, member, request.path_params["id"])
            content = await self._codebook(tx, member, row) if row is not None else None
        if content is None:
            return await self._missing(request, member)
        headers = {"content-disposition": 'attachment; filename="codebook.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    def _single(self, what: str) -> frozenset[str]:
        """The formats in which a file has a row for each person."""
        return self._kinds[what].single if what in self._kinds else frozenset()

    def _explained(self, row: StoredDownload) -> bool:
        """Whether its columns have a code book."""
        kind = self._kinds.get(row.what)
        return row.what == "consultation" or (kind is not None and kind.columns is not None)

    async def _codebook(self, tx: Transaction, member: Member, row: StoredDownload) -> bytes | None:
        council = self._services.register.council(member.council_id)
        out = io.BytesIO()
        columns = self._kinds[row.what].columns if row.what in self._kinds else None
        if columns is not None:
            headings, asked = columns(council, row)
            book = codebook(headings, asked, row.language)
        elif row.what == "consultation":
            consultation = await gate.own_consultation(tx, member, row.object)
            if consultation is None:
                return None
            summary, _ = await summaries.summary_of(self._services.register, tx, consultation)
            head = head_of(consultation)
            asked = kinds()[consultation.kind].asked(head, council)
            book = codebook(summary, asked, row.language)
        else:
            return None
        write_codebook(book, row.language, out)
        return out.getvalue()


def _options(values: str, several: str, language: str) -> dict[str, str]:
    """How row data is to be written, and that in words."""
    chosen = {
        "values": values if values in row_data.VALUES else row_data.VALUES[0],
        "several": several if several in row_data.SEVERAL else row_data.SEVERAL[0],
    }
    said = (render(msg(f"rows.{name}.{value}"), language) for name, value in chosen.items())
    return {**chosen, "words": " · ".join(said)}


def _words(wanted: Wanted, language: str) -> str:
    """The filters of the needs desk in a sentence, for the head of a file."""

    def say(id: str) -> str:
        return render(msg(id), language)

    state = wanted.state
    parts = [
        f"{say('staff.state')}: "
        + say(f"desk.{state}" if state in ("open", "all") else f"state.{state}")
    ]
    for id, value in (
        ("desk.theme", wanted.theme),
        ("desk.place", wanted.place),
        ("desk.search", wanted.search),
        ("desk.said_least", str(wanted.said) if wanted.said else ""),
    ):
        if value:
            parts.append(f"{say(id)}: {value}")
    if wanted.nature:
        parts.append(say(f"desk.nature.{wanted.nature}"))
    if wanted.age:
        parts.append(render(msg("desk.older_than", count=wanted.age), language))
    if wanted.overdue:
        parts.append(say("desk.overdue"))
    if wanted.unread:
        parts.append(say("desk.unread"))
    return " · ".join(parts)
