"""Commands about one consultation: check, add, list, open, close, copy, amend, archive, delete, qr."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bot.app.build import App
from bot.app.commands.console import checker_of, learn_username
from bot.consultations import amending, checking, definitions, plans
from bot.core import qr
from bot.core.console import Refusal, find_consultation, say
from bot.core.councils import head_of
from bot.core.refusals import NotAllowed
from bot.results.shown import releases
from bot.staff import commanded
from bot.staff.open_answers import heard
from flows.wording import render
from storage.database import Transaction
from storage.rows import StoredConsultation
from storage.rows.consultations import ConsultationByCode, Consultations


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    consultation = commands.add_parser("consultation", help="check, add, list, open, close, qr")
    actions = consultation.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, words in (
        ("check", "say what is wrong with definitions, and change nothing"),
        ("add", "add consultations as drafts"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("files", nargs="+", type=Path, metavar="FILE", help="TOML definitions")
    actions.add_parser("list", help="list the consultations")
    for name, words in (
        ("open", "open a consultation, and plan what its definition asks for"),
        ("close", "close a consultation"),
        ("archive", "put a closed consultation away; it keeps everything"),
        ("delete", "delete a draft that nobody has met"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("code")
        if name == "open":
            action.add_argument("--yes", action="store_true", help="do not ask before inviting")
            commanded.add_option(action)
            action.add_argument(
                "--incomplete", action="store_true", help="also if a choice lacks a language"
            )
    copied = actions.add_parser("copy", help="copy a consultation as a new draft")
    copied.add_argument("code")
    copied.add_argument("new_code", metavar="NEW-CODE")
    amended = actions.add_parser(
        "amend", help="change an opened one: a later end, more languages, what is sent"
    )
    amended.add_argument("file", type=Path, metavar="FILE")
    qr = actions.add_parser("qr", help="print links, and write a QR code for a poster")
    qr.add_argument("code")
    qr.add_argument("-o", "--output", type=Path, metavar="FILE", help="an .svg or .png file")
    qr.add_argument("--channel", default="web", help="telegram, whatsapp or web (default)")


async def execute(app: App, arguments: argparse.Namespace) -> int:
    """Carry out one of these commands. Returns its exit code."""
    return await COMMANDS[arguments.action](app, arguments)


async def check_files(app: App, arguments: argparse.Namespace) -> int:
    """Say what is wrong with definitions."""
    wrong = 0
    councils = {council.code: council for council in app.register.all().values()}
    for path in arguments.files:
        try:
            _, head = definitions.read_definition(path, councils)
        except definitions.BrokenDefinition as error:
            say(str(error))
            wrong += 1
        else:
            say(f"{path}: {head.kind} {head.code} is in order")
    return 1 if wrong else 0


async def add_files(app: App, arguments: argparse.Namespace) -> int:
    """Add consultations as drafts; all of them, or none."""
    councils = {council.code: council for council in app.register.all().values()}
    try:
        read = [(path, *definitions.read_definition(path, councils)) for path in arguments.files]
        async with app.storage.transaction() as tx:
            for path, raw, head in read:
                done = await definitions.add(
                    tx, app.register, app.media.adopt(path.parent, raw), head
                )
                say(
                    f"{head.code} {done} as a draft; open it with: tachawor consultation open {head.code}"
                )
    except (definitions.BrokenDefinition, NotAllowed) as error:
        raise Refusal(f"nothing was added\n{error}") from None
    return 0


async def list_all(app: App, arguments: argparse.Namespace) -> int:
    """List the consultations."""
    async with app.storage.reading() as tx:
        rows = await tx.rows(Consultations)
    say(f"{'CODE':<20} {'KIND':<9} {'STATE':<7} {'RESPONSES':>9}  COUNCIL   CLOSES")
    for row in rows:
        closes = (row.closes_local or "-").removesuffix(" Africa/Casablanca")
        say(
            f"{row.code:<20} {row.kind:<9} {row.state:<7} {releases.so_many(row, row.responses):>9}"
            f"  {row.council:<9} {closes}"
        )
    return 0


async def open_one(app: App, arguments: argparse.Namespace) -> int:
    """Open a consultation."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
        outreach = head_of(row).outreach
        invites = outreach.invite or bool(outreach.reminders)
        found, people = await checker_of(app).of_consultation(
            tx, row, sending=invites, incomplete=arguments.incomplete
        )
    for finding in found:
        say(f"{checking.MARKS[finding.level]} {render(finding.text, 'en')}")
    if any(finding.level == "stop" for finding in found):
        raise Refusal(f"{row.code} was not opened: see × above")
    if invites and people is not None:
        say(f"Opening it invites {people.people} people.")
        if not arguments.yes and sys.stdin.isatty():
            answer = await asyncio.to_thread(input, "Open it? [yes/no] ")
            if answer.strip().lower() not in ("y", "yes"):
                raise Refusal("nothing was opened")
        plan = plans.of_message(
            checker_of(app).previewer,
            row.council_id,
            "invitation",
            outreach.audience,
            row,
            people.people,
        )
        await commanded.send(
            app.storage, app.register, row.council_id, arguments.by, f"open {row.code}", plan
        )
    opening = partial(definitions.open_consultation, incomplete=arguments.incomplete)
    await _change(app, arguments.code, opening)
    await learn_username(app)
    say(f"{arguments.code.upper()} is open. Links:")
    for link in app.links(arguments.code.upper()):
        say(f"  {link}")
    return 0


