"""What a person sees when a page does not exist, is refused, or something broke: a sentence, never a traceback."""

from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.web.frame.pages import language_of
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording import render
from flows.wording.text import RIGHT_TO_LEFT, Message, Value

#: Seconds after which somebody who met an unavailable database may ask again.
AGAIN_SECONDS = 5

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>Tachawor</title>
  <link rel="stylesheet" href="/static/pages.css">
</head>
<body><main id="main"><h1>تشاور · Tachawor</h1><p role="alert">{said}</p></main></body>
</html>
"""


def page(request: Request, status: int, entry: str, **values: Value) -> Response:
    """A page that says one sentence of the catalogue, in the reader's language."""
    language = language_of(request, LANGUAGE_NAMES)
    html = _PAGE.format(
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        said=escape(render(Message(entry, values), language)),
    )
    return HTMLResponse(html, status, headers={"cache-control": "no-store"})


async def refused(request: Request, error: Exception) -> Response:
    """A page that does not exist, a method it does not take, a form that is too large."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    entry = {404: "web.not_found", 413: "web.too_much"}.get(status, "web.refused")
    response = page(request, status, entry)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def unavailable(request: Request, error: Exception) -> Response:
    """The database does not work now: whoever asks, a provider too, is to ask again."""
    response = page(request, 503, "web.broken")
    response.headers["Retry-After"] = str(AGAIN_SECONDS)
    return response


async def broken(request: Request, error: Exception) -> Response:
    """A bug of ours; the log has its trace."""
    return page(request, 500, "web.broken")
