"""Headers that every page carries, unless it brings its own."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.config import ORIGIN


def content_policy(framed_by: Iterable[str] = ()) -> str:
    """What a page may load, and who may show it in a frame: ourselves, and the origins given.

    What is no origin is left out: a header must never say what somebody wrote into it.
    """
    allowed = ["'self'", *(origin for origin in framed_by if ORIGIN.fullmatch(origin))]
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {' '.join(allowed)}"
    )


CONTENT_POLICY = content_policy()

HEADERS = [
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), microphone=(self), camera=()"),
]


class SecurityHeaders:
    """Adds the headers to everything but the webhooks, which answer machines."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to its answer."""
        if scope["type"] != "http" or scope["path"].startswith("/webhooks/"):
            await self._app(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            # No address of ours holds it, and PostgreSQL keeps no such text.
            scope = {**scope, "path": "/nowhere", "raw_path": b"/nowhere", "query_string": b""}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                more = [header for header in HEADERS if header[0] not in own]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, with_headers)
