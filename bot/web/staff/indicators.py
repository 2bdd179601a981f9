"""Staff pages with the programme's indicators, for the council and, in a region, for all in it."""

import io

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.localtime import local_day, now_ms
from bot.reports.rendered import rendered
from bot.results import indicators, summaries
from bot.results.summaries import TYPES, WRITERS
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of
from bot.web.staff.results import charts_of
from flows.statistics.quarters import Quarter, quarter_of
from flows.statistics.summary import Summary
from storage.database import Transaction

#: Quarters that are offered, the present one first.
QUARTERS = 8

#: Formats of the download.
FORMATS = ("pdf", "xlsx", "csv", "json")


class Indicators(PageGroup):
    """The pages about indicators."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/indicators", "read", self.show, "GET"),
            self._route("/staff/indicators/{quarter}.{format}", "download", self.file, "GET"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """The indicators of a quarter."""
        now = quarter_of(local_day(now_ms()))
        quarter = _asked(request.query_params.get("quarter", ""), now)
        regional = bool(indicators.below(self._services.register, member.council_id))
        region = regional and request.query_params.get("of") == "region"
        async with self._services.storage.transaction() as tx:
            await gate.saw(tx, member, request, f"indicators {quarter.label}")
        async with self._services.storage.reading() as tx:
            summary, people = await self._made(tx, member, quarter, region=region)
        council = self._services.register.council(member.council_id)
        facts = summaries.facts_about(council, "", people)
        shown = await run_in_threadpool(rendered, summary, language_of(request), facts)
        offered, one = [], now
        for _ in range(QUARTERS):
            offered.append(one)
            one = Quarter(one.year - (one.number == 1), (one.number - 2) % 4 + 1)
        return self._pages.show(
            request,
            "indicators.html",
            member=member,
            shown=shown,
            charts=charts_of(shown),
            quarter=quarter,
            quarters=offered,
            regional=regional,
            region=region,
            formats=FORMATS,
        )

    async def _made(
        self, tx: Transaction, member: Member, quarter: Quarter, *, region: bool
    ) -> tuple[Summary, int]:
        make = indicators.of_region if region else indicators.of_council
        return await make(self._services.register, tx, member.council_id, quarter)

    async def file(self, request: Request, member: Member) -> Response:
        """The same as a file."""
        format, label = request.path_params["format"], request.path_params["quarter"]
        region = request.query_params.get("of") == "region"
        try:
            quarter = Quarter.parse(label)
        except ValueError:
            quarter = None
        allowed = not region or indicators.below(self._services.register, member.council_id)
        if quarter is None or format not in FORMATS or not allowed:
            return await self._missing(request, member)
        name = f"indicators-{'region-' if region else ''}{quarter.label}.{format}"
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "download", name)
        async with self._services.storage.reading() as tx:
            summary, people = await self._made(tx, member, quarter, region=region)
        council = self._services.register.council(member.council_id)
        facts = summaries.facts_about(council, "", people)
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


def _asked(label: str, now: Quarter) -> Quarter:
    try:
        return Quarter.parse(label)
    except ValueError:
        return now
