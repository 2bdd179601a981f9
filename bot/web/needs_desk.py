"""The needs desk: the list with its filters, one need with its thread, and what is done with it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import cases
from bot.announcing import own_of
from bot.app import App
from bot.definitions import NotAllowed
from bot.localtime import local_day, now_ms
from bot.lookups import excerpt
from bot.staff import Member
from bot.web import forms, gate
from bot.web.consultations import first_press
from bot.web.pages import Pages, language_of
from bot.web.writing import posted
from flows import information_law, workdays
from flows.communes import place_name
from flows.facts import Facts, Shared
from flows.kinds.need import STATES, Needs, themes_of
from flows.reply import PHRASES, told
from flows.text import Text, Translated, Verbatim
from flows.welcome import LANGUAGE_NAMES
from flows.wording import render
from storage.database import Row, Transaction
from storage.ids import new_id

#: Needs on one page of the list.
PAGE = 25

#: Days of age that the list can be filtered by.
AGES = (3, 7, 14, 30, 90)

#: The greatest width and height of a photo as the desk shows it, in pixels.
LARGEST = 1600

SORTS = ("oldest", "newest", "said", "due")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list shows: the filters as they stand in the address."""

    state: str = "open"
    theme: str = ""
    place: str = ""
    nature: str = ""
    assignee: str = ""
    search: str = ""
    age: int = 0
    said: int = 0
    overdue: bool = False
    unread: bool = False
    sort: str = "oldest"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From an address; what makes no sense there is left out."""
        state = asked.get("state", "open")
        sort = asked.get("sort", "oldest")
        return cls(
            state if state in (*STATES, "open", "all") else "open",
            asked.get("theme", "")[:60],
            asked.get("place", "").strip()[:80],
            asked.get("nature", "") if asked.get("nature") in cases.NATURES else "",
            asked.get("assignee", "")[:20],
            asked.get("search", "").strip()[:80],
            _number(asked.get("age", "")),
            _number(asked.get("said", "")),
            bool(asked.get("overdue")),
            bool(asked.get("unread")),
            sort if sort in SORTS else "oldest",
        )

    def values(self, member: Member) -> dict[str, Any]:
        """The parameters of the query."""
        assignee = {"": 0, "me": member.id, "none": -1}.get(self.assignee)
        at = now_ms()
        search = self.search.upper()
        return {
            "council_id": member.council_id,
            "state": self.state,
            "theme": self.theme,
            "commune": cases.sought_in(self.place),
            "nature": self.nature,
            "assignee": assignee if assignee is not None else _number(self.assignee),
            "sought": search if "-" in search else cases.sought_in(self.search),
            "before": at - self.age * 86_400_000 if self.age else 0,
            "said": self.said,
            "overdue": int(self.overdue),
            "unread": int(self.unread),
            "today": local_day(at).isoformat(),
        }

    def address(self, **changed: object) -> str:
        """The query part of an address with these filters."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields.update(changed)
        return urlencode({k: v for k, v in fields.items() if v not in ("", 0, False)})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class NeedsDesk:
    """The pages about needs."""

    def __init__(self, app: App, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        def route(path: str, action: str, handler: gate.Handler, *methods: str) -> Route:
            return gate.route(self._app, self._pages, path, action, handler, list(methods))

        return [
            route("/staff/needs", "read", self.listed, "GET"),
            route("/staff/needs/{reference}", "read", self.show, "GET"),
            route("/staff/needs/{reference}/do", "triage", self.act, "POST"),
            route("/staff/needs/{reference}/files/{name}", "read", self.file, "GET"),
        ]

    # ------------------------------------------------------------------ the list

    async def listed(self, request: Request, member: Member) -> Response:
        """What was told, by the filters."""
        wanted = Wanted.of(request.query_params)
        number = max(1, _number(request.query_params.get("page", "1")))
        values = wanted.values(member)
        async with self._app.storage.reading() as tx:
            counted = await tx.row("count_cases", **values)
            rows = await tx.rows(
                "cases_page", sort=wanted.sort, most=PAGE, skip=(number - 1) * PAGE, **values
            )
            states = await tx.rows(
                "case_states", council_id=member.council_id, today=values["today"]
            )
            staff = await tx.rows("staff_of", council_id=member.council_id)
        count = counted["n"] if counted else 0
        language = language_of(request)
        return self._pages.show(
            request,
            "needs.html",
            member=member,
            wanted=wanted,
            needs=[self._line(row, language, member) for row in rows],
            count=count,
            page=number,
            pages=max(1, -(-count // PAGE)),
            counts={row["state"]: row["n"] for row in states},
            overdue=sum(row["overdue"] or 0 for row in states),
            unread=sum(row["unread"] or 0 for row in states),
            states=STATES,
            themes=self._themes(member),
            staff=[one for one in staff if one["state"] == "active"],
            ages=AGES,
            sorts=SORTS,
        )

    def _themes(self, member: Member) -> dict[str, Text]:
        council = self._app.register.council(member.council_id)
        return {theme.id: Translated(theme.text) for theme in council.themes}

    def _line(self, row: Row, language: str, member: Member) -> dict[str, Any]:
        """A need as the list shows it."""
        body = msgspec.json.decode(row["body"])
        words = body.get("words") or {}
        media = words.get("media") or ()
        closed = self._app.register.council(member.council_id).closed_days
        return {
            **{key: row[key] for key in ("reference", "state", "said", "assignee", "unread")},
            "code": row["code"],
            "nature": row["nature"],
            "theme": self._themes(member).get(row["theme"], Verbatim(row["theme"])),
            "text": words.get("text") or "",
            "voices": sum(1 for item in media if item["kind"] == "voice"),
            "photos": sum(1 for item in media if item["kind"] == "photo"),
            "place": place_of(body, language),
            "at": row["created_at"],
            "due": due_of(row, closed),
        }

    # ------------------------------------------------------------------ one need

    async def show(self, request: Request, member: Member) -> Response:
        """One need with its thread. Reading it is noted, and what the citizen said is read now."""
        async with self._app.storage.transaction() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            if row is not None:
                await gate.audit(tx, member, "see", row["reference"])
                if row["unread"] and gate.may(member, "triage"):
                    await tx.run("case_unread", response_id=row["id"], unread=0)
        return await self._page(request, member)

    async def _page(
        self,
        request: Request,
        member: Member,
        *,
        refused: str = "",
        status: int = 200,
        form: forms.Form | None = None,
        preview: str = "",
    ) -> Response:
        language = language_of(request)
        council = self._app.register.council(member.council_id)
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            if row is not None:
                entries = await tx.rows("entries_of", response_id=row["id"])
                files = await cases.files_of(tx, row)
                written = await tx.rows("transcripts_of", response_id=row["id"])
                merged = await tx.rows("merged_cases", response_id=row["id"])
                alike = await cases.suggestions(tx, row) if row["merged_into"] is None else []
                staff = await tx.rows("staff_of", council_id=member.council_id)
        if row is None:
            return await self._missing(request, member)
        body = msgspec.json.decode(row["body"])
        definition = msgspec.convert(msgspec.json.decode(row["definition"]), Needs, strict=False)
        themes = {t.id: Translated(t.text) for t in themes_of(definition, council)}
        return self._pages.show(
            request,
            "need.html",
            status,
            member=member,
            row=row,
            text=(body.get("words") or {}).get("text") or "",
            theme=themes.get(row["theme"], Verbatim(row["theme"])),
            themes=themes,
            place=place_of(body, language),
            pin=pin_of(body),
            photos=[item["name"] for item in files if item["kind"] == "photo"],
            voices=[item["name"] for item in files if item["kind"] == "voice"],
            written={one["media"]: one for one in written},
            entries=[_entry(entry) for entry in entries],
            merged=[{"reference": m["reference"], "text": _words(m)} for m in merged],
            alike=[{"reference": a["reference"], "text": _words(a), "at": a["created_at"]} for a in alike],
            staff=[one for one in staff if one["state"] == "active"],
            due=due_of(row, council.closed_days),
            rule=_rule(row, council.closed_days, language),
            citizen_language=LANGUAGE_NAMES.get(row["language"], row["language"]),
            states=STATES,
            explained=cases.EXPLAINED,
            phrases=PHRASES,
            natures=cases.NATURES,
            form=form or forms.Form({}),
            refused=refused,
            preview=preview,
            once=new_id(),
        )

    async def act(self, request: Request, member: Member) -> Response:
        """Answer (after a look at what goes), note, assign, merge, split, write down, call."""
        form = await posted(request)
        action = form.value("action")
        if action == "preview":
            return await self._preview(request, member, form)
        try:
            async with self._app.storage.transaction() as tx:
                row = await gate.own_need(tx, member, request.path_params["reference"])
                where = row["reference"] if row is not None else ""
                if row is not None and await first_press(tx, form):
                    where = await self._act(tx, member, row, action, form)
                    await gate.audit(tx, member, action, row["reference"])
        except NotAllowed as error:
            return await self._page(request, member, refused=str(error), status=409, form=form)
        if row is None:
            return await self._missing(request, member)
        self._app.pusher.nudge()
        return RedirectResponse(f"/staff/needs/{where}#thread", 303)

    async def _act(
        self, tx: Transaction, member: Member, row: Row, action: str, form: forms.Form
    ) -> str:
        """Do it. Returns the reference of the need to go on with. Raises NotAllowed."""
        reference: str = row["reference"]
        council = self._app.register.council(member.council_id)
        match action:
            case "answer":
                await cases.answer(
                    tx,
                    row,
                    member.name,
                    text=form.value("text"),
                    phrase=form.value("phrase"),
                    state=form.value("state"),
                )
            case "note":
                await cases.note(tx, row, member.name, form.value("note"))
            case "assign":
                await cases.assign(tx, row, member.name, await self._assignee(tx, member, form))
            case "merge":
                into = await gate.own_need(tx, member, form.value("into").strip())
                await cases.merge(tx, row, into, member.name)
            case "unmerge":
                # Undone from either side: the need itself, or the one that it was put to.
                other = form.value("other").strip()
                one = await gate.own_need(tx, member, other) if other else row
                if one is None or (other and one["merged_into"] != row["id"]):
                    raise NotAllowed("there is no such need")
                await cases.unmerge(tx, one, member.name)
            case "split":
                theme = form.value("theme")
                needs = msgspec.convert(
                    msgspec.json.decode(row["definition"]), Needs, strict=False
                )
                if theme not in {t.id for t in themes_of(needs, council)}:
                    raise NotAllowed(f"{theme!r} is no theme of this council")
                reference = await cases.split(
                    tx, council, row, theme, form.value("part"), member.name
                )
            case "transcribe":
                await cases.transcribe(
                    tx, row, form.value("media"), form.value("transcript"), member.name
                )
            case "nature":
                await cases.set_nature(
                    tx,
                    council,
                    row,
                    member.name,
                    form.value("nature"),
                    urgent=bool(form.value("urgent")),
                    extended=bool(form.value("extended")),
                )
            case _:
                raise NotAllowed(f"there is nothing called {action!r} to do")
        return reference

    async def _assignee(self, tx: Transaction, member: Member, form: forms.Form) -> Row | None:
        id = _number(form.value("assignee"))
        if not id:
            return None
        staff = await tx.rows("staff_of", council_id=member.council_id)
        found = next((one for one in staff if one["id"] == id), None)
        if found is None:
            raise NotAllowed("this person does not work here (any more)")
        return {**{k: found[k] for k in ("id", "name", "state")}, "council_id": member.council_id}

    async def _preview(self, request: Request, member: Member, form: forms.Form) -> Response:
        """What the citizen would read, in their language, before anything goes."""
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
        if row is None:
            return await self._missing(request, member)
        text, phrase, state = form.value("text"), form.value("phrase"), form.value("state")
        try:
            cases.check_answer(row, text.strip(), phrase, state)
        except NotAllowed as error:
            return await self._page(request, member, refused=str(error), status=409, form=form)
        council = self._app.register.council(member.council_id)
        body = {
            "reference": row["reference"],
            "excerpt": excerpt(_words(row)),
            "text": text.strip(),
            "phrase": phrase,
            "status": state if state != row["state"] else "",
        }
        own = own_of("reply", council, later=False, body=body)
        facts = Facts(Shared(local_day(now_ms()), council), own)
        shown = render(told(facts), row["language"], council.language)
        return await self._page(request, member, form=form, preview=shown)

    async def file(self, request: Request, member: Member) -> Response:
        """A voice note, or a photo without what the camera wrote into it."""
        name = request.path_params["name"]
        async with self._app.storage.reading() as tx:
            row = await gate.own_need(tx, member, request.path_params["reference"])
            known = row is not None and name in {f["name"] for f in await cases.files_of(tx, row)}
            found = await tx.row("media_named", name=name) if known else None
        path = self._app.media.folder / name
        if found is None or not path.is_file():
            return await self._missing(request, member)
        headers = {"cache-control": "private, no-store"}
        if found["kind"] != "photo":
            return FileResponse(path, media_type=found["type"], headers=headers)
        try:
            content = await run_in_threadpool(plain_photo, path.read_bytes())
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            return await self._missing(request, member)
        return Response(content, media_type="image/jpeg", headers=headers)

    async def _missing(self, request: Request, member: Member) -> Response:
        await gate.missed(self._app, member, request)
        return self._pages.show(request, "not_found.html", 404)


@dataclass(frozen=True, slots=True)
class DueIn:
    """The last day on which an answer is in time; `left` counts days, less than 0 once it is over.

    `working` says that they are working days.
    """

    day: date
    left: int
    working: bool


def due_of(row: Row, closed: tuple[date, ...]) -> DueIn | None:
    """How long there is to answer; None where nothing is due (any more)."""
    if row["due_day"] is None or row["answered_at"] is not None:
        return None
    if row["state"] not in ("received", "studied", "planned"):
        return None
    day = date.fromisoformat(row["due_day"])
    today = local_day(now_ms())
    if row["nature"] == "information":
        return DueIn(day, workdays.left(today, day, closed), True)
    return DueIn(day, (day - today).days, False)


def _rule(row: Row, closed: tuple[date, ...], language: str) -> str:
    """The rule of law behind the day, with its source."""
    if row["nature"] != "information":
        return ""
    due = information_law.due(
        local_day(row["created_at"]),
        urgent=bool(row["urgent"]),
        extended=bool(row["extended"]),
        closed=closed,
    )
    return due.rule.cite(language)


def _words(row: Row) -> str:
    return str((msgspec.json.decode(row["body"]).get("words") or {}).get("text") or "")


def place_of(body: Mapping[str, Any], language: str) -> str:
    """A need's place in a line."""
    parts = []
    if body.get("commune"):
        parts.append(render(place_name(str(body["commune"])), language))
    if (body.get("place") or {}).get("text"):
        parts.append(str(body["place"]["text"]))
    return " · ".join(parts)


def pin_of(body: Mapping[str, Any]) -> str:
    """Where a pin stands: latitude and longitude, "" without one."""
    spot = body.get("place") or {}
    if spot.get("latitude") is None:
        return ""
    return f"{spot['latitude']:.5f}, {spot['longitude']:.5f}"


def _entry(entry: Row) -> dict[str, Any]:
    """One line of the thread."""
    change, _, phrase = (entry["detail"] or "").partition("|")
    before, _, after = change.partition(">")
    state = entry["sent_state"] or ("queued" if entry["broadcast_state"] == "running" else "")
    return {
        "what": entry["what"],
        "text": entry["text"],
        "by": entry["made_by"],
        "at": entry["at"],
        "before": before,
        "after": after,
        "phrase": phrase,
        "media": msgspec.json.decode(entry["media"]),
        "sent": state if entry["broadcast_id"] is not None else None,
        "why": entry["sent_error"] or "",
    }


def plain_photo(content: bytes) -> bytes:
    """A photo turned upright and written anew: no place, no camera, no name in it."""
    with Image.open(io.BytesIO(content)) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB")
        upright.thumbnail((LARGEST, LARGEST))
        out = io.BytesIO()
        # A new image has nothing of the old one but its pixels.
        fresh = Image.frombytes("RGB", upright.size, upright.tobytes())
        fresh.save(out, "JPEG", quality=85)
    return out.getvalue()
