"""Commands about who works for a council: links, roles, the end of access."""

import argparse
import sys
from collections.abc import Awaitable, Callable

from bot.app.build import App
from bot.app.commands.console import council_code, learn_username
from bot.core import audit
from bot.core.console import Refusal, council_of, operator, say
from bot.core.links import staff_payload
from bot.core.localtime import now_ms
from bot.core.roles import STAFF_ROLES
from bot.staff import accounts, second_factor
from storage.database import Transaction
from storage.rows.staff import StaffMember, StaffOf


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    staff = commands.add_parser("staff", help="staff: sign-in links, roles, end of access")
    staff_commands = staff.add_subparsers(dest="action", required=True, metavar="ACTION")
    link = staff_commands.add_parser("link", help="print a one-time sign-in link (10 minutes)")
    link.add_argument("--council", default="", metavar="CODE", help="which council")
    link.add_argument("--name", default="staff", help="whose link it is (default: staff)")
    link.add_argument(
        "--role",
        choices=STAFF_ROLES,
        default="",
        help="what they may do from now on (who is new and has none: admin)",
    )
    chat = staff_commands.add_parser("chat", help="print a link that makes a chat their own")
    chat.add_argument("--council", default="", metavar="CODE", help="which council")
    chat.add_argument("--name", default="staff", help="whose chat it becomes (default: staff)")
    for one in (link, chat):
        one.add_argument(
            "--print", action="store_true", help="print it although this is no terminal"
        )
    listed = staff_commands.add_parser("list", help="who works for a council, and as what")
    listed.add_argument("--council", default="", metavar="CODE", help="which council")
    for name, words in (
        ("role", "change what somebody may do"),
        ("end", "end somebody's access: every session and link of theirs at once"),
        ("reset-factor", "take the second factor away from who has lost it: they begin anew"),
    ):
        one = staff_commands.add_parser(name, help=words)
        one.add_argument("--name", required=True, help="whose")
        if name == "role":
            one.add_argument("role", choices=STAFF_ROLES)
        one.add_argument("--council", default="", metavar="CODE", help="which council")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry out one of these commands. Returns its exit code."""
    return await COMMANDS[arguments.action](app, arguments)


async def staff_link(app: App, arguments: argparse.Namespace) -> int:
    """Print a one-time sign-in link."""
    code = council_code(app, arguments)
    council_id = council_of(app.register, code)
    _unless_seen(app, arguments, council_id)
    url = app.config.public_url
    async with app.storage.transaction() as tx:
        link = await accounts.sign_in_link(
            tx, url, council_id, arguments.name, arguments.role, operator()
        )
    say(link)
    return 0


def _unless_seen(app: App, arguments: argparse.Namespace, council_id: int) -> None:
    """Raises Refusal where a link would end up in a log or a file, and nobody said that it may."""
    council = app.register.council(council_id)
    if not (council.example or arguments.print or sys.stdout.isatty()):
        raise Refusal(
            "no link was made: this is no terminal, and whoever reads the output later could use it; "
            "run it in a terminal, or add --print"
        )


async def staff_chat(app: App, arguments: argparse.Namespace) -> int:
    """Print a link that makes a chat a member of staff's own."""
    council_id = council_of(app.register, arguments.council)
    _unless_seen(app, arguments, council_id)
    await learn_username(app)
    async with app.storage.transaction() as tx:
        member = await accounts.known(tx, council_id, arguments.name, operator())
        await audit.note(tx, council_id, operator(), "make links", arguments.name, "chat")
        payload = staff_payload(app.vault, member.id, now_ms() + accounts.LINK_MS)
    say("Open one of these within 10 minutes, in the chat that shall be theirs:")
    for link in app.links(payload):
        say(f"  {link}")
    return 0


async def staff_list(app: App, arguments: argparse.Namespace) -> int:
    """List who works for a council."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(StaffOf, council_id=council_of(app.register, arguments.council))
    for row in rows:
        chat = "chat" if row.has_chat else "no chat"
        say(f"{row.name:<30} {row.role:<10} {row.state:<7} {chat}")
    return 0


async def staff_role(app: App, arguments: argparse.Namespace) -> int:
    """Change what somebody may do, from their next click on."""
    async with app.storage.transaction() as tx:
        member = await _member(app, tx, arguments)
        await _unless_last(
            accounts.set_role(tx, member["council_id"], member["id"], arguments.role)
        )
        await audit.note(
            tx, member["council_id"], operator(), "set role", arguments.name, arguments.role
        )
    say(f"{arguments.name} is {arguments.role} now")
    return 0


async def staff_end(app: App, arguments: argparse.Namespace) -> int:
    """End somebody's access at once."""
    async with app.storage.transaction() as tx:
        member = await _member(app, tx, arguments)
        await _unless_last(accounts.end(tx, member["council_id"], member["id"]))
        await audit.note(tx, member["council_id"], operator(), "end member", arguments.name)
    say(f"{arguments.name} has no access any more")
    return 0


async def staff_reset_factor(app: App, arguments: argparse.Namespace) -> int:
    """Take somebody's second factor away."""
    async with app.storage.transaction() as tx:
        member = await _member(app, tx, arguments)
        await second_factor.forget(tx, member["id"])
        await audit.note(
            tx, member["council_id"], operator(), "reset second factor", arguments.name
        )
    say(f"{arguments.name} sets a second factor up anew at the next sign-in")
    return 0


async def _unless_last(change: Awaitable[None]) -> None:
    try:
        await change
    except accounts.LastAdmin as error:
        raise Refusal(str(error)) from None


async def _member(app: App, tx: Transaction, arguments: argparse.Namespace) -> dict[str, int]:
    council_id = council_of(app.register, arguments.council)
    found = await tx.row(StaffMember, council_id=council_id, name=arguments.name)
    if found is None:
        known = [row.name for row in await tx.rows(StaffOf, council_id=council_id)]
        there = ", ".join(known) or "nobody yet"
        raise Refusal(f"nobody on the staff is called {arguments.name!r}; there are: {there}")
    return {"id": found.id, "council_id": council_id}


COMMANDS: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "link": staff_link,
    "chat": staff_chat,
    "list": staff_list,
    "role": staff_role,
    "end": staff_end,
    "reset-factor": staff_reset_factor,
}
