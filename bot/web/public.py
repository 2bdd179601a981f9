"""Pages for everyone: what came of a closed consultation. No login, no personal data."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import summaries
from bot.app import App
from bot.reports.rendered import rendered
from bot.web.pages import Pages, language_of
from flows.text import msg


def routes(app: App, pages: Pages) -> list[Route]:
    """The public routes."""

    async def results(request: Request) -> Response:
        async with app.storage.reading() as tx:
            row = await app.register.by_code(tx, request.path_params["code"])
            if row is None or row["state"] not in ("closed", "archived"):
                return pages.show(request, "not_found_public.html", 404)
            summary, responses = await summaries.summary_of(app, tx, row)
            decisions = await tx.rows("decisions_of", consultation_id=row["id"])
        facts = summaries.report_facts(app, row, len(responses.standing))
        shown = rendered(summary, language_of(request), facts)
        return pages.show(
            request,
            "results.html",
            council=app.register.council(row["council_id"]),
            shown=shown,
            # What citizens wrote in their own words is for the council; counts are for everyone.
            sheets=[sheet for sheet in shown.sheets if sheet.chart == "bar"],
            decisions=[
                {"texts": msgspec.json.decode(d["texts"]), "day": d["day"]} for d in decisions
            ],
            example=msg("example.notice"),
        )

    return [Route("/results/{code}", results)]
