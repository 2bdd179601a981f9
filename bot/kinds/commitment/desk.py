"""The desk of commitments: how each stands, and what staff say of it next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.commitment import changes
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.commitment.shown import about, state_text
from flows.kinds.commitment.states import STATES, Standing, place_in_list, state_on
from flows.wording.text import Text, Translated
from storage.ids import new_id
from storage.rows import StoredConsultation

PATH: Final = "/staff/commitments"


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment in the list; `place` orders it, what is late first."""

    code: str
    title: Text
    about: Text
    owner: str
    life: str
    place: tuple[int, date]


class CommitmentDesk(PageGroup):
    """The pages about commitments."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/do", "publish", self.act, "POST"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's commitments, what is late first."""
        async with self._services.storage.reading() as tx:
            rows = await listing.consultations_of(tx, member.council_id)
            standings = await changes.standings(tx, member.council_id)
        today = local_day(now_ms())
        found = [
            _line(row, standings.get(row.id, Standing()), today)
            for row in rows
            if row.kind == "commitment"
        ]
        found.sort(key=lambda one: one.place)
        return self._pages.show(request, "commitments.html", member=member, listed=found)

    async def show(self, request: Request, member: Member) -> Response:
        """One commitment: how it stands, everything that was said of it, what is said next."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Keep what staff say of it."""
        form = await posted(request)
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "commitment")
        if row is None:
            return await self._missing(request, member)
        state, proof = form.value("state"), form.value("proof").strip()
        texts = {code: form.value(f"why.{code}").strip() for code in LANGUAGE_NAMES}
        why = {code: text for code, text in texts.items() if text}
        try:
            async with self._services.storage.transaction() as tx:
                if await first_press(tx, form):
                    await changes.note(tx, row, state, why, proof, member.name, now_ms())
                    await gate.audit(tx, member, "note", row.code, state)
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        return RedirectResponse(f"{PATH}/{row.code}?done=1", 303)

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        said: Sequence[changes.Change] = ()
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "commitment")
            if row is not None:
                said = await changes.history(tx, row.id)
        if row is None:
            return await self._missing(request, member)
        commitment = changes.commitment_of(row)
        standing = said[0].standing if said else Standing()
        council = self._services.register.council(row.council_id)
        return self._pages.show(
            request,
            "commitment.html",
            422 if wrong else 200,
            member=member,
            row=row,
            commitment=commitment,
            title=Translated(commitment.title),
            about=about(commitment, standing, local_day(now_ms()), titled=False),
            history=[
                (one, state_text(one.standing.state), Translated(one.standing.why)) for one in said
            ],
            states={state: state_text(state) for state in STATES},
            spoken=[code for code in order(council.language) if commitment.title.get(code)],
            every=LANGUAGE_NAMES,
            form=form or Form({}),
            once=new_id(),
            wrong=wrong,
            done=bool(request.query_params.get("done")),
        )


def _line(row: StoredConsultation, standing: Standing, today: date) -> Line:
    commitment = changes.commitment_of(row)
    state = state_on(standing.state, commitment.due, today)
    return Line(
        row.code,
        Translated(commitment.title),
        about(commitment, standing, today, titled=False),
        commitment.owner,
        row.state,
        place_in_list(state, commitment.due),
    )
