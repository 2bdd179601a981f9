"""The staff page: sign in with a one-time link, see the consultations, take the downloads."""

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import qr, staff, summaries
from bot.app import App
from bot.councils import head_of
from bot.localtime import now_ms
from bot.staff import Member
from flows.text import RIGHT_TO_LEFT, Translated, msg
from flows.wording import render
from storage.database import Row, Transaction
from storage.ids import new_id

COOKIE = "tachawor_staff"
LANGUAGES = ("ar", "fr", "en")

WORDS = (
    "title", "sign_in", "sign_in_ask", "sign_in_button", "sign_out", "link_old", "link_new",
    "consultations", "none", "code", "name", "kind", "state", "responses", "closes", "download",
    "no_end", "poster", "open_chat", "signed_in_as", "session_over", "quarantined", "links",
    "not_found", "why_suppressed",
)  # fmt: skip


def routes(app: App, pages: Environment) -> list[Route]:
    """The staff routes."""

    def shown(request: Request, name: str, status: int = 200, **values: object) -> Response:
        language = language_of(request)
        html = pages.get_template(name).render(
            language=language,
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            languages={"ar": "العربية", "fr": "Français", "en": "English"},
            words={word: render(msg(f"staff.{word}"), language) for word in WORDS},
            **values,
        )
        response = HTMLResponse(html, status, headers={"cache-control": "no-store"})
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie("tachawor_lang", language, max_age=31_536_000, samesite="lax")
        return response

    async def sign_in(request: Request) -> Response:
        secret = request.path_params["secret"]
        if request.method != "POST":
            # A preview of the link by a messenger (GET or HEAD) must not use it up: the button does.
            return shown(request, "sign_in.html", secret=secret)
        async with app.storage.transaction() as tx:
            cookie = await staff.use_link(tx, secret)
        if cookie is None:
            return shown(request, "link_old.html", 410)
        response = RedirectResponse("/staff", 303)
        response.set_cookie(
            cookie_name(request),
            cookie,
            max_age=staff.SESSION_MS // 1000,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path="/",
        )
        return response

    async def sign_out(request: Request) -> Response:
        cookie = request.cookies.get(cookie_name(request), "")
        async with app.storage.transaction() as tx:
            await tx.run("end_session", digest=staff.digest(cookie))
        response = RedirectResponse("/staff", 303)
        response.delete_cookie(cookie_name(request))
        return response

    async def overview(request: Request) -> Response:
        async with app.storage.transaction() as tx:
            member = await signed_in(tx, request)
            if member is None:
                return shown(request, "signed_out.html", 401)
            rows = await tx.rows("consultations")
            waiting = await tx.rows("quarantined")
        language = language_of(request)
        council = app.register.council(member.council_id)
        listed = [
            {
                "code": row["code"],
                "title": render(Translated(head_of(row).title), language, council.language),
                "kind": render(msg(f"kind.{row['kind']}"), language),
                "state": render(msg(f"consultation.{row['state']}"), language),
                "responses": row["responses"],
                "closes": (row["closes_local"] or "").removesuffix(" Africa/Casablanca"),
                "links": app.links(row["code"]),
            }
            for row in rows
            if row["council_id"] == member.council_id
        ]
        return shown(
            request,
            "desk.html",
            member=member,
            council=render(Translated(council.name), language, council.language),
            example=render(msg("example.notice"), language) if council.example else "",
            consultations=listed,
            formats=tuple(summaries.TYPES),
            quarantined=len(waiting),
        )

    async def summary(request: Request) -> Response:
        code, format = request.path_params["code"], request.path_params["format"]
        async with app.storage.transaction() as tx:
            member = await signed_in(tx, request)
            if member is None:
                return shown(request, "signed_out.html", 401)
            row = await own_consultation(tx, member, code)
            if row is None or format not in summaries.TYPES:
                return shown(request, "not_found.html", 404)
            await audit(tx, member, "download", f"{row['code']}.{format}")
        async with app.storage.reading() as tx:
            content = await summaries.make(app, tx, row, format, language_of(request))
        name = f"{row['code']}.{format}"
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=summaries.TYPES[format], headers=headers)

    async def poster(request: Request) -> Response:
        async with app.storage.reading() as tx:
            member = await staff.member_of(tx, request.cookies.get(cookie_name(request)))
            row = (
                await own_consultation(tx, member, request.path_params["code"]) if member else None
            )
        if member is None:
            return shown(request, "signed_out.html", 401)
        if row is None:
            return shown(request, "not_found.html", 404)
        wanted = request.query_params.get("channel", "web")
        channel = app.channels.get(wanted)
        link = channel.link(row["code"]) if channel is not None else None
        if link is None:
            return PlainTextResponse(f"the channel {wanted} has no links here", 404)
        return Response(qr.svg(link), media_type="image/svg+xml")

    return [
        Route("/staff", overview),
        Route("/staff/sign-in/{secret}", sign_in, methods=["GET", "POST"]),
        Route("/staff/sign-out", sign_out, methods=["POST"]),
        Route("/staff/summary/{code}.{format}", summary),
        Route("/staff/poster/{code}.svg", poster),
    ]


def cookie_name(request: Request) -> str:
    """Over https the name binds the cookie to this host (`__Host-`)."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


def language_of(request: Request) -> str:
    """The language of the staff pages: chosen, else the browser's, else Arabic."""
    chosen = request.query_params.get("lang") or request.cookies.get("tachawor_lang", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "ar"


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


async def audit(tx: Transaction, member: Member, action: str, object: str) -> None:
    """Note what a member of staff did."""
    await tx.run(
        "add_audit",
        id=new_id(),
        council_id=member.council_id,
        actor=member.name,
        action=action,
        object=object,
        detail="",
        at=now_ms(),
    )
