"""All routes of the web server, each with the policy that decides who may use it."""

from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.app.build import App, conversation_parts, file_kinds, kind_folders, sections
from bot.app.health import Health
from bot.conversation import erasure
from bot.kinds import manifests
from bot.web.cases.case_page import CasePages
from bot.web.cases.desk import NeedsDesk
from bot.web.citizens import webhooks
from bot.web.citizens.chat import ChatPage
from bot.web.citizens.council_page import CouncilPages
from bot.web.citizens.results import ResultPage
from bot.web.frame import errors
from bot.web.frame.headers import SecurityHeaders
from bot.web.frame.intake import Hosts, Intake
from bot.web.frame.pages import Pages
from bot.web.staff.answers import Answers
from bot.web.staff.broadcasts import Broadcasts
from bot.web.staff.consultations import Consultations
from bot.web.staff.downloads import Downloads
from bot.web.staff.editor import Editor
from bot.web.staff.indicators import Indicators
from bot.web.staff.members import Members
from bot.web.staff.overview import Overview
from bot.web.staff.personal_data import PersonalData
from bot.web.staff.results import Results
from bot.web.staff.second_factor import SecondFactor
from bot.web.staff.sign_in import SignIn
from bot.web.staff.today import Today
from storage.database import Unavailable

#: Route path -> who may use it; kinds say it of their own (`policies`). A route that is not named fails
#: the tests.
POLICIES = {
    "/": "everyone",
    "/chat/send": "the holder of the chat cookie",
    "/chat/messages": "the holder of the chat cookie",
    "/chat/media/{name}": "everyone: files of published definitions",
    "/chat/forget": "the holder of the chat cookie",
    "/chat/who": "the holder of the chat cookie",
    "/my-data/{name}/{ticket}": "the holder of the ticket",
    "/static": "everyone",
    "/chat-worker.js": "everyone",
    "/health": "everyone",
    "/healthz": "everyone",
    "/readyz": "everyone",
    "/metrics": "who comes without a proxy, from this machine or its network",
    "/webhooks/telegram": "Telegram: the webhook's secret",
    "/webhooks/twilio": "Twilio: its signature",
    "/webhooks/twilio/status": "Twilio: its signature",
    "/results/{code}": "everyone: closed consultations",
    "/results/{code}.json": "everyone: closed consultations",
    "/c/{council}.json": "everyone",
    "/c/{council}/feed.xml": "everyone",
    "/c/{council}/embed": "everyone; in frames of the council's own origins",
    "/c/{council}": "everyone",
    "/staff": "staff: read",
    "/staff/sign-in": "everyone: asks for a link",
    "/staff/sign-in/ask": "everyone: the link goes to the chat of who is named",
    "/staff/sign-in/code": "the browser that asked, with the code from the chat",
    "/staff/sign-in/{secret}": "the holder of a one-time link",
    "/staff/sign-out": "the holder of the session",
    "/staff/second-factor": "the holder of the session, before or after its second factor",
    "/staff/consultations": "staff: read",
    "/staff/quarantine/{id}": "staff: manage",
    "/staff/needs": "staff: read",
    "/staff/needs/{reference}": "staff: read",
    "/staff/needs/{reference}/do": "staff: triage",
    "/staff/needs/{reference}/files/{name}": "staff: read",
    "/staff/needs/{reference}/receipt.pdf": "staff: read",
    "/staff/downloads": "staff: download",
    "/staff/downloads/{id}": "staff: download",
    "/staff/downloads/{id}/file": "staff: download",
    "/staff/downloads/{id}/codebook.csv": "staff: download",
    "/staff/indicators": "staff: read",
    "/staff/indicators/{quarter}.{format}": "staff: download",
    "/staff/data": "staff: identities",
    "/staff/members": "staff: manage",
    "/staff/approvals": "staff: approve",
    "/staff/approvals/{id}": "staff: approve",
    "/staff/audit": "staff: audit",
    "/staff/audit.csv": "staff: audit",
    "/staff/summary/{code}.{format}": "staff: download",
    "/staff/poster/{code}.svg": "staff: read",
    "/staff/new": "staff: publish",
    "/staff/preview": "staff: publish",
    "/staff/c/{code}": "staff: read",
    "/staff/c/{code}/edit": "staff: publish",
    "/staff/c/{code}/do": "staff: publish",
    "/staff/c/{code}/send": "staff: broadcast",
    "/staff/c/{code}/results": "staff: read",
    "/staff/c/{code}/answers": "staff: read",
    "/staff/c/{code}/answers/do": "staff: moderate",
    "/staff/c/{code}/answers/heard": "staff: moderate",
    "/staff/c/{code}/answers/voice/{note}": "staff: moderate",
    "/staff/c/{code}/crowds": "staff: moderate",
    "/staff/broadcasts": "staff: read",
    "/staff/broadcasts/{id}": "staff: read",
    "/staff/broadcasts/{id}/do": "staff: broadcast",
    "/staff/notice": "staff: broadcast",
    "/staff/lists": "staff: broadcast",
}


def policies() -> Mapping[str, str]:
    """Every route path with who may use it."""
    own = (manifest.desk.policies for manifest in manifests() if manifest.desk is not None)
    return {**POLICIES, **{path: policy for each in own for path, policy in each.items()}}


def templates_of_kinds() -> Iterator[FileSystemLoader]:
    """The templates that kinds bring."""
    for folder in kind_folders():
        if (folder / "templates").is_dir():
            yield FileSystemLoader(folder / "templates")


def build(app: App) -> Starlette:
    """The web application of a running Tachawor."""
    pages = Environment(
        loader=ChoiceLoader([PackageLoader("bot.web"), *templates_of_kinds()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.tests["erased"] = erasure.is_erased
    pages.tests["date"] = lambda value: isinstance(value, date)
    desks = [manifest.desk for manifest in manifests() if manifest.desk is not None]
    pages.globals["own_desks"] = [(desk.path, desk.title) for desk in desks]
    pages.globals["own_pages"] = {m.kind: m.desk.path for m in manifests() if m.desk is not None}
    shown = Pages(pages)
    static = Path(str(resources.files("bot.web") / "static"))
    routes: list[BaseRoute] = [
        *Health(app).routes(),
        *webhooks.routes(app, app.telegram, app.whatsapp),
        *ChatPage(app, app.web, pages).routes(),
        *ResultPage(app, shown).routes(),
        *CouncilPages(app, shown, sections()).routes(),
        *SignIn(app, shown).routes(),
        *SecondFactor(app, shown).routes(),
        *Today(app, shown, [one.panel for one in manifests() if one.panel is not None]).routes(),
        *Overview(app, shown).routes(),
        *NeedsDesk(app, shown).routes(),
        *CasePages(app, shown).routes(),
        *Members(app, shown).routes(),
        *PersonalData(app, shown, conversation_parts().own_data).routes(),
        *(route for desk in desks for page in desk.pages(app, shown) for route in page.routes()),
        *Downloads(app, shown, file_kinds()).routes(),
        *Indicators(app, shown).routes(),
        *Editor(app, shown).routes(),
        *Consultations(app, shown).routes(),
        *Results(app, shown).routes(),
        *Answers(app, shown).routes(),
        *Broadcasts(app, shown).routes(),
        Mount("/static", StaticFiles(directory=static), name="static"),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Intake, hosts=Hosts(app.config.web.public_url, app.config.web.host)),
        ],
        exception_handlers={
            HTTPException: errors.refused,
            Unavailable: errors.unavailable,
            500: errors.broken,
        },
    )
