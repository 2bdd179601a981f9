"""Who may do what on the staff pages: one gate, asked by every route.

    request -> session -> member -> role allows the action? -> handler

A route names its action in `site.POLICIES` ("staff: publish"); one that names none fails the tests.
What belongs to another council is as if it were not there, and the attempt is recorded.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import staff
from bot.app import App
from bot.localtime import now_ms
from bot.staff import Member
from bot.web.pages import Pages
from storage.database import Row, Transaction
from storage.ids import new_id

COOKIE = "tachawor_staff"

#: Action -> the roles that may do it.
ROLES: Mapping[str, frozenset[str]] = {
    "read": frozenset({"reader", "clerk", "organizer", "data", "admin"}),
    "download": frozenset({"reader", "clerk", "organizer", "data", "admin"}),
    "publish": frozenset({"organizer", "admin"}),
    "broadcast": frozenset({"organizer", "admin"}),
}

Handler = Callable[[Request, Member], Awaitable[Response]]


def route(
    app: App, pages: Pages, path: str, action: str, handler: Handler, methods: list[str]
) -> Route:
    """A route that only members whose role allows `action` get through."""

    async def guarded(request: Request) -> Response:
        if request.method == "POST" and not from_here(request):
            return pages.show(request, "refused.html", 403)
        async with app.storage.transaction() as tx:
            member = await signed_in(tx, request)
            if member is not None and member.role not in ROLES[action]:
                await audit(tx, member, "refused", f"{action} {request.url.path}")
        if member is None:
            return pages.show(request, "signed_out.html", 401)
        if member.role not in ROLES[action]:
            return pages.show(request, "refused.html", 403)
        return await handler(request, member)

    return Route(path, guarded, methods=methods, name=f"staff: {action}")


def from_here(request: Request) -> bool:
    """Whether a form was sent from our own page (the cookie is SameSite=strict beside this)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    # "null" is what a page of ours says under our no-referrer policy.
    return origin in (None, "null") or urlsplit(origin).netloc == request.url.netloc


def cookie_name(request: Request) -> str:
    """Over https the name binds the cookie to this host (`__Host-`)."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


async def signed_in(tx: Transaction, request: Request) -> Member | None:
    """Who is signed in; being here counts as activity."""
    cookie = request.cookies.get(cookie_name(request))
    member = await staff.member_of(tx, cookie)
    if member is not None and cookie is not None:
        await tx.run("touch_session", digest=staff.digest(cookie), at=now_ms())
    return member


async def own_consultation(tx: Transaction, member: Member, code: str) -> Row | None:
    """A consultation of the member's own council; another council's is as if it were not there."""
    row = await tx.row("consultation_by_code", code=code.upper())
    return row if row is not None and row["council_id"] == member.council_id else None


async def own_broadcast(tx: Transaction, member: Member, id: str) -> Row | None:
    """A broadcast of the member's own council."""
    row = await tx.row("broadcast", id=int(id)) if _is_id(id) else None
    return row if row is not None and row["council_id"] == member.council_id else None


async def own_prompt(tx: Transaction, member: Member, id: str) -> Row | None:
    """Something that the member's own council has planned."""
    row = await tx.row("prompt", id=int(id)) if _is_id(id) else None
    return row if row is not None and row["council_id"] == member.council_id else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


async def missed(app: App, member: Member, request: Request) -> None:
    """Record that somebody reached for what is not theirs, or is not there."""
    async with app.storage.transaction() as tx:
        await audit(tx, member, "refused", request.url.path)


async def audit(
    tx: Transaction, member: Member, action: str, object: str, detail: str = ""
) -> None:
    """Note what a member of staff did."""
    await tx.run(
        "add_audit",
        id=new_id(),
        council_id=member.council_id,
        actor=member.name,
        action=action,
        object=object[:300],
        detail=detail[:1000],
        at=now_ms(),
    )
