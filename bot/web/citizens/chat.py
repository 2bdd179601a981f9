"""The chat page, and what it calls: send a message, read what has come."""

import asyncio
import re
import secrets
from collections.abc import Coroutine
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from bot.channels.port import Arrival, BadWebhook, Uploading, address_of
from bot.conversation.erasure import copy_named
from bot.core.localtime import local_day, now_ms
from bot.outbox.media_files import LIMITS
from bot.services import Services
from bot.staff import crowds
from bot.web.citizens import home
from bot.web.citizens.transcript import said_to, with_own
from bot.web.frame import errors, intake
from flows.dialog.languages import LANGUAGE_NAMES
from flows.statistics.crowds import HASTE_MS
from flows.wording import render
from flows.wording.text import LANGUAGES, RIGHT_TO_LEFT, Translated, msg

#: A chat key of ours is never shorter, in characters.
SHORTEST_KEY = 16

COOKIE = "tachawor_chat"
#: Says that this browser has opened the page: a script that only posts has none.
SEEN = "tachawor_page"
#: How the page looks in this browser.
LOOK = "tachawor_look"
LOOKS = ("letters", "contrast")
YEAR = 365 * 24 * 60 * 60

#: Seconds that a request for news may wait for some.
PATIENCE = 25.0

#: Seconds of a voice note that are believed.
LONGEST_VOICE = 3600

#: Chats whose pace is remembered.
REMEMBERED = 20_000

#: Most bytes of what is sent at once: the largest file, and the words beside it.
LARGEST = max(LIMITS.values()) + 100_000

#: Entries of the catalogue that the page needs in its script.
WORDS = (
    "title", "write", "send", "attach", "voice", "voice_stop", "location", "offline", "online",
    "sending", "failed", "you", "council", "messages", "no_location", "no_microphone",
    "skip_link", "staff", "start", "no_script", "refresh", "remove", "letters", "contrast",
    "listen", "picture", "too_long", "home", "home_name", "home_add", "private",
)  # fmt: skip


