"""The half-year report as a page and as files: of the own council, or of all in a province or region."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.localtime import local_day, now_ms
from bot.kinds.commitment.desk import PATH
from bot.kinds.commitment.promised import promises
from bot.reports.rendered import ReportFacts, rendered
from bot.results import indicators, summaries
from bot.results.summaries import TYPES, WRITERS
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from flows.kinds.commitment.half_year import HalfYear, half_year_of
from flows.kinds.commitment.report import ALL, SOURCES, Promises, report
from flows.statistics.summary import Summary
from flows.understanding import scripts
from flows.wording import render
from flows.wording.text import msg

#: Half years that are offered, the present one first.
HALVES: Final = 6

#: Formats of the download.
FORMATS: Final = ("pdf", "xlsx")

#: Longest title of a report, in characters.
LONGEST_TITLE: Final = 120


class HalfYearReport(PageGroup):
    """The pages of the report."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(f"{PATH}/report", "read", self.show, "GET"),
            self._route(f"{PATH}/report/{{half}}.{{format}}", "download", self.file, "GET"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """The report as it would be, with its title and what it is about to choose."""
        now = half_year_of(local_day(now_ms()))
        try:
            half = HalfYear.parse(request.query_params.get("half", ""))
        except ValueError:
            half = now
        offered, one = [now], now
        while len(offered) < HALVES:
            one = one.before
            offered.append(one)
        async with self._services.storage.transaction() as tx:
            await gate.saw(tx, member, request, f"commitments {half.label}")
        summary = await self._made(request, member, half)
        facts = self._facts(request, member)
        shown = await run_in_threadpool(rendered, summary, language_of(request), facts)
        return self._pages.show(
            request,
            "commitment_report.html",
            member=member,
            shown=shown,
            half=half,
            halves=offered,
            title=_title(request),
            longest=LONGEST_TITLE,
            sources=SOURCES,
            source=_source(request),
            regional=bool(indicators.below(self._services.register, member.council_id)),
            region=request.query_params.get("of") == "region",
            formats=FORMATS,
            query=request.url.query,
        )

    async def file(self, request: Request, member: Member) -> Response:
        """The same as a file."""
        format, label = request.path_params["format"], request.path_params["half"]
        try:
            half = HalfYear.parse(label)
        except ValueError:
            half = None
        if half is None or format not in FORMATS:
            return await self._missing(request, member)
        name = f"commitments-{half.label}.{format}"
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "download", name)
        summary = await self._made(request, member, half)
        facts = self._facts(request, member)
        out = io.BytesIO()
        await run_in_threadpool(WRITERS[format], summary, language_of(request), facts, out)
        return Response(
            out.getvalue(),
            media_type=TYPES[format],
            headers={
                "content-disposition": f'attachment; filename="{name}"',
                "cache-control": "no-store",
            },
        )

    def _facts(self, request: Request, member: Member) -> ReportFacts:
        """What the report says of itself: also under another title that it is about recommendations only."""
        council = self._services.register.council(member.council_id)
        facts = summaries.facts_about(council, "", None)
        source = _source(request)
        if source == ALL:
            return facts
        only = msg(f"commitment_report.source_{source}")
        return replace(facts, filters=render(only, language_of(request)))

    async def _made(self, request: Request, member: Member, half: HalfYear) -> Summary:
        """The report that was asked for."""
        register = self._services.register
        region = request.query_params.get("of") == "region"
        # Who is no province or region has the own council only, whatever was asked for.
        ids = [id for id, _ in indicators.below(register, member.council_id)] if region else []
        async with self._services.storage.reading() as tx:
            found = await promises(
                tx, ids or [member.council_id], half, recommended=_source(request) == SOURCES[0]
            )
        councils = [Promises(register.council(id), all) for id, all in found]
        last = min(half.end - timedelta(days=1), local_day(now_ms()))
        return report(_title(request), half, councils, last, language_of(request))


def _title(request: Request) -> str:
    return scripts.clean(request.query_params.get("title", ""))[:LONGEST_TITLE]


def _source(request: Request) -> str:
    asked = request.query_params.get("source", "")
    return asked if asked in SOURCES else SOURCES[0]
