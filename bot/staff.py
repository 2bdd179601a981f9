"""Staff signing in: one-time links and sessions, kept as digests only."""

import hashlib
import secrets
from dataclasses import dataclass

from bot.app import App
from bot.localtime import now_ms
from storage.database import Row, Transaction
from storage.ids import new_id

#: A link is good for ten minutes, once.
LINK_MS = 10 * 60 * 1000
#: A session ends after two idle hours, and after twelve hours in any case.
IDLE_MS = 2 * 60 * 60 * 1000
SESSION_MS = 12 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Member:
    """Who is signed in."""

    id: int
    name: str
    role: str
    council_id: int
    council: str


def digest(secret: str) -> str:
    """What is stored of a link or a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


#: What a member of staff may be; `bot.web.gate` says what each may do.
STAFF_ROLES = ("reader", "clerk", "organizer", "data", "admin")


async def sign_in_link(app: App, council_code: str, name: str, role: str = "") -> str:
    """A one-time link for a member of a council's staff, who is made known if need be.

    With a role, that is theirs from now on; without, who is new is an admin.
    """
    secret = secrets.token_urlsafe(24)
    council_id = next(id for id, c in app.register.all().items() if c.code == council_code)
    at = now_ms()
    async with app.storage.transaction() as tx:
        member = await known(tx, council_id, name)
        if role:
            await tx.run("set_role", id=member["id"], role=role)
        await tx.run(
            "add_sign_in", digest=digest(secret), staff_id=member["id"], expires_at=at + LINK_MS
        )
    return f"{app.config.public_url}/staff/sign-in/{secret}"


async def known(tx: Transaction, council_id: int, name: str) -> Row:
    """A member of a council's staff by name, made known if need be."""
    at = now_ms()
    await tx.run("add_staff", id=new_id(), council_id=council_id, name=name, role="admin", at=at)
    member = await tx.row("staff_member", council_id=council_id, name=name)
    if member is None:
        raise LookupError(name)
    return member


async def use_link(tx: Transaction, secret: str) -> str | None:
    """Use a link up. Returns the secret of the new session, None if the link is not good."""
    at = now_ms()
    used = await tx.row("use_sign_in", digest=digest(secret), at=at)
    if used is None:
        return None
    cookie = secrets.token_urlsafe(32)
    await tx.run(
        "add_session",
        digest=digest(cookie),
        staff_id=used["staff_id"],
        at=at,
        expires_at=at + SESSION_MS,
    )
    return cookie


async def member_of(tx: Transaction, cookie: str | None) -> Member | None:
    """Who holds this session cookie, if the session is still good."""
    if not cookie:
        return None
    at = now_ms()
    row = await tx.row("session", digest=digest(cookie), at=at, idle_since=at - IDLE_MS)
    if row is None:
        return None
    return Member(row["staff_id"], row["name"], row["role"], row["council_id"], row["council"])