class ChatPage:
    """The chat page. Its template is rendered without a frame: it works without a session."""

    def __init__(self, services: Services, web: Uploading, templates: Environment) -> None:
        self._services = services
        self._web = web
        self._templates = templates
        self._news = News()
        services.conversations.listeners.append(self._news.tell)
        #: Address -> when its last message came (ms), and how many came at once after another.
        self._pace: dict[str, tuple[int, int]] = {}

    def routes(self) -> list[Route]:
        """Every route; none of them needs a session."""
        return [
            Route("/", self.page),
            Route("/chat/send", self.send, methods=["POST"]),
            Route("/chat/messages", self.messages),
            Route("/chat/media/{name}", self.media),
            Route("/chat/forget", self.forget, methods=["POST"]),
            Route("/chat/who", self.who, methods=["POST"]),
            Route("/chat-worker.js", self.worker),
            Route("/my-data/{name}/{ticket}", self.my_data),
        ]

    async def page(self, request: Request) -> Response:
        """The chat page with what was said so far."""
        key = request.cookies.get(COOKIE, "")
        if len(key) < SHORTEST_KEY:
            key = secrets.token_urlsafe(32)
        chosen = chosen_language(request)
        if request.query_params.get("look") in LOOKS:
            return other_look(request)
        messages = await said_to(self._services, key, 0)
        if chosen and messages:
            # The conversation speaks it too; then the page follows what is said there.
            await self._speak(key, chosen, messages[-1]["language"])
            start = request.query_params.get("c", "")
            return RedirectResponse(f"/?{urlencode({'c': start})}" if start else "/#end", 303)
        language = messages[-1]["language"] if messages else page_language(request)
        council = self._services.register.default
        html = self._templates.get_template("chat.html").render(
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            languages=LANGUAGE_NAMES,
            words={
                **{name: render(msg(f"web.{name}"), language) for name in WORDS},
                "page": render(msg("public.page"), language),
            },
            code=council.code.lower(),
            council=render(Translated(council.name), language, council.language),
            messages=await with_own(self._services, key, messages, language),
            last=messages[-1]["id"] if messages else "",
            look=look_of(request),
            chat=address_of(key)[:12],
            home=[(one.name, one.key == key) for one in home.of_home(request)],
            most_at_home=home.MOST,
            longest_name=home.LONGEST_NAME,
            start=request.query_params.get("c", ""),
            chosen=chosen,
            message_id=secrets.token_hex(12),
        )
        response = HTMLResponse(html, headers={"cache-control": "no-store"})
        remember(response, request, key)
        until = now_ms() + YEAR * 1000
        ticket = self._services.vault.stamp(f"page:{address_of(key)}", until)
        remember(response, request, ticket, SEEN)
        return response

    async def _speak(self, key: str, language: str, spoken: str) -> None:
        """Have the conversation go on in the language that was chosen in the page's header."""
        if language == spoken:
            return
        body = {"key": key, "id": secrets.token_hex(12), "chosen": language, "switches": True}
        read = self._web.read(body, now_ms())
        await self._services.conversations.receive([a for a in read if isinstance(a, Arrival)])

    def _origin(self, request: Request, key: str) -> dict[str, Any]:
        """What is known of how somebody comes here: whether they opened the page, and their network."""
        vault, at = self._services.vault, now_ms()
        ticket = request.cookies.get(SEEN, "")
        host = request.client.host if request.client is not None else ""
        address = address_of(key)
        last, quick = self._pace.pop(address, (0, 0))
        quick += at - last < HASTE_MS
        self._pace[address] = (at, quick)
        if len(self._pace) > REMEMBERED:
            del self._pace[next(iter(self._pace))]
        return {
            "opened": vault.stamped(ticket, f"page:{address}", at),
            "quick": quick,
            "network": crowds.network_of(vault, host, local_day(at).isoformat()),
        }

    async def send(self, request: Request) -> Response:
        """What the citizen said or tapped, with its files."""
        key = request.cookies.get(COOKIE)
        if key is None:
            return errors.page(request, 403, "web.open_first")
        if self._services.vault.stamped(
            request.cookies.get(SEEN, ""), f"page:{address_of(key)}", now_ms()
        ):
            # Only who has opened the page sends photos: a key alone is quickly invented.
            intake.widen(request, LARGEST)
        if intake.too_large(request):
            megabytes = max(LIMITS.values()) // 1_000_000
            return errors.page(request, 413, "chat.too_large", megabytes=megabytes)
        try:
            async with request.form(max_files=4, max_fields=20) as form:
                origin = self._origin(request, key)
                arrivals = await _read(self._web, key, form, request, origin)
        except (BadWebhook, ValueError):
            return errors.page(request, 400, "web.refused")
        after = number_of(request.query_params.get("after", "0")) or 0
        await self._services.conversations.receive(arrivals)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"messages": await said_to(self._services, key, after)})
        return RedirectResponse("/#end", 303)

    async def messages(self, request: Request) -> Response:
        """What has come since; with `wait`, as soon as there is something."""
        key = request.cookies.get(COOKIE)
        if key is None:
            return errors.page(request, 403, "web.open_first")
        after = number_of(request.query_params.get("after", "0"))
        if after is None:
            return errors.page(request, 400, "web.refused")
        waiting = self._news.expect("web", address_of(key))
        found = await said_to(self._services, key, after)
        if not found and request.query_params.get("wait"):
            await first_of(waiting.wait(), gone(request), seconds=PATIENCE)
            found = await said_to(self._services, key, after)
        self._news.forget("web", address_of(key), waiting)
        return JSONResponse({"messages": found}, headers={"cache-control": "no-store"})

    async def media(self, request: Request) -> Response:
        """A file of a published definition or a message."""
        path = self._services.media.published(request.path_params["name"])
        if path is None:
            return errors.page(request, 404, "web.no_file")
        return FileResponse(path)

    async def forget(self, request: Request) -> Response:
        """Leave the chat on this device."""
        response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE)
        response.delete_cookie(SEEN)
        response.delete_cookie(home.HOME)
        # What the page kept in this browser goes too: what was not sent yet, and the page for when there is no network.
        response.headers["clear-site-data"] = '"cache", "storage"'
        return response

    async def who(self, request: Request) -> Response:
        """Somebody else of the home sits at this browser: another chat, known or new."""
        key = request.cookies.get(COOKIE)
        if key is None:
            return errors.page(request, 403, "web.open_first")
        form = await request.form()
        members = home.of_home(request)
        response = RedirectResponse("/#end", 303)
        chosen = number_of(text_of(form, "who") or "")
        name = (text_of(form, "name") or "").strip()
        if chosen is not None and chosen < len(members):
            remember(response, request, members[chosen].key)
        elif name:
            fresh = secrets.token_urlsafe(32)
            first = render(msg("web.home_first"), page_language(request))
            more = home.with_one_more(members, home.Member(first, key), name, fresh)
            remember(response, request, home.kept(more), home.HOME)
            if more[-1].key == fresh:
                remember(response, request, fresh)
        return response

    async def worker(self, request: Request) -> Response:
        """The script that shows the chat without network; it may see the whole site only from here."""
        path = Path(str(resources.files("bot.web") / "static")) / "chat-worker.js"
        headers = {"cache-control": "no-cache"}
        return FileResponse(path, media_type="text/javascript", headers=headers)

    async def my_data(self, request: Request) -> Response:
        """The copy of one’s own data that a link leads to."""
        name, ticket = request.path_params["name"], request.path_params["ticket"]
        if not self._services.vault.stamped(ticket, f"export:{name}", now_ms()):
            return errors.page(request, 410, "web.copy_old")
        async with self._services.storage.reading() as tx:
            copy = await copy_named(tx, self._services.vault, name)
        if copy is None:
            return errors.page(request, 410, "web.copy_old")
        headers = {
            "content-disposition": 'attachment; filename="my-data.json"',
            "cache-control": "no-store",
        }
        return Response(copy, media_type="application/json", headers=headers)


