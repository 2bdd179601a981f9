"""What a request must be before any page looks at it: for a host of ours, from our own page, not too large.

    Intake (hosts, origin, size) -> SecurityHeaders -> router -> gate -> page

A page that takes more than `SMALL` says so with `widen` once it knows who asks: without a session
nothing larger is read.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.frame import errors

#: Bytes of a request's body where its page asks for no more.
SMALL = 64 * 1024

#: Machines call these by whatever address they have, and nothing in their answers repeats it.
ANY_HOST = ("/health", "/healthz", "/readyz", "/metrics")

#: The providers' own; they are told from others by what they sign or know.
WEBHOOKS = "/webhooks/"

_LIMIT = "tachawor.largest"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104


class Hosts:
    """By which names we are called: the one of `public_url`, and this machine's own."""

    def __init__(self, public_url: str, listening: str) -> None:
        public = urlsplit(public_url).hostname if public_url else None
        self._names = {*_LOCAL, listening.lower(), *([public] if public else [])}
        #: Without a `public_url` who listens on every address is found by any of them.
        self._numbers = not public and listening in _EVERYWHERE

    def ours(self, host: str) -> bool:
        """Whether a Host header, with or without a port, is one of ours."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if not name or "@" in host:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._numbers


class Intake:
    """Refuses what no page should see, in the reader's language."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, if it may come in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if scope["path"] not in ANY_HOST and not self._hosts.ours(request.headers.get("host", "")):
            await errors.page(request, 400, "web.wrong_host")(scope, receive, send)
            return
        webhook = scope["path"].startswith(WEBHOOKS)
        if request.method not in ("GET", "HEAD") and not webhook and not from_here(request):
            await errors.page(request, 403, "web.elsewhere")(scope, receive, send)
            return
        scope[_LIMIT] = SMALL
        seen = 0

        async def measured() -> Message:
            nonlocal seen
            if not seen and _length(request) > scope[_LIMIT]:
                raise HTTPException(413)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > scope[_LIMIT]:
                raise HTTPException(413)
            return message

        await self._app(scope, measured, send)


def widen(request: Request, size: int) -> None:
    """Let so many bytes of the body be read, at the least `SMALL`."""
    request.scope[_LIMIT] = max(size, SMALL)


def too_large(request: Request) -> bool:
    """Whether the request says of itself that it is larger than may be read."""
    largest: int = request.scope[_LIMIT]
    return _length(request) > largest


def from_here(request: Request) -> bool:
    """Whether a request was sent by our own page, as far as browsers say it (cookies are SameSite beside this)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            return False
        if request.headers.get("origin") == "null":
            # A page that tells nobody where it is; the browser has said that it is ours.
            return True
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.url.netloc


def _length(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 2**63
