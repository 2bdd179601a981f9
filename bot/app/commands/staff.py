"""Commands about who works for a council: links, roles, the end of access."""

import argparse
from collections.abc import Awaitable, Callable

from bot.app.build import App
from bot.app.commands.consultations import Refusal, council_code, council_of, learn_username, say
from bot.conversation.preferences import staff_payload
from bot.core.localtime import now_ms
from bot.staff import accounts
from storage.database import Transaction


async def staff_link(app: App, arguments: argparse.Namespace) -> int:
    """Print a one-time sign-in link."""
    code = council_code(app, arguments)
    say(await accounts.sign_in_link(app, code, arguments.name, arguments.role))
    return 0


async def staff_chat(app: App, arguments: argparse.Namespace) -> int:
    """Print a link that makes a chat a member of staff's own."""
    council_id = council_of(app, arguments.council)
    await learn_username(app)
    async with app.storage.transaction() as tx:
        member = await accounts.known(tx, council_id, arguments.name)
        payload = staff_payload(app.vault, member["id"], now_ms() + accounts.LINK_MS)
    say("Open one of these within 10 minutes, in the chat that shall be theirs:")
    for link in app.links(payload):
        say(f"  {link}")
    return 0


async def staff_list(app: App, arguments: argparse.Namespace) -> int:
    """List who works for a council."""
    async with app.storage.reading() as tx:
        rows = await tx.rows("staff_of", council_id=council_of(app, arguments.council))
    for row in rows:
        chat = "chat" if row["has_chat"] else "no chat"
        say(f"{row['name']:<30} {row['role']:<10} {row['state']:<7} {chat}")
    return 0


async def staff_role(app: App, arguments: argparse.Namespace) -> int:
    """Change what somebody may do, from their next click on."""
    async with app.storage.transaction() as tx:
        member = await _member(app, tx, arguments)
        await _unless_last(
            accounts.set_role(tx, member["council_id"], member["id"], arguments.role)
        )
    say(f"{arguments.name} is {arguments.role} now")
    return 0


async def staff_end(app: App, arguments: argparse.Namespace) -> int:
    """End somebody's access at once."""
    async with app.storage.transaction() as tx:
        member = await _member(app, tx, arguments)
        await _unless_last(accounts.end(tx, member["council_id"], member["id"]))
    say(f"{arguments.name} has no access any more")
    return 0


async def _unless_last(change: Awaitable[None]) -> None:
    try:
        await change
    except accounts.LastAdmin as error:
        raise Refusal(str(error)) from None


async def _member(app: App, tx: Transaction, arguments: argparse.Namespace) -> dict[str, int]:
    council_id = council_of(app, arguments.council)
    found = await tx.row("staff_member", council_id=council_id, name=arguments.name)
    if found is None:
        known = [row["name"] for row in await tx.rows("staff_of", council_id=council_id)]
        there = ", ".join(known) or "nobody yet"
        raise Refusal(f"nobody on the staff is called {arguments.name!r}; there are: {there}")
    return {"id": found["id"], "council_id": council_id}


STAFF: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "link": staff_link,
    "chat": staff_chat,
    "list": staff_list,
    "role": staff_role,
    "end": staff_end,
}