def number_of(text: str) -> int | None:
    """An id from a query, None if it is none."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def text_of(form: Any, name: str) -> str | None:
    """A field of a form, None if it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else None


async def gone(request: Request) -> None:
    """Return when the browser has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def first_of(*jobs: Coroutine[Any, Any, Any], seconds: float) -> None:
    """Return when one of the jobs is done, or after some seconds."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


class News:
    """Wakes the requests that wait for something new at an address."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], set[asyncio.Event]] = {}

    def expect(self, channel: str, address: str) -> asyncio.Event:
        """An event that is set when something new is there."""
        event = asyncio.Event()
        self._waiting.setdefault((channel, address), set()).add(event)
        return event

    def forget(self, channel: str, address: str, event: asyncio.Event) -> None:
        """The request waits no longer."""
        waiting = self._waiting.get((channel, address), set())
        waiting.discard(event)
        if not waiting:
            self._waiting.pop((channel, address), None)

    def tell(self, channel: str, address: str) -> None:
        """Something new is there."""
        for event in self._waiting.get((channel, address), ()):
            event.set()


async def _read(
    web: Uploading, key: str, form: Any, request: Request, origin: dict[str, Any]
) -> list[Arrival]:
    """The arrival that a posted form means."""
    media = []
    for name in ("photo", "voice", "file"):
        for upload in form.getlist(name):
            if isinstance(upload, UploadFile) and upload.filename:
                content = await upload.read(max(LIMITS.values()) + 1)
                kind = "document" if name == "file" else name
                length = number_of(text_of(form, "seconds") or "")
                length = length if length is not None and length <= LONGEST_VOICE else None
                if content:
                    media.append(web.upload(content, kind, length))
    location = None
    latitude, longitude = text_of(form, "latitude"), text_of(form, "longitude")
    if latitude and longitude:
        location = (latitude, longitude)
    body = {
        "key": key,
        **{name: text_of(form, name) for name in ("id", "text", "token", "start")},
        "media": media,
        "location": location,
        "language": page_language(request),
        "chosen": chosen if (chosen := text_of(form, "lang") or "") in LANGUAGES else None,
        **origin,
    }
    return [item for item in web.read(body, now_ms()) if isinstance(item, Arrival)]


def chosen_language(request: Request) -> str:
    """The language that a link or the page's header chose, "" for none."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else ""


def page_language(request: Request) -> str:
    """The page's language where nothing was said yet: chosen by link, else the browser's first that we have."""
    if chosen := chosen_language(request):
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "ar"


def look_of(request: Request) -> list[str]:
    """How the page is to look: larger letters, stronger contrast, both or neither."""
    return [one for one in LOOKS if one in request.cookies.get(LOOK, "").split(".")]


def other_look(request: Request) -> Response:
    """Have the page look so from now on, or no longer."""
    asked = request.query_params["look"]
    looks = set(look_of(request)) ^ {asked}
    response = RedirectResponse("/#end", 303)
    remember(response, request, ".".join(sorted(looks)) or "plain", LOOK)
    return response


def remember(response: Response, request: Request, key: str, name: str = COOKIE) -> None:
    """Set a cookie; the chat's is all that ties a browser to a conversation."""
    response.set_cookie(
        name,
        key,
        max_age=YEAR,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
