"""The pages on which staff write what came of a meeting, look at it, and tell it."""

from textwrap import shorten
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds import pictures
from bot.kinds.meeting import photos, seats
from bot.kinds.meeting.outcomes import digest_of, keep, outcome_of, tell
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, order, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.definition import LONGEST_TITLE
from flows.dialog.facts import Texts
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.meeting.definition import Meeting
from flows.kinds.meeting.outcome import SORTS, Came, Outcome, Sort, told
from flows.wording import render
from flows.wording.text import LANGUAGES, Translated
from storage.ids import new_id
from storage.rows import StoredConsultation

PATH: Final = "/staff/meetings/{code}/outcome"


class OutcomePages(PageGroup):
    """The pages about what came of a meeting."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.show, "GET"),
            self._route(f"{PATH}/do", "publish", self.act, "POST"),
            self._route(f"{PATH}/photos", "publish", self.photos, "POST"),
            self._route(f"{PATH}/photos/{{id}}", "read", self.photo, "GET"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """What was written, as citizens read it."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Keep what was written, or tell it."""
        form = await posted(request)
        action = form.value("action")
        try:
            async with self._services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "meeting")
                if row is not None and await first_press(tx, form):
                    if action == "tell":
                        await tell(tx, row, form.value("digest"), member.name, now_ms())
                        await photos.settle(tx, self._services.media, row.id)
                    else:
                        written = _written(seats.meeting_of(row), form)
                        await keep(tx, row, written, member.name, now_ms())
                    await gate.audit(tx, member, "note", row.code, f"outcome {action}")
        except NotAllowed as error:
            said = said_in(error, language_of(request))
            return await self._page(request, member, form=form, wrong=said)
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"/staff/meetings/{row.code}/outcome#look", 303)

    async def photos(self, request: Request, member: Member) -> Response:
        """Add a photo, hide it, show it again, remove it."""
        media = self._services.media
        try:
            content, form = await pictures.handed_in(request)
            action, id = form.value("action"), number_in(form.value("id"))
            kept = await pictures.read(content) if action == "add" else b""
            async with self._services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "meeting")
                if row is not None and await first_press(tx, form):
                    if action == "add":
                        await photos.add(tx, media, row, kept, member.name, now_ms())
                    elif action == "remove":
                        await photos.remove(tx, media, row.id, id)
                    else:
                        await photos.hide(tx, media, row.id, id, hidden=action == "hide")
                    await gate.audit(tx, member, "note", row.code, f"photo {action}")
        except NotAllowed as error:
            return await self._page(request, member, wrong=said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"/staff/meetings/{row.code}/outcome#photos", 303)

    async def photo(self, request: Request, member: Member) -> Response:
        """A photo, as staff look at it before others do."""
        async with self._services.storage.reading() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "meeting")
            id, media = request.path_params["id"], self._services.media
            path = await photos.one_of(tx, media, row.id, id) if row is not None else None
        if path is None:
            return await self._missing(request, member)
        headers = {"cache-control": "private, no-store"}
        return FileResponse(path, media_type="image/jpeg", headers=headers)

    async def _page(
        self, request: Request, member: Member, *, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.reading() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "meeting")
            if row is not None:
                outcome, public = await outcome_of(tx, row.id)
                places = await seats.counted(tx, row.id)
                kept = await photos.photos_of(tx, row.id)
        if row is None:
            return await self._missing(request, member)
        meeting = seats.meeting_of(row)
        council = self._services.register.council(row.council_id)
        if form is None or form.value("action") == "tell":
            form = Form(_filled(outcome))
        return self._pages.show(
            request,
            "meeting_outcome.html",
            422 if wrong else 200,
            member=member,
            row=row,
            title=Translated(meeting.title),
            items=[item for item in meeting.items if not item.pause],
            names={item.key: Translated(item.text) for item in meeting.items},
            sorts=SORTS,
            spoken=[code for code in order(council.language) if meeting.title.get(code)],
            every=LANGUAGE_NAMES,
            form=form,
            outcome=outcome,
            pictures=kept,
            public=public,
            promise={key: _promise(row, came) for key, came in outcome.items.items()},
            present=places.present,
            messages=[
                (code, render(told(meeting, outcome), code, council.language))
                for code in LANGUAGES
                if meeting.title.get(code)
            ],
            digest=digest_of(outcome),
            wrong=wrong,
            once=new_id(),
        )


def _promise(row: StoredConsultation, came: Came) -> str:
    """The form of a commitment that begins with a recommendation, as an address."""
    filled = {"kind": "commitment", "source": "recommendation", "reference": row.code}
    for code, text in came.texts.items():
        filled[f"title.{code}"] = shorten(text, LONGEST_TITLE, placeholder="…")
        if len(text) > LONGEST_TITLE:
            # A title is short: all of it is what the citizens read first.
            filled[f"intro.{code}"] = text
    return urlencode(filled)


def _filled(outcome: Outcome) -> dict[str, str]:
    fields = {f"minutes.{code}": text for code, text in outcome.minutes.items()}
    for key, came in outcome.items.items():
        fields[f"sort.{key}"] = came.sort
        fields |= {f"text.{key}.{code}": text for code, text in came.texts.items()}
    return fields


def _written(meeting: Meeting, form: Form) -> Outcome:
    """What the form says; an item without words has come to nothing that is told."""

    def texts(name: str) -> Texts:
        said = {code: form.value(f"{name}.{code}").strip() for code in LANGUAGE_NAMES}
        return {code: text for code, text in said.items() if text}

    items = {}
    for item in meeting.items:
        chosen = form.value(f"sort.{item.key}")
        sort: Sort = next((one for one in SORTS if one == chosen), "result")
        if not item.pause and (own := texts(f"text.{item.key}")):
            items[item.key] = Came(sort, own)
    return Outcome(items, texts("minutes"))
