"""Staff pages about what citizens wrote or said in their own words: read, heard, searched, grouped, hidden."""

from collections.abc import Sequence
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.councils import head_of
from bot.core.refusals import NotAllowed
from bot.staff import open_answers
from bot.staff.accounts import Member
from bot.staff.open_answers import OpenAnswer, OpenQuestion, entering, heard
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.frame.recording import recording
from flows.wording.text import Translated
from storage.database import Transaction
from storage.rows import StoredConsultation

#: Answers on one page, and most pages.
PAGE = 50
PAGES = 1_000_000

#: Groups of alike answers that are shown.
MOST_GROUPS = 30


class Answers(PageGroup):
    """The pages about open answers."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow. What is said cannot be masked: who hears it may read all."""
        path = "/staff/c/{code}/answers"
        return [
            self._route(path, "read", self.answers, "GET"),
            self._route(f"{path}/do", "moderate", self.act, "POST"),
            self._route(f"{path}/voice/{{note}}", "moderate", self.voice, "GET"),
            self._route(f"{path}/heard", "moderate", self.heard, "POST"),
        ]

    async def answers(self, request: Request, member: Member) -> Response:
        """What was written: searched, grouped, with what may have to be hidden."""
        return await self._answers(request, member)

    async def _answers(
        self, request: Request, member: Member, refused: str = "", typed: Form | None = None
    ) -> Response:
        asked = request.query_params
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            if row is not None:
                await gate.saw(tx, member, request, f"answers {row.code}")
                questions = await open_answers.questions_of(tx, self._services.vault, row)
        if row is None:
            return await self._missing(request, member)
        field = asked.get("q")
        if typed is not None and (note := open_answers.voice_note(questions, typed.value("token"))):
            # What was refused stands at its own question, with what was typed.
            field = note.entry.field
        chosen = next((q for q in questions if q.field == field), None)
        view = asked.get("view", "all")
        if chosen is None and view == "waiting":
            chosen = next((q for q in questions if q.waiting), None)
        chosen = chosen or (questions[0] if questions else None)
        number = max(1, number_in(asked.get("page", ""), most=PAGES))
        found: list[OpenAnswer] = []
        groups: list[open_answers.Alike] = []
        if chosen is not None:
            if view == "groups":
                groups = await run_in_threadpool(open_answers.grouped, chosen)
            else:
                found = _seen(
                    chosen, view, asked.get("search", ""), whole=gate.may(member, "moderate")
                )
        start = (number - 1) * PAGE
        return self._pages.show(
            request,
            "answers.html",
            409 if refused else 200,
            member=member,
            row=row,
            title=Translated(head_of(row).title),
            questions=questions,
            chosen=chosen,
            view=view,
            search=asked.get("search", "")[:80],
            found=found[start : start + PAGE],
            count=len(found),
            page=number,
            pages=max(1, -(-len(found) // PAGE)),
            groups=groups[:MOST_GROUPS],
            suspect=sum(1 for a in chosen.answers if a.suspects and not a.hidden) if chosen else 0,
            hidden=sum(1 for a in chosen.answers if a.hidden) if chosen else 0,
            reasons=open_answers.REASONS,
            any_voice=any(a.voices for a in found[start : start + PAGE]),
            refused=refused,
            writes=entering.writes(row),
            longest=heard.LONGEST,
            typed=typed or Form({}),
            ticked=_chosen(typed) if typed is not None else frozenset(),
        )

    async def act(self, request: Request, member: Member) -> Response:
        """Hide an answer, or show it again."""
        form = await posted(request)
        token = form.value("token")
        try:
            async with self._services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, request.path_params["code"])
                if row is not None:
                    questions = await open_answers.questions_of(tx, self._services.vault, row)
                    if form.value("action") == "show":
                        await open_answers.show(tx, questions, token, member.name)
                        await gate.audit(tx, member, "show", f"answer in {row.code}", token)
                    else:
                        reason = form.value("reason")
                        await open_answers.hide(tx, questions, token, reason, member.name)
                        await gate.audit(
                            tx, member, "hide", f"answer in {row.code}", f"{token} {reason}"
                        )
        except NotAllowed as error:
            return await self._answers(request, member, said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return _back(row, form)

    async def voice(self, request: Request, member: Member) -> Response:
        """One voice note. Its address and its headers say nothing of its author, nor when it came."""
        note, token = None, request.path_params["note"]
        async with self._services.storage.transaction() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"])
            if row is not None:
                questions = await open_answers.questions_of(tx, self._services.vault, row)
                note = open_answers.voice_note(questions, token)
            if row is not None and note is not None:
                await gate.audit(tx, member, "hear", f"answer in {row.code}", token)
        path = self._services.media.folder / Path(note.name if note is not None else "").name
        if note is None or not path.is_file():
            return await self._missing(request, member)
        return recording(path, note.type)

    async def heard(self, request: Request, member: Member) -> Response:
        """Enter what was heard in a voice note, or take it back. What it was stands in no log."""
        form = await posted(request)
        token, version = form.value("token"), number_in(form.value("version"))
        try:
            async with self._services.storage.transaction() as tx:
                row = await gate.own_consultation(tx, member, request.path_params["code"])
                if row is not None:
                    questions = await open_answers.questions_of(tx, self._services.vault, row)
                    done = await _enter(tx, row, questions, form, token, version, member.name)
                    await gate.audit(tx, member, done, f"answer in {row.code}", token)
        except NotAllowed as error:
            said = said_in(error, language_of(request))
            return await self._answers(request, member, said, form)
        if row is None:
            return await self._missing(request, member)
        return _back(row, form)


async def _enter(
    tx: Transaction,
    row: StoredConsultation,
    questions: Sequence[OpenQuestion],
    form: Form,
    token: str,
    version: int,
    made_by: str,
) -> str:
    """Do what a form about a voice note asks for. Returns what the log calls it. Raises NotAllowed."""
    match form.value("action"):
        case "undo":
            await entering.take_back(tx, row, questions, token, version, made_by)
            return "take back heard"
        case "unclear":
            await entering.not_understood(tx, row, questions, token, version, made_by)
            return "enter heard"
        case "choose":
            ids = _chosen(form)
            await entering.choose(tx, row, questions, token, version, ids, made_by)
            return "enter heard"
        case _:
            text = form.value("text")
            await entering.write_down(tx, row, questions, token, version, text, made_by)
            return "transcribe"


def _chosen(form: Form) -> frozenset[str]:
    """The choices that are ticked: one field for each where several may be."""
    return frozenset(
        value for name, value in form.fields.items() if name.partition(".")[0] == "choice"
    )


def _back(row: StoredConsultation, form: Form) -> Response:
    """The page again, where it was."""
    back = form.value("back")
    query = f"?{back}" if back and "\n" not in back and "\r" not in back else ""
    return RedirectResponse(f"/staff/c/{row.code}/answers{query}", 303)


def _seen(question: OpenQuestion, view: str, search: str, *, whole: bool) -> list[OpenAnswer]:
    found = open_answers.searched(question, search, whole=whole)
    match view:
        case "suspect":
            return [a for a in found if a.suspects and a.hidden is None]
        case "hidden":
            return [a for a in found if a.hidden is not None]
        case "waiting":
            return [a for a in found if not all(note.is_entered for note in a.voices)]
    return found
