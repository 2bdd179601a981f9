"""The public page of a programme, and the same for programs. No login, nothing personal."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.kinds.openness.public import PATH, Shown, plain, shown
from bot.results.public_record import ISOLATES
from bot.results.publishing import COUNCILS, FRESH
from bot.services import Services
from bot.web.citizens.council_page import KEPT, SHARED, VARY, is_known, tag_of
from bot.web.citizens.council_words import Own, own_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of
from flows.dialog.facts import Texts
from flows.dialog.languages import LANGUAGE_NAMES
from flows.statistics.summary import SMALLEST
from flows.wording import render
from flows.wording.text import LANGUAGES, Text


@dataclass(slots=True)
class _Seen:
    """What was read of a programme, and until when that stands (monotonic seconds)."""

    found: Shown | None
    until: float


class ProgrammePage(PageGroup):
    """The page of one programme, read once in `seconds` however often it is asked for."""

    def __init__(self, services: Services, pages: Pages, seconds: float = FRESH) -> None:
        super().__init__(services, pages)
        self._seconds = seconds
        self._seen: dict[tuple[int, str], _Seen] = {}

    def routes(self) -> list[Route]:
        """The routes; none of them needs a session."""
        return [
            # The first that fits is taken, and a code fits all that has no slash.
            Route(f"{PATH}.json", self.json),
            Route(PATH, self.page),
        ]

    async def page(self, request: Request) -> Response:
        """For people."""
        council_id, found = await self._found(request)
        if council_id is None or found is None:
            return self._pages.show(request, "not_found_public.html", 404, languages=LANGUAGE_NAMES)
        council = self._services.register.council(council_id)
        language = language_of(request, LANGUAGE_NAMES)

        def own(texts: Texts) -> Own:
            return own_in(texts, language, council.language)

        def said(text: Text) -> str:
            return render(text, language, council.language)

        html = self._pages.html(
            language,
            "public_programme.html",
            languages=LANGUAGE_NAMES,
            one=found,
            council=council,
            own_in=own,
            said=said,
            path=f"/c/{quote(council.code.lower())}",
            smallest=SMALLEST,
            embedded=False,
        )
        return _answered(request, html.encode(), "text/html; charset=utf-8", VARY)

    async def json(self, request: Request) -> Response:
        """For programs."""
        council_id, found = await self._found(request)
        if council_id is None or found is None:
            return JSONResponse({"error": "there is no such programme"}, 404, headers=SHARED)
        default = self._services.register.council(council_id).language

        def said(text: Text) -> dict[str, str]:
            return {code: render(text, code, default).translate(ISOLATES) for code in LANGUAGES}

        body = msgspec.json.encode(plain(found, said))
        return _answered(request, body, "application/json", SHARED)

    async def _found(self, request: Request) -> tuple[int | None, Shown | None]:
        """The council, and the programme of it that is asked for."""
        wanted = request.path_params["council"].lower()
        code = request.path_params["code"].upper()
        councils = self._services.register.all().items()
        council_id = next((id for id, one in councils if one.code.lower() == wanted), None)
        if council_id is None:
            return None, None
        seen = self._seen.get((council_id, code))
        if seen is None or seen.until <= time.monotonic():
            async with self._services.storage.reading() as tx:
                found = await shown(tx, self._services.register, council_id, code)
            seen = _Seen(found, time.monotonic() + self._seconds)
            if found is not None:
                # What is not there is not remembered: anybody may ask for any name.
                if len(self._seen) >= COUNCILS:
                    del self._seen[next(iter(self._seen))]
                self._seen[council_id, code] = seen
        return council_id, seen.found


def _answered(request: Request, body: bytes, type: str, more: Mapping[str, str]) -> Response:
    """The answer, which may be kept for a minute; who has it already is told so."""
    tag = tag_of(body)
    headers = {**more, "etag": tag, "cache-control": f"public, max-age={KEPT}"}
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=type, headers=headers)
