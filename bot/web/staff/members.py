"""Staff pages about the staff: members and roles, the second person's word, the audit log."""

import csv
import io

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.links import staff_payload
from bot.core.localtime import local, now_ms
from bot.outreach.organizers import StaffChats
from bot.reports.csv import defused
from bot.staff import accounts, approvals, audit_log, plans, second_factor, ties
from bot.staff.accounts import STAFF_ROLES, Member
from bot.web.frame import gate
from bot.web.frame.forms import Form, number_in, posted
from bot.web.frame.page_group import PageGroup
from flows.dialog.languages import LANGUAGE_NAMES
from flows.wording.text import Verbatim, msg

#: What the log calls what was done; what is not here stands as it was written.
ACTIONS = frozenset(
    {
        "see", "download", "take", "refused", "ask approval", "agree", "refuse", "hide",
        "show", "hear", "enter heard", "take back heard", "answer", "note", "assign", "merge", "unmerge", "split", "transcribe",
        "nature", "receipt", "send receipt", "add member", "set role", "end member", "readmit member", "make links",
        "look up person", "erase person", "replay", "open", "close", "archive", "delete", "copy",
        "decide", "need_status", "stop_planned", "prepare", "plan", "start", "pause", "resume",
        "cancel", "send", "draft", "enter", "import", "invalidate", "restore", "deposit",
        "undo_deposit", "outcome", "ask link", "sign in", "sign out", "link chat", "join chats",
        "part chats", "command", "set second factor", "show second factor", "reset second factor",
    }
)  # fmt: skip


