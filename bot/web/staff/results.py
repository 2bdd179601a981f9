"""Staff pages about what comes of a consultation: live results, charts, groups that look like a machine's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import history
from bot.core.councils import head_of
from bot.core.localtime import local, now_ms
from bot.reports.printed import can_be_drawn, number
from bot.reports.rendered import Rendered, Sheet, rendered
from bot.results import summaries
from bot.results.shown import releases
from bot.results.shown.remembered import MOST_ROWS, Remembered
from bot.services import Services
from bot.staff import crowds
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of
from flows.dialog.facts import Council
from flows.kinds import kinds
from flows.statistics.asked import Weighed
from flows.statistics.disclosure import hidden_ids
from flows.statistics.participation import PARTICIPANTS
from flows.statistics.summary import Responses, Summary, Suppressed
from flows.statistics.weighting import weighted, weighted_table
from flows.wording.text import Translated
from storage.rows import StoredConsultation

#: Seconds after which the results of an open consultation are loaded again.
REFRESH = 30

#: Of counts that are this old it is said when they were made; in ms.
TOLD_FROM_MS = 60_000

#: Questions on top of the page, each small.
MOST_SMALL = 12

#: Answers of each.
SMALL_ROWS = 12


class Results(PageGroup):
    """The pages about results."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._remembered = Remembered()

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/c/{code}/results", "read", self.results, "GET"),
            self._route("/staff/c/{code}/crowds", "moderate", self.decide, "POST"),
        ]

    async def results(self, request: Request, member: Member) -> Response:
        """What has come of it so far: totals, charts, who took part; weighted if asked."""
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            if row is not None:
                await gate.saw(tx, member, request, f"results {row.code}")
        wants_weighted = bool(request.query_params.get("weighted"))
        if row is not None:
            now = await self._shown(row, wants_weighted=wants_weighted)
        async with self._services.storage.reading() as tx:
            if row is not None:
                decisions = await history.decisions(tx, row.id)
                groups = await crowds.groups(tx, row.id)
        if row is None:
            return await self._missing(request, member)
        council = self._services.register.council(member.council_id)
        head = head_of(row)
        kind = kinds()[row.kind]
        # Weights would tell more than counts in steps do.
        can_weigh = kind.weighed(head) if now.made_at is None else ()
        as_weighted = wants_weighted and bool(can_weigh)
        summary, live = now.summary, now.made_at is None
        if as_weighted:
            summary = await run_in_threadpool(
                weighted_view, can_weigh, council, summary, now.responses
            )
        language = language_of(request)
        facts = summaries.report_facts(self._services.register, row, now.count)
        shown = await run_in_threadpool(rendered, summary, language, facts)
        return self._pages.show(
            request,
            "outcome.html",
            member=member,
            row=row,
            title=Translated(head.title),
            shown=shown,
            charts=charts_of(shown),
            small=smalls_of(shown) if shown.brief else [],
            most=MOST_ROWS,
            refresh=REFRESH if row.state == "open" and not as_weighted else 0,
            live=live,
            counted_at=_of_when(now),
            as_weighted=as_weighted,
            can_weigh=bool(can_weigh),
            open_words=bool(kind.heard(head)),
            decided=len(decisions),
            crowds=groups,
            formats=tuple(summaries.TYPES),
        )

    async def _shown(self, row: StoredConsultation, *, wants_weighted: bool) -> releases.Shown:
        services = self._services
        if wants_weighted:
            # Weights are computed of all that was answered.
            return await releases.shown(services.storage, services.register, row)
        return await releases.seen(
            self._remembered, services.storage, services.register, row, briefed=True
        )

    async def decide(self, request: Request, member: Member) -> Response:
        """Let a group that looks like a machine's count, or not; the other way round at any time."""
        form = await posted(request)
        id, counts = number_in(form.value("id")), form.value("counts") == "1"
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            found = row is not None and await crowds.decide(
                tx, row.id, id, counts=counts, made_by=member.name, at=now_ms()
            )
            if row is not None and found:
                what = "counts" if counts else "does not count"
                await gate.audit(tx, member, "decide crowd", f"{row.code} group {id}", what)
        if row is None or not found:
            return await self._missing(request, member)
        return RedirectResponse(f"/staff/c/{row.code}/results#crowds", 303)


def _of_when(now: releases.Shown) -> datetime | None:
    """The local time of counts that are no longer of this minute: of many it takes long to count them."""
    at = now.counted_at
    return local(at) if at is not None and now_ms() - at >= TOLD_FROM_MS else None


def weighted_view(
    questions: Sequence[Weighed], council: Council, summary: Summary, responses: Responses
) -> Summary:
    """The results of these questions as if women, men and ages had answered as they live there."""
    tables = []
    results = {table.id: table for table in summary.tables}
    for question in questions:
        shown = results.get(question.table)
        if shown is None:
            continue
        if any(isinstance(cell, Suppressed) for line in shown.rows for cell in line) and all(
            isinstance(line[2], Suppressed) for line in shown.rows
        ):
            continue  # Held back as a whole: weights would tell what the table does not.
        made = weighted(
            responses.standing,
            council,
            question.ticks,
            exclusive=question.exclusive,
            hidden=hidden_ids(shown),
        )
        tables.append(weighted_table(shown.id, question.title, question.labels, made))
    return replace(summary, tables=tuple(tables))


@dataclass(frozen=True, slots=True)
class Small:
    """One question on top of the page: its answers, with the length of each bar in percent and the count."""

    title: str
    rows: list[tuple[str, float | None, str]]


def smalls_of(shown: Rendered) -> list[Small]:
    """The questions that can be drawn, the first of them."""
    bars = charts_of(shown)
    drawn = [s for s in shown.sheets if s.id not in PARTICIPANTS and can_be_drawn(s)]
    return [_small(sheet, shown, bars[sheet.id]) for sheet in drawn[:MOST_SMALL]]


def _small(sheet: Sheet, shown: Rendered, bars: Sequence[float | None]) -> Small:
    count = next(n for n, c in enumerate(sheet.columns) if c.kind == "count")
    return Small(
        sheet.title,
        [
            (number(row[0]) or str(row[0] or ""), bar, number(row[count]) or shown.hidden)
            for row, bar in zip(sheet.rows[:SMALL_ROWS], bars, strict=False)
        ],
    )


def charts_of(shown: Rendered) -> dict[str, list[float | None]]:
    """Table -> how long the bar of each row is, in percent of the longest; None where it is hidden."""
    found: dict[str, list[float | None]] = {}
    for sheet in shown.sheets:
        counts = next((n for n, c in enumerate(sheet.columns) if c.kind == "count"), None)
        if sheet.chart != "bar" or counts is None:
            continue
        values = [row[counts] for row in sheet.rows]
        known = [v for v in values if isinstance(v, int)]
        most = max(known, default=0) or 1
        found[sheet.id] = [v * 100 / most if isinstance(v, int) else None for v in values]
    return found
