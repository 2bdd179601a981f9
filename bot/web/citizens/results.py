"""Pages for everyone: what came of a closed consultation. No login, no personal data."""

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.consultations import history
from bot.core import ledger
from bot.core.localtime import now_ms
from bot.reports.rendered import Rendered, rendered
from bot.results import summaries
from bot.results.over import final
from bot.results.public_record import changed_kinds
from bot.results.shown.remembered import Remembered
from bot.services import Services
from bot.web.citizens.council_page import SHARED
from bot.web.citizens.council_words import ledger_says
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of
from flows.dialog.languages import LANGUAGE_NAMES
from flows.statistics.summary import Summary
from flows.wording import render
from flows.wording.text import Message, msg
from storage.rows.broadcasts import ChangesOf


def told_changes(rows: list[ChangesOf], language: str) -> list[dict[str, Any]]:
    """What was changed after the opening, in words: the end, the languages, what is sent."""
    told = []
    for row in rows:
        kinds = changed_kinds(row.what)
        what = " · ".join(render(msg(f"changed.{kind}"), language) for kind in kinds)
        told.append({"at": row.at, "made_by": row.made_by, "what": what})
    return told


def _credit(summary: Summary, shown: Rendered) -> str | None:
    """The source of the census, where a sentence compares participants with it."""
    ids = [note.id for note in summary.notes if isinstance(note, Message)]
    if not any(id.startswith("summary.differ.") and id != UNKNOWN for id in ids):
        return None
    return next((sheet.note for sheet in shown.sheets if sheet.id == "census"), None)


#: Too few have told who they are: nothing of the census is shown.
UNKNOWN = "summary.differ.unknown"


class ResultPage(PageGroup):
    """The page of one closed consultation."""

    def __init__(self, services: Services, pages: Pages) -> None:
        super().__init__(services, pages)
        self._remembered = Remembered()

    def routes(self) -> list[Route]:
        """The route; it needs no session."""
        return [
            # The first that fits is taken.
            Route("/results/{code}.json", self.file),
            Route("/results/{code}", self.results),
        ]

    async def file(self, request: Request) -> Response:
        """The final result as it was made, byte for byte: the ledger has its SHA-256."""
        async with self._services.storage.reading() as tx:
            row = await self._services.register.by_code(tx, request.path_params["code"])
            found = None if row is None else await final.kept(tx, row)
        if found is None:
            return JSONResponse({"error": "there is no such result"}, 404, headers=SHARED)
        return Response(found.body, media_type="application/json", headers=SHARED)

    async def results(self, request: Request) -> Response:
        """What came of it, or that there is no such page."""
        async with self._services.storage.reading() as tx:
            row = await self._services.register.by_code(tx, request.path_params["code"])
            if row is None or row.state not in ("closed", "archived"):
                return self._pages.show(
                    request, "not_found_public.html", 404, languages=LANGUAGE_NAMES
                )
            file = await final.kept(tx, row)
            council = self._services.register.council(row.council_id)
            head = await ledger.signed_head(
                tx, self._services.vault, row.council_id, council.code, now_ms()
            )
            called_off = await history.was_called_off(tx, row)
            changes = await history.changes(tx, row.id)
            decisions = await history.decisions(tx, row.id)
        # Anybody may load this page as often as they like.
        made = await self._remembered.summary(
            self._services.storage, self._services.register, row, briefed=False
        )
        summary = made.summary
        facts = summaries.report_facts(self._services.register, row, made.standing)
        language = language_of(request, LANGUAGE_NAMES)
        shown = await run_in_threadpool(rendered, summary, language, facts)
        # What citizens wrote in their own words is for the council; counts are for everyone.
        told = {one.id for one in final.for_everyone(summary, row.kind)}
        return self._pages.show(
            request,
            "results.html",
            languages=LANGUAGE_NAMES,
            council=council,
            head=head,
            head_says=None if head is None else ledger_says(head),
            check=msg("public.ledger"),
            called_off=msg("public.called_off") if called_off else None,
            shown=shown,
            sheets=[one for one in shown.sheets if one.id in told],
            code=row.code,
            digest=None if file is None else file.digest,
            file_says=msg("public.final"),
            decisions=[{"texts": msgspec.json.decode(d.texts), "day": d.day} for d in decisions],
            changes=told_changes(changes, language),
            all_of_it=msg("public.page"),
            credit=_credit(summary, shown),
            example=msg("example.notice"),
        )
