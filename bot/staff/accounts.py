"""Staff signing in: one-time links, codes and sessions, kept as digests only.

    page asks -> link and code to the member's own chat -> button or code -> session

A link that was asked for on a page is good in the browser that asked. One that the command line
prints has no browser yet: whoever presses its button first is signed in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from bot.core import audit
from bot.core.localtime import now_ms
from bot.core.roles import ANSWERING as ANSWERING
from bot.core.roles import STAFF_ROLES as STAFF_ROLES
from bot.core.vault import Vault
from flows.wording.text import Code, Text, lines, msg
from storage.database import Transaction
from storage.ids import new_id
from storage.rows.staff import (
    CountSignIns,
    LockStaff,
    Session,
    SignIn,
    SignInsOfBrowser,
    StaffById,
    StaffChat,
    StaffMember,
    StaffOf,
    UseSignIn,
)

#: A link is good for ten minutes, once.
LINK_MS = 10 * 60 * 1000
#: Digits of the code that may be typed in the place of the link, and how often it may be wrong.
CODE_DIGITS = 8
MOST_TRIES = 5
#: Links that one browser may have open for a member: the limit is the asker's, and theirs alone.
MOST_LINKS = 3
#: A session ends after two idle hours, and after twelve hours in any case.
IDLE_MS = 2 * 60 * 60 * 1000
SESSION_MS = 12 * 60 * 60 * 1000


#: Who the audit log says did it where nobody is signed in: whoever holds the server, or has the page.
SERVER = "server"
PAGE = "sign-in page"


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in."""

    id: int
    name: str
    role: str
    council_id: int
    council: str
    #: Whether they have a second factor, and whether this session has shown it.
    has_factor: bool = False
    proven: bool = False


def digest(secret: str) -> str:
    """What is stored of a link or a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in_link(
    tx: Transaction,
    public_url: str,
    council_id: int,
    name: str,
    role: str = "",
    by: str = SERVER,
) -> str:
    """A one-time link for a member of a council's staff, who is made known if need be.

    With a role, that is theirs from now on; without, who is new is an admin. `by` is who asks for it,
    as the audit log names them.
    """
    secret = secrets.token_urlsafe(24)
    at = now_ms()
    member = await known(tx, council_id, name, by)
    if role and role != member.role:
        await tx.run("set_role", id=member.id, role=role)
        await audit.note(tx, council_id, by, "set role", name, role)
    if member.state != "active":
        # Who holds the server lets people in, also who was sent away before.
        await tx.run("set_staff_state", id=member.id, state="active")
        await audit.note(tx, council_id, by, "readmit member", name)
    await audit.note(tx, council_id, by, "make links", name)
    await tx.run("add_sign_in", digest=digest(secret), staff_id=member.id, expires_at=at + LINK_MS)
    return f"{public_url}/staff/sign-in/{secret}"


async def known(tx: Transaction, council_id: int, name: str, by: str = SERVER) -> StaffMember:
    """A member of a council's staff by name, made known if need be."""
    if await admit(tx, council_id, name, "admin"):
        await audit.note(tx, council_id, by, "add member", name, "admin")
    member = await tx.row(StaffMember, council_id=council_id, name=name)
    if member is None:
        raise LookupError(name)
    return member


async def asked_link(
    tx: Transaction, vault: Vault, public_url: str, council_id: int, name: str, browser: str
) -> Text | None:
    """What goes to a member's own chat who asked to sign in: a link, good in the browser with the secret
    `browser`, and a code.

    None if nobody of that name has a chat, or they asked too often. Whether somebody of that name exists
    is nobody's business who is not signed in.
    """
    secret = secrets.token_urlsafe(24)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    at = now_ms()
    member = await tx.row(StaffChat, council_id=council_id, name=name)
    if member is None:
        return None
    there = await tx.row(CountSignIns, staff_id=member.id, at=at, browser=digest(browser))
    if there is not None and there.n >= MOST_LINKS:
        return None
    await tx.run(
        "add_asked_sign_in",
        digest=digest(secret),
        staff_id=member.id,
        expires_at=at + LINK_MS,
        browser=digest(browser),
        code=vault.digest(code, f"sign-in:{digest(browser)}"),
    )
    await audit.note(tx, council_id, PAGE, "ask link", name)
    return lines(
        msg("organizer.sign_in"),
        Code(f"{public_url}/staff/sign-in/{secret}"),
        msg("organizer.sign_in_code", code=Code(f"{code[:4]} {code[4:]}")),
        msg("organizer.sign_in_not_you"),
        gap=1,
    )


#: Why a link or code does not sign in.
Refused = Literal["old", "elsewhere", "wrong"]


async def use_link(tx: Transaction, secret: str, browser: str | None) -> str | Refused:
    """Use a link up. Returns the secret of the new session, or why the link is not good."""
    at = now_ms()
    known = await tx.row(SignIn, digest=digest(secret))
    if known is None:
        return "old"
    if known.used_at is not None or known.expires_at <= at:
        return await _refused(tx, known.staff_id, "link", "old")
    if known.browser is not None and (not browser or known.browser != digest(browser)):
        return await _refused(tx, known.staff_id, "link", "elsewhere")
    used = await tx.row(UseSignIn, digest=digest(secret), at=at)
    if used is None:
        return await _refused(tx, known.staff_id, "link", "old")
    return await _session(tx, used.staff_id, at, "link")


