"""What a person sees when a page does not exist or something broke: a sentence, never a traceback."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

NOT_FOUND = "هذه الصفحة غير موجودة.\nCette page n’existe pas.\nThere is no such page.\n"
REFUSED = (
    "تعذرت معالجة هذا الطلب.\n"
    "Cette demande ne peut pas être traitée.\n"
    "This request cannot be handled.\n"
)
#: Seconds after which somebody who met an unavailable database may ask again.
AGAIN_SECONDS = 5

BROKEN = (
    "حدث خطأ من جهتنا. المرجو المحاولة بعد قليل.\n"
    "Une erreur s’est produite de notre côté. Réessayez dans un moment.\n"
    "Something broke on our side. Please try again in a moment.\n"
)


async def refused(request: Request, error: Exception) -> Response:
    """A page that does not exist, or a method it does not take."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse(NOT_FOUND if status == 404 else REFUSED, status, headers=headers)


async def unavailable(request: Request, error: Exception) -> Response:
    """The database does not work now: whoever asks, a provider too, is to ask again."""
    return PlainTextResponse(BROKEN, 503, headers={"Retry-After": str(AGAIN_SECONDS)})


async def broken(request: Request, error: Exception) -> Response:
    """A bug of ours; the log has its trace."""
    return PlainTextResponse(BROKEN, 500)
