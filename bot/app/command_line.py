"""The command line: `tachawor`, also `python -m bot`; each group of commands is a module of `commands/`."""

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bot.app import logs, serving, starting, terminal
from bot.app.build import App, open_app
from bot.app.commands import (
    backups,
    broadcasts,
    consultations,
    holds,
    lists,
    results,
    rolls,
    schedule,
    server,
    staff,
    voice,
)
from bot.app.commands.console import noted
from bot.core.config import Config, ConfigError, load
from bot.core.console import Refusal
from bot.core.localtime import WrongZone
from bot.kinds import manifests
from storage.database import StorageError

#: What carries out a command.
COMMANDS: Mapping[str, Callable[[App, argparse.Namespace], Awaitable[int]]] = {
    "audit": results.write_audit,
    "broadcast": broadcasts.execute,
    "consultation": consultations.execute,
    "hold": holds.execute,
    "ledger": results.write_ledger,
    "list": lists.execute,
    "roll": rolls.execute,
    "outbox": backups.outbox,
    "schedule": schedule.execute,
    "staff": staff.execute,
    "summary": results.summary,
    "template": lists.execute,
    "voice": voice.execute,
}


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="tachawor",
        description="Consult the citizens of a council on Telegram, WhatsApp and the web.",
        epilog="Settings come from config.toml and TACHAWOR_* variables; see config.example.toml.",
    )
    top.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the settings (default: config.toml, if it is there)",
    )
    top.add_argument("--version", action="version", version=f"tachawor {version('tachawor')}")
    top.add_argument("--verbose", action="store_true", help="say more about what happens")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the bot, the chat page and the staff page")
    run.add_argument("--port", type=int, help="listen on this port instead of [web] port")
    run.add_argument(
        "--only",
        choices=sorted(serving.ALL),
        help="do one part of the work (web, worker or scheduler), where other processes do the others",
    )
    talk = commands.add_parser("talk", help="talk to the bot in this terminal")
    talk.add_argument("code", nargs="?", default="", help="begin with this consultation")
    talk.add_argument("--journal", type=Path, metavar="FILE", help="save the session as a test")
    commands.add_parser("check", help="check the configuration, councils and definitions")
    commands.add_parser("migrate", help="bring the database up to date")
    for module in (
        consultations,
        results,
        staff,
        broadcasts,
        schedule,
        lists,
        rolls,
        voice,
        backups,
        holds,
    ):
        module.add_parsers(commands)
    for manifest in manifests():
        if manifest.commands is not None:
            manifest.commands.add_parsers(commands)
    return top


def settings(arguments: argparse.Namespace) -> Config:
    """The settings that the command line asks for."""
    path: Path | None = arguments.config
    if path is None and "TACHAWOR_CONFIG" in os.environ:
        path = Path(os.environ["TACHAWOR_CONFIG"])
    if path is None and Path("config.toml").exists():
        path = Path("config.toml")
    return load(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 done, 1 refused, 2 wrong settings or usage."""
    arguments = parser().parse_args(argv)
    logs.set_up(verbose=arguments.verbose)
    try:
        starting.alone()
        config = settings(arguments)
        return serving.run(execute(arguments, config))
    except (ConfigError, StorageError, WrongZone) as error:
        print(f"tachawor: {error}", file=sys.stderr)
        return 2
    except Refusal as error:
        print(f"tachawor: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def execute(arguments: argparse.Namespace, config: Config) -> int:
    """Carry out a command. Returns its exit code. Raises Refusal."""
    match arguments.command:
        case "migrate":
            return await server.migrate(config)
        case "check":
            return await server.check(config)
        case "backup":
            return await backups.save(config, arguments)
        case "restore":
            return await backups.bring_back(config, arguments)
        case "copy":
            return await backups.copy(config, arguments)
        case "run":
            return await server.run(config, arguments.port, arguments.only)
    app = await open_app(starting.beside(config))
    try:
        await noted(app, arguments)
        if arguments.command == "talk":
            await terminal.talk(app, arguments.code, arguments.journal)
            return 0
        own = {one.kind: one.commands for one in manifests() if one.commands is not None}
        if arguments.command in own:
            return await own[arguments.command].execute(app, arguments)
        return await COMMANDS[arguments.command](app, arguments)
    finally:
        await app.close()