async def use_code(vault: Vault, tx: Transaction, browser: str | None, typed: str) -> str | Refused:
    """The same with the code, in the browser that asked."""
    at = now_ms()
    if not browser:
        return "elsewhere"
    code = vault.digest(typed, f"sign-in:{digest(browser)}")
    known = await tx.rows(SignInsOfBrowser, browser=digest(browser), at=at, most=MOST_TRIES)
    if not known:
        return "old"
    found = next((row for row in known if secrets.compare_digest(row.code or "", code)), None)
    if found is None:
        await tx.run("count_try", browser=digest(browser))
        return await _refused(tx, known[0].staff_id, "code", "wrong")
    used = await tx.row(UseSignIn, digest=found.digest, at=at)
    if used is None:
        return await _refused(tx, found.staff_id, "code", "old")
    return await _session(tx, used.staff_id, at, "code")


async def _refused(tx: Transaction, staff_id: int, how: str, why: Refused) -> Refused:
    """Note that somebody did not get in with what was a member's."""
    member = await tx.row(StaffById, id=staff_id)
    if member is not None:
        object = f"{how} of {member.name}"
        await audit.note(tx, member.council_id, PAGE, "refused", object, why)
    return why


async def _session(tx: Transaction, staff_id: int, at: int, how: str) -> str:
    cookie = secrets.token_urlsafe(32)
    member = await tx.row(StaffById, id=staff_id)
    if member is not None:
        await audit.note(tx, member.council_id, member.name, "sign in", how)
    await tx.run(
        "add_session", digest=digest(cookie), staff_id=staff_id, at=at, expires_at=at + SESSION_MS
    )
    await tx.run("drop_old_sign_ins", before=at - 24 * 3_600_000)
    return cookie


class LastAdmin(Exception):
    """A council needs somebody who can let others in."""


async def set_role(tx: Transaction, council_id: int, staff_id: int, role: str) -> None:
    """What a member may do from now on. Raises LastAdmin, and ValueError for no role."""
    if role not in STAFF_ROLES:
        raise ValueError(f"{role!r} is no role; it is one of: {', '.join(STAFF_ROLES)}")
    if role != "admin":
        await _not_the_last_admin(tx, council_id, staff_id)
    await tx.run("set_role", id=staff_id, role=role)


async def end(tx: Transaction, council_id: int, staff_id: int) -> None:
    """End a member's work here: every session and link of theirs at once. Raises LastAdmin."""
    await _not_the_last_admin(tx, council_id, staff_id)
    await tx.run("set_staff_state", id=staff_id, state="ended")
    await tx.run("end_sessions", staff_id=staff_id)
    await tx.run("drop_sign_ins", staff_id=staff_id)


async def _not_the_last_admin(tx: Transaction, council_id: int, staff_id: int) -> None:
    await tx.rows(LockStaff, council_id=council_id)
    active = await active_members_of(tx, council_id)
    admins = [one.id for one in active if one.role == "admin"]
    if admins == [staff_id]:
        raise LastAdmin("the council's last admin stays: make somebody else an admin first")


async def members_of(tx: Transaction, council_id: int) -> list[StaffOf]:
    """Who works for a council, or did: those who still do first, each by name."""
    return await tx.rows(StaffOf, council_id=council_id)


async def active_members_of(tx: Transaction, council_id: int) -> list[StaffOf]:
    """Who works for a council now, by name."""
    return [one for one in await members_of(tx, council_id) if one.state == "active"]


async def colleague(tx: Transaction, council_id: int, staff_id: int) -> StaffOf | None:
    """One of who works for a council, or did. None if they are another council's, or nobody."""
    members = await members_of(tx, council_id)
    return next((one for one in members if one.id == staff_id), None)


async def admit(tx: Transaction, council_id: int, name: str, role: str) -> bool:
    """Make somebody a member of a council's staff. False if one of that name works there, or did."""
    if await tx.row(StaffMember, council_id=council_id, name=name) is not None:
        return False
    await tx.run("add_staff", id=new_id(), council_id=council_id, name=name, role=role, at=now_ms())
    return True


async def readmit(tx: Transaction, staff_id: int) -> None:
    """Let somebody back in whose work here was ended."""
    await tx.run("set_staff_state", id=staff_id, state="active")


async def member_of(tx: Transaction, cookie: str | None) -> Member | None:
    """Who holds this session cookie, if the session is still good."""
    if not cookie:
        return None
    at = now_ms()
    row = await tx.row(Session, digest=digest(cookie), at=at, idle_since=at - IDLE_MS)
    if row is None:
        return None
    return Member(
        row.staff_id,
        row.name,
        row.role,
        row.council_id,
        row.council,
        row.confirmed_at is not None,
        row.proven_at is not None,
    )


async def keep_awake(tx: Transaction, cookie: str) -> None:
    """Note that the holder of a session did something: its idle time begins anew."""
    await tx.run("touch_session", digest=digest(cookie), at=now_ms())


async def sign_out(tx: Transaction, cookie: str) -> None:
    """End the session that a cookie stands for, if there is one."""
    member = await member_of(tx, cookie)
    if member is not None:
        await audit.note(tx, member.council_id, member.name, "sign out", "")
    await tx.run("end_session", digest=digest(cookie))
