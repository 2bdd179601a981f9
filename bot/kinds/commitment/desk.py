"""The desk of commitments: how each stands, and what staff say of it next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.consultations import listing
from bot.core.localtime import local_day, now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.commitment import changes, doubts, evidence, owners
from bot.kinds.commitment.rows import DoubtedIn, EvidenceOf
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, order, posted, texts_in
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.frame.photo import photo
from bot.web.staff.consultations import first_press
from bot.web.staff.today import Panel
from flows.dialog.facts import Council
from flows.dialog.languages import LANGUAGE_NAMES
from flows.kinds.commitment.shown import about, state_text
from flows.kinds.commitment.states import SIDES, STATES, Standing, place_in_list, state_on
from flows.wording.text import Text, Translated
from storage.database import Transaction
from storage.ids import new_id
from storage.rows import StoredConsultation

PATH: Final = "/staff/commitments"


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment in the list; `place` orders it: what citizens say is not done, then what is late."""

    code: str
    title: Text
    about: Text
    owner: str
    life: str
    doubts: int
    place: tuple[bool, int, date]


class CommitmentDesk(PageGroup):
    """The pages about commitments."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(PATH, "read", self.listed, "GET"),
            self._route(f"{PATH}/{{code}}", "read", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/do", "publish", self.act, "POST"),
            self._route(f"{PATH}/{{code}}/photos/{{name}}", "read", self.photo, "GET"),
        ]

    async def listed(self, request: Request, member: Member) -> Response:
        """The council's commitments: what citizens say is not done first, then what is late."""
        async with self._services.storage.reading() as tx:
            rows = await listing.consultations_of(tx, member.council_id)
            standings = await changes.standings(tx, member.council_id)
            doubted = await doubts.doubted(tx, member.council_id)
        today = local_day(now_ms())
        found = [
            _line(row, standings.get(row.id, Standing()), doubted.get(row.id), today)
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
        why = texts_in(form, "why")
        try:
            async with self._services.storage.transaction() as tx:
                if await first_press(tx, form):
                    await changes.note(tx, row, state, why, proof, member.name, now_ms())
                    await gate.audit(tx, member, "note", row.code, state)
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        return RedirectResponse(f"{PATH}/{row.code}?done=1", 303)

    async def photo(self, request: Request, member: Member) -> Response:
        """A photo by which somebody says that it is not done, without what the camera wrote into it."""
        code, name = request.path_params["code"], request.path_params["name"]
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, code, "commitment")
            sent = await doubts.doubts(tx, row.id) if row is not None else ()
        found = next((p for one in sent for p in one.photos if p.name == name), None)
        path = self._services.media.folder / name
        if row is None or found is None or not path.is_file():
            return await self._missing(request, member)
        shown = await photo(path, found.type, row.code)
        return shown if shown is not None else await self._missing(request, member)

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        said: Sequence[changes.Change] = ()
        sent: Sequence[doubts.Doubted] = ()
        photos: Sequence[EvidenceOf] = ()
        reminded = False
        async with self._services.storage.reading() as tx:
            row = await gate.own_consultation(tx, member, request.path_params["code"], "commitment")
            if row is not None:
                said = await changes.history(tx, row.id)
                sent = await doubts.doubts(tx, row.id)
                photos = await evidence.photos_of(tx, row.id)
                reminded = await owners.has_chat(
                    tx, row.council_id, changes.commitment_of(row).owner
                )
        if row is None:
            return await self._missing(request, member)
        if sent:
            async with self._services.storage.transaction() as tx:
                await gate.audit(tx, member, "see", row.code)
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
            doubts=sent,
            photos=photos,
            sides=SIDES,
            reminded=reminded,
            states={state: state_text(state) for state in STATES},
            spoken=[code for code in order(council.language) if commitment.title.get(code)],
            every=LANGUAGE_NAMES,
            form=form or Form({}),
            once=new_id(),
            wrong=wrong,
            done=bool(request.query_params.get("done")),
        )


def _line(
    row: StoredConsultation, standing: Standing, doubted: DoubtedIn | None, today: date
) -> Line:
    commitment = changes.commitment_of(row)
    state = state_on(standing.state, commitment.due, today)
    return Line(
        row.code,
        Translated(commitment.title),
        about(commitment, standing, today, titled=False),
        commitment.owner,
        row.state,
        doubted.n if doubted is not None else 0,
        (doubted is None, *place_in_list(state, commitment.due)),
    )


async def _doubted_today(
    tx: Transaction, council: Council, member: Member, language: str
) -> Mapping[str, Any]:
    """What citizens say is not done."""
    return {"doubted": list((await doubts.doubted(tx, member.council_id)).values())}


PANEL = Panel("commitments_today.html", _doubted_today)