class Members(PageGroup):
    """The pages about who works here, and what they did."""

    def routes(self) -> list[Route]:
        """Every route with what a role must allow."""

        return [
            self._route("/staff/members", "manage", self.members, "GET", "POST"),
            self._route("/staff/approvals", "approve", self.approvals, "GET"),
            self._route("/staff/approvals/{id}", "approve", self.decide, "POST"),
            self._route("/staff/audit", "audit", self.audit, "GET"),
            self._route("/staff/audit.csv", "audit", self.audit_file, "GET"),
        ]

    # ------------------------------------------------------------------ members

    async def members(self, request: Request, member: Member) -> Response:
        """Who works for the council; add, change a role, end, give a link."""
        refused, links, form_name = "", [], ""
        if request.method == "POST":
            form = await posted(request)
            form_name = form.value("name").strip()
            try:
                links = await self._act(member, form.value("action"), form)
            except accounts.LastAdmin:
                refused = "staff.last_admin"
            except second_factor.OwnFactor:
                refused = "factor.own"
            except _Refused as error:
                refused = str(error)
            if not refused and not links:
                return RedirectResponse("/staff/members", 303)
        async with self._services.storage.reading() as tx:
            rows = await accounts.members_of(tx, member.council_id)
        return self._pages.show(
            request,
            "members.html",
            409 if refused else 200,
            member=member,
            members=rows,
            roles=STAFF_ROLES,
            refused=refused,
            links=links,
            typed=form_name if refused else "",
        )

    async def _act(self, member: Member, action: str, form: Form) -> list[str]:
        """Do it. Returns links to show, once. Raises LastAdmin and _Refused."""
        value = form.value
        role = value("role")
        async with self._services.storage.transaction() as tx:
            if action == "add":
                name = " ".join(value("name").split())
                if not 2 <= len(name) <= 60 or role not in STAFF_ROLES:
                    raise _Refused("staff.member_nameless")
                if not await accounts.admit(tx, member.council_id, name, role):
                    raise _Refused("staff.member_known")
                await gate.audit(tx, member, "add member", name, role)
                made = await accounts.known(tx, member.council_id, name)
                await ties.tie(tx, member.council_id, member.id, made.id)
                return []
            id = number_in(value("id"))
            one = await accounts.colleague(tx, member.council_id, id)
            if one is None:
                raise _Refused("staff.not_found")
            name = one.name
            if action in ("role", "back", "link", "factor"):
                await ties.tie(tx, member.council_id, member.id, id)
            match action:
                case "role" if role in STAFF_ROLES:
                    await accounts.set_role(tx, member.council_id, id, role)
                    await gate.audit(tx, member, "set role", name, role)
                case "end":
                    await accounts.end(tx, member.council_id, id)
                    await gate.audit(tx, member, "end member", name)
                case "back":
                    await accounts.readmit(tx, id)
                    await gate.audit(tx, member, "readmit member", name)
                case "factor":
                    await second_factor.reset(tx, member, one)
                case "link" if one.state == "active":
                    pass
                case _:
                    raise _Refused("staff.not_found")
        if action == "factor":
            await self._tell_of_reset(member, name)
        if action != "link":
            return []
        payload = staff_payload(self._services.vault, id, now_ms() + accounts.LINK_MS)
        async with self._services.storage.transaction() as tx:
            url = self._services.config.public_url
            link = await accounts.sign_in_link(tx, url, member.council_id, name, by=member.name)
        return [link, *self._services.links(payload)]

    async def _tell_of_reset(self, member: Member, name: str) -> None:
        """Whose second factor was taken away hears it, and so do the other admins."""
        services = self._services
        async with services.storage.reading() as tx:
            rows = await accounts.active_members_of(tx, member.council_id)
        others = {one.name for one in rows if one.role == "admin" and one.id != member.id}
        chats = StaffChats(
            services.storage,
            services.register,
            services.vault,
            services.delivery,
            services.conversations.listeners,
        )
        text = msg("organizer.factor_reset", name=Verbatim(name), by=Verbatim(member.name))
        for one in sorted(others | {name}):
            await chats.tell(member.council_id, one, text)

    # ------------------------------------------------------------------ the second person

    async def approvals(self, request: Request, member: Member) -> Response:
        """What waits for a second person."""
        return await self._approvals(request, member)

    async def _approvals(self, request: Request, member: Member, refused: str = "") -> Response:
        async with self._services.storage.reading() as tx:
            rows = await approvals.listed(tx, member.council_id)
        return self._pages.show(
            request,
            "approvals.html",
            409 if refused else 200,
            member=member,
            rows=[(row, plans.read(row.plan)) for row in rows if self._sees(member, row.what)],
            every=LANGUAGE_NAMES,
            refused=refused,
        )

    @staticmethod
    def _sees(member: Member, what: str) -> bool:
        """Who may do a thing may also be the second person for it."""
        return gate.may(member, "broadcast" if what == "broadcast" else "identities")

    async def decide(self, request: Request, member: Member) -> Response:
        """Agree or refuse."""
        form = await posted(request)
        async with self._services.storage.transaction() as tx:
            row = await gate.own_approval(tx, member, request.path_params["id"])
            decided, refused = False, "staff.approval_over"
            if row is not None and self._sees(member, row.what):
                yes = form.value("decision") == "yes"
                if not yes and form.value("decision") != "no":
                    raise HTTPException(400)
                try:
                    decided = await approvals.decide(tx, member, row.id, yes=yes)
                except approvals.Tied:
                    refused = "staff.approval_tied"
                    await gate.audit(tx, member, "refused", f"{row.what} {row.object}", "tied")
                if decided:
                    said = "agree" if yes else "refuse"
                    await gate.audit(tx, member, said, f"{row.what} {row.object}")
        if row is None or not self._sees(member, row.what):
            await gate.missed(self._services, member, request)
            return self._pages.show(request, "not_found.html", 404)
        if not decided:
            return await self._approvals(request, member, refused)
        return RedirectResponse("/staff/approvals", 303)

    # ------------------------------------------------------------------ the audit log

    async def audit(self, request: Request, member: Member) -> Response:
        """Who saw, changed, downloaded what."""
        asked = request.query_params
        before = number_in(asked.get("before", "")) or audit_log.NEWEST
        actor, action = asked.get("actor", ""), asked.get("action", "")
        async with self._services.storage.reading() as tx:
            log = await audit_log.page(
                tx, member.council_id, before=before, actor=actor, action=action
            )
        return self._pages.show(
            request,
            "audit.html",
            member=member,
            rows=log.entries,
            older=log.older,
            actors=log.actors,
            actions=log.actions,
            actor=actor,
            action=action,
            known=ACTIONS,
        )

    async def audit_file(self, request: Request, member: Member) -> Response:
        """The same as a file; taking it is noted too."""
        async with self._services.storage.transaction() as tx:
            await gate.audit(tx, member, "download", "audit.csv")
            rows = await audit_log.newest(tx, member.council_id)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["at", "actor", "action", "object", "detail"])
        for row in rows:
            at = local(row.at).isoformat(timespec="seconds")
            cells = (row.actor, row.action, row.object, row.detail)
            writer.writerow([at, *(defused(cell) for cell in cells)])
        return Response(
            "\ufeff" + out.getvalue(),
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": 'attachment; filename="audit.csv"',
                "cache-control": "no-store",
            },
        )


class _Refused(Exception):
    """An entry of the catalogue that says why not."""
