"""The public page of a council: for people, in a frame on another site, for programs, as a feed.

    /c/{council}  /c/{council}/embed  /c/{council}.json  /c/{council}/feed.xml

No login, no cookie is set, nothing personal. An answer stands for a minute; who asks again with its
ETag is told that nothing has changed.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote
from xml.etree import ElementTree

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.reports.rendered import printable
from bot.results.public_record import Record, Section, moment_text, plain, plain_head
from bot.results.publishing import FRESH, Published, Records
from bot.services import Services
from bot.web.citizens.council_words import Words
from bot.web.frame.headers import content_policy
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import Pages, language_of
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording.text import msg

#: Seconds for which a browser or a proxy may keep an answer.
KEPT = 60

#: What anybody's program may read from a page of another site.
SHARED = {"access-control-allow-origin": "*"}

#: Answers that differ by the reader's language.
VARY = {"vary": "Accept-Language, Cookie"}

#: Entries of the feed get ids of this space: they stay when the address of the server changes.
SPACE = uuid.UUID("6b0f9c0e-6d0b-4a53-9f5c-2f8f7b8c1d41")
ATOM = "http://www.w3.org/2005/Atom"
#: What the feed says of the ledger, beside Atom.
LEDGER = "urn:tachawor:ledger"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: Most entries of a feed.
ENTRIES = 50

PATHS: Mapping[str, str] = {
    "page": "/c/{council}",
    "embed": "/c/{council}/embed",
    "json": "/c/{council}.json",
    "feed": "/c/{council}/feed.xml",
}

TYPES: Mapping[str, str] = {
    "page": "text/html; charset=utf-8",
    "embed": "text/html; charset=utf-8",
    "json": "application/json",
    "feed": "application/atom+xml; charset=utf-8",
}


class CouncilPages(PageGroup):
    """The public pages of all councils, computed once in `seconds`."""

    def __init__(
        self, services: Services, pages: Pages, sections: Sequence[Section], seconds: float = FRESH
    ) -> None:
        super().__init__(services, pages)
        self.records = Records(
            services.storage,
            services.register,
            services.channels,
            sections,
            services.vault,
            seconds,
        )

    def routes(self) -> list[Route]:
        """The routes; none of them needs a session."""
        return [
            # The first that fits is taken, and a council's code fits all that has no slash.
            Route(PATHS["json"], self.json),
            Route(PATHS["feed"], self.feed),
            Route(PATHS["embed"], self.embed),
            Route(PATHS["page"], self.page),
        ]

    async def page(self, request: Request) -> Response:
        """For people."""

        def made(record: Record, language: str) -> bytes:
            return self._html("council.html", record, language)

        return await self._answer(request, "page", made, VARY)

    async def embed(self, request: Request) -> Response:
        """The same in a frame on the council's own site."""

        def made(record: Record, language: str) -> bytes:
            return self._html("council_embed.html", record, language)

        id = self._find(request)
        origins = self._services.register.council(id).embed_on if id is not None else ()
        policy = {"content-security-policy": content_policy(origins)}
        return await self._answer(request, "embed", made, VARY | policy)

    async def json(self, request: Request) -> Response:
        """For programs; docs/public-data.md describes it."""

        def made(record: Record, _: str) -> bytes:
            return msgspec.json.encode(plain(record, self._services.config.public_url))

        return await self._answer(request, "json", made, SHARED)

    async def feed(self, request: Request) -> Response:
        """What opened, closed, was handed in or decided, as Atom."""

        def made(record: Record, language: str) -> bytes:
            return atom(record, language, self._services.config.public_url)

        return await self._answer(request, "feed", made, SHARED | VARY)

    # ------------------------------------------------------------------ answering

    async def _answer(
        self,
        request: Request,
        format: str,
        made: Callable[[Record, str], bytes],
        headers: Mapping[str, str],
    ) -> Response:
        id = self._find(request)
        if id is None:
            return self._unknown(request, format)
        code = self._services.register.council(id).code.lower()
        if request.path_params["council"] != code:
            query = f"?{request.url.query}" if request.url.query else ""
            # Without the host: it is the reader's word, and others may be given this answer.
            return RedirectResponse(PATHS[format].replace("{council}", quote(code)) + query, 301)
        language = language_of(request, LANGUAGE_NAMES)
        body, tag = _kept(await self.records.of(id), format, language, made)
        headers = {**headers, "etag": tag, "cache-control": f"public, max-age={KEPT}"}
        if is_known(request.headers.get("if-none-match", ""), tag):
            # With its headers: a browser puts them in the place of those it has kept.
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=TYPES[format], headers=headers)

    def _find(self, request: Request) -> int | None:
        wanted = request.path_params["council"].lower()
        for id, council in self._services.register.all().items():
            if council.code.lower() == wanted:
                return id
        return None

    def _unknown(self, request: Request, format: str) -> Response:
        if format == "json":
            return JSONResponse({"error": "there is no such council"}, 404, headers=SHARED)
        if format == "feed":
            return PlainTextResponse("there is no such council\n", 404, headers=SHARED)
        return self._pages.show(
            request, "council_missing.html", 404, languages=LANGUAGE_NAMES, missing=MISSING
        )

    def _html(self, name: str, record: Record, language: str) -> bytes:
        html = self._pages.html(
            language,
            name,
            languages=LANGUAGE_NAMES,
            record=record,
            view=Words(record, language),
            address=f"{self._services.config.public_url}/c/{quote(record.code.lower())}",
        )
        return html.encode()


