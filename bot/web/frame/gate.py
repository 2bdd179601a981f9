"""Who may do what on the staff pages: one gate, asked by every route.

    intake -> session -> member -> role allows the action? -> handler

A route names its action in `site.POLICIES` ("staff: publish"); one that names none fails the tests.
What belongs to another council is as if it were not there, and the attempt is recorded.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core import audit as log
from bot.outreach import broadcasts, prompts
from bot.results import requests
from bot.services import Services
from bot.staff import accounts, approvals, second_factor
from bot.staff.accounts import Member
from bot.web.frame import intake
from bot.web.frame.pages import Pages, language_of
from bot.web.frame.roles import ROLES
from bot.web.frame.roles import may as may
from flows.wording import render
from flows.wording.text import Translated
from storage.database import Transaction
from storage.rows import (
    StoredConsultation,
)
from storage.rows.broadcasts import Broadcast
from storage.rows.downloads import Download
from storage.rows.prompts import Prompt
from storage.rows.staff import Approval

COOKIE = "tachawor_staff"

#: The browser that asked for a sign-in link.
ASKED = "tachawor_asked"

#: A browser in which somebody signed in before.
KNOWN = "tachawor_known"

#: Where a session shows its second factor.
FACTOR = "/staff/second-factor"

#: Fields of forms that nobody typed: chosen from a list, or of our own.
QUIET = frozenset(
    {
        "once", "seen", "action", "sure", "kept", "token", "back", "id", "version", "media", "shown",
        "page", "other", "state", "status", "phrase", "theme", "nature", "assignee", "role",
        "what", "format", "language", "kind", "every", "late", "part", "key", "axis", "counted",
    }
)  # fmt: skip

Handler = Callable[[Request, Member], Awaitable[Response]]


def route(
    services: Services, pages: Pages, path: str, action: str, handler: Handler, methods: list[str]
) -> Route:
    """A route that only members whose role allows `action` get through."""

    async def guarded(request: Request) -> Response:
        async with services.storage.transaction() as tx:
            member = await signed_in(tx, request)
            if member is not None:
                await services.register.learn(tx, member.council_id)
            if (
                member is not None
                and member.role not in ROLES[action]
                and not second_factor.asked_of(member, services.register.council(member.council_id))
            ):
                await audit(tx, member, "refused", f"{action} {request.url.path}")
        if member is None:
            return await signed_out(services, pages, request)
        if second_factor.asked_of(member, services.register.council(member.council_id)):
            return RedirectResponse(FACTOR, 303)
        if member.role not in ROLES[action]:
            return pages.show(request, "refused.html", 403)
        return await handler(request, member)

    return Route(path, guarded, methods=methods, name=f"staff: {action}")


async def signed_out(
    services: Services, pages: Pages, request: Request, said: str = ""
) -> Response:
    """The page of who is not signed in. What they had typed stands in it, to be sent again."""
    typed: list[tuple[str, str]] = []
    files = False
    posted = request.method == "POST" and not request.url.path.startswith("/staff/sign-in")
    too_long = posted and intake.too_large(request)
    if posted and not too_long:
        form = await request.form()
        for name, value in form.multi_items():
            if isinstance(value, str):
                typed.append((name, value))
            else:
                files = files or bool(value.filename)
    language = language_of(request)
    return pages.show(
        request,
        "signed_out.html",
        401,
        said=said,
        # The page itself is a GET; its form leads back to where the reader wanted to go.
        path=request.url.path,
        typed=typed,
        shown=[v for name, v in typed if len(v) > 1 and v != "on" and name not in QUIET],
        files=files,
        too_long=too_long,
        asked=bool(request.cookies.get(cookie_name(request, ASKED))),
        councils=[
            (council.code, render(Translated(council.name), language, council.language))
            for council in services.register.all().values()
        ],
    )


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """Over https the name binds the cookie to this host (`__Host-`)."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def set_cookie(
    request: Request, response: Response, name: str, secret: str, milliseconds: int
) -> None:
    """A cookie that only our server reads, and only on our own pages."""
    response.set_cookie(
        cookie_name(request, name),
        secret,
        max_age=milliseconds // 1000,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


async def signed_in(tx: Transaction, request: Request) -> Member | None:
    """Who is signed in; being here counts as activity."""
    cookie = request.cookies.get(cookie_name(request))
    member = await accounts.member_of(tx, cookie)
    # A page that renews itself is nobody's activity.
    if member is not None and cookie is not None and "x-live" not in request.headers:
        await accounts.keep_awake(tx, cookie)
    return member


async def own_consultation(
    tx: Transaction, member: Member, code: str, kind: str = ""
) -> StoredConsultation | None:
    """A consultation of the member's own council, of any kind or of this one.

    Another council's is as if it were not there.
    """
    row = await listing.consultation(tx, member.council_id, code)
    return row if row is not None and kind in ("", row.kind) else None


async def own_broadcast(tx: Transaction, member: Member, id: str) -> Broadcast | None:
    """A broadcast of the member's own council."""
    return await broadcasts.broadcast(tx, member.council_id, int(id)) if _is_id(id) else None


async def own_prompt(tx: Transaction, member: Member, id: str) -> Prompt | None:
    """Something that the member's own council has planned."""
    return await prompts.prompt(tx, member.council_id, int(id)) if _is_id(id) else None


async def own_download(tx: Transaction, member: Member, id: str) -> Download | None:
    """A file that the member has asked for."""
    return await requests.request(tx, member.id, int(id)) if _is_id(id) else None


async def own_approval(tx: Transaction, member: Member, id: str) -> Approval | None:
    """A request for a second person within the member's own council."""
    return await approvals.request(tx, member.council_id, int(id)) if _is_id(id) else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


async def missed(services: Services, member: Member, request: Request) -> None:
    """Record that somebody reached for what is not theirs, or is not there."""
    async with services.storage.transaction() as tx:
        await audit(tx, member, "refused", request.url.path)


async def saw(tx: Transaction, member: Member, request: Request, object: str) -> None:
    """Note that a member of staff looked at something. A page that renews itself is nobody's look."""
    if "x-live" not in request.headers:
        await audit(tx, member, "see", object)


async def audit(
    tx: Transaction, member: Member, action: str, object: str, detail: str = ""
) -> None:
    """Note what a member of staff did."""
    await log.note(tx, member.council_id, member.name, action, object, detail)