async def close_one(app: App, arguments: argparse.Namespace) -> int:
    """Close a consultation."""
    await _change(app, arguments.code, definitions.close_consultation)
    async with app.storage.reading() as tx:
        row = await tx.row(ConsultationByCode, code=arguments.code.upper())
        unheard = await heard.waiting(tx, row.id) if row is not None else 0
    if unheard:
        say(f"Voice notes that still wait to be heard, and are in no count: {unheard}.")
    say(f"{arguments.code.upper()} is closed. Its summary:")
    say(f"  tachawor summary {arguments.code.upper()} --format xlsx -o summary.xlsx")
    return 0


async def _change(
    app: App, code: str, change: Callable[[Transaction, StoredConsultation], Awaitable[None]]
) -> None:
    try:
        async with app.storage.transaction() as tx:
            await change(tx, await find_consultation(app.register, tx, code))
    except NotAllowed as error:
        raise Refusal(str(error)) from None


async def qr_code(app: App, arguments: argparse.Namespace) -> int:
    """Print the deep links of a consultation, and write one as a QR code."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app.register, tx, arguments.code)
    await learn_username(app)
    for name, channel in app.channels.items():
        link = channel.link(row.code)
        if link:
            say(f"{name:<10} {link}")
    if arguments.channel not in app.channels:
        known = ", ".join(name for name in app.channels if name != "terminal")
        raise Refusal(f"the channel {arguments.channel!r} is not configured; there are: {known}")
    if arguments.output is None:
        return 0
    chosen = app.channels.get(arguments.channel)
    link = chosen.link(row.code) if chosen is not None else None
    if link is None:
        raise Refusal(f"the channel {arguments.channel!r} is not configured or has no links")
    if arguments.output.suffix not in (".svg", ".png"):
        raise Refusal(f"{arguments.output}: write an .svg or .png file")
    try:
        await asyncio.to_thread(qr.write, link, arguments.output)
    except OSError as error:
        raise Refusal(f"cannot write {arguments.output}: {error.strerror}") from None
    say(f"Wrote {arguments.output}")
    return 0


async def copy_one(app: App, arguments: argparse.Namespace) -> int:
    """Copy a consultation as a new draft."""
    try:
        async with app.storage.transaction() as tx:
            row = await find_consultation(app.register, tx, arguments.code)
            head = await amending.copy(tx, app.register, row, arguments.new_code)
    except (NotAllowed, definitions.BrokenDefinition) as error:
        raise Refusal(str(error)) from None
    say(f"{head.code} is a draft; give it dates on the staff page or with: consultation add")
    return 0


async def archive_one(app: App, arguments: argparse.Namespace) -> int:
    """Put a consultation away."""
    await _change(app, arguments.code, amending.archive)
    say(f"{arguments.code.upper()} is archived.")
    return 0


async def delete_one(app: App, arguments: argparse.Namespace) -> int:
    """Delete a draft that nobody has met."""
    await _change(app, arguments.code, amending.delete)
    say(f"{arguments.code.upper()} is deleted.")
    return 0


async def amend_one(app: App, arguments: argparse.Namespace) -> int:
    """Change an opened consultation where that falsifies nothing."""
    councils = {council.code: council for council in app.register.all().values()}
    try:
        raw, head = definitions.read_definition(arguments.file, councils)
        async with app.storage.transaction() as tx:
            row = await find_consultation(app.register, tx, head.code)
            adopted = app.media.adopt(arguments.file.parent, raw)
            changed = await amending.amend(tx, app.register, row, adopted, "command line")
    except (NotAllowed, definitions.BrokenDefinition) as error:
        raise Refusal(f"nothing was changed\n{error}") from None
    say(f"Changed: {', '.join(changed)}" if changed else "Nothing is different.")
    return 0


COMMANDS: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "check": check_files,
    "add": add_files,
    "list": list_all,
    "open": open_one,
    "close": close_one,
    "qr": qr_code,
    "copy": copy_one,
    "amend": amend_one,
    "archive": archive_one,
    "delete": delete_one,
}
