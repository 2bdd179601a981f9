"""The commands about lists, templates and needs."""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.app.build import App
from bot.channels.port import SendError
from bot.core.console import Refusal, agree, council_of, counted_in, say
from bot.core.foreign.shown import add_letters, show_readings
from bot.core.foreign.tables import BadFile
from bot.core.localtime import local, now_ms
from bot.outreach import lists, templates
from storage.rows.broadcasts import Templates
from storage.rows.lists import ListsOf


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The options of these commands."""
    _list_parsers(commands)
    template = commands.add_parser("template", help="WhatsApp's approved templates")
    kinds = template.add_subparsers(dest="action", required=True, metavar="ACTION")
    kinds.add_parser("list", help="the templates and how they stand")
    kinds.add_parser("refresh", help="ask Twilio how they stand")


def _list_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    kept = commands.add_parser("list", help="lists a council keeps: members, imported numbers")
    actions = kept.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("show", help="the lists and how many are on them")
    shown.add_argument("--council", default="", metavar="CODE")
    imported = actions.add_parser(
        "import", help="put consenting WhatsApp numbers on a list (a table of any program)"
    )
    imported.add_argument("file", type=Path)
    imported.add_argument("--list", required=True, dest="name", help="the list's name")
    imported.add_argument("--proof", required=True, help="how they agreed: paper form, meeting ...")
    imported.add_argument("--body", action="store_true", help="a consultative body's members")
    add_letters(imported)
    imported.add_argument("--council", default="", metavar="CODE")
    imported.add_argument("--yes", action="store_true", help="do not ask")
    link = actions.add_parser("link", help="a link by which people put themselves on a list")
    link.add_argument("name", help="the list's name")
    link.add_argument("--council", default="", metavar="CODE")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry one of these commands out."""
    return await COMMANDS[arguments.command, arguments.action](app, arguments)


async def show_lists(app: App, arguments: argparse.Namespace) -> int:
    """The lists of a council."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(ListsOf, council_id=council_of(app.register, arguments.council))
    say(f"{'CODE':<24} {'KIND':<8} {'MEMBERS':>7}  NAME")
    for row in rows:
        say(f"{row.code:<24} {row.kind:<8} {row.members:>7}  {row.name}")
    return 0


async def import_list(app: App, arguments: argparse.Namespace) -> int:
    """Put numbers on a list: the good ones are shown, the bad ones named, then it is asked."""
    council_id = council_of(app.register, arguments.council)
    try:
        read = lists.read_numbers(arguments.file, arguments.letters)
    except BadFile as error:
        raise Refusal(str(error)) from None
    show_readings([read.seen, *(other.seen for other in read.others)])
    if not app.config.whatsapp.sender:
        raise Refusal(
            "numbers are reached on WhatsApp: set [whatsapp] from first; members of a body can put"
            " themselves on its list without it: tachawor list link"
        )
    for problem in read.problems:
        say(lists.told(problem, "en"))
    async with app.storage.reading() as tx:
        known = await lists.known(tx, app.vault, app.config.whatsapp.sender, read)
    good, bad = counted_in(len(read.people), "number"), counted_in(len(read.problems), "line")
    say(f"Good: {good}, {known} of them known already. Bad: {bad}.")
    if not read.people:
        raise Refusal("nothing was imported")
    await agree(arguments, f"Put {len(read.people)} numbers on “{arguments.name}”?")
    kind = "body" if arguments.body else "imported"
    async with app.storage.transaction() as tx:
        code, fresh = await lists.fill(
            tx,
            app.vault,
            app.config.whatsapp.sender,
            council_id,
            arguments.name,
            kind,
            read,
            arguments.proof,
            "command line",
        )
    say(f"The list {code} has them; {fresh} people were not known before.")
    return 0


async def list_link(app: App, arguments: argparse.Namespace) -> int:
    """A link by which people put themselves on a list."""
    council_id = council_of(app.register, arguments.council)
    async with app.storage.transaction() as tx:
        payload = await lists.link(app.vault, tx, council_id, arguments.name, "command line")
    say(f"Good until {local(now_ms() + lists.LINK_MS):%Y-%m-%d}; whoever opens it is asked first:")
    for link in app.links(payload):
        say(f"  {link}")
    return 0


async def list_templates(app: App, arguments: argparse.Namespace) -> int:
    """The templates and how they stand."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(Templates, channel="whatsapp")
    known = {row.name for row in rows}
    for row in rows:
        refreshed = f"{local(row.refreshed_at):%Y-%m-%d %H:%M}"
        say(f"{row.name:<22} {row.language:<4} {row.state:<12} {refreshed}")
    for name in sorted(set(templates.NAMES.values()) - known):
        say(f"{name:<22} -    none")
    return 0


async def refresh_templates(app: App, arguments: argparse.Namespace) -> int:
    """Ask Twilio how the templates stand."""
    if app.whatsapp is None:
        raise Refusal("WhatsApp is not configured; see [whatsapp] in config.example.toml")
    try:
        await templates.refresh(app.storage, app.whatsapp)
    except SendError as error:
        raise Refusal(f"Twilio could not be asked: {error}") from None
    return await list_templates(app, arguments)


COMMANDS: dict[tuple[str, str], Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    ("list", "show"): show_lists,
    ("list", "import"): import_list,
    ("list", "link"): list_link,
    ("template", "list"): list_templates,
    ("template", "refresh"): refresh_templates,
}
