"""What the commands do."""

import argparse
import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from bot.app import serving, terminal
from bot.app.build import App, channels_of, councils_of, media_of, open_app, vault_of
from bot.channels.port import SendError
from bot.consultations import amending, checking, definitions
from bot.core import qr
from bot.core.config import Config
from bot.core.councils import head_of
from bot.core.localtime import check_zone
from bot.reports.rendered import sidecar
from bot.results import summaries
from bot.staff import accounts
from flows.wording import render
from flows.wording.text import Translated
from storage.database import Row, Transaction, open_storage

#: Ports after the configured one that are tried when it is taken.
MORE_PORTS = 20


class Refusal(Exception):
    """A command that cannot be carried out; the message says why and what to do."""


def say(text: str = "") -> None:
    """Print a line for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def execute(arguments: argparse.Namespace, config: Config) -> int:
    """Carry out a command. Returns its exit code. Raises Refusal."""
    match arguments.command:
        case "migrate":
            return await migrate(config)
        case "check":
            return await check(config)
        case "run":
            return await run(config, arguments.port)
    app = await open_app(config)
    try:
        match arguments.command:
            case "talk":
                await terminal.talk(app, arguments.code, arguments.journal)
                return 0
            case "summary":
                return await summary(app, arguments)
            case "ledger":
                return await write_ledger(app, arguments)
            case "staff":
                from bot.app.commands import staff as staff_commands

                return await staff_commands.STAFF[arguments.action](app, arguments)
            case "broadcast" | "schedule":
                from bot.app.commands import broadcasts

                return await broadcasts.execute(app, arguments)
            case "list" | "need" | "template":
                from bot.app.commands import lists

                return await lists.execute(app, arguments)
            case "petition":
                from bot.app.commands import petitions

                return await petitions.execute(app, arguments)
            case _:
                return await CONSULTATION[arguments.action](app, arguments)
    finally:
        await app.close()


async def migrate(config: Config) -> int:
    """Bring the database up to date."""
    storage = await open_storage(config.storage.url)
    try:
        ran = await storage.migrate()
    finally:
        await storage.close()
    for name in ran:
        say(f"migrated: {name}")
    say("The database is up to date.")
    return 0


async def check(config: Config) -> int:
    """Check settings, councils, time zone data and every stored definition."""
    check_zone()
    councils = councils_of(config)
    for council in councils:
        say(
            f"council {council.code}: {render(Translated(council.name), 'fr')}, place {council.place}"
        )
    for name, on in (
        ("telegram", bool(config.telegram.token)),
        ("whatsapp", bool(config.whatsapp.account_sid)),
    ):
        say(f"{name}: {'configured' if on else 'not configured'}")
    vault_of(config)
    media_of(config, channels_of(config))
    storage = await open_storage(config.storage.url)
    wrong = 0
    try:
        await storage.migrate()
        async with storage.reading() as tx:
            for row in await tx.rows("consultations"):
                try:
                    head_of(row)
                except (msgspec.ValidationError, KeyError) as error:
                    wrong += 1
                    say(f"{row['code']}: its stored definition no longer fits: {error}")
    finally:
        await storage.close()
    say("Everything fits." if not wrong else f"{wrong} definitions need attention.")
    return 1 if wrong else 0


async def run(config: Config, port: int | None) -> int:
    """Start everything on this machine, and print where."""
    wanted = port if port is not None else config.web.port
    chosen = free_port(config.web.host, wanted)
    if not config.web.public_url:
        web = msgspec.structs.replace(config.web, port=chosen)
        config = msgspec.structs.replace(config, web=web)
    app = await open_app(config)
    try:
        if chosen != wanted:
            say(f"Port {wanted} is taken; using {chosen}.")
        link = await accounts.sign_in_link(app, app.register.council(None).code, "staff")
        say()
        say("Tachawor is running.")
        say(f"  Chat with the bot:   {config.public_url}/")
        say("  Staff, link for one use within 10 minutes:")
        say(f"                       {link}")
        for name, label in (("telegram", "Telegram"), ("whatsapp", "WhatsApp")):
            if name in app.channels:
                say(f"  {label}: on")
        say("  Stop with Ctrl-C.")
        say()
        await serving.serve(app, config.web.host, chosen)
    finally:
        await app.close()
    return 0


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that is free. Raises Refusal if none is near."""
    if not 0 <= wanted <= 65535:
        raise Refusal(f"the port is {wanted}; it must be from 0 to 65535")
    for port in range(wanted, min(wanted + MORE_PORTS, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                problem = error
                continue
            return int(probe.getsockname()[1])
    raise Refusal(f"cannot listen on {host}:{wanted}: {problem.strerror}; set [web] host and port")


async def summary(app: App, arguments: argparse.Namespace) -> int:
    """Write a summary to a file."""
    output: Path = arguments.output
    async with app.storage.reading() as tx:
        row = await find_consultation(app, tx, arguments.code)
        say(f"Reading the responses to {row['code']} ...")
        content = await summaries.make(app, tx, row, arguments.format, arguments.language)
    _write(output, content)
    say(f"Wrote {output} ({len(content)} bytes)")
    say("SHA-256, to check with sha256sum -c:")
    say(sidecar(output.name, content).rstrip())
    return 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(f"cannot write {path}: {error.strerror}") from None


def council_code(app: App, arguments: argparse.Namespace) -> str:
    codes = [council.code for council in app.register.all().values()]
    code: str = arguments.council or app.register.council(None).code
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return code


async def write_ledger(app: App, arguments: argparse.Namespace) -> int:
    """Write a council's ledger, one entry a line, and print its head."""
    code = council_code(app, arguments)
    council_id = next(id for id, c in app.register.all().items() if c.code == code)
    async with app.storage.reading() as tx:
        rows = await tx.rows("ledger_of", council_id=council_id)
    entries = [{"number": r["number"], "entry": r["entry"], "head": r["head"]} for r in rows]
    _write(arguments.output, b"".join(msgspec.json.encode(e) + b"\n" for e in entries))
    say(f"Wrote {arguments.output}: {len(rows)} entries, head {rows[-1]['head'] if rows else '-'}")
    return 0


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
    except (definitions.BrokenDefinition, definitions.NotAllowed) as error:
        raise Refusal(f"nothing was added\n{error}") from None
    return 0


async def list_all(app: App, arguments: argparse.Namespace) -> int:
    """List the consultations."""
    async with app.storage.reading() as tx:
        rows = await tx.rows("consultations")
    say(f"{'CODE':<20} {'KIND':<9} {'STATE':<7} {'RESPONSES':>9}  COUNCIL   CLOSES")
    for row in rows:
        closes = (row["closes_local"] or "-").removesuffix(" Africa/Casablanca")
        say(
            f"{row['code']:<20} {row['kind']:<9} {row['state']:<7} {row['responses']:>9}"
            f"  {row['council']:<9} {closes}"
        )
    return 0


async def open_one(app: App, arguments: argparse.Namespace) -> int:
    """Open a consultation."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app, tx, arguments.code)
        invites = head_of(row).outreach.invite
        found, people = await checking.findings(app, tx, row, sending=invites)
    for finding in found:
        say(f"{checking.MARKS[finding.level]} {render(finding.text, 'en')}")
    if any(finding.level == "stop" for finding in found):
        raise Refusal(f"{row['code']} was not opened: see × above")
    if invites and people is not None:
        say(f"Opening it invites {people.people} people.")
        if not arguments.yes and sys.stdin.isatty():
            answer = await asyncio.to_thread(input, "Open it? [yes/no] ")
            if answer.strip().lower() not in ("y", "yes"):
                raise Refusal("nothing was opened")
    await _change(app, arguments.code, definitions.open_consultation)
    await learn_username(app)
    say(f"{arguments.code.upper()} is open. Links:")
    for link in app.links(arguments.code.upper()):
        say(f"  {link}")
    return 0


async def close_one(app: App, arguments: argparse.Namespace) -> int:
    """Close a consultation."""
    await _change(app, arguments.code, definitions.close_consultation)
    say(f"{arguments.code.upper()} is closed. Its summary:")
    say(f"  tachawor summary {arguments.code.upper()} --format xlsx -o summary.xlsx")
    return 0


async def _change(
    app: App, code: str, change: Callable[[Transaction, Row], Awaitable[None]]
) -> None:
    try:
        async with app.storage.transaction() as tx:
            await change(tx, await find_consultation(app, tx, code))
    except definitions.NotAllowed as error:
        raise Refusal(str(error)) from None


async def qr_code(app: App, arguments: argparse.Namespace) -> int:
    """Print the deep links of a consultation, and write one as a QR code."""
    async with app.storage.reading() as tx:
        row = await find_consultation(app, tx, arguments.code)
    await learn_username(app)
    for name, channel in app.channels.items():
        link = channel.link(row["code"])
        if link:
            say(f"{name:<10} {link}")
    if arguments.channel not in app.channels:
        known = ", ".join(name for name in app.channels if name != "terminal")
        raise Refusal(f"the channel {arguments.channel!r} is not configured; there are: {known}")
    if arguments.output is None:
        return 0
    chosen = app.channels.get(arguments.channel)
    link = chosen.link(row["code"]) if chosen is not None else None
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


async def learn_username(app: App) -> None:
    """A Telegram link needs the bot's name, which Telegram knows."""
    if app.telegram is not None:
        try:
            await app.telegram.start()
        except SendError as error:
            say(f"telegram: no link, Telegram could not be asked ({type(error).__name__})")


def council_of(app: App, code: str) -> int:
    """The id of a council by its code, the default one's for none. Raises Refusal."""
    if not code:
        return app.register.default_id
    codes = {council.code: id for id, council in app.register.all().items()}
    if code not in codes:
        raise Refusal(f"there is no council {code!r}; councils are: {', '.join(codes)}")
    return codes[code]


async def find_consultation(app: App, tx: Transaction, code: str) -> Row:
    row = await app.register.by_code(tx, code)
    if row is None:
        rows = await tx.rows("consultations")
        known = ", ".join(r["code"] for r in rows) or "none yet"
        raise Refusal(f"there is no consultation {code!r}; there are: {known}")
    return row


async def copy_one(app: App, arguments: argparse.Namespace) -> int:
    """Copy a consultation as a new draft."""
    try:
        async with app.storage.transaction() as tx:
            row = await find_consultation(app, tx, arguments.code)
            head = await amending.copy(tx, app.register, row, arguments.new_code)
    except (definitions.NotAllowed, definitions.BrokenDefinition) as error:
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
            row = await find_consultation(app, tx, head.code)
            adopted = app.media.adopt(arguments.file.parent, raw)
            changed = await amending.amend(tx, app.register, row, adopted, "command line")
    except (definitions.NotAllowed, definitions.BrokenDefinition) as error:
        raise Refusal(f"nothing was changed\n{error}") from None
    say(f"Changed: {', '.join(changed)}" if changed else "Nothing is different.")
    return 0


CONSULTATION: dict[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
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