MISSING = msg("public.missing")


def _kept(
    published: Published, format: str, language: str, made: Callable[[Record, str], bytes]
) -> tuple[bytes, str]:
    """A page of a record and its ETag, made once for each language."""
    key = (format, "" if format == "json" else language)
    if key not in published.pages:
        body = made(published.record, language)
        published.pages[key] = (body, tag_of(body))
    return published.pages[key]


def tag_of(body: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(asked: str, tag: str) -> bool:
    """Whether If-None-Match names this ETag; a proxy may have made it a weak one."""
    names = [name.strip().removeprefix("W/") for name in asked.split(",")]
    return tag in names or "*" in names


# --------------------------------------------------------------------------- the feed


def atom(record: Record, language: str, public_url: str) -> bytes:
    """The news of a council as an Atom feed in a language, the latest first."""
    words = Words(record, language)
    page = f"{public_url}/c/{quote(record.code.lower())}"
    entries = sorted(words.news(), key=lambda one: -one.at)[:ENTRIES]
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {LANG: language})

    def add(parent: ElementTree.Element, name: str, text: str = "", **more: str) -> None:
        made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", more)
        made.text = printable(text) or None

    def named(*parts: str) -> str:
        return uuid.uuid5(SPACE, "/".join((record.code, language, *parts))).urn

    add(feed, "id", named("feed"))
    add(feed, "title", words.name)
    latest = max((one.at for one in entries), default=0)
    add(feed, "updated", moment_text(latest) or "")
    if record.ledger is not None:
        # Whoever keeps feeds keeps the heads of the ledger with them.
        ElementTree.SubElement(feed, f"{{{LEDGER}}}head", plain_head(record.ledger))
    add(feed, "link", rel="self", href=f"{page}/feed.xml?lang={language}")
    add(feed, "link", rel="alternate", type="text/html", href=f"{page}?lang={language}")
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    add(author, "name", words.council)
    for one in entries:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        add(entry, "id", named(one.id))
        add(entry, "title", words.text(one.title))
        add(entry, "updated", moment_text(one.at) or "")
        href = f"{public_url}/results/{one.code}" if one.results else page
        add(entry, "link", rel="alternate", type="text/html", href=f"{href}?lang={language}")
        add(entry, "summary", words.text(one.text))
    ElementTree.register_namespace("", ATOM)
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body
