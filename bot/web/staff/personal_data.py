"""The data officer's page: what is kept about a person who asks at the counter, and its erasure."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.conversation.erasure import erase
from bot.staff.accounts import Member
from bot.web.frame import gate
from bot.web.frame.page_group import PageGroup
from bot.web.staff.editor import posted
from flows.understanding import identity
from storage.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept about a person: their chats by channel, their contributions by kind.

    `elsewhere` says that another council holds something too; then only the person can erase.
    """

    person_id: int
    channels: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    elsewhere: bool


class PersonalData(PageGroup):
    """The page about one person's data."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""
        return [
            self._route("/staff/data", "identities", self.page, "GET", "POST"),
        ]

    async def page(self, request: Request, member: Member) -> Response:
        """Find by a reference or a WhatsApp number; show what is kept; erase after a second press."""
        wanted, action, sure, said = "", "", "", ""
        if request.method == "POST":
            form = await posted(request)
            wanted = form.value("wanted").strip()
            action, sure = form.value("action"), form.value("sure").strip()
        held: Held | None = None
        done = False
        doomed: list[str] = []
        if wanted:
            async with self._app.storage.transaction() as tx:
                held = await self._held(tx, member, wanted)
                await gate.audit(tx, member, "look up person", "found" if held else "nobody")
                if held is None:
                    said = "personal.nobody"
                elif action == "erase" and held.elsewhere:
                    said = "personal.elsewhere"
                elif action == "erase" and sure == wanted:
                    doomed = await erase(tx, held.person_id)
                    await gate.audit(tx, member, "erase person", "at their request")
                    done, held = True, None
                elif action == "erase":
                    said = "personal.write_again"
        if done:
            self._app.media.remove(doomed)
            await self._app.storage.forget_traces()
        return self._pages.show(
            request,
            "personal.html",
            member=member,
            wanted="" if done else wanted,
            held=held,
            done=done,
            said=said,
        )

    async def _held(self, tx: Transaction, member: Member, wanted: str) -> Held | None:
        """What is kept about whoever that is, if they had to do with this council."""
        person_id: int | None = None
        number = identity.phone(wanted)
        if number is not None:
            found = await tx.row("person_of_address", channel="whatsapp", address=number)
            person_id = found["person_id"] if found is not None else None
        else:
            named: Row | None = await tx.row("person_of_reference", reference=wanted.upper())
            if named is not None and named["council_id"] == member.council_id:
                person_id = named["person_id"]
        if person_id is None:
            return None
        person = await tx.row("person", person_id=person_id)
        rows = await tx.rows("held_of_person", person_id=person_id)
        councils = {row["council_id"] for row in rows}
        ours = member.council_id in councils or (
            person is not None and person["council_id"] == member.council_id
        )
        if not ours:
            return None
        elsewhere = await tx.row(
            "known_elsewhere", person_id=person_id, council_id=member.council_id
        )
        addresses = await tx.rows("addresses_of", person_id=person_id)
        return Held(
            person_id,
            tuple(sorted({row["channel"] for row in addresses})),
            tuple(
                (row["kind"], row["n"]) for row in rows if row["council_id"] == member.council_id
            ),
            elsewhere is not None,
        )
