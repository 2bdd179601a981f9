"""The page on which ballots on paper are entered, and those of people who vote with the help of staff."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.localtime import now_ms
from bot.core.refusals import NotAllowed
from bot.kinds.budget import papers
from bot.kinds.budget.desk import PATH
from bot.kinds.budget.ideas import budget_of
from bot.kinds.budget.papers import HOWS, MOST_AT_ONCE
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, posted
from bot.web.frame.page_group import PageGroup
from bot.web.frame.pages import language_of, said_in
from bot.web.staff.consultations import first_press
from flows.wording.text import Translated
from storage.ids import new_id


class PaperPage(PageGroup):
    """The page about ballots on paper."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route(f"{PATH}/{{code}}/papers", "signatures", self.show, "GET"),
            self._route(f"{PATH}/{{code}}/papers/do", "signatures", self.act, "POST"),
        ]

    async def show(self, request: Request, member: Member) -> Response:
        """How many were entered, and the form."""
        return await self._page(request, member)

    async def act(self, request: Request, member: Member) -> Response:
        """Mark who voted and add what was chosen, or take ballots back."""
        form = await posted(request)
        services = self._services
        chosen = [name.removeprefix("p.") for name in form.fields if name.startswith("p.")]
        copies = number_in(form.value("copies") or "0", MOST_AT_ONCE + 1)
        how, at = form.value("how"), now_ms()
        try:
            async with services.storage.transaction() as tx:
                code = request.path_params["code"]
                row = await gate.own_consultation(tx, member, code, "budget")
                if row is not None and await first_press(tx, form):
                    if form.value("action") == "take_back":
                        await papers.take_back(tx, row, chosen, how, copies, at)
                    else:
                        numbers = _numbers(form.value("numbers"))
                        vault = services.vault
                        await papers.enter(tx, vault, row, numbers, chosen, how, copies, at)
                    # What was chosen is nobody's: not even the log has it beside a moment.
                    await gate.audit(tx, member, "note", row.code, "ballots")
        except NotAllowed as error:
            return await self._page(request, member, form, said_in(error, language_of(request)))
        if row is None:
            return await self._missing(request, member)
        return RedirectResponse(f"{PATH}/{row.code}/papers?done=1", 303)

    async def _page(
        self, request: Request, member: Member, form: Form | None = None, wrong: str = ""
    ) -> Response:
        async with self._services.storage.reading() as tx:
            code = request.path_params["code"]
            row = await gate.own_consultation(tx, member, code, "budget")
            if row is not None:
                there = await papers.counted(tx, row.id)
                voters = await papers.voters(tx, row.id)
        if row is None:
            return await self._missing(request, member)
        budget = budget_of(row)
        return self._pages.show(
            request,
            "budget_papers.html",
            422 if wrong else 200,
            member=member,
            row=row,
            budget=budget,
            title=Translated(budget.title),
            there=there,
            entered=there.paper + there.assisted + there.void,
            voters=voters,
            hows=HOWS,
            form=form or Form({"how": "paper", "copies": "1"}),
            wrong=wrong,
            done=bool(request.query_params.get("done")),
            once=new_id(),
        )


def _numbers(text: str) -> Sequence[str]:
    """The numbers that were typed, one a line or with commas between."""
    found = (
        part.strip() for line in text.splitlines() for part in line.replace("،", ",").split(",")
    )
    return [one for one in found if one]
